import type { Page } from '@playwright/test'
import { expect, test } from './stage.ts'

const desktop = { viewport: { width: 1280, height: 800 } } as const

const header = 'committee_code,serial,name,sex,family,unit,mobile'
const roll = (lines: readonly string[]) => ({ name: 'roll.csv', mimeType: 'text/csv', buffer: Buffer.from([header, ...lines].join('\n')) })

const report = (page: Page) => page.getByRole('region', { name: /^(Report|التقرير)$/ })
const figures = async (page: Page) =>
  Object.fromEntries(
    await report(page)
      .locator('dl > div')
      .evaluateAll((all) => all.map((one) => [one.querySelector('dt')?.textContent, one.querySelector('dd')?.textContent])),
  )

for (const [what, options] of [
  ['on a phone', {}],
  ['on a desktop', desktop],
] as const) {
  test(`an administrator checks a roll, mends it and imports it, ${what}`, async ({ stage }) => {
    const page = await stage.someone('admin', options)
    const sql = await stage.sql()
    await page.getByRole('button', { name: /^My account/ }).click()
    await page.getByRole('link', { name: 'Import lists' }).click()
    await page.getByRole('radio', { name: 'Roll' }).check({ force: true })

    const before = await sql.query(
      "select serial, name, sex, family, unit, mobile from electors where committee_id = 'u13' order by serial",
    )
    const lines = before.rows.map(({ serial, name, sex, family, unit, mobile }) =>
      ['13', serial, name, sex, family, unit, mobile ?? ''].join(','),
    )
    const serial = what === 'on a phone' ? 901 : 902
    const faulty = [...lines, `13,${serial},,m,,,`, '99,1,Somebody,m,,,']
    await page.locator('input[type=file]').setInputFiles(roll(faulty))
    await page.getByRole('button', { name: 'Check the file' }).click()
    await expect(report(page)).toContainText('2 things to mend')
    const problems = report(page).getByRole('listitem')
    await expect(problems).toHaveCount(2)
    await expect(problems.first()).toContainText(new RegExp(`Line .?${lines.length + 2}.?name.*Empty`))
    await expect(problems.last()).toContainText(/committee_code.*No committee has this code.*99/)
    await expect(page.getByRole('button', { name: /^Import \d/ })).toHaveCount(0)

    const mended = [...lines, `13,${serial},جديد الاسم,m,,,`]
    await page.locator('input[type=file]').setInputFiles(roll(mended))
    await expect(report(page)).toContainText('What the file would do')
    await page.getByRole('button', { name: 'Check the file' }).click()
    await expect(report(page)).toContainText('Nothing is imported yet')
    expect(await figures(page)).toEqual({ new: '1', changed: '0', 'as before': String(lines.length), 'struck through': '0' })
    expect((await sql.query('select from electors where serial = $1', [serial])).rowCount).toBe(0)

    await page.getByRole('button', { name: /^Import .?\d+.? lines$/ }).click()
    await expect(report(page)).toContainText('All of the file is on the server')
    expect((await sql.query("select name from electors where committee_id = 'u13' and serial = $1", [serial])).rows).toEqual([
      { name: 'جديد الاسم' },
    ])

    await page.getByRole('button', { name: 'Check the file' }).click()
    await expect(report(page)).toContainText('All of it is there already')
    await expect(page.getByRole('button', { name: /^Import \d/ })).toHaveCount(0)
  })
}

test('in Arabic the report says the same, and who is struck through', async ({ stage }) => {
  const page = await stage.someone('admin', { locale: 'ar-KW' })
  await page.goto('/#/admin/import')
  await page.getByRole('radio', { name: 'الكشف' }).check({ force: true })
  await page.locator('input[type=file]').setInputFiles(roll(['12,1,اسم آخر,m,,,']))
  await page.getByRole('button', { name: 'افحص الملف' }).click()
  await expect(report(page)).toContainText('لم يُستورد شيء بعد')
  expect(await figures(page)).toEqual({ جديد: '0', تغيّر: '1', 'كما كان': '0', مشطوب: '617' })
})

test('without a network the page says what is safe, and the check can be asked again', async ({ stage }) => {
  const page = await stage.someone('admin')
  await page.goto('/#/admin/import')
  await page.getByRole('radio', { name: 'Candidates' }).check({ force: true })
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'c.csv', mimeType: 'text/csv', buffer: Buffer.from('number,name\n31,New\n') })
  await page.context().setOffline(true)
  await page.getByRole('button', { name: 'Check the file' }).click()
  await expect(page.getByRole('alert')).toContainText('The server cannot be reached now')
  await page.context().setOffline(false)
  await page.getByRole('button', { name: 'Check the file' }).click()
  await expect(report(page)).toContainText('Every line is good')
})

test('of several elections the one that is chosen gets the list', async ({ stage }) => {
  const sql = await stage.sql()
  await sql.query(`
    insert into elections (id, name, date, choices_per_ballot) values ('older', 'Older election', '2001-01-01', 1);
    insert into sites (election_id, name) values ('older', 'School');
    insert into committees (id, election_id, site_id, code, name) select 'older-1', 'older', id, '1', 'Hall' from sites where name = 'School'`)
  const page = await stage.someone('admin')
  await page.goto('/#/admin/import')
  await page.getByRole('combobox', { name: 'Which election' }).selectOption('Older election')
  await page.getByRole('radio', { name: 'Candidates' }).check({ force: true })
  await page.locator('input[type=file]').setInputFiles({ name: 'c.csv', mimeType: 'text/csv', buffer: Buffer.from('number,name\n1,New\n') })
  await page.getByRole('button', { name: 'Check the file' }).click()
  await page.getByRole('button', { name: /^Import .?1.? line$/ }).click()
  await expect(report(page)).toContainText('All of the file is on the server')
  expect((await sql.query("select election_id from candidates where name = 'New'")).rows).toEqual([{ election_id: 'older' }])
})

test('nobody else is shown the page', async ({ stage }) => {
  const page = await stage.someone('supervisor1')
  await page.getByRole('button', { name: /^My account/ }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Import lists' })).toHaveCount(0)
  await page.keyboard.press('Escape')
  await page.goto('/#/admin/import')
  await expect(page.getByRole('heading', { name: 'My committees' })).toBeVisible()
})
