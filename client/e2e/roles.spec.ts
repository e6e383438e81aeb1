import type pg from 'pg'
import type * as Y from 'yjs'
import { logIn } from '#load/driver/entry.ts'
import { marksIn } from '#load/driver/oracle.ts'
import { Person } from '#load/driver/person.ts'
import { isKept, journalTotals, totalsOf } from './counting.ts'
import { Desk, type Look, looks } from './desk.ts'
import { journaled } from './journal.ts'
import { type Callable, collector, coordinator, counted, counter, type Day, marker } from './roles.ts'
import { expect, type Stage, test } from './stage.ts'

// Marker, collector, counter and coordinator at work in one committee, in both languages, on a phone and on a laptop. One death of
// the server serves all four: it costs the most of the time, and it is what happens.

test.setTimeout(360_000)

/** Four electors with a telephone, pledged by the collector in person, from another device. */
async function pledgeCallable(stage: Stage, look: Look, sql: pg.Client): Promise<Callable> {
  const { rows } = await sql.query<{ serial: number }>(
    'select serial from electors where committee_id = $1 and serial between 31 and 60 and mobile is not null order by serial limit 4',
    [look.committee],
  )
  const callable = rows.map(({ serial }) => serial) as unknown as Callable
  const { token, user } = await logIn(stage.server.url, collector.login, 'lajna-demo')
  const device = await new Person({ url: stage.server.url, user, token: () => token }, look.committee).synced()
  callable.forEach((elector, index) => {
    device.pledge(elector, 'strength', index < 2 ? 'weak' : 'strong')
  })
  await device.book.downTo(0)
  device.leave()
  return callable
}

function expectRoll(doc: Y.Doc, [changed, confirmed, later, unreachable]: Callable): void {
  expect(marksIn(doc)).toEqual([12, 14, 15, 16, 17].map((serial) => `${serial}/${marker.user}`))
  expect(doc.getMap('attendance').get(`11/${marker.user}`)).toMatchObject({ at_s: 0, why: expect.stringMatching(/./) })
  expect([...doc.getMap('walkins').values()]).toMatchObject([{ name: 'سالم فهد العلي', serial: 901 }])
  const pledges: Record<string, unknown> = doc.getMap('guarantees').toJSON()
  const soon = expect.closeTo(Date.now() / 1_000 + 3_600, -4)
  const pledged = (elector: number, fields: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(fields).map(([field, value]) => [`${elector}/${collector.user}/${field}`, value]))
  expect(pledges).toEqual({
    ...pledged(21, { strength: 'strong', confirmation: 'confirmed', group: 'Diwan 7', quick_note: 'يحتاج توصيلة', follow_up: soon }),
    ...pledged(22, { strength: 'weak', withdrawn: true }),
    ...pledged(changed, { strength: 'strong' }),
    ...pledged(confirmed, { strength: 'weak', confirmation: 'confirmed' }),
    ...pledged(later, { strength: 'strong', confirmation: 'pending', follow_up: soon }),
    ...pledged(unreachable, { strength: 'strong', confirmation: 'unreachable' }),
  })
  expect(doc.getText('note/21').toString()).toBe('يأتي بعد العصر، مع أخيه وابنه')
}

for (const look of looks) {
  test(`marker, collector, coordinator and counter: the server dies in their work, each page is loaded anew without it, and in the end all of it is there (${look.name})`, async ({
    stage,
  }) => {
    const sql = await stage.sql()
    const callable = await pledgeCallable(stage, look, sql)
    const days: readonly Day[] = [marker, collector, coordinator(callable), counter]
    const people = await Promise.all(days.map(async (day) => ({ day, desk: await Desk.open(stage, look, day.login, day.tab) })))
    const together = (part: (desk: Desk, day: Day) => Promise<unknown>) => Promise.all(people.map(({ day, desk }) => part(desk, day)))
    await together((desk, day) => day.before(desk))
    await together((desk) => desk.saved())
    await together(({ page }) => page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined)))

    await stage.server.kill()
    await together((desk, day) => day.without(desk))
    await together((desk) => expect(desk.indicator).toHaveText(desk.word('status.here')))
    await together(({ page }, { user }) => isKept(page, `lajna/${user}/${look.committee}`))
    // Nobody answers: the app and the work come from the device.
    await together(async (desk, day) => {
      await desk.page.reload()
      await desk.ready(day.tab)
    })
    await together((desk, day) => day.reloaded(desk))
    await together((desk) => expect(desk.indicator).toHaveText(desk.word('status.here')))

    await sql.end()
    await stage.server.start()
    await together((desk) => desk.saved())
    await together((desk, day) => day.there(desk))
    const after = await stage.sql()
    expectRoll(await journaled(after, look.committee), callable)
    expect(await journalTotals(after, look.committee, 'A')).toEqual(totalsOf(counted))

    // Whoever marks somebody takes them off the list of those to bring.
    const [atDoor, , bringing] = people.map(({ desk }) => desk) as [Desk, Desk, Desk]
    await expect(bringing.row(21)).toBeVisible()
    await atDoor.mark(21)
    await expect(bringing.row(21).getByRole('link')).toHaveCount(0)
    await expect(bringing.row(21)).toHaveCount(0)
  })
}
