import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Crowd } from '#load/driver/crowd.ts'
import { type ReplayOptions, replay } from '#load/replay/replay.ts'
import { choose, parseResults, votesTogether } from '#load/replay/results.ts'
import { journalRows, sheet } from '#load/replay/tally.ts'
import { demoUser } from './demo-users.ts'
import { startWorld, type World } from './world.ts'

const root = join(import.meta.dirname, '../..')
const file = join(root, 'server/demo/data/delaware-2018-us-senate.csv')
const delaware = parseResults(readFileSync(file, 'utf8'))

const optionsIn = (world: World, wanted: string): ReplayOptions => ({
  url: world.instances[0].url,
  sql: world.sql,
  sign: world.sign,
  results: choose(delaware, wanted),
  name: 'Replay',
  counters: 3,
  lanes: 4,
  unacknowledged_max: 8,
  seed: 'test',
})

describe('a real election through the running server', () => {
  it('10 committees, 6,347 ballots, three counters each: server, client, journal and overview have the votes of the file', async () => {
    await using world = await startWorld()
    const options = optionsIn(world, '10')
    const votes = options.results.committees.reduce((sum, committee) => sum + votesTogether(committee), 0)
    expect(votes).toBeGreaterThan(5_000)
    const report = await replay(options)
    expect(report.differences).toEqual([])
    expect(report.totals).toEqual({ server: votes, client: votes, journal: votes, overview: votes })
    expect(report.ballots).toBe(votes)
    // Each ballot is a row of its own, and all counters had a part in every committee.
    const { rows } = await world.sql.query<{ rows: string; least: string }>(
      `select sum(rows) as rows, min(people) as least
         from (select committee_id, count(*) as rows, count(distinct user_id) as people from journal group by committee_id) by_committee`,
    )
    expect(rows[0]).toEqual({ rows: String(votes), least: '3' })
  }, 240_000)

  it('a row that the journal does not have is found, and named: where, whose, how many', async () => {
    await using world = await startWorld()
    const report = await replay({
      ...optionsIn(world, 'NE-10-04,NE-08-01'),
      // The copy to compare, without the last ballot of one committee: as if its row had never been written.
      readRows: async (sql, id) => {
        const rows = await journalRows(sql, id)
        return id.endsWith('-1') ? rows.slice(0, -1) : rows
      },
    })
    const [lossy] = optionsIn(world, 'NE-10-04,NE-08-01').results.committees
    if (!lossy) throw new Error('two committees were chosen')
    const total = votesTogether(lossy)
    expect(report.differences).toHaveLength(2)
    expect(report.differences.every(({ committee, source }) => committee === `${lossy.code} ${lossy.name}` && source === 'journal')).toBe(
      true,
    )
    const [candidate, ballots] = report.differences
    expect(delaware.candidates.map(({ name }) => name)).toContain(candidate?.what)
    expect((candidate?.expected ?? 0) - (candidate?.found ?? 0)).toBe(1)
    expect(ballots).toMatchObject({ what: 'ballots', expected: total, found: total - 1 })
  }, 240_000)

  it('a row lost from the middle takes with it what its counter built on it, and shows as more', async () => {
    await using world = await startWorld()
    const report = await replay({
      ...optionsIn(world, 'NE-03-02'),
      readRows: async (sql, id) => (await journalRows(sql, id)).toSpliced(50, 1),
    })
    const ballots = report.differences.find(({ what }) => what === 'ballots')
    expect(ballots?.source).toBe('journal')
    expect((ballots?.expected ?? 0) - (ballots?.found ?? 0)).toBeGreaterThan(1)
  }, 240_000)

  it('a ballot struck behind the count’s back is missed in all four tallies', async () => {
    await using world = await startWorld()
    const options = optionsIn(world, 'NE-03-02')
    const report = await replay({
      ...options,
      beforeComparing: async (_committee, id, user) => {
        using crowd = new Crowd({ ...options })
        const person = await crowd.join(id, user, 'counter')
        const log = [...person.doc.getMap('ballots').keys()].find((key) => key.startsWith(`${sheet}/${user}.`)) ?? ''
        person.strike(sheet, Number(log.split('.')[1]), 0, 'planted', 1_763_856_000)
        await person.book.downTo(0)
      },
    })
    expect(
      report.differences.filter(({ what }) => what === 'ballots').map(({ source, expected, found }) => [source, expected - found]),
    ).toEqual([
      ['server', 1],
      ['client', 1],
      ['journal', 1],
      ['overview', 1],
    ])
    expect(report.differences).toHaveLength(8)
  }, 240_000)
})

describe('nobody in a crowd waits for ever', () => {
  it('who may not enter, and who is refused, fails with a sentence; a colleague goes on', async () => {
    await using world = await startWorld({ demo: true })
    const user = await demoUser(world.sql)
    using crowd = new Crowd({ url: world.instances[0].url, sign: world.sign, unacknowledged_max: 2 })
    await expect(crowd.join('u01', user('outsider1'), 'coordinator')).rejects.toThrow(/at u01: sent away: not-assigned/)
    const marker = await crowd.join('u01', user('marker1'), 'marker')
    const refused = crowd.work(marker, [1], (n) => marker.call('A', n, [1], 1_763_856_000))
    await expect(refused).rejects.toThrow(/at u01: refused: forbidden/)
    const counter = await crowd.join('u01', user('counter1'), 'counter')
    await crowd.work(counter, [1, 2, 3, 4, 5], (n) => counter.call('A', n, [1], 1_763_856_000))
    expect(counter.book.deeds.map(({ acknowledged }) => acknowledged)).toEqual([true, true, true, true, true])
  })

  it('without an answer of the server an edit is given up after the patience, and the number on the way never passes the bound', async () => {
    await using world = await startWorld({ demo: true })
    const user = await demoUser(world.sql)
    using crowd = new Crowd({ url: world.instances[0].url, sign: world.sign, unacknowledged_max: 3, patience_ms: 2_000 })
    const counter = await crowd.join('u01', user('counter1'), 'counter')
    await world.sql.query('begin')
    await world.sql.query("select 1 from committees where id = 'u01' for update")
    const working = crowd.work(counter, [1, 2, 3, 4, 5], (n) => counter.call('A', n, [1], 1_763_856_000))
    await expect(working).rejects.toThrow('3 edits without an acknowledgement for 2000 ms')
    expect(counter.book.deeds).toHaveLength(3)
    await world.sql.query('rollback')
  })
})

it('make replay ends with 0 and says that all are equal; a file it cannot read ends it with 1, before anything is started', async () => {
  const run = async (env: Record<string, string>) => {
    const child = spawn(process.execPath, [join(root, 'load/replay/main.ts')], { env: { PATH: process.env.PATH, ...env } })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()))
    const [status] = await once(child, 'exit')
    return { status, output }
  }
  await using world = await startWorld()
  const good = await run({ FILE: file, COMMITTEES: 'NE-08-01,NE-10-04', COUNTERS: '2', DATABASE_URL: world.database.url })
  expect(good.output).toContain('All five tallies are equal, in 2 committees, to the vote.')
  expect(good.status).toBe(0)
  const bad = await run({ FILE: join(root, 'README.md') })
  expect(bad.output).toContain('line 1: no column committee_code')
  expect(bad.status).toBe(1)
}, 240_000)
