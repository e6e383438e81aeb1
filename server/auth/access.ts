import type { Knex } from 'knex'
import type { CommitteeId, UserId } from '#contract/ids.ts'
import { err, ok, type Result } from '#contract/result.ts'
import { isPhase, isRight, isRole, type Phase, type Right, type Role, rights } from '#contract/rights.ts'

/** What a person may do in a committee by role and assignment, and its phase now; `usableRights` puts the two together. */
export type Access = { readonly rights: readonly Right[]; readonly phase: Phase }

/** Who somebody is now: a token keeps the name and role of the minute it was given in. */
export type Being = { readonly name: string; readonly name_en?: string; readonly role: Role }

/** Somebody at a committee, as the database has both at this moment. `held`: the rights they ever opened it with; `signOuts`: how often they were signed out everywhere. */
export type Standing = { readonly being: Being; readonly access: Access; readonly held: readonly Right[]; readonly signOuts: number }
/** `unauthenticated`: there is no such person any more, or they are disabled. */
export type NoStanding = 'unauthenticated' | 'unknown-committee' | 'not-assigned'
type At = { readonly user: UserId; readonly committee: CommitteeId }

export type AccessList = {
  /** One question for all of them, answered in their order: a phase that changes concerns everybody who is here. */
  standings(places: readonly At[]): Promise<Result<readonly Result<Standing, NoStanding>[], 'unavailable'>>
  /** Read from the database at each call: rights change during the day, and a change must hold at once. */
  access(user: UserId, committee: CommitteeId): Promise<Result<Access, NoStanding | 'unavailable'>>
  /** Notes rights that somebody has opened the committee with: what is written under one is late, and not forbidden, when it has ended. */
  hold(at: At, held: readonly Right[]): Promise<void>
  /** Every committee the person may read, with what they may do there. */
  committeesOf(user: UserId): Promise<Result<ReadonlyMap<CommitteeId, Access>, 'unavailable'>>
}

type AccessRow = { readonly committee_id: CommitteeId | null; readonly phase: string | null; readonly rights: readonly string[] | null }
type StandingRow = AccessRow & {
  readonly name: string | null
  readonly name_en: string | null
  readonly role: string
  readonly held: readonly string[] | null
  readonly sign_outs: number | null
}

// `offset 0` keeps the view within its lateral: worked out for the pairs that are asked, never for everybody everywhere.
const standingsSql = `
  select users.name, users.name_en, users.role, users.sign_outs, committees.id as committee_id, access.phase, access.rights,
         held_rights.rights as held
    from unnest(?::integer[], ?::text[]) with ordinality asked (user_id, committee_id, place)
    left join users on users.id = asked.user_id and users.disabled_at is null
    left join committees on committees.id = asked.committee_id
    left join held_rights on held_rights.user_id = asked.user_id and held_rights.committee_id = asked.committee_id
    left join lateral (
      select phase, rights from committee_access own
       where own.user_id = asked.user_id and own.committee_id = asked.committee_id
      offset 0
    ) access on true
   order by asked.place`

const holdSql = `
  insert into held_rights as known (user_id, committee_id, rights) values (?, ?, ?)
  on conflict (user_id, committee_id) do update set rights = array(select unnest(known.rights) union select unnest(excluded.rights))
   where not known.rights @> excluded.rights`

export function makeAccessList(database: Knex): AccessList {
  const ask = async <Row>(sql: string, values: readonly unknown[]): Promise<Result<readonly Row[], 'unavailable'>> => {
    try {
      return ok((await database.raw<{ rows: Row[] }>(sql, values as never)).rows)
    } catch {
      return err('unavailable') // whatever it is: without an answer of the database nobody may do anything
    }
  }
  const standings: AccessList['standings'] = async (places) => {
    const answer = await ask<StandingRow>(standingsSql, [places.map(({ user }) => user), places.map(({ committee }) => committee)])
    return answer.ok ? ok(answer.value.map(standingOf)) : answer
  }
  return {
    standings,
    async access(user, committee) {
      const answer = await standings([{ user, committee }])
      const standing = answer.ok ? (answer.value[0] ?? err('unknown-committee' as const)) : answer
      return standing.ok ? ok(standing.value.access) : standing
    },
    async hold({ user, committee }, held) {
      await ask(holdSql, [user, committee, held]) // where the database is away, the next opening notes it
    },
    async committeesOf(user) {
      const answer = await ask<AccessRow & { committee_id: CommitteeId }>(
        'select committee_id, phase, rights from committee_access where user_id = ?',
        [user],
      )
      if (!answer.ok) return answer
      const all = answer.value.map((row) => [row.committee_id, accessOf(row)] as const)
      return ok(new Map(all.filter(([, access]) => access.rights.includes('read'))))
    },
  }
}

function standingOf({ name, name_en, role, held, sign_outs, ...row }: StandingRow): Result<Standing, NoStanding> {
  if (name === null || !isRole(role)) return err('unauthenticated')
  if (row.committee_id === null) return err('unknown-committee')
  if (row.rights === null) return err('not-assigned')
  const being = { name, role, ...(name_en === null ? {} : { name_en }) }
  return ok({ being, access: accessOf(row), held: held?.filter(isRight) ?? [], signOuts: sign_outs ?? 0 })
}

/** In the order of `rights`, so that equal sets are equal lists. The database's domain knows no other phase or right. */
function accessOf(row: AccessRow): Access {
  const held = new Set(row.rights?.filter(isRight))
  if (row.phase === null || !isPhase(row.phase)) throw new Error(`the database has a phase we do not know: ${row.phase}`)
  return { rights: rights.filter((right) => held.has(right)), phase: row.phase }
}
