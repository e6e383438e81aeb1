import type { Knex } from 'knex'
import type { StoreFault } from '#actors/journal/store.ts'
import { type Behind, bucket_ms, curvePointsMax, type SummaryStore } from '#actors/overview/store.ts'
import type { CommitteeId, Sequence } from '#contract/ids.ts'
import { err, ok, type Result } from '#contract/result.ts'
import type { CommitteeSummary } from '#contract/summary.ts'
import { storeFault } from './faults.ts'

/** Notified at the commit that keeps something, as `<version>:<instance>`. */
export const summariesChannel = 'lajna_summaries'

/** Summaries on Postgres; the SQL that matters is `summaries_save` in migrations/0009_summaries.ts. */
export function makeSummaryStore(database: Knex, instance: string): SummaryStore {
  const ask = async <Row>(sql: string, values: readonly unknown[]): Promise<Result<readonly Row[], StoreFault>> => {
    try {
      return ok((await database.raw<{ rows: Row[] }>(sql, values as never)).rows)
    } catch (fault) {
      return err(storeFault(fault))
    }
  }
  return {
    async save(summaries) {
      if (summaries.length === 0) return ok()
      const saved = await ask('select summaries_save(?, ?::json)', [instance, JSON.stringify(summaries)])
      return saved.ok ? ok() : saved
    },
    async since(version, limit) {
      const rows = await ask<{ summary: CommitteeSummary; version: string }>(sinceSql, [version, limit])
      return rows.ok ? ok(rows.value.map((row) => ({ summary: row.summary, version: Number(row.version) }))) : rows
    },
    async behind(limit) {
      const rows = await ask<{ id: CommitteeId; kept: string }>(behindSql, [limit])
      return rows.ok ? ok(rows.value.map(({ id, kept }): Behind => ({ committee: id, kept: Number(kept) as Sequence }))) : rows
    },
    async curve(committees) {
      const rows = await ask<{ bucket: number; attended: string; ballots: string }>(curveSql, [[...committees], curvePointsMax])
      if (!rows.ok) return rows
      return ok(
        rows.value.map(({ bucket, attended, ballots }) => ({
          at_ms: (bucket + 1) * bucket_ms,
          attended: Number(attended),
          ballots: Number(ballots),
        })),
      )
    },
  }
}

const sinceSql = 'select summary, version from summaries where version > ? order by version limit ?'

const behindSql = `
  select committees.id, coalesce(summaries.sequence, 0) as kept
    from committees
    left join summaries on summaries.committee_id = committees.id
   where committees.head_sequence > coalesce(summaries.sequence, 0)
   order by committees.id
   limit ?`

// By what each committee's step added: a committee that says nothing in ten minutes still counts.
const curveSql = `
  select * from (
    select bucket, sum(sum(attended)) over (order by bucket) as attended, sum(sum(ballots)) over (order by bucket) as ballots
      from (
        select bucket,
               attended - lag(attended, 1, 0) over own as attended,
               ballots - lag(ballots, 1, 0) over own as ballots
          from summary_history
         where committee_id = any (?)
        window own as (partition by committee_id order by bucket)
      ) steps
     group by bucket
     order by bucket desc
     limit ?
  ) newest
   order by bucket`
