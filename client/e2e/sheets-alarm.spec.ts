import { expect, type Locator, type Page } from '@playwright/test'
import { candidate } from './committee.ts'
import { button, type Called, expectShown, isSaved, journalTotals, nextNumber, save, totalsOf, type, words } from './counting.ts'
import { phone, type Stage, test } from './stage.ts'

const desktop = { viewport: { width: 1389, height: 868 }, hasTouch: false }
const look = (page: Page) => button(page, /(Look|انظر)$/)
const alarm = (page: Page): Locator => page.getByRole('alertdialog')
const differs = (page: Page) => page.getByText(/^(Differs at ballot|اختلاف عند الورقة) .*143/)
const right = /^(Mine is right|ورقتي صحيحة)$/
const make21 = /^(Make it|اجعلها) \P{L}?21\P{L}?$/u

/** Says which ballot is on the table. */
async function setNumber(page: Page, n: number): Promise<void> {
  await button(page, /(change the number|غيّر الرقم)$/).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByRole('textbox').fill(String(n))
  await sheet.getByRole('button', { name: /^(This is its number|هذا رقمها)$/ }).click()
  await expect.poll(() => nextNumber(page)).toBe(n)
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur()) // Enter saves, and presses no button
}

async function tap(page: Page, numbers: readonly number[]): Promise<void> {
  for (const number of numbers) await candidate(page, number).click()
}

async function call(page: Page, n: number, numbers: readonly number[]): Promise<void> {
  await setNumber(page, n)
  await type(page, numbers)
}

/** A counter of sheet A who has called ballot 143 already, and one of sheet B. */
async function twoCounters(stage: Stage, committee: string, called: readonly number[]) {
  const place = `/#/committee/${committee}/count`
  const a = await stage.someone('counter1', { locale: 'ar-KW', viewport: phone })
  await a.goto(place)
  await expect(save(a)).toBeVisible()
  await call(a, 143, called)
  await isSaved(a)
  const b = await stage.someone('counter2', { ...desktop, reducedMotion: 'reduce' })
  await b.goto(place)
  await button(b, words.check).click()
  await expect(button(b, words.sheets)).toContainText('B')
  return { a, b, place }
}

test('two sheets differ at ballot 143: both counters see it at once, one puts theirs right, and it is gone for both', async ({ stage }) => {
  const { a, b, place } = await twoCounters(stage, 'u01', [1, 4, 12])
  // A number that the other sheet has not yet is no difference.
  await call(b, 142, [7])
  await expect.poll(() => nextNumber(b)).toBe(143)
  await expect(alarm(b)).toBeHidden()
  // The next ballot lies half called on A when B says what it has at 143.
  await tap(a, [2, 9])
  await type(b, [1, 4, 21])
  for (const page of [a, b]) {
    await expect(alarm(page)).toContainText('143')
    await expect(alarm(page).getByRole('heading', { level: 2 })).toContainText(/12.*21/)
    await expect(alarm(page).getByRole('listitem')).toHaveText(['1', '4'])
    await expect(alarm(page).getByRole('button')).toHaveCount(3)
  }
  await expect(alarm(a)).toContainText('حصة على ورقة ب')

  // What was on its way to the pad is no answer.
  await b.keyboard.press('Enter')
  await b.keyboard.press('Escape')
  await expect(alarm(b)).toBeVisible()

  // Somebody who counts on neither reads it under the bar.
  const reader = await stage.someone('viewer1')
  await reader.goto(place)
  await expect(differs(reader)).toBeVisible()
  await expect(alarm(reader)).toBeHidden()
  await look(reader).click()
  await expect(reader.getByRole('dialog')).toContainText('First difference at ballot 143')

  await alarm(a).getByRole('button', { name: make21 }).click()
  for (const page of [a, b]) await expect(alarm(page)).toBeHidden()
  await expect(differs(reader)).toBeHidden()
  for (const number of [2, 9]) await expect(candidate(a, number)).toHaveAttribute('aria-pressed', 'true')
  await expect.poll(() => nextNumber(a)).toBe(144)
  const list: Called[] = [[1, 4, 21]]
  await expectShown(b, [[7], [1, 4, 21]])
  await isSaved(a)
  expect(await journalTotals(await stage.sql(), 'u01', 'A')).toEqual(totalsOf(list))
})

test('what was put away does not come back until one of its sides changes; it stays under the bar with its number', async ({ stage }) => {
  const { a, b } = await twoCounters(stage, 'u02', [12])
  await call(b, 143, [21])
  await alarm(a).getByRole('button', { name: right }).click()
  await expect(alarm(a)).toBeHidden()
  await expect(differs(a)).toBeVisible()
  await alarm(b).getByRole('button', { name: words.leave }).click()
  await expect(differs(b)).toBeVisible()
  await a.reload()
  await expect(differs(a)).toBeVisible()
  await expect(save(a)).toBeEnabled()
  await expect(alarm(a)).toBeHidden()

  // Who said that theirs is right is asked at the next one; who left it to the supervisor is not asked again about these sheets.
  await call(a, 144, [3])
  await call(b, 144, [5])
  await expect(alarm(a)).toContainText('144')
  await expect(alarm(b)).toBeHidden()
  await alarm(a).getByRole('button', { name: right }).click()

  // Looked at again, and put right: the other side has changed, and agrees.
  await expect(differs(b)).toContainText('1')
  await look(b).click()
  await expect(alarm(b)).toContainText('143')
  await alarm(b)
    .getByRole('button', { name: /^Make it \P{L}?12\P{L}?$/u })
    .click()
  await expect(alarm(b)).toContainText('144')
  await alarm(b)
    .getByRole('button', { name: /^Make it \P{L}?3\P{L}?$/u })
    .click()
  for (const page of [a, b]) await expect(button(page, /(Look|انظر)$/)).toBeHidden()
  await expect(b.getByText(/^Ballot .*144.*agree now$/)).toBeVisible()

  // Struck and called anew under the same number, it is another ballot: asked again.
  await button(a, words.undo).click()
  await setNumber(a, 144)
  await tap(a, [3])
  await tap(a, [6])
  await save(a).click()
  for (const page of [a, b]) await expect(alarm(page)).toContainText('144')
  // B has corrected its ballot once: it says so, and offers no second time.
  await expect(alarm(b)).toContainText('not corrected twice')
})
