import { candidate } from './committee.ts'
import {
  button,
  type Called,
  expectShown,
  hasRested,
  indicatorOf,
  isKept,
  isSaved,
  journalTotals,
  nextNumber,
  ofLastFive,
  save,
  totalsOf,
  type,
  words,
} from './counting.ts'
import { expect, phone, test } from './stage.ts'

const desktop = { viewport: { width: 1280, height: 800 }, hasTouch: false }
const people = [
  { login: 'counter1', user: 6, committee: 'u01', locale: 'ar-KW', device: 'phone', options: { viewport: phone } },
  { login: 'coordinator1', user: 3, committee: 'u02', locale: 'ar-KW', device: 'desktop', options: desktop },
  { login: 'counter2', user: 7, committee: 'u03', locale: 'en-GB', device: 'phone', options: { viewport: phone } },
  { login: 'coordinator2', user: 4, committee: 'u07', locale: 'en-GB', device: 'desktop', options: desktop },
] as const

test.setTimeout(120_000)

for (const { login, user, committee, locale, device, options } of people) {
  test(`every ballot once through a double tap, an undo after a reload, a correction and a killed server (${login}, ${locale}, ${device})`, async ({
    stage,
  }) => {
    const page = await stage.someone(login, { locale, ...options })
    const place = `/#/committee/${committee}/count`
    await page.goto(place)
    await expect(save(page)).toBeVisible()
    for (const called of [[1, 2, 17], [], null] as Called[]) await type(page, called)
    await hasRested(page)
    for (const number of [3, 30]) await candidate(page, number).click()
    await save(page).dblclick()
    await expect.poll(() => nextNumber(page)).toBe(5)
    await expectShown(page, [[1, 2, 17], [], null, [3, 30]])
    await isSaved(page)

    // The log of the page before is closed: what strikes its entry stands in the new page's own.
    await page.reload()
    await expect(save(page)).toBeVisible()
    await button(page, words.undo).click()
    await expect.poll(() => nextNumber(page)).toBe(4)
    await expect(candidate(page, 30)).toHaveAttribute('aria-pressed', 'true')
    await candidate(page, 30).click()
    await candidate(page, 29).click()
    await save(page).click()
    await expect.poll(() => nextNumber(page)).toBe(5)

    // A ballot of the page before is corrected while the next one is half called.
    await candidate(page, 9).click()
    await ofLastFive(page, 1).click()
    await button(page, words.heardWrong).click()
    await expect(candidate(page, 9)).toHaveAttribute('aria-pressed', 'false')
    await candidate(page, 17).click()
    await candidate(page, 18).click()
    await button(page, words.saveCorrection).click()
    await expect(candidate(page, 9)).toHaveAttribute('aria-pressed', 'true')
    await ofLastFive(page, 1).click()
    await expect(button(page, words.heardWrong)).toBeHidden()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toBeHidden()
    await save(page).click()
    await expect.poll(() => nextNumber(page)).toBe(6)
    const before: Called[] = [[1, 2, 18], [], null, [3, 29], [9]]
    await expectShown(page, before)
    await isSaved(page)

    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
    await stage.server.kill()
    for (const called of [[10], [11, 12]]) await type(page, called)
    await expect(indicatorOf(page)).toContainText('2')
    await isKept(page, `lajna/${user}/${committee}`)
    // Nobody answers: the app and the work come from the phone.
    await page.reload()
    await expect(save(page)).toBeVisible()
    const all = [...before, [10], [11, 12]]
    await expectShown(page, all)
    await expect(indicatorOf(page)).toContainText('2')
    await stage.server.start()
    await page.reload()
    await expect(save(page)).toBeVisible()
    await expectShown(page, all)
    await isSaved(page)
    expect(await nextNumber(page)).toBe(8)
    expect(await journalTotals(await stage.sql(), committee, 'A')).toEqual(totalsOf(all))
  })
}
