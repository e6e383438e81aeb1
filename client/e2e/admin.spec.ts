import type { Locator, Page } from '@playwright/test'
import { indicator, markBySerial, open as openCommittee, saveButton } from './committee.ts'
import { goDark } from './network.ts'
import { enter } from './overview-scene.ts'
import { expect, type Stage, signIn, test } from './stage.ts'

// What administrators do, and what those to whom it is done see of it.

test.setTimeout(360_000)

const sheet = (page: Page): Locator => page.getByRole('dialog')
const row = (page: Page, login: string): Locator => page.locator('.adm-users li').filter({ has: page.getByText(login, { exact: true }) })

async function administer(stage: Stage): Promise<Page> {
  const page = await stage.someone('admin', { viewport: { width: 1389, height: 868 }, hasTouch: false })
  await page.goto('/#/admin')
  await expect(row(page, 'marker1')).toBeVisible()
  return page
}

test('a user is added with an assignment and comes in at once; the role filter and the search find them', async ({ stage }) => {
  const page = await administer(stage)
  await page.getByRole('button', { name: 'User', exact: true }).click()
  const field = (name: string) => sheet(page).getByRole('textbox', { name, exact: true })
  await field('Login').fill('counter9')
  await field('Name').fill('سالم العلي')
  await field('English name').fill('Salem Al-Ali')
  await sheet(page).getByRole('combobox', { name: 'Role' }).selectOption('Counter')
  await sheet(page).getByLabel('Password').fill('a password of mine')
  await sheet(page).getByRole('button', { name: 'Add', exact: true }).click()
  await expect(sheet(page).getByText('Nowhere yet')).toBeVisible()
  await sheet(page).getByRole('combobox', { name: 'Another place' }).selectOption('u05')
  await sheet(page).getByRole('button', { name: 'Assign' }).click()
  const place = sheet(page)
    .getByRole('listitem')
    .filter({ hasText: /^Committee/ })
  await expect(place).toHaveCount(1)
  await place.getByRole('button', { name: 'Attendance', pressed: false }).click()
  await expect(place.getByRole('button', { name: 'Attendance', pressed: true })).toBeVisible()

  const counter = await stage.device()
  await counter.goto('/')
  await signIn(counter, 'counter9', 'a password of mine')
  await expect(counter.getByRole('link', { name: /Workshops/ })).toHaveCount(1)
  await openCommittee(counter, 'u05', 'count')
  await expect(saveButton(counter)).toBeVisible()

  await page.keyboard.press('Escape')
  await page.getByRole('searchbox').fill('counter9')
  await expect(page.locator('.adm-users li')).toHaveCount(1)
  await page.getByRole('searchbox').fill('')
  await page.locator('.adm-role select').selectOption('Marker')
  await expect(row(page, 'marker1')).toBeVisible()
  await expect(row(page, 'counter9')).toHaveCount(0)

  // The same login again is somebody's.
  await page.getByRole('button', { name: 'User', exact: true }).click()
  await field('Login').fill('counter9')
  await field('Name').fill('x')
  await sheet(page).getByRole('button', { name: 'Add', exact: true }).click()
  await expect(sheet(page)).toContainText('Somebody has this login')
})

test('ends the sessions of somebody with unsent edits: asked first; their page asks to sign in again, and the edits arrive after it', async ({
  stage,
}) => {
  const page = await administer(stage)
  const marker = await stage.someone('marker1')
  await openCommittee(marker, 'u01')
  await markBySerial(marker, 1)
  await expect(indicator(marker)).toHaveText('Saved')
  await goDark(marker)
  await markBySerial(marker, 2)
  await expect(indicator(marker)).toHaveText('1 here')
  // Another device of theirs has told that it holds some.
  const device = await enter(stage, 'marker1', 'u02')
  device.show({ unsent: 3 })
  await expect(row(page, 'marker1')).toContainText('3 with them')
  const end = row(page, 'marker1').getByRole('button', { name: /^End sessions:/ })
  await end.click()
  await expect(sheet(page)).toContainText(/3.* edits are not on the server yet/u)
  await sheet(page).getByRole('button', { name: 'Not now' }).click()
  await end.click()
  await sheet(page).getByRole('button', { name: 'End them all the same' }).click()
  await expect(sheet(page)).toContainText('Done. Every device asks to sign in again.')
  device.leave()
  await marker.context().setOffline(false)
  await expect(marker.locator('input[autocomplete="current-password"]')).toBeVisible({ timeout: 120_000 })
  await signIn(marker, 'marker1')
  await openCommittee(marker, 'u01')
  await expect(indicator(marker)).toHaveText('Saved', { timeout: 120_000 })
  const sql = await stage.sql()
  const { rows } = await sql.query("select count(*)::integer as n from journal where committee_id = 'u01'")
  expect(rows[0]?.n).toBeGreaterThanOrEqual(2)
})

test('the phase is moved for all, after its consequence is said; a counter loses the buttons without a reload, and gets them back', async ({
  stage,
}) => {
  const page = await administer(stage)
  const counter = await stage.someone('counter1')
  await openCommittee(counter, 'u02', 'count')
  await expect(saveButton(counter)).toBeVisible()
  const move = async (phase: string) => {
    await page.getByRole('button', { name: 'Move all…' }).click()
    await sheet(page)
      .getByRole('radio', { name: new RegExp(`^${phase}`) })
      .check()
    if (phase === 'Polling') await expect(sheet(page)).toContainText('This goes back.')
    await sheet(page)
      .getByRole('button', { name: /^Move all to/ })
      .click()
    await expect(sheet(page)).toBeHidden()
    await expect(page.locator('.adm-phases [aria-current="step"]')).toContainText(phase)
  }
  await move('Polling')
  await expect(saveButton(counter)).toBeHidden()
  await move('Counting')
  await expect(saveButton(counter)).toBeVisible()
})

test('nobody takes the role from themselves, and nobody else is shown the page', async ({ stage }) => {
  const page = await administer(stage)
  await row(page, 'admin').getByRole('button').first().click()
  await expect(sheet(page).getByRole('combobox', { name: 'Role' })).toBeDisabled()
  await expect(sheet(page).getByRole('checkbox')).toHaveCount(0)
  const supervisor = await stage.someone('supervisor1')
  await supervisor.goto('/#/admin')
  await expect(supervisor.getByRole('heading', { name: 'My committees' })).toBeVisible()
})
