import { expect, type Locator, type Page } from '@playwright/test'
import type pg from 'pg'
import type * as Y from 'yjs'
import { documentOf } from '#load/driver/oracle.ts'
import type { Totals } from './committee.ts'

// What counters do, in either language, and what came of it by plain Yjs.

/** A ballot as a tester has it on their own list. */
export type Called = readonly number[] | null

/** The words of the count, in both languages at once. */
export const words = {
  save: /^(Save ballot|احفظ الورقة)/,
  blank: /^(Blank|بيضاء)$/,
  undo: /^(Ballot|الورقة) .*(Undo|تراجع)\P{L}?$/u,
  heardWrong: /^(Heard wrong|سُمعت خطأً)$/,
  saveCorrection: /^(Save correction|احفظ تصحيح)/,
  totals: /^(Totals|المجاميع)$/,
  sheets: /(all counting sheets|كل أوراق الفرز)$/,
  compare: /^(Compare the sheets|قارن الأوراق)$/,
  share: /^(Share it|نفرزها معاً)/,
  takeOver: /^(Take over|أتسلّمها)/,
  check: /^(Check on sheet|أراجع في ورقة)/,
  leave: /^(Go on counting, leave it to the supervisor|أكملوا العدّ، واتركوها للوكيل)$/,
  stop: /^(I stop here|أتوقف هنا)/,
  saved: /^(Saved|محفوظ)$/,
} as const

export const button = (page: Page, name: RegExp): Locator => page.getByRole('button', { name })
export const save = (page: Page): Locator => button(page, words.save)
const indicatorOf = (page: Page): Locator => page.getByRole('banner').getByTitle(/^(Where my work is now|أين عملي الآن)$/)
export const isSaved = (page: Page): Promise<void> => expect(indicatorOf(page)).toHaveText(words.saved)

/** Works the pad's own keys: numbers, Space, B and I, Enter. */
export async function type(page: Page, called: Called): Promise<void> {
  await page.keyboard.type(called === null ? 'i\n' : called.length === 0 ? 'b\n' : `${called.join(' ')} \n`)
}

/** The number on the save button, which is the next ballot's. */
export async function nextNumber(page: Page): Promise<number> {
  return Number(/\d+/.exec((await save(page).textContent()) ?? '')?.[0])
}

/** The moment of rest after a save is over: on an empty pad Save answers again that nothing is chosen. */
export async function hasRested(page: Page): Promise<void> {
  const answer = page.getByText(/^(Choose a name, Blank or Invalid|اختر اسماً، أو بيضاء، أو باطلة)$/)
  await expect(async () => {
    await save(page).click()
    await expect(answer).toBeVisible({ timeout: 200 })
  }).toPass({ timeout: 5_000 })
}

export const ofLastFive = (page: Page, n: number): Locator =>
  page.getByRole('button', { name: new RegExp(`^(Ballot|الورقة) \\P{L}?${n}\\P{L}?:`, 'u') })

/** What a tester's list comes to. */
export function totalsOf(list: readonly Called[]): Totals {
  const votes: Record<number, number> = {}
  for (const candidate of list.flatMap((called) => called ?? [])) votes[candidate] = (votes[candidate] ?? 0) + 1
  const blank = list.filter((called) => called?.length === 0).length
  const invalid = list.filter((called) => called === null).length
  return { ballots: list.length, valid: list.length - blank - invalid, blank, invalid, votes }
}

/** The same of a sheet, or of one counter's ballots on it, in the rows of the journal: plain Yjs, strikes and corrections by hand. */
export async function journalTotals(sql: pg.Client, committee: string, sheet: string, user?: number): Promise<Totals> {
  const { rows } = await sql.query<{ update: Buffer }>('select update from journal where committee_id = $1 order by sequence', [committee])
  const logs = [
    ...documentOf(rows.map(({ update }) => update))
      .getMap<Y.Array<Record<string, unknown>>>('ballots')
      .entries(),
  ]
    .map(([key, log]) => ({ place: key.split(/[/.]/), entries: log.toArray() }))
    .filter(({ place }) => place[0] === sheet && (user === undefined || place[1] === String(user)))
    .sort((a, b) => Number(a.place[1]) - Number(b.place[1]) || Number(a.place[2]) - Number(b.place[2]))
  const struck = new Map<string, Record<string, unknown>>()
  for (const entry of logs.flatMap(({ entries }) => entries)) {
    if (entry.void !== undefined && !struck.has(String(entry.void))) struck.set(String(entry.void), entry)
  }
  const counted = logs.flatMap(({ place, entries }) =>
    entries.flatMap((entry, index): Called[] => {
      if (entry.void !== undefined) return []
      const strike = struck.get(`${place[2]},${index}`)
      if (strike === undefined) return [entry.c as Called]
      return strike.instead === undefined ? [] : [strike.instead as Called]
    }),
  )
  return totalsOf(counted)
}

/** The totals on the screen: beside the pad on a desktop, in their sheet on a phone. */
async function shownTotals(page: Page): Promise<Totals> {
  const opens = button(page, words.totals)
  const isPhone = await opens.isVisible()
  if (isPhone) await opens.click()
  const place = isPhone ? page.getByRole('dialog') : page.getByRole('complementary')
  await expect(place.getByRole('definition').first()).toBeVisible()
  const figures = (await place.getByRole('definition').allTextContents()).map(Number)
  const rows = await place.getByRole('row').evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)))
  const votes = rows.map(([name, count]) => [Number.parseInt(name ?? '', 10), Number(count)] as const).filter(([, count]) => count > 0)
  if (isPhone) {
    await page.keyboard.press('Escape')
    await expect(place).toBeHidden()
  }
  const [ballots, valid, blank, invalid] = figures as [number, number, number, number]
  return { ballots, valid, blank, invalid, votes: Object.fromEntries(votes) }
}

export const expectShown = (page: Page, list: readonly Called[]): Promise<void> =>
  expect.poll(() => shownTotals(page), { timeout: 90_000 }).toEqual(totalsOf(list))

/** Everything written so far is in this device's database: a reading of it waits for the writings before it. */
export async function isKept(page: Page, database: string): Promise<void> {
  await page.evaluate(
    (name) =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open(name)
        opening.onerror = () => reject(opening.error)
        opening.onsuccess = () => {
          const reading = opening.result.transaction('updates').objectStore('updates').count()
          reading.onsuccess = () => {
            opening.result.close()
            resolve()
          }
          reading.onerror = () => reject(reading.error)
        }
      }),
    database,
  )
}
