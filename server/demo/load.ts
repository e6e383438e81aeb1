import type { Knex } from 'knex'
import { assert } from '#contract/result.ts'
import type { DemoElection } from './election.ts'
import { kuwaitUnion } from './kuwait-union.ts'
import { demoPassword } from './logins.ts'

/** The generated ids of rows just inserted, under the name the demo knows them by. */
type Ids = ReadonlyMap<string, number>

/**
 * Puts the demo election into a migrated database that has no election yet, all of it or nothing; a database with any election is left
 * as it is. Safe to call at every start and from several processes at once. Documents start empty: nothing is written to the journal.
 * `hashPassword` gives what `users.password_hash` holds. Throws what the database throws.
 */
export function loadDemo(database: Knex, hashPassword: (text: string) => Promise<string>): Promise<'loaded' | 'already there'> {
  return database.transaction(async (transaction) => {
    // Of two processes that start together on an empty database the second waits here, then finds the first one's election. The lock
    // is the weakest that excludes itself: readers go on.
    await transaction.raw('lock table elections in share row exclusive mode')
    if (await transaction('elections').first('id')) return 'already there'
    const election = kuwaitUnion()
    const sites = await insertElection(transaction, election)
    await insertCommittees(transaction, election, sites)
    const users = await insertUsers(transaction, election, hashPassword)
    await insertAssignments(transaction, election, sites, users)
    return 'loaded'
  })
}

/** Election, sites, candidates; returns the sites' ids. */
async function insertElection(transaction: Knex.Transaction, election: DemoElection): Promise<Ids> {
  const { id, name, name_en, date, phase, choices_per_ballot } = election
  await transaction('elections').insert({ id, name, name_en, date, phase, choices_per_ballot })
  await transaction('candidates').insert(election.candidates.map((candidate) => ({ election_id: id, ...candidate })))
  const ids = new Map<string, number>()
  for (const site of election.sites) {
    const [row] = await transaction('sites')
      .insert({ election_id: id, name: site.name, name_en: site.name_en })
      .returning<{ id: number }[]>('id')
    assert(row, 'an insert returns its row')
    ids.set(site.id, row.id)
  }
  return ids
}

/** A roll, at most 824 electors, goes in as one JSON value: half the time of one bound value a field. */
async function insertCommittees(transaction: Knex.Transaction, election: DemoElection, sites: Ids): Promise<void> {
  for (const { id, code, name, name_en, site, electors } of election.committees) {
    await transaction('committees').insert({ id, election_id: election.id, site_id: sites.get(site), code, name, name_en })
    await transaction.raw(
      `insert into electors (committee_id, serial, name, sex, family, unit, mobile)
         select ?, roll.* from json_to_recordset(?) roll (serial integer, name text, sex text, family text, unit text, mobile text)`,
      [id, JSON.stringify(electors)],
    )
  }
}

/** In the order of the list, so that the ids follow it; each login has a hash, hence a salt, of its own. */
async function insertUsers(
  transaction: Knex.Transaction,
  election: DemoElection,
  hashPassword: (text: string) => Promise<string>,
): Promise<Ids> {
  const hashes = await Promise.all(election.users.map(() => hashPassword(demoPassword)))
  const ids = new Map<string, number>()
  for (const [index, { login, name, name_en, role }] of election.users.entries()) {
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
      user_id: users.get(assignment.login),
      committee_id: 'committee' in assignment ? assignment.committee : null,
      site_id: 'site' in assignment ? sites.get(assignment.site) : null,
    })),
  )
}
