import { describe, expect, it } from 'vitest'
import type * as Y from 'yjs'
import type { OverviewAnswer } from '#contract/events.ts'
import { ballotsIn, documentOf } from '#load/driver/oracle.ts'
import type { ServerProcess } from '#load/driver/server.ts'
import { demoUser } from './demo-users.ts'
import { until } from './until.ts'
import { startWorld, type World } from './world.ts'

const at_s = 1_763_856_000
const committees = ['u01', 'u02', 'u03', 'u07'] as const

async function overviewOf(world: World, at: ServerProcess, admin: number) {
  const response = await fetch(`${at.url}/api/overview`, { headers: { authorization: `Bearer ${world.sign(admin, 'administrator')}` } })
  expect(response.status).toBe(200)
  const { committees: lines } = (await response.json()) as OverviewAnswer
  return new Map(lines.map(({ entry, summary }) => [entry.id as string, summary]))
}

/** What the journal says of a committee, by plain Yjs and by hand: nothing of the summary's own code. */
async function journalSays(world: World, committee: string) {
  const rows = await world.rows(committee)
  const doc = documentOf(rows.map(({ update }) => update))
  const { rows: times } = await world.sql.query<{ last: Date }>(
    'select max(at) as last from journal where committee_id = $1 and user_id is not null',
    [committee],
  )
  const marked = new Set(markedIn(doc))
  const pledged = new Set([...doc.getMap('guarantees').keys()].map((key) => key.split('/')[0]))
  const ballots = ballotsIn(doc, 'A').filter(({ struck }) => !struck)
  const votes: Record<string, number> = {}
  for (const { choices } of ballots) for (const candidate of choices ?? []) votes[candidate] = (votes[candidate] ?? 0) + 1
  return {
    sequence: rows.at(-1)?.sequence,
    attended: marked.size,
    guaranteed: pledged.size,
    strike: [...pledged].filter((elector) => !marked.has(elector ?? '')).length,
    sheets: {
      A: {
        ballots: ballots.length,
        valid: ballots.filter(({ choices }) => choices !== null && choices.length > 0).length,
        blank: ballots.filter(({ choices }) => choices?.length === 0).length,
        invalid: ballots.filter(({ choices }) => choices === null).length,
        votes,
      },
    },
    last_ms: times[0]?.last.getTime(),
  }
}

/** A mark is a time; one that was withdrawn is an object. */
const markedIn = (doc: Y.Doc): readonly (string | undefined)[] =>
  [...doc.getMap('attendance').entries()].filter(([, value]) => typeof value === 'number').map(([key]) => key.split('/')[0])

/** Four rooms, two people in each, one at each process: marks, pledges, ballots, some taken back. */
async function burst(world: World): Promise<void> {
  const user = await demoUser(world.sql)
  const [first, second = first] = world.instances
  const people = await Promise.all(
    committees.flatMap((committee) => [
      world.person(committee, user('coordinator1'), 'coordinator', { at: first }).synced(),
      world.person(committee, user('coordinator2'), 'coordinator', { at: second }).synced(),
    ]),
  )
  for (const [place, person] of people.entries()) {
    for (let n = 1; n <= 30; n += 1) {
      person.mark(n + place * 3, at_s)
      if (n % 3 === 0) person.pledge(n * 2 + place, 'strength', 'strong')
      person.call('A', n, n % 9 === 0 ? null : n % 7 === 0 ? [] : [(n % 5) + 1, (n % 5) + 2 + place], at_s)
      if (n % 10 === 0) person.withdraw(n + place * 3, 'wrong line')
    }
    person.strike('A', person.doc.clientID, 4, 'misread', at_s)
  }
  await Promise.all(people.map((person) => person.book.downTo(0)))
  for (const person of people) person.leave()
}

describe('the overview of two processes on one database', () => {
  it('[O5] is the same on both after a burst, and is what the journal says; the curve ends with it', async () => {
    await using world = await startWorld({ instances: 2, demo: true })
    const admin = (await demoUser(world.sql))('admin')
    const [first, second = first] = world.instances
    await burst(world)
    for (const at of [first, second]) {
      for (const committee of committees) {
        const says = await journalSays(world, committee)
        await until(`${committee} is there`, async () => (await overviewOf(world, at, admin)).get(committee)?.sequence === says.sequence)
        expect((await overviewOf(world, at, admin)).get(committee)).toMatchObject(says)
      }
    }
    expect(await overviewOf(world, first, admin)).toEqual(await overviewOf(world, second, admin))
    const response = await fetch(`${second.url}/api/overview`, {
      headers: { authorization: `Bearer ${world.sign(admin, 'administrator')}` },
    })
    const { committees: lines, curve } = (await response.json()) as OverviewAnswer
    const sum = (of: (line: (typeof lines)[number]) => number | undefined) => lines.reduce((total, line) => total + (of(line) ?? 0), 0)
    expect(curve.at(-1)).toMatchObject({
      attended: sum((line) => line.summary?.attended),
      ballots: sum((line) => line.summary?.sheets.A?.ballots),
    })
  })

  it('[O6] every process killed before anything was kept: started again, the overview is what the journal says, with nobody there', async () => {
    // So long between two summaries that none is made: all that is left of the figures are the rows.
    await using world = await startWorld({ instances: 2, demo: true, env: { LIMIT_SUMMARY_MS: '3600000' } })
    const admin = (await demoUser(world.sql))('admin')
    await burst(world)
    await Promise.all(world.instances.map((server) => server.kill()))
    expect((await world.sql.query('select from summaries')).rowCount).toBe(0)
    for (const server of world.instances) await server.start()
    for (const at of world.instances) {
      for (const committee of committees) {
        const says = await journalSays(world, committee)
        await until(`${committee} is there`, async () => (await overviewOf(world, at, admin)).get(committee)?.sequence === says.sequence)
        expect((await overviewOf(world, at, admin)).get(committee)).toMatchObject(says)
      }
    }
    expect(await overviewOf(world, world.instances[0], admin)).toEqual(
      await overviewOf(world, world.instances[1] ?? world.instances[0], admin),
    )
  })

  it('[O5] what was kept while the feed was cut is read when it is back', async () => {
    await using world = await startWorld({ instances: 2, demo: true })
    const user = await demoUser(world.sql)
    const [first, second = first] = world.instances
    // Every feed is cut; the new ones have not heard what was told meanwhile.
    const person = await world.person('u01', user('coordinator1'), 'coordinator', { at: first }).synced()
    await world.admin.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'lajna feed'")
    for (let n = 1; n <= 10; n += 1) person.mark(n, at_s)
    await person.book.downTo(0)
    await until('the other has it', async () => (await overviewOf(world, second, user('admin'))).get('u01')?.attended === 10)
  })
})

describe('facts that change', () => {
  it('[O1] a roll imported anew changes the flags of a committee that nobody has open', async () => {
    await using world = await startWorld({ demo: true })
    const user = await demoUser(world.sql)
    const [server] = world.instances
    const person = await world.person('u13', user('admin'), 'administrator').synced()
    person.report('minute', 'attended', 326)
    await person.book.downTo(0)
    const flags = async () => (await overviewOf(world, server, user('admin'))).get('u13')?.flags
    await until('too many for the roll', async () => (await flags())?.length === 2)
    person.leave()
    const import_ = (rows: string) =>
      fetch(`${server.url}/api/admin/import/roll`, {
        method: 'POST',
        headers: { authorization: `Bearer ${world.sign(user('admin'), 'administrator')}`, 'content-type': 'text/csv' },
        body: rows,
      })
    const known = await world.sql.query<{ code: string }>("select code from committees where id = 'u13'")
    const electors = await world.sql.query<{ serial: number; name: string; sex: string }>(
      "select serial, name, sex from electors where committee_id = 'u13' order by serial",
    )
    const all = [...electors.rows, { serial: 326, name: 'سالم فهد راشد', sex: 'm' }]
    const lines = all.map(({ serial, name, sex }) => `${known.rows[0]?.code},${serial},${name},${sex},,,`)
    const report = await import_(['committee_code,serial,name,sex,family,unit,mobile', ...lines].join('\n'))
    expect(await report.json()).toMatchObject({ created: 1, problems_total: 0 })
    await until('the flags are gone', async () => (await flags())?.length === 0)
  })
})
