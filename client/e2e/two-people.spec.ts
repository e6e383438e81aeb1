import {
  attended,
  call,
  candidate,
  expectAttended,
  expectStrike,
  expectTotals,
  indicator,
  markBySerial,
  open,
  openElector,
  peopleHere,
  ready,
  rows,
  saveButton,
  toAttend,
  undoButton,
} from './committee.ts'
import { expect, test } from './stage.ts'

test('a mark made in one window appears in the other, takes a second witness, and is withdrawn with a reason', async ({ stage }) => {
  const here = await stage.someone('coordinator1')
  const there = await stage.someone('coordinator2', { baseURL: stage.secondUrl })
  await open(here, 'u01')
  await open(there, 'u01')
  await markBySerial(here, 3)
  await expect(indicator(here)).toHaveText('Saved')
  await expect(attended(there, 3)).toHaveText('1')
  await markBySerial(there, 3)
  await expect(attended(here, 3)).toHaveText('2')
  await expectAttended(here, 1)

  const sheet = await openElector(here, 3)
  await sheet.getByRole('button', { name: 'Withdraw my mark' }).click()
  await sheet.getByRole('button', { name: 'Another number' }).click()
  await expect(attended(there, 3)).toHaveText('1')
  await there.getByRole('button', { name: /^3 / }).first().click()
  await there.getByRole('dialog').getByRole('button', { name: 'Withdraw my mark' }).click()
  await there.getByRole('dialog').getByRole('button', { name: 'Came, did not vote' }).click()
  await expect(sheet).toContainText('Nobody has marked')
  for (const page of [here, there]) await page.keyboard.press('Escape')
  await expectAttended(here, 0)
  for (const page of [here, there]) await expect(indicator(page)).toHaveText('Saved')
})

test('a guarantee made, changed and withdrawn in one window is followed by the other, and by its strike list', async ({ stage }) => {
  const here = await stage.someone('coordinator1')
  const there = await stage.someone('coordinator2')
  await open(here, 'u02')
  await open(there, 'u02')
  await expectStrike(there, 0)
  const mine = await openElector(here, 4)
  const theirs = (await openElector(there, 4)).getByRole('heading', { name: /^Guarantee of/ }).locator('..')
  await expect(theirs).toBeHidden()
  await mine.getByText('Strong', { exact: true }).click()
  await expect(theirs).toContainText('Strong')
  await mine.getByText('Weak', { exact: true }).click()
  await mine.getByText('Confirmed', { exact: true }).click()
  await expect(theirs).toContainText('Weak')
  await expect(theirs).not.toContainText('Strong')
  await expect(theirs).toContainText('Confirmed')
  await there.keyboard.press('Escape')
  await expectStrike(there, 1)

  await markBySerial(there, 4)
  await expectStrike(there, 0)
  await there.getByRole('button', { name: 'Undo' }).click()
  await expectStrike(there, 1)
  await mine.getByRole('button', { name: 'Withdraw the guarantee' }).click()
  await expectStrike(there, 0)
  await expect(indicator(there)).toHaveText('Saved')
})

test('ballots called in two windows add up on one sheet, one undone is struck in both, a double tap counts once', async ({ stage }) => {
  const here = await stage.someone('counter1')
  const there = await stage.someone('counter2')
  await open(here, 'u03', 'count')
  await open(there, 'u03', 'count')
  await call(here, [1, 2, 17])
  await call(here, [1])
  // Whoever joins goes on after the highest ballot of the sheet.
  await expect(saveButton(there)).toHaveText(/3/)
  await call(there, [1, 30])
  await call(there, [])
  const called = { ballots: 4, valid: 3, blank: 1, invalid: 0, votes: { 1: 3, 2: 1, 17: 1, 30: 1 } }
  for (const page of [here, there]) await expectTotals(page, called)

  await undoButton(there, 4).click()
  for (const page of [here, there]) await expectTotals(page, { ...called, ballots: 3, blank: 0 })

  await candidate(here, 5).click()
  await saveButton(here).dblclick()
  for (const page of [here, there]) await expectTotals(page, { ...called, blank: 0, valid: 4, votes: { ...called.votes, 5: 1 } })
  for (const page of [here, there]) await expect(indicator(page)).toHaveText('Saved')
})

test('two tabs of one person write one log each: both count, and a reloaded tab can still undo what it called before', async ({
  stage,
}) => {
  const tab = await stage.someone('counter1')
  const other = await tab.context().newPage()
  await open(tab, 'u07', 'count')
  await open(other, 'u07', 'count')
  await tab.bringToFront()
  await call(tab, [1])
  await other.bringToFront()
  await call(other, [1, 2])
  const both = { ballots: 2, valid: 2, blank: 0, invalid: 0, votes: { 1: 2, 2: 1 } }
  await expectTotals(other, both)

  await tab.bringToFront()
  await call(tab, [3])
  await expect(indicator(tab)).toHaveText('Saved')
  await tab.reload()
  await ready(tab, 'count')
  await undoButton(tab, 2).click()
  await expectTotals(tab, both)
  await expect(indicator(tab)).toHaveText('Saved')
  await other.bringToFront()
  await expectTotals(other, both)
})

test('three people, one of them in Arabic, see who is here and the same figures', async ({ stage }) => {
  const arabic = await stage.someone('coordinator1', { locale: 'ar-KW' })
  const english = await stage.someone('coordinator2')
  const marker = await stage.someone('marker1')
  await arabic.goto('/#/committee/u07/roll')
  await open(english, 'u07')
  await open(marker, 'u07')
  await expect(arabic.locator('html')).toHaveAttribute('dir', 'rtl')
  await expect(arabic.locator('html')).toHaveAttribute('lang', 'ar')
  await expect(arabic.getByRole('heading', { level: 1 })).toHaveText('لجنة 7')
  await expect(english.locator('html')).toHaveAttribute('dir', 'ltr')

  const field = arabic.getByRole('textbox', { name: 'رقم الناخب' })
  await field.fill('١٢') // as an Arabic keyboard types it
  await field.press('Enter')
  await markBySerial(english, 13)
  await markBySerial(marker, 12)
  for (const page of [english, marker]) await expectAttended(page, 2)
  await expect(arabic.getByRole('main')).toContainText('2 حضر من')
  await english.getByRole('searchbox').fill('12')
  await expect(attended(english, 12)).toHaveText('2')

  await peopleHere(english, 2).click()
  const people = english.getByRole('dialog')
  await expect(people.getByRole('listitem').filter({ hasText: 'Muna Al-' })).toContainText('Coordinator')
  await expect(people.getByRole('listitem').filter({ hasText: 'Fatma Al-' })).toContainText('Marker')
  await marker.context().close()
  await expect(people.locator('.person-here')).toHaveCount(2)
})

test('rights show: a marker has no pad to count on, a counter marks nobody, who has no committee is told so', async ({ stage }) => {
  const marker = await stage.someone('marker1')
  await open(marker, 'u02')
  await expect(toAttend(marker).first()).toBeVisible()
  await expect(marker.getByRole('link', { name: 'Count' })).toBeHidden()
  const counter = await stage.someone('counter1')
  await open(counter, 'u02', 'count')
  await call(counter, [7])
  // Once something is counted there is something to read; still nothing to write.
  await marker.getByRole('link', { name: 'Count' }).click()
  await expect(marker.getByRole('main')).toContainText('Totals of sheet A')
  await expect(saveButton(marker)).toBeHidden()
  await counter.goto('/#/committee/u02/roll')
  await expect(rows(counter).first()).toBeVisible()
  await expect(counter.getByRole('textbox', { name: 'Serial number' })).toBeHidden()
  await expect(toAttend(counter)).toHaveCount(0)
  const outsider = await stage.someone('outsider1')
  await expect(outsider.getByRole('main')).toContainText('No committees yet')
})
