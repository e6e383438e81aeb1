import type { BrowserContext, Page } from '@playwright/test'
import { candidate } from './committee.ts'
import { button, type Called, expectShown, isKept, isSaved, journalTotals, nextNumber, save, totalsOf, type, words } from './counting.ts'
import { expect, type Stage, test } from './stage.ts'

const committee = 'u03'
const ballots = 200
test.setTimeout(600_000)

/** Small, seeded (mulberry32): the same ballots on every run. */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

function drawBallot(random: (below: number) => number): Called {
  const kind = random(20)
  if (kind < 2) return kind === 0 ? null : []
  return [...new Set(Array.from({ length: 1 + random(4) }, () => 1 + random(30)))].sort((a, b) => a - b)
}

/** A counter in a browser of their own whose socket reaches the server only in the light. Pages load: that needs no socket. */
class DarkCounter {
  readonly list: Called[] = []
  readonly #cuts = new Set<() => void>()
  #dark = true
  page: Page
  readonly user: number
  readonly #random: (below: number) => number

  private constructor(page: Page, user: number) {
    this.page = page
    this.user = user
    this.#random = seeded(user)
  }

  static async begin(stage: Stage, login: string, user: number): Promise<DarkCounter> {
    const counter = new DarkCounter(await stage.someone(login), user)
    await counter.#cutSocketsOf(counter.page.context())
    await counter.open()
    return counter
  }

  async #cutSocketsOf(context: BrowserContext): Promise<void> {
    await context.routeWebSocket(/\/collaboration/, (socket) => {
      if (this.#dark) return void socket.close()
      socket.connectToServer()
      this.#cuts.add(() => void socket.close())
    })
  }

  async open(): Promise<void> {
    await this.page.goto(`/#/committee/${committee}/count`)
    await expect(save(this.page)).toBeVisible()
  }

  async call(upTo: number): Promise<void> {
    while (this.list.length < upTo) {
      const called = drawBallot(this.#random)
      await type(this.page, called)
      this.list.push(called)
    }
    await expect.poll(() => nextNumber(this.page)).toBe(upTo + 1)
    await isKept(this.page, `lajna/${this.user}/${committee}`)
  }

  /** The page is loaded anew in the dark, and takes back what the page before called last. */
  async undoAfterReload(): Promise<void> {
    await this.page.reload()
    await expect(save(this.page)).toBeVisible()
    await button(this.page, words.undo).click()
    await expect.poll(() => nextNumber(this.page)).toBe(this.list.length)
    this.list.pop()
    // What was taken back lies on the pad; said again, with one name more or less.
    await candidate(this.page, 7).click()
    await save(this.page).click()
  }

  async loseTab(): Promise<void> {
    const context = this.page.context()
    await this.page.close()
    this.page = await context.newPage()
    await this.open()
  }

  async toLight(): Promise<void> {
    this.#dark = false
    await this.page.evaluate(() => window.dispatchEvent(new Event('online')))
    await isSaved(this.page)
  }

  toDark(): void {
    this.#dark = true
    for (const cut of this.#cuts) cut()
    this.#cuts.clear()
  }
}

test(`three counters in the dark call ${ballots} ballots each; one undoes after a reload, one loses a tab; together exactly what they called`, async ({
  stage,
}) => {
  const all = [
    await DarkCounter.begin(stage, 'counter1', 6),
    await DarkCounter.begin(stage, 'counter2', 7),
    await DarkCounter.begin(stage, 'coordinator1', 3),
  ] as const
  const [reloads, loses] = all
  await Promise.all(all.map((counter) => counter.call(ballots / 2)))

  // Its last ballot is one that a tap on candidate 7 makes another.
  await type(reloads.page, [7, 8])
  reloads.list.push([7, 8])
  await expect.poll(() => nextNumber(reloads.page)).toBe(reloads.list.length + 1)
  await isKept(reloads.page, `lajna/${reloads.user}/${committee}`)
  await reloads.undoAfterReload()
  reloads.list.push([8])
  await loses.loseTab()
  await Promise.all(all.map((counter) => counter.call(ballots)))
  expect(all.map(({ list }) => list.length)).toEqual([ballots, ballots, ballots])

  const sql = await stage.sql()
  expect(await journalTotals(sql, committee, 'A'), 'in the dark nothing arrives').toEqual(totalsOf([]))
  const called = all.flatMap(({ list }) => list)
  const random = seeded(2026)
  for (let time = 1; time <= 2; time += 1) {
    const order = [...all].map((counter) => ({ counter, at: random(1_000) })).sort((a, b) => a.at - b.at)
    for (const { counter } of order) await counter.toLight()
    for (const { page } of all) await expectShown(page, called)
    expect(await journalTotals(sql, committee, 'A'), `time ${time}`).toEqual(totalsOf(called))
    for (const counter of all) counter.toDark()
  }
  for (const { user, list } of all) expect(await journalTotals(sql, committee, 'A', user), `counter ${user}`).toEqual(totalsOf(list))
})
