import type { Locator, Page } from '@playwright/test'
import { logIn } from '#load/driver/entry.ts'
import { Person } from '#load/driver/person.ts'
import { indicator, open } from './committee.ts'
import { journalTotals, nextNumber, totalsOf, type } from './counting.ts'
import { goDark } from './network.ts'
import { expect, type Stage, test } from './stage.ts'

// What was refused or came late, and the supervisor who decides on it.

test.setTimeout(360_000)

const openAside = async (page: Page, committee: string): Promise<void> => {
  await page.goto(`/#/committee/${committee}/aside`)
  await expect(page.getByRole('heading', { level: 1, name: 'Kept aside' })).toBeVisible({ timeout: 90_000 })
}

const cards = (page: Page): Locator => page.getByRole('article')
const sheet = (page: Page): Locator => page.getByRole('dialog')

/** What the totals of sheet A say to somebody who only reads: ballots, valid, blank, invalid. */
const readTotals = async (page: Page, committee: string, figures: readonly number[]): Promise<void> => {
  await page.goto(`/#/committee/${committee}/count`)
  await expect(page.getByRole('main').getByRole('definition')).toHaveText(figures.map(String), { timeout: 90_000 })
}

async function changePhase(page: Page, phase: 'Counting' | 'Closed'): Promise<void> {
  await page
    .getByRole('banner')
    .getByRole('button', { name: /^Phase: / })
    .click()
  await sheet(page)
    .getByRole('radio', { name: new RegExp(`^${phase}`) })
    .check()
  await sheet(page)
    .getByRole('button', { name: /^(Change to|Close it|Close all the same)/ })
    .click()
  await expect(sheet(page)).toBeHidden()
}

/** A device written by hand: plain Yjs, a real socket. */
async function device(stage: Stage, login: string, committee: string): Promise<Person> {
  const { token, user } = await logIn(stage.server.url, login, 'lajna-demo')
  return new Person({ url: stage.server.url, user, token: () => token }, committee).synced()
}

test('[C43] [C46] 40 ballots on an offline phone while the committee is closed: kept as late, admitted by the supervisor, counted', async ({
  stage,
}) => {
  const called = Array.from({ length: 40 }, (_, at) => (at === 11 ? [] : at === 23 ? null : [(at % 5) + 1, 20]))
  const totals = totalsOf(called)
  const figures = [totals.ballots, totals.valid, totals.blank, totals.invalid]
  const [phone, supervisor, second] = [
    await stage.someone('counter1'),
    await stage.someone('supervisor1'),
    await stage.someone('admin', { viewport: { width: 1_280, height: 800 } }),
  ]
  const sql = await stage.sql()
  await open(phone, 'u01', 'count')
  await expect(indicator(phone)).toHaveText('Saved')
  await goDark(phone)
  for (const [at, choices] of called.entries()) {
    await type(phone, choices)
    await expect.poll(() => nextNumber(phone)).toBe(at + 2)
  }
  await expect(indicator(phone)).toHaveText('40 here')

  await open(supervisor, 'u01')
  await changePhase(supervisor, 'Closed')
  await phone.context().setOffline(false)
  const kept = () =>
    sql.query<{ kind: string; n: number }>("select kind, json_array_length(writes) as n from aside where committee_id = 'u01' order by at")
  await expect.poll(async () => (await kept()).rows, { timeout: 90_000 }).toEqual([{ kind: 'late', n: 40 }])
  expect(await journalTotals(sql, 'u01', 'A')).toEqual(totalsOf([]))

  // On reconnecting it is told that something waits, and the way there.
  await supervisor.reload()
  await supervisor.getByRole('link', { name: /^Kept aside: 1 waits for you/ }).click()
  const card = cards(supervisor)
  await expect(card).toHaveCount(1)
  await expect(card.getByRole('heading', { level: 3 })).toHaveText(/Hamad|Al-/)
  await expect(card).toContainText('Late')
  await expect(card).toContainText('It came after this was closed')
  await expect(card).toContainText(/40 ballots, from \P{L}?1\P{L}? to \P{L}?40/u)
  await expect(card.getByRole('definition')).toHaveText(['38', '1', '1'])
  const votes = card.getByRole('list', { name: 'Votes in them' }).getByRole('listitem')
  await expect(votes).toHaveText(Object.entries(totals.votes).map(([number, n]) => new RegExp(`^\\P{L}?${number}\\P{L}.*\\+${n}$`, 'u')))
  await card.getByRole('button', { name: /^Show each of/ }).click()
  await expect(card.getByRole('list', { name: 'Ballots' }).getByRole('listitem')).toHaveCount(40)

  // The second one has the question before them, and hears of nothing, when the first one answers it.
  await openAside(second, 'u01')
  await second.route('**/aside', (route) => route.abort())
  await second.getByRole('button', { name: /^Count all/ }).click()
  await supervisor.getByRole('button', { name: /^Count all/ }).click()
  await expect(sheet(supervisor)).toContainText(/Sheet \P{L}?A\P{L}? has \P{L}?0\P{L}? now, and \P{L}?40\P{L}? after/u)
  await sheet(supervisor)
    .getByRole('button', { name: /^Count all/ })
    .click()
  await expect(supervisor.getByText(/40.* ballots are counted/)).toBeVisible()
  await expect(sheet(supervisor)).toBeHidden()
  await expect(card).toContainText(/Admitted.*You/)
  await expect(card.getByRole('button', { name: /^(Count|Drop)/ })).toHaveCount(0)
  await expect(supervisor.getByText('Nothing waits for a decision')).toBeVisible()

  await sheet(second)
    .getByRole('button', { name: /^Count all/ })
    .click()
  await expect(sheet(second).getByRole('alert')).toContainText(/Abdullah.* has decided this before you: admitted/)
  await sheet(second).getByRole('button', { name: 'Close', exact: true }).last().click()
  await expect(cards(second)).toContainText(/Admitted.*Abdullah/)

  expect(await journalTotals(sql, 'u01', 'A')).toEqual(totals)
  const viewer = await stage.someone('viewer1')
  for (const page of [supervisor, second, viewer]) await readTotals(page, 'u01', figures)
  // The phone has begun anew by then, and brings none of them a second time.
  await phone.reload()
  await readTotals(phone, 'u01', figures)
  await expect(indicator(phone)).toHaveText('Saved')
  expect(await journalTotals(sql, 'u01', 'A')).toEqual(totals)
})

test('[C46] what would be written stands beside what stands there now; dropped with a reason, nothing changes and the reason is kept', async ({
  stage,
}) => {
  const sql = await stage.sql()
  const supervisor = await stage.someone('supervisor1', { viewport: { width: 1_280, height: 800 } })
  const collector = await device(stage, 'collector1', 'u03')
  collector.pledge(1, 'strength', 'strong')
  await collector.book.downTo(0)
  await collector.goOffline()
  collector.pledge(1, 'strength', 'weak')
  collector.pledge(2, 'group', 'Diwan 7')
  collector.type(1, 'يأتي بعد العصر')
  await open(supervisor, 'u03')
  await changePhase(supervisor, 'Closed')
  collector.goOnline()
  await expect.poll(() => collector.refused.length).toBeGreaterThan(0)
  collector.leave()
  const stranger = await device(stage, 'viewer1', 'u03')
  stranger.doc.getMap('nowhere').set('x', 1)
  await expect.poll(() => stranger.refused.length).toBeGreaterThan(0)
  stranger.leave()

  await openAside(supervisor, 'u03')
  await expect(cards(supervisor)).toHaveCount(2)
  const pledges = cards(supervisor).filter({ hasText: 'Strength' })
  const there = (text: RegExp) => pledges.getByRole('listitem').filter({ hasText: text }).getByRole('definition')
  await expect(there(/Strength/)).toHaveText(['Weak', 'Strong'])
  await expect(there(/Group/)).toHaveText(['Diwan 7', 'Nothing'])
  await expect(there(/Added at the end/)).toHaveText(['يأتي بعد العصر', 'Nothing'])
  const junk = cards(supervisor).filter({ hasText: 'nowhere' })
  await expect(junk).toContainText('Nothing of it can be admitted.')
  await expect(junk.getByRole('button', { name: 'Admit' })).toHaveCount(0)
  await pledges.getByRole('button', { name: 'Admit' }).click()
  await expect(sheet(supervisor)).toContainText(/3.* entries are written/)
  await expect(sheet(supervisor)).toContainText(/1.* of them takes the place of what stands/)
  await sheet(supervisor).getByRole('button', { name: 'Not now' }).click()

  // Without a network it says so, before and after.
  await supervisor.context().setOffline(true)
  await expect(supervisor.getByText(/deciding needs the network$/)).toBeVisible()
  await pledges.getByRole('button', { name: 'Drop' }).click()
  await sheet(supervisor).getByRole('button', { name: 'A mistake' }).click()
  await expect(sheet(supervisor).getByRole('alert')).toContainText('Deciding needs the network')
  await supervisor.context().setOffline(false)
  // And while the store is away, that it is decided once at most.
  await supervisor.route('**/aside/*', (route) =>
    route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"code":"store-unavailable"}' }),
  )
  await sheet(supervisor).getByRole('button', { name: 'A mistake' }).click()
  await expect(sheet(supervisor).getByRole('alert')).toContainText('The server is busy now')
  await supervisor.unroute('**/aside/*')
  await sheet(supervisor).getByRole('textbox', { name: 'Another reason' }).fill('Spoke to him')
  await sheet(supervisor).getByRole('button', { name: 'Drop' }).click()
  await expect(sheet(supervisor)).toBeHidden()
  await expect(pledges).toContainText(/Dropped.*You.*Spoke to him/)
  const { rows } = await sql.query("select decision, why from aside where committee_id = 'u03' and decision is not null")
  expect(rows).toEqual([{ decision: 'dropped', why: 'Spoke to him' }])
  expect(await sql.query("select from journal where committee_id = 'u03' and user_id is null")).toMatchObject({ rowCount: 0 })

  // Whoever closes a committee hears of what still waits.
  await sql.query("update committees set phase = 'counting' where id = 'u03'")
  await open(supervisor, 'u03')
  await expect(supervisor.getByRole('link', { name: /^Kept aside: 1 waits for you/ })).toBeVisible()
  await supervisor
    .getByRole('banner')
    .getByRole('button', { name: /^Phase: .*Counting/ })
    .click()
  await sheet(supervisor)
    .getByRole('radio', { name: /^Closed/ })
    .check()
  await expect(sheet(supervisor)).toContainText(/1.* kept aside waits for your decision/)
})

test('who may not rule has no page, no strip and no link to what is kept aside, whatever the address', async ({ stage }) => {
  const coordinator = await stage.someone('coordinator1')
  const asked: string[] = []
  coordinator.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await coordinator.goto('/#/committee/u01/aside')
  await expect(coordinator.getByRole('heading', { level: 1 })).toHaveText(/^Committee/)
  await expect(indicator(coordinator)).toHaveText('Saved')
  await indicator(coordinator).click()
  await expect(sheet(coordinator)).toBeVisible()
  await expect(coordinator.getByRole('link', { name: /Kept aside/ })).toHaveCount(0)
  expect(asked.filter((path) => path.endsWith('/aside'))).toEqual([])
})
