import type { Page } from '@playwright/test'
import { candidate } from './committee.ts'
import { button, type Called, expectShown, isSaved, journalTotals, nextNumber, save, totalsOf, type, words } from './counting.ts'
import { expect, phone, signIn, test } from './stage.ts'

const desktop = { viewport: { width: 1280, height: 800 }, hasTouch: false }
const languages = [
  { locale: 'ar-KW', committee: 'u01', letters: ['أ', 'ب'] },
  { locale: 'en-GB', committee: 'u02', letters: ['A', 'B'] },
] as const
test.setTimeout(240_000)

/** Says which ballot is on the table. */
async function setNumber(page: Page, n: number): Promise<void> {
  await button(page, /(change the number|غيّر الرقم)$/).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByRole('textbox').fill(String(n))
  await sheet.getByRole('button', { name: /^(This is its number|هذا رقمها)$/ }).click()
  await expect.poll(() => nextNumber(page)).toBe(n)
}

/** Answers that two sheets differ: somebody else sees to it. */
async function leave(page: Page): Promise<void> {
  await page.getByRole('alertdialog').getByRole('button', { name: words.leave }).click()
  await expect(page.getByRole('alertdialog')).toBeHidden()
}

for (const { locale, committee, letters } of languages) {
  test(`who opens a sheet that others are on shares it, checks on the next, or takes it over; the sheets are compared (${locale})`, async ({
    stage,
  }) => {
    const place = `/#/committee/${committee}/count`
    const first = await stage.someone('counter1', { locale, viewport: phone })
    await first.goto(place)
    await expect(save(first)).toBeVisible()
    await type(first, [1, 12])
    await isSaved(first)

    // Shared: each calls their own, the sheet is the sum; nobody is asked twice.
    const second = await stage.someone('counter2', { locale, ...desktop })
    await second.goto(place)
    await button(second, words.share).click()
    // On from the highest there; this one begins again at one all the same.
    await expect.poll(() => nextNumber(second)).toBe(2)
    await setNumber(second, 1)
    await type(second, [2])
    await expectShown(first, [[1, 12], [2]])
    await isSaved(second)
    await second.reload()
    await expect(save(second)).toBeEnabled()
    await save(second).click({ trial: true })
    await expect(button(second, words.share)).toBeHidden()

    // Checked: the next free sheet, from one; compared and not added.
    const check = await stage.someone('coordinator1', { locale, viewport: phone })
    await check.goto(place)
    await expect(button(check, words.check)).toContainText(letters[1])
    await button(check, words.check).click()
    await expect(button(check, words.sheets)).toContainText(letters[1])
    await type(check, [1, 21])
    await type(check, [2])
    await expectShown(first, [[1, 12], [2]])
    await expectShown(check, [[1, 21], [2]])
    await button(check, words.sheets).click()
    await button(check, words.compare).click()
    const compare = check.getByRole('dialog').filter({ has: check.getByRole('table') })
    // Both counters of A called a ballot 1: it stands twice there, and is compared with nothing.
    await expect(compare).toContainText(new RegExp(`(twice on sheet|مكررة في ورقة) ${letters[0]}`))
    await expect(compare.getByRole('row').filter({ hasText: /^12/ }).getByRole('img')).toHaveAccessibleName(/^(differs|يختلف)$/)
    await expect(compare.getByRole('row').filter({ hasText: /^5/ }).getByRole('img')).toHaveCount(0)
    await check.keyboard.press('Escape')

    // The second counter gives the ballot its own number: now the sheets differ at the first.
    await button(second, words.undo).click()
    // All three are asked about it at once, and leave it: here it is looked up in the comparison.
    for (const page of [first, second, check]) await leave(page)
    await setNumber(second, 2)
    await save(second).click()
    await expect.poll(() => nextNumber(second)).toBe(3)
    await isSaved(second)
    await button(check, words.sheets).click()
    await button(check, words.compare).click()
    await expect(compare).toContainText(/(First difference at ballot|أول اختلاف عند الورقة) 1/)
    await expect(compare.getByRole('term')).toHaveText([...letters])
    const sides = compare.getByRole('definition')
    await expect(sides.nth(0)).toContainText('12')
    await expect(sides.nth(1)).toContainText('21')
    await check.keyboard.press('Escape')

    // Taken over: on from the ballot on the other's table; the other is told, stops, and nothing of theirs is lost.
    await first.goto(`/#/committee/${committee}/roll`)
    const next = await stage.someone('coordinator2', { locale, ...desktop })
    await next.goto(place)
    await button(next, words.takeOver).click()
    await leave(next)
    await expect.poll(() => nextNumber(next)).toBe(3)
    await button(second, words.stop).click()
    await expect(second).toHaveURL(/roll$/)
    await type(next, [3])
    await isSaved(next)
    const all: Called[] = [[1, 12], [2], [3]]
    await expectShown(next, all)
    await isSaved(check)
    const sql = await stage.sql()
    expect(await journalTotals(sql, committee, 'A')).toEqual(totalsOf(all))
    expect(await journalTotals(sql, committee, 'B')).toEqual(totalsOf([[1, 21], [2]]))
  })
}

test('a question left unanswered leads back, and the next time it is asked again', async ({ stage }) => {
  const first = await stage.someone('counter1')
  await first.goto('/#/committee/u03/count')
  await expect(save(first)).toBeVisible()
  const second = await stage.someone('counter2')
  await second.goto('/#/committee/u03/count')
  await expect(button(second, words.share)).toBeVisible()
  await second.keyboard.press('Escape')
  await expect(second).toHaveURL(/roll$/)
  await second.getByRole('link', { name: 'Count' }).click()
  await expect(button(second, words.share)).toBeVisible()
  // Nobody came to the first counter's sheet: nobody is named as sharing it.
  await expect(first.getByRole('banner')).toContainText('Sheet A')
  await expect(first.getByRole('banner')).not.toContainText('shared')
})

test('by keys alone, with a sheet that tells them; what is typed is shown before it counts', async ({ stage }) => {
  const page = await stage.someone('coordinator1', desktop)
  await page.goto('/#/committee/u07/count')
  await expect(save(page)).toBeVisible()
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog')).toContainText('Save the ballot')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  await page.keyboard.type('12')
  await expect(page.getByRole('main')).toContainText('12 · Naser Al-⁠Azmi')
  await page.keyboard.type(' 2l')
  await expect(page.getByRole('main')).toContainText('The whole list is more than what is left')
  await page.keyboard.type('31 ')
  await expect(page.getByRole('main')).toContainText('No candidate and no list has the number 31')
  await page.keyboard.type('12 2l\n')
  await type(page, [])
  await type(page, null)
  const marsa = Array.from({ length: 15 }, (_, index) => index + 16)
  await expectShown(page, [marsa, [], null])
  await page.keyboard.press('z')
  await expectShown(page, [marsa, []])
  await expect(page.getByRole('button', { name: 'Invalid' })).toHaveAttribute('aria-pressed', 'true')
  // A button that Tab has gone to is pressed by Space, and not by what the pad does with it.
  await candidate(page, 4).focus()
  await page.keyboard.press(' ')
  await expect(candidate(page, 4)).toHaveAttribute('aria-pressed', 'true')
})

test('the screen is kept on while counting, and only then; where it cannot be, counting goes on', async ({ stage }) => {
  const page = await stage.device()
  await page.context().addInitScript(() => {
    const held = { now: 0 }
    Object.assign(window, { held })
    Object.defineProperty(navigator, 'wakeLock', {
      value: {
        request: async () => {
          held.now += 1
          return {
            released: false,
            release: async () => {
              held.now -= 1
            },
          }
        },
      },
    })
  })
  const held = () => page.evaluate(() => (window as unknown as { held: { now: number } }).held.now)
  await page.goto('/')
  await signIn(page, 'counter1')
  await page.getByRole('heading', { name: 'My committees' }).waitFor()
  expect(await held()).toBe(0)
  await page.goto('/#/committee/u07/roll')
  await page.getByRole('link', { name: 'Count' }).click()
  await button(page, words.share).click()
  await expect.poll(held).toBe(1)
  // Asked for again where the browser took it back, and never a second one beside the first.
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  expect(await held()).toBe(1)
  await page.getByRole('link', { name: 'Back' }).click()
  await expect.poll(held).toBe(0)

  const without = await stage.device()
  await without.context().addInitScript(() => {
    Object.defineProperty(navigator, 'wakeLock', {
      value: { request: () => Promise.reject(new DOMException('low battery', 'NotAllowedError')) },
    })
  })
  await without.goto('/')
  await signIn(without, 'counter2')
  await without.getByRole('heading', { name: 'My committees' }).waitFor()
  await without.goto('/#/committee/u07/count')
  await button(without, words.check).click()
  // As sheet A has it: where they differ an alarm would stand over the pad.
  await without.keyboard.type('2l\n')
  await expect.poll(() => nextNumber(without)).toBe(2)
})
