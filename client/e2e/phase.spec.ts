import type { Locator, Page } from '@playwright/test'
import { call, candidate, indicator, markBySerial, open, saveButton } from './committee.ts'
import { goDark } from './network.ts'
import { expect, test } from './stage.ts'

const phaseButton = (page: Page): Locator => page.getByRole('banner').getByRole('button', { name: /^Phase: / })
const phaseSheet = (page: Page): Locator => page.getByRole('dialog', { name: /^Phase of committee/ })

/** Says whether the page has been loaded anew since. */
async function stays(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate(() => Object.assign(window, { stayed: true }))
  return () => page.evaluate(() => 'stayed' in window)
}

test('a supervisor closes a committee: the counter’s buttons go without a reload, and come back when it is opened again', async ({
  stage,
}) => {
  const [supervisor, counter] = [await stage.someone('supervisor1'), await stage.someone('counter1')]
  await open(counter, 'u01', 'count')
  await call(counter, [1])
  await expect(indicator(counter)).toHaveText('Saved')
  const stayed = await stays(counter)
  await open(supervisor, 'u01')

  await phaseButton(supervisor).click()
  const sheet = phaseSheet(supervisor)
  await expect(sheet.getByRole('radio', { name: /^Closed/ })).toBeChecked()
  await expect(sheet.getByText('Every device that is here has sent all it has.')).toBeVisible({ timeout: 90_000 })
  await sheet.getByRole('button', { name: 'Close it' }).click()
  await expect(supervisor.getByText(/^The phase is now .*Closed/)).toBeVisible()
  await expect(candidate(counter, 1)).toBeHidden()
  await expect(saveButton(counter)).toBeHidden()

  await phaseButton(supervisor).click()
  await sheet.getByRole('radio', { name: /^Counting/ }).check()
  await sheet.getByRole('button', { name: /^Change to .*Counting/ }).click()
  await expect(saveButton(counter)).toBeVisible()
  await call(counter, [2])
  await expect(indicator(counter)).toHaveText('Saved')
  expect(await stayed()).toBe(true)

  // The list follows as well, for who goes back to it.
  await counter.goto('/#/')
  await expect(counter.getByRole('link', { name: /Counting/ }).first()).toBeVisible()
  await expect(phaseButton(counter)).toBeHidden()
})

test('before closing it says whose edits have not arrived and who is away; it can be closed all the same, or not', async ({ stage }) => {
  const supervisor = await stage.someone('supervisor1', { viewport: { width: 1_280, height: 800 } })
  const [unsent, away] = [await stage.someone('coordinator1'), await stage.someone('coordinator2')]
  for (const page of [unsent, away]) {
    await open(page, 'u03')
    await expect(indicator(page)).toHaveText('Saved')
  }
  const sql = await stage.sql()
  const known = () => sql.query<{ here: boolean }>("select here from devices where committee_id = 'u03'")
  await expect.poll(async () => (await known()).rows.length).toBe(2)
  for (const page of [unsent, away]) await page.close()
  await expect.poll(async () => (await known()).rows.filter(({ here }) => here).length).toBe(0)
  await sql.query(
    "update devices set unsent = 3 where committee_id = 'u03' and user_id = (select id from users where login = 'coordinator1')",
  )

  await open(supervisor, 'u03')
  await phaseButton(supervisor).click()
  const sheet = phaseSheet(supervisor)
  await expect(sheet.getByText('1 device has edits that have not arrived.')).toBeVisible()
  await expect(sheet.getByText('1 device is without a network')).toBeVisible()
  await expect(sheet.getByRole('listitem')).toHaveText([/Last seen .*3 not sent/, /Last seen .*All sent/])
  await sheet.getByRole('button', { name: 'Wait' }).click()
  await expect(sheet).toBeHidden()
  await expect(phaseButton(supervisor)).toHaveAccessibleName(/Counting/)
  await phaseButton(supervisor).click()
  await sheet.getByRole('button', { name: 'Close all the same' }).click()
  await expect(phaseButton(supervisor)).toHaveAccessibleName(/Closed/)
  await sql.query("update committees set phase = null where id = 'u03'")
  await expect(phaseButton(supervisor)).toHaveAccessibleName(/Counting/)
})

test('where a committee is taken away the page says so; what was not sent is kept, and goes when it is given back', async ({ stage }) => {
  const [online, offline] = [await stage.someone('counter2'), await stage.someone('marker1')]
  await open(online, 'u02', 'count')
  await open(offline, 'u02')
  await markBySerial(offline, 1)
  await expect(indicator(offline)).toHaveText('Saved')
  await goDark(offline)
  await markBySerial(offline, 2)
  await expect(indicator(offline)).toHaveText('1 here')

  const sql = await stage.sql()
  const take = (taken: string) =>
    sql.query(
      `update assignments set taken = $1
        where committee_id = 'u02' and user_id in (select id from users where login in ('counter2', 'marker1'))`,
      [taken],
    )
  await take('{read}')
  await expect(online.getByText(/^Committee .*2.* is no longer open to you/)).toBeVisible()
  await expect(saveButton(online)).toBeHidden()
  await expect(online.getByRole('alert')).toBeHidden()
  await offline.context().setOffline(false)
  await expect(offline.getByRole('alert')).toContainText('1 edit that was not sent is kept here', { timeout: 90_000 })
  const download = offline.waitForEvent('download')
  await offline.getByRole('button', { name: 'Copy my work to a file' }).click()
  expect((await download).suggestedFilename()).toMatch(/^lajna-marker1-.*\.json$/)

  // Asked twice within a moment: the second answer is another.
  const tryAgain = offline.getByRole('button', { name: 'Try again' })
  const answered = offline.waitForResponse(/\/api\/me$/)
  await tryAgain.click()
  await answered
  await take('{}')
  await tryAgain.click()
  await expect(indicator(offline)).toHaveText('Saved', { timeout: 90_000 })
})
