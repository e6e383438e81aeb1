import { describe, expect, test } from 'vitest'
import type { CandidateNumber, CommitteeId, UserId } from '#contract/ids.ts'
import { rightsOfRole } from '#contract/rights.ts'
import { makeAccessList } from '#server/auth/access.ts'
import { hashPassword, PasswordChecker } from '#server/auth/password.ts'
import { delaware } from '#server/demo/delaware.ts'
import { kuwaitUnion } from '#server/demo/kuwait-union.ts'
import { addElection, loadDemo } from '#server/demo/load.ts'
import { addLoadUsers } from '#server/demo/load-users.ts'
import { demoLogins, demoPassword } from '#server/demo/logins.ts'
import { national } from '#server/demo/national.ts'
import { makeReadFacts } from '#server/storage/facts.ts'
import { insertElection, makeDatabase } from './database.ts'

/** Rows of every table the loader writes, by table. */
async function counts({ knex }: Awaited<ReturnType<typeof makeDatabase>>['database']): Promise<Record<string, number>> {
  const tables = ['elections', 'sites', 'committees', 'electors', 'candidates', 'users', 'assignments', 'journal', 'snapshots']
  const rows = await Promise.all(tables.map((table) => knex(table).count<{ count: string }[]>('* as count')))
  return Object.fromEntries(tables.map((table, index) => [table, Number(rows[index]?.[0]?.count)]))
}

const nothing = { elections: 0, sites: 0, committees: 0, electors: 0, candidates: 0, users: 0, assignments: 0, journal: 0, snapshots: 0 }
const everything = { ...nothing, elections: 1, sites: 4, committees: 13, electors: 8_719, candidates: 30, users: 10, assignments: 30 }

describe('[D8] the demo election is loaded once, and whole', () => {
  test('[D8.1] into an empty database in seconds, and what comes out is what the generator made', async () => {
    await using world = await makeDatabase()
    const { knex } = world.database
    const started_ms = performance.now()
    expect(await loadDemo(knex, hashPassword)).toBe('loaded')
    // Five times what it should take, 3 s: a busy disk is no fault of the loading.
    expect(performance.now() - started_ms).toBeLessThan(15_000)
    expect(await counts(world.database)).toEqual(everything)
    const roll = await knex('electors')
      .select('serial', 'name', 'sex', 'family', 'unit', 'mobile')
      .where({ committee_id: 'u07', active: true })
      .orderBy('serial')
    expect(roll).toEqual(kuwaitUnion().committees.find(({ id }) => id === 'u07')?.electors)
  })

  test('[D8.2] a second call changes nothing', async () => {
    await using world = await makeDatabase()
    await loadDemo(world.database.knex, hashPassword)
    expect(await loadDemo(world.database.knex, hashPassword)).toBe('already there')
    expect(await counts(world.database)).toEqual(everything)
  })

  test('[D8.3] of three processes that start at once, one loads and the others find it', async () => {
    await using world = await makeDatabase()
    const answers = await Promise.all([1, 2, 3].map(() => loadDemo(world.database.knex, hashPassword)))
    expect(answers.toSorted()).toEqual(['already there', 'already there', 'loaded'])
    expect(await counts(world.database)).toEqual(everything)
  })

  test('[D8.4] a database with another election is left as it is', async () => {
    await using world = await makeDatabase()
    await insertElection(world.database, { committees: ['c1'], users: [['someone', 'viewer']] })
    const before = await counts(world.database)
    expect(await loadDemo(world.database.knex, hashPassword)).toBe('already there')
    expect(await counts(world.database)).toEqual(before)
  })

  test('[D8.5] a load that fails on its way leaves nothing, and the next one succeeds', async () => {
    await using world = await makeDatabase()
    // Users come after the rolls, so electors were already inserted when this throws.
    await expect(loadDemo(world.database.knex, () => Promise.reject(new Error('no hash today')))).rejects.toThrow('no hash today')
    expect(await counts(world.database)).toEqual(nothing)
    expect(await loadDemo(world.database.knex, hashPassword)).toBe('loaded')
  })
})

test('[D9] every demo login has the demo password, its role, and its committees', async () => {
  await using world = await makeDatabase()
  const { knex } = world.database
  await loadDemo(knex, hashPassword)
  const users = await knex('users').select('id', 'login', 'name', 'role', 'password_hash').orderBy('id')
  expect(users.map(({ login, name, role }) => ({ login, name, role }))).toEqual(
    demoLogins.map(({ login, name, role }) => ({ login, name, role })),
  )
  expect(new Set(users.map(({ password_hash }) => password_hash)).size).toBe(users.length)
  const passwords = new PasswordChecker()
  for (const { password_hash } of users) {
    expect(await passwords.check(password_hash, demoPassword)).toEqual({ ok: true, value: true })
    expect(await passwords.check(password_hash, `${demoPassword}!`)).toEqual({ ok: true, value: false })
  }
  const reached = await knex('committee_access')
    .join('users', 'users.id', 'user_id')
    .select('login', knex.raw('array_agg(committee_id order by committee_id) as committees'))
    .groupBy('login')
  const committeesOf = new Map(reached.map((row) => [row.login, row.committees]))
  expect(committeesOf.get('admin')).toHaveLength(13)
  expect(committeesOf.get('supervisor1')).toEqual(['u01', 'u02', 'u03', 'u04', 'u05', 'u06', 'u07'])
  for (const { login } of demoLogins.slice(2, -1)) expect(committeesOf.get(login)).toEqual(['u01', 'u02', 'u03', 'u07'])
  expect(committeesOf.has('outsider1')).toBe(false)
})

describe('[D12] demo elections stand side by side', () => {
  test('[D12.1] another is added beside the first, with the same logins at its own first committees', async () => {
    await using world = await makeDatabase()
    const { knex } = world.database
    await loadDemo(knex, hashPassword)
    const before = await knex('users').select('id', 'login', 'password_hash').orderBy('id')
    expect(await addElection(knex, delaware(), hashPassword)).toBe('loaded')
    expect(await counts(world.database)).toMatchObject({ elections: 2, committees: 13 + 436, candidates: 34, electors: 8_719, users: 10 })
    expect(await knex('users').select('id', 'login', 'password_hash').orderBy('id')).toEqual(before)
    const reached = await knex('committee_access').join('users', 'users.id', 'user_id').where('login', 'marker1').orderBy('committee_id')
    expect(reached.map(({ committee_id }) => committee_id)).toEqual([
      ...['de-ne-01-01', 'de-ne-02-01', 'de-ne-03-01', 'de-ne-04-01'],
      ...['u01', 'u02', 'u03', 'u07'],
    ])
  })

  test('[D12.2] one that is there already is left as it is; into an empty database it brings its logins', async () => {
    await using world = await makeDatabase()
    const { knex } = world.database
    expect(await addElection(knex, delaware(), hashPassword)).toBe('loaded')
    const before = await counts(world.database)
    expect(before).toMatchObject({ elections: 1, committees: 436, users: 10 })
    expect(await addElection(knex, delaware(), hashPassword)).toBe('already there')
    expect(await counts(world.database)).toEqual(before)
  })

  test('[D12.3] candidates of a constituency, and the sex of a room, arrive with it', async () => {
    await using world = await makeDatabase()
    const { knex } = world.database
    const [first, second] = national().committees
    if (!first || !second) throw new Error('the country has committees')
    const small = { ...national(), assignments: [{ login: 'counter1', committee: 'n001' }], committees: [first, second] }
    expect(await addElection(knex, small, hashPassword)).toBe('loaded')
    const rows = await knex('committees').select('id', 'sex', 'constituency_id').orderBy('id')
    expect(rows).toMatchObject([
      { id: 'n001', sex: 'm' },
      { id: 'n002', sex: 'f' },
    ])
    const facts = await makeReadFacts(knex)('n001' as CommitteeId)
    if (!facts.ok) throw new Error(facts.error)
    const number = (it: number) => facts.value.hasCandidate(it as CandidateNumber)
    expect([number(40), number(41)]).toEqual([true, false])
  })

  test('[D12.4] 3,000 load users are coordinators in every committee there is; again adds those of a later election', async () => {
    await using world = await makeDatabase()
    const { knex } = world.database
    await loadDemo(knex, hashPassword)
    const { first, last } = await addLoadUsers(knex, hashPassword)
    expect(last - first).toBe(2_999)
    const committees = () => knex('committee_access').where({ user_id: last }).count('* as count').first()
    expect(await committees()).toEqual({ count: '13' })
    expect(await makeAccessList(knex).access(first as UserId, 'u13' as CommitteeId)).toMatchObject({
      value: { rights: rightsOfRole.coordinator },
    })
    await addElection(knex, delaware(), hashPassword)
    expect(await addLoadUsers(knex, hashPassword)).toEqual({ first, last })
    expect(await committees()).toEqual({ count: '449' })
  })
})
