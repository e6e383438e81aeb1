import type { Knex } from 'knex'
import { assert } from '#contract/result.ts'
import type { DemoElection } from './election.ts'
import { kuwaitUnion } from './kuwait-union.ts'
import { demoPassword } from './logins.ts'

/** The generated ids of rows just inserted, under the name the demo knows them by. */
type Ids = ReadonlyMap<string, number>
type HashPassword = (text: string) => Promise<string>

/**
 * Puts the demo election into a migrated database that has no election yet, all of it or nothing; a database with any election is left
 * as it is. Safe to call at every start and from several processes at once. Documents start empty: nothing is written to the journal.
 * `hashPassword` gives what `users.password_hash` holds. Throws what the database throws.
 */
export function loadDemo(database: Knex, hashPassword: HashPassword): Promise<'loaded' | 'already there'> {
  return addUnless((transaction) => transaction('elections').first('id'), database, kuwaitUnion(), hashPassword)
}

/**
 * Adds a demo election beside those that are there, all of it or nothing; one that is there already is left as it is. Logins are
 * shared by all of them: one that exists keeps its password, role and id, and is assigned to the new committees as well.
 */
export function addElection(database: Knex, election: DemoElection, hashPassword: HashPassword): Promise<'loaded' | 'already there'> {
  return addUnless((transaction) => transaction('elections').where('id', election.id).first('id'), database, election, hashPassword)
}

function addUnless(
  isThere: (transaction: Knex.Transaction) => Promise<unknown>,
  database: Knex,
  election: DemoElection,
  hashPassword: HashPassword,
): Promise<'loaded' | 'already there'> {
  return database.transaction(async (transaction) => {
    // Of two processes that start together on an empty database the second waits here, then finds the first one's election. The lock
    // is the weakest that excludes itself: readers go on.
    await transaction.raw('lock table elections in share row exclusive mode')
    if (await isThere(transaction)) return 'already there'
    const places = await insertElection(transaction, election)
    await insertCommittees(transaction, election, places)
    const users = await insertUsers(transaction, election, hashPassword)
    await insertAssignments(transaction, election, places.sites, users)
    return 'loaded'
  })
}

type Places = { readonly sites: Ids; readonly constituencies: Ids }

/** Election, constituencies, sites, candidates; returns the ids that were made. */
async function insertElection(transaction: Knex.Transaction, election: DemoElection): Promise<Places> {
  const { id, name, name_en, date, phase, choices_per_ballot } = election
  await transaction('elections').insert({ id, name, name_en, date, phase, choices_per_ballot })
  const constituencies = await insertPlaces(transaction, 'constituencies', id, election.constituencies ?? [])
  await transaction('candidates').insert(
    election.candidates.map(({ constituency, ...candidate }) => ({
      election_id: id,
      constituency_id: idOf(constituencies, constituency),
      ...candidate,
    })),
  )
  return { constituencies, sites: await insertPlaces(transaction, 'sites', id, election.sites) }
}

async function insertPlaces(
  transaction: Knex.Transaction,
  table: 'constituencies' | 'sites',
  election_id: string,
  places: readonly { readonly id: string }[],
): Promise<Ids> {
  const ids = new Map<string, number>()
  for (const { id, ...place } of places) {
    const [row] = await transaction(table)
      .insert({ election_id, ...place })
      .returning<{ id: number }[]>('id')
    assert(row, 'an insert returns its row')
    ids.set(id, row.id)
  }
  return ids
}

/**
 * A roll, at most a few thousand electors, goes in as one JSON value: half the time of one bound value a field. One committee at a time
 * is in memory, however large the election.
 */
async function insertCommittees(transaction: Knex.Transaction, election: DemoElection, { sites, constituencies }: Places): Promise<void> {
  for (const { electors, site, constituency, ...committee } of election.committees) {
    await transaction('committees').insert({
      election_id: election.id,
      site_id: idOf(sites, site),
      constituency_id: idOf(constituencies, constituency),
      ...committee,
    })
    if (electors.length === 0) continue
    await transaction.raw(
      `insert into electors (committee_id, serial, name, sex, family, unit, mobile)
         select ?, roll.* from json_to_recordset(?) roll (serial integer, name text, sex text, family text, unit text, mobile text)`,
      [committee.id, JSON.stringify(electors)],
    )
  }
}

function idOf(ids: Ids, name: string | undefined): number | null {
  if (name === undefined) return null
  const id = ids.get(name)
  assert(id, `an election names only places of its own: ${name}`)
  return id
}

/** In the order of the list, so that the ids follow it; each login has a hash, hence a salt, of its own. */
async function insertUsers(transaction: Knex.Transaction, election: DemoElection, hashPassword: HashPassword): Promise<Ids> {
  const { rows: known } = await transaction.raw<{ rows: { login: string; id: number }[] }>(
    'select id, lower(login) as login from users where lower(login) = any (?)',
    [election.users.map(({ login }) => login)],
  )
  const ids = new Map(known.map(({ login, id }) => [login, id]))
  const missing = election.users.filter(({ login }) => !ids.has(login))
  const hashes = await Promise.all(missing.map(() => hashPassword(demoPassword)))
  for (const [index, { login, name, name_en, role }] of missing.entries()) {
    const [row] = await transaction('users')
      .insert({ login, name, name_en, role, password_hash: hashes[index] })
      .returning<{ id: number }[]>('id')
    assert(row, 'an insert returns its row')
    ids.set(login, row.id)
  }
  return ids
}

async function insertAssignments(transaction: Knex.Transaction, election: DemoElection, sites: Ids, users: Ids): Promise<void> {
  await transaction('assignments').insert(
    election.assignments.map((assignment) => ({
      user_id: idOf(users, assignment.login),
      committee_id: 'committee' in assignment ? assignment.committee : null,
      site_id: 'site' in assignment ? idOf(sites, assignment.site) : null,
    })),
  )
}
