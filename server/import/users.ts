import { verify } from '@node-rs/argon2'
import type { Knex } from 'knex'
import { ok } from '#contract/result.ts'
import type { Role } from '#contract/rights.ts'
import { hashPassword } from '../auth/password.ts'
import { login, name, type Parse, password, type RowOf, role } from './columns.ts'
import { firstOfEach, inPieces, type Kind } from './kind.ts'

/** A blank password is none at all; a cell of a password is never trimmed. */
const passwordOrNone: Parse<string | null> = (raw) => (raw === '' ? ok(null) : password(raw))
const parsers = { login, name, role, password: passwordOrNone }
type Row = RowOf<'users', typeof parsers>

type Person = { readonly id: number; readonly login: string; readonly name: string; readonly role: Role }
/** By line: the hash of a password that is not the person's already. A dry run only has that there is one. */
type Hashes = ReadonlyMap<number, string>
type Known = { readonly people: ReadonlyMap<string, Person>; readonly hashes: Hashes }
type Written = Omit<Person, 'id'> & { readonly id: number | null; readonly password_hash: string | null }

/** No argon2 hash, so no password is right: the person cannot log in by one until it is set. */
const noPassword = '!'

/** Who may log in. Whoever is not in the file stays; who was disabled stays disabled. */
export const users: Kind<'users', typeof parsers, Hashes, Known, readonly Written[]> = {
  kind: 'users',
  parsers,

  /** One after the other: each takes a core for 20 ms, and people are logging in meanwhile. */
  async before(database, rows, dry_run) {
    const kept = new Map((await readPeople(database, rows)).map(({ login, password_hash }) => [fold(login), password_hash]))
    const hashes = new Map<number, string>()
    for (const row of rows) {
      if (typeof row.password !== 'string') continue
      const there = kept.get(fold(row.login))
      if (there !== undefined && (await isPassword(there, row.password))) continue
      hashes.set(row.line, dry_run ? noPassword : await hashPassword(row.password))
    }
    return hashes
  },

  async known(transaction, _target, rows, hashes) {
    const people = await readPeople(transaction, rows)
    return { people: new Map(people.map(({ id, login, name, role }) => [fold(login), { id, login, name, role }])), hashes }
  },

  plan(rows, { people, hashes }, problems, { by }) {
    const once = firstOfEach(rows, problems, { column: 'login', key: (row) => fold(row.login), shown: (row) => row.login })
    const written: Written[] = []
    let created = 0
    for (const { line, login, name, role } of once) {
      const there = people.get(fold(login))
      const password_hash = hashes.get(line) ?? null
      if (there?.id === by && role !== 'administrator') problems.add(line, 'own-role', { column: 'role', value: role })
      if (there === undefined) created += 1
      else if (there.name === name && there.role === role && password_hash === null) continue
      written.push({ id: there?.id ?? null, login, name, role, password_hash })
    }
    return {
      created,
      updated: written.length - created,
      unchanged: once.length - written.length,
      deactivated: 0,
      made: {},
      affects: [],
      change: written,
    }
  },

  async apply(transaction, _target, written) {
    const created = written.filter(({ id }) => id === null).map((row) => ({ ...row, password_hash: row.password_hash ?? noPassword }))
    const updated = written.filter(({ id }) => id !== null)
    await inPieces(transaction, insertSql, [], created)
    await inPieces(transaction, updateSql, [], updated)
  },
}

const fold = (login: string): string => login.toLowerCase()

type KeptPerson = Person & { readonly password_hash: string }

async function readPeople(database: Knex, rows: readonly Row[]): Promise<readonly KeptPerson[]> {
  const { rows: people } = await database.raw<{ rows: KeptPerson[] }>(
    'select id, login, name, role, password_hash from users where lower(login) = any (?)',
    [rows.map((row) => fold(row.login))],
  )
  return people
}

async function isPassword(hash: string, text: string): Promise<boolean> {
  try {
    return await verify(hash, text)
  } catch {
    return false // what is kept is no hash: any password is a new one
  }
}

const insertSql = `
  insert into users (login, name, role, password_hash)
  select u.* from json_to_recordset(?) u (login text, name text, role text, password_hash text)`

const updateSql = `
  update users set name = u.name, role = u.role, password_hash = coalesce(u.password_hash, users.password_hash)
    from json_to_recordset(?) u (id integer, name text, role text, password_hash text)
   where users.id = u.id`
