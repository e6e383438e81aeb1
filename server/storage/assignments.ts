import type { Knex } from 'knex'
import type { Assignment } from '#contract/api.ts'
import type { CommitteeId, UserId } from '#contract/ids.ts'
import { err, ok, type Result } from '#contract/result.ts'
import type { Right } from '#contract/rights.ts'
import { type Actor, inTheNameOf } from './in-the-name-of.ts'

/** A committee, or a site of an election by its name. */
export type WorkPlace = { readonly committee: CommitteeId } | { readonly site: string; readonly election: string }
type Rights = { readonly added: readonly Right[]; readonly taken: readonly Right[] }
type Unknown = 'unknown-user' | 'unknown-committee' | 'unknown-site'

/** Who works where. Each change is one transaction in the name of `by`. */
export type Assignments = {
  /** In the order they were made, after the one given. */
  list(asked: {
    readonly user?: UserId
    readonly committee?: CommitteeId
    readonly after: number
    readonly limit: number
  }): Promise<readonly Assignment[]>
  /** Makes it or changes the rights of the one there is. */
  put(by: Actor, user: UserId, place: WorkPlace, rights: Rights): Promise<Result<Assignment, Unknown>>
  /** False where there was none. */
  remove(by: Actor, user: UserId, place: WorkPlace): Promise<boolean>
}

const listSql = `
  select assignments.id, users.id as "user", users.login, users.name, assignments.committee_id as committee, sites.name as site,
         coalesce(committees.election_id, sites.election_id) as election, assignments.added, assignments.taken
    from assignments
    join users on users.id = assignments.user_id
    left join committees on committees.id = assignments.committee_id
    left join sites on sites.id = assignments.site_id`

type AssignmentRow = Omit<Assignment, 'committee' | 'site'> & { readonly committee: CommitteeId | null; readonly site: string | null }

export function makeAssignments(database: Knex): Assignments {
  return {
    async list({ user, committee, after, limit }) {
      const { rows } = await database.raw<{ rows: AssignmentRow[] }>(
        `${listSql}
          where assignments.id > ? and (?::integer is null or assignments.user_id = ?) and (?::text is null or assignments.committee_id = ?)
          order by assignments.id limit ?`,
        [after, user ?? null, user ?? null, committee ?? null, committee ?? null, limit],
      )
      return rows.map(assignmentOf)
    },

    put: (by, user, place, { added, taken }) =>
      inTheNameOf(database, by, async (transaction) => {
        const found = await find(transaction, user, place)
        if (!found.ok) return found
        const written = await transaction.raw<{ rows: { id: number }[] }>(
          `insert into assignments (user_id, committee_id, site_id, added, taken) values (?, ?, ?, ?, ?)
           on conflict (user_id, committee_id, site_id) do update set added = excluded.added, taken = excluded.taken
           returning id`,
          [user, found.value.committee_id, found.value.site_id, [...added], [...taken]] as never,
        )
        const { rows } = await transaction.raw<{ rows: AssignmentRow[] }>(`${listSql} where assignments.id = ?`, [written.rows[0]?.id ?? 0])
        const row = rows[0]
        return row === undefined ? err('unknown-user') : ok(assignmentOf(row))
      }),

    remove: (by, user, place) =>
      inTheNameOf(database, by, async (transaction) => {
        const found = await find(transaction, user, place)
        return (
          found.ok &&
          (await transaction('assignments')
            .where({ user_id: user, ...found.value })
            .delete()) > 0
        )
      }),
  }
}

type Ids = { readonly committee_id: string | null; readonly site_id: number | null }

async function find(transaction: Knex, user: UserId, place: WorkPlace): Promise<Result<Ids, Unknown>> {
  if ((await transaction('users').where('id', user).first('id')) === undefined) return err('unknown-user')
  if ('committee' in place) {
    const committee = await transaction('committees').where('id', place.committee).first<{ id: string } | undefined>('id')
    return committee === undefined ? err('unknown-committee') : ok({ committee_id: committee.id, site_id: null })
  }
  const site = await transaction('sites').where({ name: place.site, election_id: place.election }).first<{ id: number } | undefined>('id')
  return site === undefined ? err('unknown-site') : ok({ committee_id: null, site_id: site.id })
}

const assignmentOf = ({ committee, site, ...row }: AssignmentRow): Assignment => ({
  ...row,
  ...(committee === null ? {} : { committee }),
  ...(site === null ? {} : { site }),
})
