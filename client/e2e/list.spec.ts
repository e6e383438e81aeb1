import type { Locator, Page } from '@playwright/test'
import { enter } from './overview-scene.ts'
import { expect, test } from './stage.ts'

// The list of one's committees while the server is heard; without it, see pwa.spec.ts and phase.spec.ts.

test.setTimeout(240_000)

const card = (page: Page, committee: string): Locator => page.locator(`.committee-card[href="#/committee/${committee}"]`)
const faces = (page: Page, committee: string): Locator => card(page, committee).getByRole('img')

test('a card says who is there, how far it is and what is amiss, without being opened or loaded anew', async ({ stage }) => {
  const page = await stage.someone('coordinator1')
  await page.evaluate(() => Object.assign(window, { stayed: true }))
  await expect(card(page, 'u01')).toContainText('nobody at work')
  const counters = [await enter(stage, 'counter1', 'u01'), await enter(stage, 'counter2', 'u01')] as const
  await expect(faces(page, 'u01')).toHaveAccessibleName(/2.* people here/u)
  await expect(card(page, 'u01').locator('[data-alarm]')).toHaveCount(0)
  const now_s = Math.floor(Date.now() / 1_000)
  counters[0].call('A', 1, [1], now_s)
  counters[1].call('B', 1, [2], now_s)
  await expect(card(page, 'u01')).toContainText(/ballot \P{L}*1\P{L}*, sheets \P{L}*A\P{L}* and \P{L}*B\P{L}* differ/u)
  await expect(card(page, 'u01')).toContainText(/1 of 803 counted/u)
  for (const counter of counters) counter.leave()
  await expect(faces(page, 'u01')).toHaveCount(0)
  expect(await page.evaluate(() => 'stayed' in window)).toBe(true)
})

test('a committee that is given or taken comes and goes in the list by itself', async ({ stage }) => {
  const page = await stage.someone('counter1')
  await expect(card(page, 'u01')).toBeVisible()
  await expect(card(page, 'u09')).toBeHidden()
  const sql = await stage.sql()
  const of = "user_id = (select id from users where login = 'counter1') and committee_id = 'u09'"
  await sql.query("insert into assignments (user_id, committee_id) select id, 'u09' from users where login = 'counter1'")
  await expect(card(page, 'u09')).toBeVisible({ timeout: 15_000 })
  await sql.query(`delete from assignments where ${of}`)
  await expect(card(page, 'u09')).toBeHidden({ timeout: 15_000 })
})
