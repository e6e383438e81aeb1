import type { StoreFault } from '#actors/journal/store.ts'
import type { CurvePoint } from '#contract/events.ts'
import type { CommitteeId, Sequence } from '#contract/ids.ts'
import type { Result } from '#contract/result.ts'
import type { CommitteeSummary } from '#contract/summary.ts'

/** Width of one step of the curve of the day. */
export const bucket_ms = 600_000
/** Steps of the curve that are answered: two days, the newest of them. */
export const curvePointsMax = 288

/** A summary as it is kept. `version` grows with everything that is kept, of whatever committee, and is given in the order of commits. */
export type Kept = { readonly summary: CommitteeSummary; readonly version: number }

/** `kept`: the row of its kept summary, 0 where there is none. */
export type Behind = { readonly committee: CommitteeId; readonly kept: Sequence }

/** Where the latest summary of each committee lasts. One contract suite (`summary-store.suite.ts`) runs on every implementation. */
export type SummaryStore = {
  /**
   * Keeps those that are newer than what is kept: by their sequence, and at the same sequence where they say something else, for the
   * facts may have changed. Also notes, for the curve, what each said in the ten minutes of its last row. Unknown committees are left out.
   */
  save(summaries: readonly CommitteeSummary[]): Promise<Result<undefined, StoreFault>>
  /** What was kept above that version, ascending, at most `limit`. */
  since(version: number, limit: number): Promise<Result<readonly Kept[], StoreFault>>
  /** Committees whose journal has rows above their kept summary, by their id, at most `limit`. */
  behind(limit: number): Promise<Result<readonly Behind[], StoreFault>>
  /** The day of these committees together: at the end of each ten minutes in which something changed, ascending. */
  curve(committees: readonly CommitteeId[]): Promise<Result<readonly CurvePoint[], StoreFault>>
}
