import type { Locator, Page } from '@playwright/test'
import { call, indicator, open as openCommittee } from './committee.ts'
import { enter } from './overview-scene.ts'
import { expect, type Stage, signIn, test } from './stage.ts'

// The page of whoever answers for many committees, over the real server: nothing here is reloaded unless it says so.

test.setTimeout(360_000)

const tile = (page: Page, committee: string): Locator => page.locator(`.ov-tile[data-committee="${committee}"]`)
const sheet = (page: Page): Locator => page.getByRole('dialog')
const turnout = (page: Page): Locator => page.getByRole('region', { name: 'Turnout' })
const votes = (page: Page): Locator => page.getByRole('region', { name: 'Votes' })
const alarm = (page: Page, kind: string, committee: string): Locator =>
  page.locator(`.ov-need[data-alarm="${kind}"]`).filter({ hasText: new RegExp(`^Committee \\P{L}?${committee}\\P{L}?:`, 'u') })

async function watch(stage: Stage, login = 'supervisor1'): Promise<Page> {
  const page = await stage.someone(login, { viewport: { width: 1389, height: 868 }, hasTouch: false })
  await page.getByRole('link', { name: 'Overview of all committees' }).click()
  await expect(page.locator('.ov-tile').first()).toBeVisible()
  await expect(page.getByText('Live', { exact: true })).toBeVisible()
  await page.evaluate(() => Object.assign(window, { stayed: true }))
  return page
}
const stayed = (page: Page): Promise<boolean> => page.evaluate(() => 'stayed' in window)

test('[O7] [O8] a supervisor sees two sites and no other; marks, ballots and people come and go without a reload', async ({ stage }) => {
  const page = await watch(stage)
  await expect(page.locator('.ov-tile')).toHaveCount(7)
  await expect(page.getByRole('region', { name: 'Head office' }).locator('.ov-tile')).toHaveCount(4)
  await expect(page.getByRole('region', { name: 'Harbour' })).toHaveCount(0)

  await expect(tile(page, 'u01')).toHaveAccessibleName(/0.* people here/u)
  const marker = await enter(stage, 'marker1', 'u01')
  await expect(tile(page, 'u01')).toHaveAccessibleName(/1.* person here/u)
  const now_s = Math.floor(Date.now() / 1_000)
  for (let elector = 1; elector <= 12; elector += 1) marker.mark(elector, now_s)
  await marker.book.downTo(0)
  await expect(turnout(page)).toContainText(/^Turnout.*12\s*of/su)

  await tile(page, 'u01').click()
  await expect(sheet(page)).toContainText(/Attended\s*12\s*of/u)
  await expect(sheet(page).getByRole('region', { name: 'Who is there' }).getByRole('listitem')).toHaveCount(1)
  await page.keyboard.press('Escape')

  const counter = await enter(stage, 'counter1', 'u01')
  for (let n = 1; n <= 5; n += 1) counter.call('A', n, [1, 2, 17], now_s)
  await counter.book.downTo(0)
  await expect(votes(page)).toContainText(/5\s*$|counted\s*5/u)
  await expect(votes(page).locator('.ov-row').first()).toHaveText(/1.*1.*5/u)
  await expect(tile(page, 'u01')).toHaveAccessibleName(/2.* people here/u)
  counter.leave()
  marker.leave()
  await expect(tile(page, 'u01')).toHaveAccessibleName(/0.* people here/u)
  expect(await stayed(page)).toBe(true)
})

test('[O12] two sheets that differ are red and first in the list; its button leads to the count; a closed committee says so', async ({
  stage,
}) => {
  const page = await watch(stage)
  const now_s = Math.floor(Date.now() / 1_000)
  const [one, other] = [await enter(stage, 'counter1', 'u07'), await enter(stage, 'counter2', 'u07')]
  for (let n = 1; n <= 3; n += 1) {
    one.call('A', n, [1, 2], now_s)
    other.call('B', n, n === 2 ? [1, 3] : [1, 2], now_s)
  }
  for (const person of [one, other]) await person.book.downTo(0)
  await expect(tile(page, 'u07')).toHaveAccessibleName(/Differs/)
  await expect(tile(page, 'u07')).toHaveClass(/differs/)
  await expect(page.locator('.ov-need').first()).toContainText(/ballot \P{L}?2\P{L}?, sheets/u)
  await expect(alarm(page, 'difference', '7')).toContainText('since')
  const sql = await stage.sql()
  await sql.query("update committees set phase = 'closed' where id = 'u02'")
  await expect(tile(page, 'u02')).toHaveAccessibleName(/Closed/)
  expect(await stayed(page)).toBe(true)
  await alarm(page, 'difference', '7').getByRole('link', { name: 'Open the sheets' }).click()
  await expect(page).toHaveURL(/#\/committee\/u07\/count$/)
  for (const person of [one, other]) person.leave()
})

test('[O7] [O14] the server goes away: the last picture stays, with its time; it comes back by itself, and so does what was missed', async ({
  stage,
}) => {
  const page = await watch(stage)
  const before = await tile(page, 'u03').textContent()
  await stage.server.kill()
  await expect(page.getByText(/^No network\. As it was at/)).toBeVisible({ timeout: 90_000 })
  expect(await tile(page, 'u03').textContent()).toBe(before)
  await stage.server.start()
  await expect(page.getByText('Live', { exact: true })).toBeVisible({ timeout: 120_000 })
  const marker = await enter(stage, 'marker1', 'u03')
  marker.mark(5, Math.floor(Date.now() / 1_000))
  await marker.book.downTo(0)
  await tile(page, 'u03').click()
  await expect(sheet(page)).toContainText(/Attended\s*1\s*of/u)
  expect(await stayed(page)).toBe(true)
  marker.leave()
})

test('who answers for no committee has neither the entry nor the page, and opens no stream', async ({ stage }) => {
  const counter = await stage.someone('counter1')
  const asked: string[] = []
  counter.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await expect(counter.getByRole('link', { name: 'Overview of all committees' })).toHaveCount(0)
  await counter.goto('/#/overview')
  await expect(counter.getByRole('heading', { name: 'My committees' })).toBeVisible()
  await openCommittee(counter, 'u01', 'count')
  await call(counter, [1])
  await expect(indicator(counter)).toHaveText('Saved')
  expect(asked.filter((path) => path === '/api/events' || path === '/api/overview' || path.includes('overview-page'))).toEqual([])
})

declare global {
  interface Window {
    /** Writes to the event stream that stands in for the server's. */
    say: (type: string, data: unknown) => void
  }
}

test('[O15] 764 committees: one that changes touches its own tile and no other', async ({ stage }) => {
  const page = await stage.device({ viewport: { width: 1389, height: 868 }, hasTouch: false })
  await page.addInitScript(() => {
    const real = window.fetch
    window.fetch = (input, init) => {
      if (!String(input).endsWith('/api/events')) return real(input, init)
      const body = new ReadableStream<Uint8Array>({
        start: (stream) => {
          window.say = (type, data) => stream.enqueue(new TextEncoder().encode(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`))
        },
      })
      return Promise.resolve(new Response(body, { headers: { date: new Date().toUTCString() } }))
    }
  })
  await page.goto('/')
  await signIn(page, 'supervisor1')
  await page.getByRole('link', { name: 'Overview of all committees' }).click()
  await page.waitForFunction(() => 'say' in window)
  const told = await page.evaluate(async () => {
    const { token } = await (await fetch('/api/token', { method: 'POST' })).json()
    const me = await (await fetch('/api/me', { headers: { authorization: `Bearer ${token}` } })).json()
    const source = { waiting: 0, agreed: 0, differ: 0, resolved: 0, values: {} }
    const line = (n: number, ballots: number) => {
      const votes = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [at + 1, Math.floor(ballots / (at + 1))]))
      const sheet = { ballots, valid: ballots, blank: 0, invalid: 0, votes }
      const figures = { announced: source, minute: source }
      const parts = { attended: 600, walkins: 0, guaranteed: 90, strike: 9, figures, flags: [], flags_total: 0, conflicts: 0 }
      const id = `s${n}`
      const entry = { id, code: String(n), name: 'r', site: `School ${Math.floor(n / 6)}`, election: me.election.id, phase: 'counting' }
      return {
        entry: { ...entry, rights: ['read', 'rule'], electors: 1_100 },
        summary: { committee: id, sequence: ballots, sheets: { A: sheet }, last_ms: Date.now(), ...parts },
        people: 3,
        unsent: 0,
        aside: 0,
      }
    }
    const settled = () => new Promise((resolve) => setTimeout(resolve, 0))
    const overview = (full: boolean, committees: unknown[]) => window.say('overview', { full, committees, gone: [], live: true })
    overview(
      true,
      Array.from({ length: 764 }, (_, n) => line(n + 1, 100)),
    )
    while (document.querySelectorAll('.ov-tile').length < 764) await settled()
    const touched = new Set<string>()
    const observer = new MutationObserver((records) => {
      for (const { target } of records) {
        const tile = (target instanceof Element ? target : target.parentElement)?.closest<HTMLElement>('.ov-tile')
        if (tile?.dataset.committee !== undefined) touched.add(tile.dataset.committee)
      }
    })
    observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true })
    const times: number[] = []
    const names: string[][] = []
    for (let step = 0; step < 60; step += 1) {
      const n = ((step * 37) % 764) + 1
      touched.clear()
      const begin = performance.now()
      overview(false, [line(n, 300)])
      for (let turns = 0; turns < 20 && touched.size === 0; turns += 1) await settled()
      void document.body.offsetHeight
      times.push(performance.now() - begin)
      names.push([...touched])
    }
    return { names, times: times.sort((a, b) => a - b).map((ms) => Math.round(ms * 10) / 10) }
  })
  expect(told.names).toEqual(Array.from({ length: 60 }, (_, step) => [`s${((step * 37) % 764) + 1}`]))
  test.info().annotations.push({ type: 'ms a change, p50 and p95', description: `${told.times[30]} ${told.times[57]}` })
  console.log(`764 committees: a change to the screen p50 ${told.times[30]} ms, p95 ${told.times[57]} ms`)
})
