import { rmSync } from 'node:fs'
import { type BrowserContext, type BrowserContextOptions, test as base, expect, type Locator, type Page } from '@playwright/test'
import pg from 'pg'
import { embeddedUrl, freePort, makeDataDir, makeServer, type ServerProcess } from '#load/driver/server.ts'

export { expect }

const password = 'lajna-demo'
export const phone = { width: 390, height: 844 } as const

/** A server with the demo election on a database of its own, as `make up` starts it, and people in front of it. */
export type Stage = {
  readonly server: ServerProcess
  /** The other address of the same server. */
  readonly secondUrl: string
  /** A session in the server's own database. */
  sql(): Promise<pg.Client>
  /** A device of its own: storage, cookies, network. A phone in English unless the options say otherwise. */
  device(options?: BrowserContextOptions): Promise<Page>
  /** Somebody signed in on a device of their own. */
  someone(login: string, options?: BrowserContextOptions): Promise<Page>
}

type Running = { readonly file: string; readonly server: ServerProcess; readonly dir: string }

/** One server at a time: that of the file whose tests run now. */
class House {
  readonly #env: Record<string, string>
  #running: Running | undefined

  constructor(env: Record<string, string>) {
    this.#env = env
  }

  async at(file: string): Promise<Running> {
    if (this.#running?.file === file) return this.#running
    await this.close()
    const dir = makeDataDir()
    const server = makeServer(await freePort(), { DATA_DIR: dir, DEMO: '1', LOG_LEVEL: 'info', ...this.#env })
    this.#running = { file, server, dir }
    await server.start()
    return this.#running
  }

  async close(): Promise<void> {
    if (this.#running === undefined) return
    const { server, dir } = this.#running
    this.#running = undefined
    await server.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}

export const test = base.extend<{ running: Running; stage: Stage }, { serverEnv: Record<string, string>; house: House }>({
  serverEnv: [{}, { scope: 'worker', option: true }],
  house: [
    async ({ serverEnv }, use) => {
      const house = new House(serverEnv)
      await use(house)
      await house.close()
    },
    { scope: 'worker' },
  ],
  // The first of a file waits for a new database with 8,719 electors; that is not the test's time.
  running: [async ({ house }, use, { file }) => use(await house.at(file)), { timeout: 120_000 }],
  stage: async ({ browser, running: { server, dir } }, use) => {
    const contexts: BrowserContext[] = []
    const sessions: pg.Client[] = []
    const faults: Error[] = []
    const device = async (options: BrowserContextOptions = {}) => {
      const context = await browser.newContext({ baseURL: server.url, viewport: phone, hasTouch: true, locale: 'en-GB', ...options })
      context.on('weberror', (fault) => faults.push(fault.error()))
      await context.addInitScript(putNoCallsThrough)
      contexts.push(context)
      return context.newPage()
    }
    await use({
      server,
      secondUrl: server.url.replace('127.0.0.1', 'localhost'),
      device,
      async someone(login, options) {
        const page = await device(options)
        await page.goto('/')
        await signIn(page, login)
        await myCommittees(page).waitFor()
        return page
      },
      async sql() {
        const session = new pg.Client(embeddedUrl(dir, server))
        await session.connect()
        sessions.push(session)
        return session
      },
    })
    for (const session of sessions) await session.end()
    for (const context of contexts) await context.close()
    expect(faults, 'no page threw what nobody caught').toEqual([])
  },
})

/** There is no telephone here: the browser would ask which program calls, and hear of nothing else until somebody answers. */
function putNoCallsThrough(): void {
  addEventListener('click', (event) => {
    if ((event.target as Element).closest('a[href^="tel:"]') !== null) event.preventDefault()
  })
}

/** Heads the list that whoever has just come in sees; in either language. */
export const myCommittees = (page: Page): Locator => page.getByRole('heading', { name: /^(My committees|لجاني)$/ })

/** Fills the form in and sends it; whatever the answer is shows on the page. */
export async function signIn(page: Page, login: string, secret = password): Promise<void> {
  await page.locator('input[autocomplete="username"]').fill(login)
  await page.locator('input[autocomplete="current-password"]').fill(secret)
  await page.locator('button[type="submit"]').click()
}
