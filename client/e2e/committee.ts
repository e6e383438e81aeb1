import { expect, type Locator, type Page } from '@playwright/test'

// What people do on a committee's page, by the words they see (English).

export async function open(page: Page, committee: string, tab: 'roll' | 'count' = 'roll'): Promise<void> {
  await page.goto(`/#/committee/${committee}/${tab}`)
  await ready(page, tab)
}

/** The page can be worked on: its roll is here, or its ballot is on the table. */
export async function ready(page: Page, tab: 'roll' | 'count' = 'roll'): Promise<void> {
  if (tab === 'roll') return expect(rows(page).first()).toBeVisible()
  // Whoever comes to a sheet that others are on is asked first; here everybody shares.
  const share = page.getByRole('dialog').getByRole('button', { name: /^Share it/ })
  await expect(async () => {
    if (await share.isVisible()) await share.click({ timeout: 1_000 })
    await saveButton(page).click({ trial: true, timeout: 4_000 }) // a tab in the background moves slowly
  }).toPass({ timeout: 90_000 })
}

/** The saved indicator. It says `Saved` only of committed rows, and otherwise how many edits are `here`. */
export const indicator = (page: Page): Locator => page.getByRole('banner').getByTitle('Where my work is now')

// Names carry their figures between invisible isolates (U+2068, U+2069), so that Arabic and Latin keep their order.
const isolated = (figure: number | string): string => `\u2068${figure}\u2069`

export const rows = (page: Page): Locator => page.locator('.elector-row[data-serial]')

const score = (page: Page, words: string): Locator => page.getByRole('main').getByRole('paragraph').filter({ hasText: words })

/** The head of the roll says so many attended. */
export const expectAttended = (page: Page, n: number): Promise<void> =>
  expect(score(page, 'attended of')).toHaveText(new RegExp(`^${n} attended of [1-9]\\d*$`))

/** The strike list has so many: pledged, and not yet attended. */
export const expectStrike = (page: Page, n: number): Promise<void> =>
  expect(score(page, 'pledged, not yet')).toHaveText(`${n} pledged, not yet`)

/** The serial typed and Enter pressed, as at the door. */
export async function markBySerial(page: Page, serial: number): Promise<void> {
  const field = page.getByRole('textbox', { name: 'Serial number' })
  await field.fill(String(serial))
  await field.press('Enter')
}

/** The attendance button of an elector who is in view and has attended. Its text is the number of witnesses. */
export const attended = (page: Page, serial: number): Locator =>
  page.getByRole('button', { name: `Attendance of ${isolated(serial)}`, pressed: true })

/** Not yet marked by anybody; there only for those who may mark. */
export const toAttend = (page: Page): Locator => page.getByRole('button', { name: /^Mark .* as attended$/ })

export async function openElector(page: Page, serial: number): Promise<Locator> {
  await page.getByRole('searchbox').fill(String(serial))
  await page
    .getByRole('button', { name: new RegExp(`^${serial} `) })
    .first()
    .click()
  const sheet = page.getByRole('dialog')
  await expect(sheet).toBeVisible()
  return sheet
}

/** A candidate's tile on the pad; also in Arabic. */
export const candidate = (page: Page, number: number): Locator =>
  page.getByRole('main').getByRole('button', { name: new RegExp(`^${number} \\p{L}`, 'u') })

export const saveButton = (page: Page): Locator => page.getByRole('button', { name: /^Save ballot/ })

export const undoButton = (page: Page, n: number): Locator =>
  page.getByRole('button', { name: `Ballot ${isolated(n)}: ${isolated('Undo')}`, exact: true })

export const peopleHere = (page: Page, n: number): Locator => page.getByRole('button', { name: `${isolated(n)} people here`, exact: true })

/** Calls one ballot with these candidates; none: blank. */
export async function call(page: Page, candidates: readonly number[]): Promise<void> {
  if (candidates.length === 0) await page.getByRole('button', { name: 'Blank', exact: true }).click()
  for (const number of candidates) await candidate(page, number).click()
  await save(saveButton(page))
}

/** Save, and once more where the tap fell into the moment of rest after the ballot before: nothing says that one is resting. */
export async function save(button: Locator): Promise<void> {
  const before = (await button.textContent()) ?? ''
  await expect(async () => {
    await button.click()
    await expect(button).not.toHaveText(before, { timeout: 200 })
  }).toPass({ timeout: 5_000 })
}

export type Totals = {
  readonly ballots: number
  readonly valid: number
  readonly blank: number
  readonly invalid: number
  /** By candidate, those with votes only. */
  readonly votes: Readonly<Record<number, number>>
}

/** Sheet A as the totals sheet shows it at this moment. */
async function totals(page: Page): Promise<Totals> {
  await page.getByRole('button', { name: 'Totals' }).click()
  const sheet = page.getByRole('dialog')
  await expect(sheet).toBeVisible()
  const figures = (await sheet.getByRole('definition').allTextContents()).map(Number)
  const rows = await sheet.getByRole('row').evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)))
  const votes = rows.map(([name, count]) => [Number.parseInt(name ?? '', 10), Number(count)] as const).filter(([, count]) => count > 0)
  await page.keyboard.press('Escape')
  await expect(sheet).toBeHidden()
  const [ballots, valid, blank, invalid] = figures as [number, number, number, number]
  return { ballots, valid, blank, invalid, votes: Object.fromEntries(votes) }
}

/** The totals sheet comes to show exactly this. */
export const expectTotals = (page: Page, expected: Totals): Promise<void> => expect.poll(() => totals(page)).toEqual(expected)
