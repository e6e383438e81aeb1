import { expect, test } from 'vitest'
import { openDatabase } from '#server/storage/database.ts'
import { makeDatabase } from './database.ts'

test('a migrated database is ready, an empty one is not until it is migrated, one that is away says so', async () => {
  await using made = await makeDatabase()
  const { database } = made
  expect(await database.ready()).toBe('ready')
  await database.knex.raw('drop schema public cascade; create schema public')
  expect(await database.ready()).toBe('migrations missing')
  await database.migrate()
  expect(await database.ready()).toBe('ready')
  const away = openDatabase('postgres://nobody@127.0.0.1:9/nothing')
  expect(await away.ready()).toBe('unreachable')
  await away.close()
})

test('a lock that a process killed in the middle of its migrations left is no hindrance', async () => {
  await using made = await makeDatabase()
  const { knex, migrate } = made.database
  await knex('knex_migrations_lock').update({ is_locked: 1 })
  await migrate()
  expect(await knex('knex_migrations_lock').select('is_locked')).toEqual([{ is_locked: 0 }])
})

test('an unknown phase, role, right or sex does not enter; a known one does', async () => {
  await using made = await makeDatabase()
  const { knex } = made.database
  const election = { id: 'e', name: 'e', date: '2025-05-01', choices_per_ballot: 1 }
  await expect(knex('elections').insert({ ...election, phase: 'over' })).rejects.toThrow('check constraint')
  await knex('elections').insert({ ...election, phase: 'closed' })
  await expect(knex('users').insert({ login: 'a', name: 'a', role: 'king', password_hash: '' })).rejects.toThrow('check constraint')
  await knex('users').insert({ login: 'a', name: 'a', role: 'viewer', password_hash: '' })
  await expect(knex('users').insert({ login: 'A', name: 'a', role: 'viewer', password_hash: '' })).rejects.toThrow('users_login')
})
