import { expect, type Page, type WebSocketRoute } from '@playwright/test'
import type pg from 'pg'
import * as Y from 'yjs'
import { Person } from '#load/driver/person.ts'
import type { Stage } from './stage.ts'

// Devices whose socket reaches the server only when they are let, and what the server, and the disk, then have. By plain Yjs.

/** Sockets of one browser context: cut and let again. Pages and calls go through: those need no socket. */
export class Line {
  readonly #cuts = new Set<() => void>()
  /** How many more sockets are let through. */
  #lets = Number.POSITIVE_INFINITY
  opened = 0

  static async of(page: Page): Promise<Line> {
    const line = new Line()
    await page.context().routeWebSocket(/\/collaboration/, (socket: WebSocketRoute) => {
      if (line.#lets <= 0) return void socket.close()
      line.#lets -= 1
      line.opened += 1
      const server = socket.connectToServer()
      let isCut = false
      socket.onMessage((message) => {
        if (!isCut) server.send(message) // a close takes a moment, in which the page would go on sending
      })
      line.#cuts.add(() => {
        isCut = true
        void socket.close()
      })
    })
    return line
  }

  cut(): void {
    this.#lets = 0
    for (const cut of this.#cuts) cut()
    this.#cuts.clear()
  }

  /** Lets so many sockets through from now on. */
  let(sockets = Number.POSITIVE_INFINITY): void {
    this.#lets = sockets
  }
}

export const comeBack = (page: Page): Promise<void> => page.evaluate(() => void window.dispatchEvent(new Event('online')))

/** Called ballots of a document by their numbers, struck ones too; fails where a number is there twice. */
export function numbersIn(doc: Y.Doc, sheet = 'A'): readonly number[] {
  const logs = [...doc.getMap<Y.Array<{ n?: number }>>('ballots')].filter(([key]) => key.startsWith(`${sheet}/`))
  const numbers = logs.flatMap(([, log]) => log.toArray().flatMap(({ n }) => (n === undefined ? [] : [n]))).sort((a, b) => a - b)
  expect(new Set(numbers).size, 'no ballot twice').toBe(numbers.length)
  return numbers
}

/** Names of the device's databases of one committee, as the browser lists them. */
export const databases = (page: Page, committee: string): Promise<readonly string[]> =>
  page.evaluate(
    async (id) => (await indexedDB.databases()).flatMap(({ name = '' }) => (name.split('/')[2] === id ? [name] : [])).sort(),
    committee,
  )

/** What the device keeps in one of its databases. */
export async function keptIn(page: Page, database: string): Promise<Y.Doc> {
  const updates = await page.evaluate(
    (name) =>
      new Promise<number[][]>((resolve, reject) => {
        const opening = indexedDB.open(name)
        opening.onerror = () => reject(opening.error)
        opening.onsuccess = () => {
          const reading = opening.result.transaction('updates').objectStore('updates').getAll()
          reading.onsuccess = () => {
            opening.result.close()
            resolve((reading.result as Uint8Array[]).map((update) => [...update]))
          }
        }
      }),
    database,
  )
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, Uint8Array.from(update))
  return doc
}

/** Somebody who writes by hand, on plain Yjs, with a login of their own. */
export async function writeAs(stage: Stage, login: string, committee: string, write: (doc: Y.Doc) => void): Promise<void> {
  const answer = await fetch(`${stage.server.url}/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password: 'lajna-demo' }),
  })
  const { token, user } = (await answer.json()) as { token: string; user: { id: number } }
  const person = new Person({ url: stage.server.url, user: user.id, token: () => token }, committee)
  await person.synced()
  write(person.doc)
  await expect.poll(() => person.provider.hasUnsyncedChanges).toBe(false)
  person.leave()
}

/** The election changes behind everybody's back: these candidates no longer stand. */
export async function withdrawCandidates(sql: pg.Client, numbers: readonly number[]): Promise<void> {
  const gone = await sql.query('delete from candidates where number = any ($1)', [numbers])
  expect(gone.rowCount).toBe(numbers.length)
  await tellFacts(sql)
}

/** As the server tells its processes after an import. */
export async function tellFacts(sql: pg.Client): Promise<void> {
  await sql.query(
    "with told as (update versions set facts = facts + 1 returning facts) select pg_notify('lajna_facts', facts || ':*') from told",
  )
}

export const trayEntries = (page: Page, kind: 'refused' | 'raced') => page.getByRole('dialog').locator(`[data-kind="${kind}"]`)
