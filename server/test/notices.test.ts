import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { tellFacts } from '#server/storage/changes.ts'
import { insertElection, makeDatabase } from './database.ts'

async function makeWorld(people: number) {
  const test = await makeDatabase()
  const users = Array.from({ length: people }, (_none, index) => [`p${index}`, 'counter'] as const)
  const { users: ids } = await insertElection(test.database, { committees: ['u01', 'u02'], users })
  const { knex } = test.database
  await knex.raw(`insert into assignments (user_id, committee_id) select id, 'u01' from users`)
  const session = new pg.Client(test.url)
  await session.connect()
  const heard: string[] = []
  session.on('notification', ({ payload = '' }) => heard.push(payload))
  await session.query('listen lajna_access; listen lajna_facts')
  onTestFinished(async () => {
    await session.end()
    await test[Symbol.asyncDispose]()
  })
  const version = async () => Number((await knex('versions').first<{ access: string }>('access'))?.access)
  let last = await version()
  const heardIn = async (act: () => Promise<unknown>) => {
    heard.length = 0
    await act()
    await session.query('select 1') // notices come before the answer to whatever is asked next
    return [...heard]
  }
  return {
    knex,
    ids,
    heardIn,
    /** What a transaction has told, its version left off, and by how many versions it was counted. */
    async told(act: (transaction: typeof knex) => Promise<unknown>) {
      await heardIn(() => knex.transaction((transaction) => act(transaction)))
      const now = await version()
      const counted = now - last
      last = now
      expect(heard.every((payload) => payload.startsWith(`${now}:`) || counted === 0)).toBe(true)
      return { counted, what: heard.map((payload) => payload.replace(/^\d+:/, '')).toSorted() }
    },
  }
}

test('a change of access is told once a transaction and person, with the version it made', async () => {
  const { told, ids } = await makeWorld(3)
  const [a, b] = ids
  expect(await told((sql) => sql('users').where('id', a).update({ role: 'marker' }))).toEqual({ counted: 1, what: [`user ${a}`] })
  const both = await told(async (sql) => {
    await sql('users').where('id', a).update({ disabled_at: new Date() })
    await sql('assignments')
      .where('user_id', a)
      .update({ taken: ['read'] })
    await sql('assignments').where('user_id', b).delete()
  })
  expect(both).toEqual({ counted: 1, what: [`user ${a}`, `user ${b}`] })
  expect(await told((sql) => sql('assignments').where('user_id', a).update({ user_id: b }))).toEqual({
    counted: 1,
    what: [`user ${a}`, `user ${b}`],
  })
})

test('of a phase the committee is told, of an election everybody; role_rights concern everybody', async () => {
  const { told } = await makeWorld(1)
  expect(await told((sql) => sql('committees').where('id', 'u02').update({ phase: 'closed' }))).toEqual({
    counted: 1,
    what: ['committee u02'],
  })
  expect(await told((sql) => sql('elections').update({ phase: 'polling' }))).toEqual({ counted: 1, what: ['*'] })
  expect(await told((sql) => sql('role_rights').where({ role: 'counter', right: 'count' }).delete())).toEqual({ counted: 1, what: ['*'] })
})

test('what changes nothing of access is not told: a head of the journal, a password, the same role again, a committee renamed', async () => {
  const { told, ids } = await makeWorld(1)
  const quiet = { counted: 0, what: [] }
  expect(await told((sql) => sql('committees').update({ head_sequence: 7, name: 'another' }))).toEqual(quiet)
  expect(await told((sql) => sql('users').update({ password_hash: 'other' }))).toEqual(quiet)
  expect(await told((sql) => sql('users').update({ role: 'counter' }))).toEqual(quiet)
  expect(await told((sql) => sql('assignments').where('user_id', ids[0]).update({ added: [] }))).toEqual(quiet)
  expect(await told((sql) => sql('elections').update({ phase: 'counting' }))).toEqual(quiet)
})

test('many at once are everybody; a transaction that is taken back tells nobody', async () => {
  const { told, knex } = await makeWorld(60)
  const { counted, what } = await told((sql) => sql('users').update({ role: 'viewer' }))
  expect([counted, what.length, what.includes('*')]).toEqual([1, 21, true])
  const back = await told((sql) =>
    sql
      .transaction(async (inner) => {
        await inner('users').update({ role: 'marker' })
        throw new Error('no')
      })
      .catch(() => undefined),
  )
  expect(back).toEqual({ counted: 0, what: [] })
  expect((await knex('users').where('role', 'viewer')).length).toBe(60)
})

test('two transactions at once are two versions, and neither waits for the other before its commit', async () => {
  const { knex, ids } = await makeWorld(2)
  const [a, b] = ids
  const version = async () => Number((await knex('versions').first<{ access: string }>('access'))?.access)
  const before = await version()
  await knex.transaction(async (transaction) => {
    await transaction('users').where('id', a).update({ role: 'marker' })
    await knex('users').where('id', b).update({ role: 'marker' }) // on a connection of its own: done before ours is
    expect(await version()).toBe(before + 1)
  })
  expect(await version()).toBe(before + 2)
})

test('facts are told by who writes them, with a version of their own', async () => {
  const { knex, heardIn } = await makeWorld(1)
  const version = async () => Number((await knex('versions').first<{ facts: string }>('facts'))?.facts)
  const before = await version()
  const heard = await heardIn(async () => {
    await knex.transaction((transaction) => tellFacts(transaction, ['u01', 'u02']))
    await knex.transaction((transaction) => tellFacts(transaction, []))
    await knex.transaction((transaction) => tellFacts(transaction, 'all'))
  })
  expect(heard).toEqual([`${before + 1}:committee u01`, `${before + 1}:committee u02`, `${before + 2}:*`])
})
