import type { Locator, Page } from '@playwright/test'
import { isKept, isSaved, save, type } from './counting.ts'
import { expect, phone, test } from './stage.ts'

const desktop = { viewport: { width: 1280, height: 800 }, hasTouch: false }
const languages = [
  { locale: 'ar-KW', committee: 'u01', other: desktop, mine: { viewport: phone } },
  { locale: 'en-GB', committee: 'u02', other: { viewport: phone }, mine: desktop },
] as const
test.setTimeout(240_000)

// In either language.
const names = {
  registered: /^(Registered|المسجلون)$/,
  attended: /^(Attended|الحاضرون)$/,
  ballots: /^(Ballots in the box|أوراق الصندوق)$/,
  valid: /^(Valid|صحيحة)$/,
  invalid: /^(Invalid|باطلة)$/,
  blank: /^(Blank|بيضاء)$/,
} as const
type Name = keyof typeof names
const write = /^(Write|اكتب)/

const row = (page: Page, name: Name): Locator =>
  page.locator('.figure-row').filter({ has: page.getByRole('heading', { name: names[name] }) })
const cell = (page: Page, name: Name, source: 'announced' | 'minute'): Locator =>
  row(page, name)
    .getByRole('button')
    .nth(source === 'announced' ? 0 : 1)

async function read(page: Page, name: Name, source: 'announced' | 'minute', value: number): Promise<void> {
  await cell(page, name, source).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByRole('textbox').first().fill(String(value))
  await sheet.getByRole('button', { name: write }).click()
  await expect(sheet).toBeHidden()
}

for (const { locale, committee, mine, other } of languages) {
  test(`two people agree, differ, and a supervisor settles it; a changed reading opens it again (${locale})`, async ({ stage }) => {
    const place = `/#/committee/${committee}/figures`
    const one = await stage.someone('coordinator1', { locale, ...mine })
    const two = await stage.someone('counter1', { locale, ...other })
    const supervisor = await stage.someone('supervisor1', { locale, ...desktop })
    const reader = await stage.someone('viewer1', { locale, viewport: phone })
    for (const page of [one, two, supervisor]) {
      await page.goto(place)
      await expect(row(page, 'registered')).toBeVisible()
    }
    await expect(row(one, 'ballots')).toContainText(/Not written yet|لم يُكتب بعد/)
    await read(one, 'ballots', 'minute', 40)
    await expect(row(two, 'ballots')).toContainText(/waits for a second|ينتظر ثانياً/)
    await expect(row(two, 'ballots')).toContainText(/منى|Muna/)
    await read(two, 'ballots', 'minute', 40)
    await expect(row(one, 'ballots')).toContainText(/Agreed|متفق عليه/)

    await read(one, 'invalid', 'minute', 18)
    await read(two, 'invalid', 'minute', 16)
    for (const page of [one, two, supervisor]) await expect(row(page, 'invalid')).toContainText(/(منى|Muna) 18.*(يوسف|Yousef) 16/)
    await expect(cell(one, 'invalid', 'minute')).toHaveText('18 16')

    // The minute does not add up: said in a sum, and nobody is held up by it.
    await read(one, 'valid', 'minute', 20)
    await read(one, 'blank', 'minute', 0)
    await cell(supervisor, 'invalid', 'minute').click()
    await expect(supervisor.getByRole('dialog').getByRole('listitem')).toHaveText([/18$/, /16$/])
    await supervisor
      .getByRole('dialog')
      .getByRole('button', { name: /^(Settle on|احسم:) \P{L}?16/u })
      .click()
    for (const page of [one, two, supervisor]) {
      await expect(row(page, 'invalid')).toContainText(/(Settled by|حسم) (عبدالله|Abdullah)/)
      await expect(cell(page, 'invalid', 'minute')).toHaveText('16')
      const sum = page.getByRole('main').getByRole('heading', { name: /It does not add up|لا يطابق الجمع/ })
      await expect(sum).toContainText('4')
      await expect(sum.locator('..')).toContainText(/20.*16.*0.*36.*≠.*40/)
    }
    await expect(row(one, 'ballots')).toContainText(/Does not add up|لا يطابق الجمع/)

    // A reading that changes opens the settled figure again, by itself, on every screen.
    await read(two, 'invalid', 'minute', 20)
    for (const page of [one, supervisor]) await expect(row(page, 'invalid')).toContainText(/(منى|Muna) 18.*(يوسف|Yousef) 20/)
    await read(one, 'invalid', 'minute', 20)
    await expect(row(two, 'invalid')).toContainText(/Agreed|متفق عليه/)
    await expect(one.getByRole('main').getByRole('heading', { name: /It does not add up|لا يطابق الجمع/ })).toHaveCount(0)

    // The server is killed, a reading is made, the page is opened again.
    await isSaved(one)
    await one.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
    await stage.server.kill()
    await read(one, 'attended', 'announced', 41)
    await isKept(one, `lajna/3/${committee}`)
    // Nobody answers: the page comes from the phone itself, and so does what was read.
    await one.reload()
    await expect(cell(one, 'attended', 'announced')).toHaveText('41')
    await stage.server.start()
    await one.reload()
    await expect(cell(one, 'attended', 'announced')).toHaveText('41')
    await isSaved(one)
    await expect(cell(supervisor, 'attended', 'announced')).toHaveText('41', { timeout: 90_000 })

    await reader.goto(place)
    await expect(cell(reader, 'invalid', 'minute')).toHaveText('20')
    await cell(reader, 'invalid', 'minute').click()
    await expect(reader.getByRole('dialog').getByRole('listitem')).toHaveCount(2)
    await expect(reader.getByRole('dialog').getByRole('textbox')).toHaveCount(0)
  })
}

test('our own count stands beside the figures, and only what it is too small for is said of it while it goes on', async ({ stage }) => {
  const page = await stage.someone('counter2')
  await page.goto('/#/committee/u03/count')
  await expect(save(page)).toBeVisible()
  for (const called of [[1, 2], [1], [], null]) await type(page, called)
  await isSaved(page)
  await page.goto('/#/committee/u03/figures')
  const ours = (name: Name) => row(page, name).locator('.figure-cell').first()
  await expect(ours('ballots')).toContainText('4')
  await expect(ours('valid')).toContainText('2')
  await expect(ours('blank')).toContainText('1')
  await read(page, 'ballots', 'announced', 5)
  await read(page, 'valid', 'announced', 3)
  await expect(row(page, 'ballots')).toContainText('Sources differ')
  await expect(row(page, 'valid')).not.toContainText('Sources differ')
  await read(page, 'ballots', 'announced', 4)
  await expect(row(page, 'ballots')).toContainText('waits for a second')
  await expect(row(page, 'valid')).toContainText('Sources differ')

  // What cannot be is said to be so, and can be written all the same.
  await cell(page, 'attended', 'minute').click()
  await page.getByRole('dialog').getByRole('textbox').fill('5880')
  await expect(page.getByRole('dialog')).toContainText('More than the roll has: 689')
  await page.getByRole('dialog').getByRole('button', { name: write }).click()
  await expect(row(page, 'attended')).toContainText('More than')
  await expect(cell(page, 'attended', 'minute')).toHaveText('5,880')

  await page.getByRole('button', { name: /^Votes of the candidates/ }).click()
  const candidate = page
    .locator('.figure-row')
    .filter({ has: page.getByRole('heading', { name: /^\P{L}?1\P{L}/u }) })
    .first()
  await expect(candidate.locator('.figure-cell').first()).toContainText('2')
})
