import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hashPassword } from '#server/auth/password.ts'
import { addLoadUsers } from '#server/demo/load-users.ts'
import { until } from './until.ts'
import { startWorld } from './world.ts'

const main = join(import.meta.dirname, '../../load/day/main.ts')

/** Small, and with budgets for a busy machine: here it is asked what is lost, never how fast. */
const small = { PEOPLE: '24', COMMITTEES: '2', MINUTES: '0.2', P95_MS: '60000', P99_MS: '60000' }

function startDay(env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [main], { env: { PATH: process.env.PATH, ...small, ...env } })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()))
  const ended = once(child, 'exit').then(([status]) => ({ status: status as number | null, output }))
  return { ended, isOver: () => child.exitCode !== null }
}

// Two days that mostly wait, side by side.
describe.concurrent('a day of hundreds of people, in small', () => {
  it('make load ends with 0: artillery’s budgets kept, and every acknowledged edit is in the journal and with a fresh client', async () => {
    await using world = await startWorld()
    const { status, output } = await startDay({ DATABASE_URL: world.database.url }).ended
    expect(output).toContain('ok: edits.lost == 0')
    expect(output).not.toMatch(/fail:|GAVE UP|LOST/)
    expect(status).toBe(0)
    const count = (pattern: RegExp) => Number(pattern.exec(output)?.[1]?.replaceAll(',', ''))
    const done = count(/^edits: ([\d,]+) /m)
    expect(done).toBeGreaterThan(50)
    expect(count(/^edits: .* ([\d,]+) acknowledged$/m)).toBe(done)
    expect(count(/^All ([\d,]+) acknowledged edits are in /m)).toBe(done)
    // Each kind had its turn, and the network was away under somebody's work.
    for (const kind of ['mark', 'pledge', 'note', 'ballot']) expect(output).toMatch(new RegExp(`[1-9]\\d* ${kind}`))
    expect(output).toMatch(/[1-9]\d* returns from a time without network/)
    const { rows } = await world.sql.query<{ rows: string; phases: string[] | null }>(
      "select (select count(*) from journal) as rows, (select array_agg(distinct phase::text) from committees where election_id = 'kuwait-union') as phases",
    )
    expect(Number(rows[0]?.rows)).toBe(count(/ in the ([\d,]+) rows of the journal /m))
    // The rooms are as they were: they follow the election's phase again.
    expect(rows[0]?.phases).toEqual([null])
  }, 300_000)

  it('one row taken out of the journal of a server that runs ends make load with 1, and the lost edit is named', async () => {
    const secret = randomBytes(32).toString('hex')
    await using world = await startWorld({ demo: true, env: { JWT_SECRET: secret } })
    await addLoadUsers(world.database.database.knex, hashPassword)
    const day = startDay({ TARGET: world.instances[0].url, DATABASE_URL: world.database.url, JWT_SECRET: secret })
    const ballot = async () => {
      const { rows } = await world.sql.query<{ committee_id: string; sequence: string; user_id: number }>(
        `select committee_id, sequence, user_id from journal where touches::text like '%ballots%' order by at desc limit 1`,
      )
      return rows[0]
    }
    await until('a ballot is called', async () => day.isOver() || (await ballot()) !== undefined, 240_000)
    const planted = await ballot()
    // The trigger forbids this to everybody; a disk would not ask it.
    await world.sql.query('alter table journal disable trigger journal_append_only')
    await world.sql.query('delete from journal where committee_id = $1 and sequence = $2', [planted?.committee_id, planted?.sequence])
    const { status, output } = await day.ended
    expect(status).toBe(1)
    expect(output).toContain('fail: edits.lost == 0')
    const named = output.split('\n').filter((line) => line.startsWith('LOST') && line.endsWith('is in no row (journal)'))
    expect(named).toHaveLength(1)
    expect(named[0]).toContain(`LOST ${planted?.committee_id}, user ${planted?.user_id}: {"kind":"ballot"`)
  }, 300_000)
})

it('a shape that is not there, a number out of bounds: 1, with a sentence, before anything is started', async () => {
  const shape = await startDay({ SHAPE: 'no-day' }).ended
  expect([shape.status, shape.output.trim()]).toEqual([1, 'There is no shape no-day: SHAPE=union-day'])
  const people = await startDay({ PEOPLE: '1e9' }).ended
  expect([people.status, people.output.trim()]).toEqual([1, 'PEOPLE must be a number from 1 to 2000'])
})
