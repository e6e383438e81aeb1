import type { Knex } from 'knex'
import type { AsideEntry, AsideWrite, Colleague } from '#contract/api.ts'
import type { ClientId, CommitteeId, Sequence, UserId } from '#contract/ids.ts'
import type { Reason } from '#contract/messages.ts'
import type { Role } from '#contract/rights.ts'
import { named } from './users.ts'

/** What was refused and kept. Rejects when the database does not answer. */
export type AsideList = {
  /** Newest first, undecided before decided, at most 200. */
  of(committee: CommitteeId): Promise<readonly AsideEntry[]>
  find(committee: CommitteeId, id: string): Promise<FoundAside | undefined>
  /** False where it is decided already. Under the lock of the journal's appends: an admission on its way is either seen, or too late. */
  drop(committee: CommitteeId, id: string, by: UserId, why: string | undefined): Promise<boolean>
}

/** With all its writes, and what admitting it takes. */
export type FoundAside = {
  readonly entry: AsideEntry
  readonly role: Role
  readonly writes: readonly AsideWrite[]
  readonly sequence?: Sequence
}

const entries_max = 200
const writes_shown_max = 1_000

type Row = {
  readonly id: string
  readonly kind: 'refused' | 'late'
  readonly client: string | null
  readonly reasons: readonly Reason[]
  readonly writes: readonly AsideWrite[]
  readonly more: number
  readonly at: Date
  readonly decision: 'admitted' | 'dropped' | null
  readonly decided_at: Date | null
  readonly why: string | null
  readonly sequence: string | null
  readonly role: Role
  readonly author: NamedRow
  readonly decider: NamedRow | null
}
type NamedRow = { readonly id: UserId; readonly name: string; readonly name_en: string | null }

const selectSql = `
  select aside.id, aside.kind, aside.client, aside.reasons, aside.writes, aside.more, aside.at, aside.decision, aside.decided_at, aside.why,
         aside.sequence, author.role,
         json_build_object('id', author.id, 'name', author.name, 'name_en', author.name_en) as author,
         case when decider.id is not null
              then json_build_object('id', decider.id, 'name', decider.name, 'name_en', decider.name_en) end as decider
    from aside
    join users author on author.id = aside.user_id
    left join users decider on decider.id = aside.decided_by`

export function makeAsideList(database: Knex): AsideList {
  return {
    async of(committee) {
      const { rows } = await database.raw<{ rows: Row[] }>(
        `${selectSql} where aside.committee_id = ? order by aside.decided_at is not null, aside.at desc, aside.id limit ?`,
        [committee, entries_max],
      )
      return rows.map(entryOf)
    },
    async find(committee, id) {
      const { rows } = await database.raw<{ rows: Row[] }>(`${selectSql} where aside.committee_id = ? and aside.id = ?`, [committee, id])
      const [row] = rows
      if (!row) return undefined
      const sequence = row.sequence === null ? {} : { sequence: Number(row.sequence) as Sequence }
      return { entry: entryOf(row), role: row.role, writes: row.writes, ...sequence }
    },
    async drop(committee, id, by, why) {
      const { rowCount } = await database.raw<{ rowCount: number }>(
        `with locked as materialized (select id from committees where id = ? for no key update)
         update aside set decision = 'dropped', decided_at = clock_timestamp(), decided_by = ?, why = ?
           from locked where aside.committee_id = locked.id and aside.id = ? and aside.decided_at is null`,
        [committee, by, why ?? null, id],
      )
      return rowCount === 1
    },
  }
}

function entryOf({ id, kind, client, reasons, writes, more, at, author, ...row }: Row): AsideEntry {
  const decided =
    row.decision === null || row.decided_at === null || row.decider === null
      ? {}
      : {
          decided: {
            decision: row.decision,
            by: named(row.decider) satisfies Colleague,
            at_ms: row.decided_at.getTime(),
            ...(row.why === null ? {} : { why: row.why }),
          },
        }
  return {
    id,
    kind,
    author: named(author),
    client: client === null ? null : (Number(client) as ClientId),
    reasons,
    writes: writes.slice(0, writes_shown_max),
    more: more + Math.max(0, writes.length - writes_shown_max),
    at_ms: at.getTime(),
    ...decided,
  }
}
