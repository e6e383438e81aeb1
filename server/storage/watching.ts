import type { Knex } from 'knex'
import type { CommonEntry, Counts } from '#actors/overview/lines.ts'
import type { WatchersPorts } from '#actors/overview/watchers.ts'
import type { ClientId, CommitteeId } from '#contract/ids.ts'
import { err, ok, type Result } from '#contract/result.ts'
import type { AccessList } from '../auth/access.ts'
import type { Elections } from './elections.ts'

export type WatchingParts = { readonly database: Knex; readonly elections: Elections; readonly accessList: AccessList }

/** What people who watch are told of besides summaries and rosters, as the database has it. */
export function makeWatching({
  database,
  elections,
  accessList,
}: WatchingParts): Pick<WatchersPorts, 'entries' | 'counts' | 'access' | 'readings'> {
  return {
    access: (user) => accessList.committeesOf(user),

    async readings(places) {
      const standings = await accessList.standings(places)
      if (!standings.ok) return standings
      return ok(standings.value.map((one) => (one.ok && one.value.access.rights.includes('read') ? one.value.access : undefined)))
    },

    entries: (committees) =>
      answered(async () => {
        const alike = new Map(committees.map((committee) => [committee, { rights: [], phase: 'setup' } as const]))
        return (await elections.committees(alike)).map(({ phase: _phase, rights: _rights, ...entry }): CommonEntry => entry)
      }),

    counts: () =>
      answered(async (): Promise<Counts> => {
        const [unsent, aside] = await Promise.all([
          database.raw<{ rows: UnsentRow[] }>(unsentSql, [unsentRows_max]),
          database.raw<{ rows: AsideRow[] }>(asideSql),
        ])
        const left = Map.groupBy(unsent.rows, ({ committee_id }) => committee_id)
        return {
          unsent: new Map(
            [...left].map(([committee, rows]) => [
              committee,
              rows.map(({ client, unsent: edits }) => ({ client: Number(client) as ClientId, unsent: edits })),
            ]),
          ),
          aside: new Map(aside.rows.map(({ committee_id, entries }) => [committee_id, entries])),
        }
      }),
  }
}

/** Devices with unsent edits that are looked at, those with the most of them: on a day that went wrong there may be thousands. */
const unsentRows_max = 20_000

type UnsentRow = { readonly committee_id: CommitteeId; readonly client: string; readonly unsent: number }
type AsideRow = { readonly committee_id: CommitteeId; readonly entries: number }

const unsentSql = `
  select committee_id, client, unsent
    from devices
   where unsent > 0 and seen_at > now() - interval '24 hours'
   order by unsent desc, committee_id, client
   limit ?`

const asideSql = 'select committee_id, count(*)::integer as entries from aside where decided_at is null group by committee_id'

async function answered<Answer>(ask: () => Promise<Answer>): Promise<Result<Answer, 'unavailable'>> {
  try {
    return ok(await ask())
  } catch {
    return err('unavailable') // asked again with the next tick: what the fault was changes nothing
  }
}
