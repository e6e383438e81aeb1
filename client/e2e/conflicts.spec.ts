import type { Locator, Page } from '@playwright/test'
import { indicator, open, openElector } from './committee.ts'
import { journaled } from './journal.ts'
import { goDark } from './network.ts'
import { expect, test } from './stage.ts'

const desktop = { viewport: { width: 1389, height: 868 }, hasTouch: false }
const badge = (page: Page): Locator => page.getByRole('banner').getByRole('button', { name: /place.? with two answers$/ })
const card = (within: Page | Locator): Locator => within.locator('article.conflict')
const isSaved = (page: Page): Promise<void> => expect(page.locator('.app-bar').getByTitle('Where my work is now')).toHaveText('Saved')
const comesBack = (page: Page): Promise<void> => page.context().setOffline(false)

/** The pledge of somebody else on the sheet that is open, ready to be written. */
async function editTheirs(sheet: Locator): Promise<Locator> {
  await sheet.getByRole('button', { name: /^Edit the guarantee of/ }).click()
  return sheet.getByRole('region', { name: /^Guarantee of/ })
}

test('two write one field at once, one of them offline and reloaded; a third sees the badge and resolves; all agree, both answers stay', async ({
  stage,
}) => {
  const collector = await stage.someone('collector1')
  const coordinator = await stage.someone('coordinator1')
  const supervisor = await stage.someone('supervisor1', desktop)
  await open(collector, 'u01')
  const mine = await openElector(collector, 5)
  await mine.getByText('Strong', { exact: true }).click()
  await isSaved(collector)
  await open(coordinator, 'u01')
  await open(supervisor, 'u01')
  await expect(badge(supervisor)).toBeHidden()
  const theirs = await editTheirs(await openElector(coordinator, 5))

  // The collector writes without a network, and the page is loaded anew from the phone.
  await collector.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await goDark(collector)
  await mine.getByText('Confirmed', { exact: true }).click()
  await expect(collector.locator('.app-bar').getByTitle('Where my work is now')).toHaveText('1 here')
  await collector.reload()
  await theirs.getByText('No answer', { exact: true }).click()
  await isSaved(coordinator)
  await expect(indicator(collector)).toHaveText('1 here')
  await comesBack(collector)
  await expect(indicator(collector)).toHaveText('Saved', { timeout: 90_000 })

  // Everybody sees that there are two answers, who wrote them, and who decides.
  await expect(badge(supervisor)).toHaveText(/^1/)
  // Whoever watches many committees is led to it.
  await supervisor.goto('/#/overview')
  await supervisor.locator('.ov-need[data-alarm="conflict"]').getByRole('link').click()
  const list = supervisor.getByRole('dialog')
  await expect(card(list)).toContainText('Confirmation')
  await expect(card(list)).toContainText('2 answers')
  for (const said of ['Confirmed', 'No answer', 'Muna'] as const) await expect(card(list)).toContainText(said)
  const onSheet = await openElector(collector, 5)
  await expect(card(onSheet)).toContainText('A coordinator or the supervisor decides.')
  await expect(card(onSheet).getByRole('button')).toHaveCount(0)
  await expect(coordinator.getByRole('dialog').getByRole('button', { name: /^Keep mine/ })).toBeVisible()
  await expect(collector.locator('.elector-row[data-serial="5"]')).toContainText('Two answers: Confirmation')

  await list.getByRole('button', { name: /^Take this one.*Confirmed/ }).click()
  await expect(card(list)).toBeHidden()
  for (const page of [collector, coordinator]) {
    const sheet = page.getByRole('dialog')
    await expect(card(sheet)).toBeHidden()
    const settled = sheet.locator('.conflict-settled')
    await expect(settled).toContainText(/Settled by .*Confirmed/)
    for (const said of ['Confirmed', 'No answer']) await expect(settled.getByRole('listitem').filter({ hasText: said })).toHaveCount(1)
    await expect(sheet.getByRole('radio', { name: 'Confirmed' })).toBeChecked()
    await expect(badge(page)).toBeHidden()
  }
  await expect(list.locator('.conflict-settled')).toContainText('Settled by you')

  const doc = await journaled(await stage.sql(), 'u01')
  const entries = Object.values(doc.getMap('conflicts').toJSON()) as { values: { value: string }[]; resolved?: { value: string } }[]
  expect(entries.map(({ values, resolved }) => [values.map(({ value }) => value).sort(), resolved?.value])).toEqual([
    [['confirmed', 'unreachable'], 'confirmed'],
  ])
})

test('who decides may keep theirs, take the stronger by its rule, or write a third; without a connection it waits', async ({ stage }) => {
  const collector = await stage.someone('collector1')
  const coordinator = await stage.someone('coordinator1', desktop)
  await open(collector, 'u02')
  const mine = await openElector(collector, 7)
  await mine.getByText('Medium', { exact: true }).click()
  await isSaved(collector)
  await open(coordinator, 'u02')
  const sheet = await openElector(coordinator, 7)
  const theirs = await editTheirs(sheet)
  const race = async (own: () => Promise<unknown>, other: () => Promise<unknown>) => {
    await goDark(collector)
    await own()
    await other()
    await isSaved(coordinator)
    await comesBack(collector)
    await expect(card(sheet)).toBeVisible({ timeout: 90_000 })
  }
  const ofMine = (word: string) => mine.getByText(word, { exact: true })

  await race(
    () => ofMine('Weak').click(),
    () => theirs.getByText('Strong', { exact: true }).click(),
  )
  // A decision that is written without a connection would resolve nothing: the question may have been answered meanwhile.
  await goDark(coordinator)
  await expect(card(sheet)).toContainText('It can be decided when you are connected')
  for (const button of await card(sheet).getByRole('button').all()) await expect(button).toBeDisabled()
  await comesBack(coordinator)
  await card(sheet)
    .getByRole('button', { name: /^The stronger: .*Strong/ })
    .click({ timeout: 90_000 })
  await expect(card(sheet)).toBeHidden()
  await expect(mine.locator('.conflict-settled')).toContainText('Strong')

  await race(
    () => ofMine('Confirmed').click(),
    () => theirs.getByText('No answer', { exact: true }).click(),
  )
  await card(sheet)
    .getByRole('button', { name: /^Something else: .*Pending/ })
    .click()
  await expect(card(sheet)).toBeHidden()
  await expect(mine.getByRole('radio', { name: 'Pending' })).toBeChecked()

  const group = (place: Locator) => place.getByRole('textbox', { name: 'Group' })
  await race(
    async () => {
      await group(mine).fill('Diwan 1')
      await group(mine).blur()
    },
    async () => {
      await group(theirs).fill('Diwan 2')
      await group(theirs).blur()
    },
  )
  await card(sheet).getByRole('button', { name: 'Something else' }).click()
  await card(sheet).getByRole('textbox').fill('Diwan 3')
  await card(sheet).getByRole('textbox').press('Enter')
  await expect(card(sheet)).toBeHidden()
  await expect(group(mine)).toHaveValue('Diwan 3')
  await expect(mine.locator('.conflict-settled')).toHaveCount(3)
})

test('two rulings on one figure: it is told at the figure, and decided by who rules', async ({ stage }) => {
  const place = '/#/committee/u03/figures'
  const cell = (page: Page) => page.getByRole('button', { name: /^\P{L}?Ballots.*Announced/u })
  const reader = await stage.someone('coordinator1')
  const supervisor = await stage.someone('supervisor1')
  const admin = await stage.someone('admin', desktop)
  await reader.goto(place)
  await cell(reader).click()
  await reader.getByRole('dialog').getByRole('textbox').fill('18')
  await reader.keyboard.press('Enter')
  for (const page of [supervisor, admin]) {
    await page.goto(place)
    await expect(cell(page)).toContainText('18')
    await cell(page).click()
  }
  await supervisor.getByRole('dialog').getByRole('textbox').last().focus()
  await expect(admin.getByRole('dialog')).toContainText(/Ballots.*being edited now by/)
  const rule = async (page: Page, n: number) => {
    const field = page.getByRole('dialog').getByRole('textbox').last()
    await field.fill(String(n))
    await field.press('Enter')
    await expect(cell(page)).toContainText(String(n))
  }
  await goDark(supervisor)
  await rule(supervisor, 16)
  await rule(admin, 18)
  await isSaved(admin)
  await comesBack(supervisor)
  await expect(badge(admin)).toHaveText(/^1/, { timeout: 90_000 })
  await expect(admin.locator('.figure-row').filter({ hasText: 'Two answers' })).toHaveCount(1)
  await reader.goto('/#/committee/u03/roll')
  await badge(reader).click()
  await expect(card(reader.getByRole('dialog'))).toContainText('The supervisor decides.')
  await cell(admin).click()
  await card(admin.getByRole('dialog'))
    .getByRole('button', { name: /^Take this one.*16/ })
    .click()
  await expect(card(admin.getByRole('dialog'))).toBeHidden()
  for (const page of [supervisor, admin]) {
    await page.keyboard.press('Escape')
    await expect(cell(page)).toContainText('16')
    await expect(badge(page)).toBeHidden()
  }
})

test('whoever has a field open that somebody else has open is told, before there are two answers', async ({ stage }) => {
  const collector = await stage.someone('collector1')
  const coordinator = await stage.someone('coordinator1')
  await open(collector, 'u07')
  const mine = await openElector(collector, 9)
  await mine.getByText('Strong', { exact: true }).click()
  await isSaved(collector)
  await open(coordinator, 'u07')
  const theirs = await editTheirs(await openElector(coordinator, 9))
  const group = (place: Locator) => place.getByRole('textbox', { name: 'Group' })
  await group(mine).focus()
  await expect(theirs.getByRole('status').filter({ hasText: 'Group: being edited now by' })).toHaveCount(1)
  await group(theirs).focus()
  await expect(mine.getByRole('status').filter({ hasText: 'Group: being edited now by' })).toContainText('Muna')
  await mine.getByRole('textbox', { name: 'Quick note' }).focus()
  await expect(mine.getByText(/being edited now by/)).toBeVisible()
  // Only the field they are at, and only as long as they are.
  await expect(theirs.getByText(/being edited now by/)).toHaveCount(1)
  await collector.getByRole('dialog').getByRole('button', { name: 'Close' }).focus()
  await expect(theirs.getByText(/being edited now by/)).toBeHidden()
})
