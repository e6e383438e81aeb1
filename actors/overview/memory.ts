import type { CommitteeId, Sequence } from '#contract/ids.ts'
import { ok } from '#contract/result.ts'
import type { CommitteeSummary } from '#contract/summary.ts'
import { type Behind, bucket_ms, curvePointsMax, type Kept, type SummaryStore } from './store.ts'

type Step = { readonly sequence: Sequence; readonly attended: number; readonly ballots: number }

/** What several stores share, as processes share a database. `heads`: how far each committee's journal has come. */
export type MemorySummaries = {
  readonly heads: Map<CommitteeId, Sequence>
  readonly kept: Map<CommitteeId, Kept>
  readonly history: Map<CommitteeId, Map<number, Step>>
  version: number
}

export const makeMemorySummaries = (committees: readonly CommitteeId[] = []): MemorySummaries => ({
  heads: new Map(committees.map((committee) => [committee, 0 as Sequence])),
  kept: new Map(),
  history: new Map(),
  version: 0,
})

/** The contract without a database: for tests of what stands on it. */
export function makeMemorySummaryStore(shared: MemorySummaries): SummaryStore {
  return {
    async save(summaries) {
      for (const summary of summaries) if (shared.heads.has(summary.committee)) keep(shared, summary)
      return ok()
    },
    async since(version, limit) {
      const newer = [...shared.kept.values()].filter((one) => one.version > version)
      return ok(newer.sort((a, b) => a.version - b.version).slice(0, limit))
    },
    async behind(limit) {
      const all = [...shared.heads].flatMap(([committee, head]): readonly Behind[] => {
        const kept = shared.kept.get(committee)?.summary.sequence ?? (0 as Sequence)
        return head > kept ? [{ committee, kept }] : []
      })
      return ok(all.sort((a, b) => (a.committee < b.committee ? -1 : 1)).slice(0, limit))
    },
    async curve(committees) {
      const histories = committees.flatMap((committee) => shared.history.get(committee) ?? [])
      const buckets = [...new Set(histories.flatMap((history) => [...history.keys()]))].sort((a, b) => a - b)
      const points = buckets.map((bucket) => {
        const then = histories.map((history) => stepAt(history, bucket))
        const sum = (of: 'attended' | 'ballots') => then.reduce((total, step) => total + (step?.[of] ?? 0), 0)
        return { at_ms: (bucket + 1) * bucket_ms, attended: sum('attended'), ballots: sum('ballots') }
      })
      return ok(points.slice(-curvePointsMax))
    },
  }
}

/** The last one up to that time. */
const stepAt = (history: ReadonlyMap<number, Step>, bucket: number): Step | undefined =>
  history.get(Math.max(...[...history.keys()].filter((one) => one <= bucket)))

function keep(shared: MemorySummaries, summary: CommitteeSummary): void {
  const { committee, sequence, attended, sheets, last_ms } = summary
  const known = shared.kept.get(committee)?.summary
  const isNewer = known === undefined || sequence > known.sequence
  if (isNewer || (sequence === known.sequence && JSON.stringify(known) !== JSON.stringify(summary))) {
    shared.version += 1
    shared.kept.set(committee, { summary, version: shared.version })
  }
  if (last_ms === undefined) return
  const history = shared.history.get(committee) ?? new Map<number, Step>()
  const bucket = Math.floor(last_ms / bucket_ms)
  if ((history.get(bucket)?.sequence ?? -1) <= sequence) {
    history.set(bucket, { sequence, attended, ballots: sheets.A?.ballots ?? 0 })
  }
  shared.history.set(committee, history)
}
