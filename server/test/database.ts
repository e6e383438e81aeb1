import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { type Database, openDatabase } from '#server/storage/database.ts'
import { templateDatabase } from './setup.ts'

/** A migrated, empty database of its own, dropped at the end of the scope. */
export type TestDatabase = AsyncDisposable & { readonly url: string; readonly database: Database }

export async function makeDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`
  await onServer(`create database ${name} template ${templateDatabase}`)
  const url = new URL(inject('postgresUrl'))
  url.pathname = name
  const database = openDatabase(url.href)
  return {
    url: url.href,
    database,
    async [Symbol.asyncDispose]() {
      await database.close()
      await onServer(`drop database ${name} with (force)`)
    },
  }
}

async function onServer(statement: string): Promise<void> {
  const session = new pg.Client(inject('postgresUrl'))
  await session.connect()
  try {
    await session.query(statement)
  } finally {
    await session.end()
  }
}

/** An election with the committees given, all at one site, and users by their logins; answers the users' ids in the order given. */
export async function insertElection(
  { knex }: Database,
  { committees, users }: { readonly committees: readonly string[]; readonly users: readonly (readonly [login: string, role: string])[] },
): Promise<{ readonly site: number; readonly users: readonly number[] }> {
  await knex('elections').insert({ id: 'test', name: 'تجربة', date: '2025-05-01', phase: 'counting', choices_per_ballot: 3 })
  const [site] = await knex('sites').insert({ election_id: 'test', name: 'مدرسة' }).returning<{ id: number }[]>('id')
  await knex('committees').insert(committees.map((id) => ({ id, election_id: 'test', site_id: site?.id, code: id, name: id })))
  const rows = users.map(([login, role]) => ({ login, name: login, role, password_hash: 'none' }))
  const ids = rows.length === 0 ? [] : await knex('users').insert(rows).returning<{ id: number }[]>('id')
  return { site: site?.id ?? 0, users: ids.map((row) => row.id) }
}
