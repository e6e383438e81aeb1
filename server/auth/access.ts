import type { Knex } from 'knex'
import type { CommitteeId, UserId } from '#contract/ids.ts'
import { err, ok, type Result } from '#contract/result.ts'
import { isPhase, isRight, type Phase, type Right, rights } from '#contract/rights.ts'

/** What a person may do in a committee by role and assignment, and its phase now; `usableRights` puts the two together. */
export type Access = { readonly rights: readonly Right[]; readonly phase: Phase }

export type AccessList = {
  /** Read from the database at each call: rights change during the day, and a change must hold at once. */
  access(user: UserId, committee: CommitteeId): Promise<Result<Access, 'unknown-committee' | 'not-assigned' | 'unavailable'>>
  /** Every committee the person may read, with what they may do there. */
  committeesOf(user: UserId): Promise<Result<ReadonlyMap<CommitteeId, Access>, 'unavailable'>>
}

type AccessRow = { readonly committee_id: CommitteeId; readonly phase: string | null; readonly rights: readonly string[] | null }

export function makeAccessList(database: Knex): AccessList {
  const ask = async (sql: string, values: readonly (string | number)[]): Promise<Result<readonly AccessRow[], 'unavailable'>> => {
    try {
      return ok((await database.raw<{ rows: AccessRow[] }>(sql, values)).rows)
    } catch {
      return err('unavailable') // whatever it is: without an answer of the database nobody may do anything
    }
  }
  return {
    async access(user, committee) {
      const answer = await ask(
        `select committees.id as committee_id, access.phase, access.rights
           from committees
           left join committee_access access on access.committee_id = committees.id and access.user_id = ?
          where committees.id = ?`,
        [user, committee],
      )
      if (!answer.ok) return answer
      const row = answer.value[0]
      if (!row) return err('unknown-committee')
      return row.rights === null ? err('not-assigned') : ok(accessOf(row))
    },
    async committeesOf(user) {
      const answer = await ask('select committee_id, phase, rights from committee_access where user_id = ?', [user])
      if (!answer.ok) return answer
      const all = answer.value.map((row) => [row.committee_id, accessOf(row)] as const)
      return ok(new Map(all.filter(([, access]) => access.rights.includes('read'))))
    },
  }
}

/** In the order of `rights`, so that equal sets are equal lists. The database's domain knows no other phase or right. */
function accessOf(row: AccessRow): Access {
  const held = new Set(row.rights?.filter(isRight))
  if (row.phase === null || !isPhase(row.phase)) throw new Error(`the database has a phase we do not know: ${row.phase}`)
  return { rights: rights.filter((right) => held.has(right)), phase: row.phase }
}
