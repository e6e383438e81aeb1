import type { Candidate } from '#contract/api.ts'
import type { Totals } from '../sync/events/totals.ts'

/** `low` to `high`: share of the valid ballots, 0 to 1, when the boxes are empty. `open`: on either side of the last seat. */
export type Ranked = {
  readonly candidate: Candidate
  readonly rank: number
  readonly votes: number
  readonly low: number
  readonly high: number
  readonly open: boolean
}
/** `line`: the share between the last seat and the first without one; absent where all have a seat, or nothing is counted. */
export type Ranking = { readonly rows: readonly Ranked[]; readonly line?: number }

/** Two deviations: nineteen times in twenty, were the ballots in the boxes drawn by lot. */
const deviations = 2
/** They are not: people who vote in one room are alike. The deviation of clustered samples is taken as twice that of drawn ones. */
const clustering = 2

/**
 * Candidates by votes, and how far each may still move: as if the ballots in the boxes fell as those that are counted, give or take what
 * chance does. Never outside what can be: no vote is taken away, and a ballot in a box gives at most one.
 */
export function rankCandidates(candidates: readonly Candidate[], { votes, valid, counted, in_boxes }: Totals, seats: number): Ranking {
  const rest = counted === 0 ? in_boxes : in_boxes * (valid / counted)
  const all = valid + rest
  const ordered = candidates
    .map((candidate) => ({ candidate, votes: votes[candidate.number] ?? 0 }))
    .sort((one, other) => other.votes - one.votes || one.candidate.number - other.candidate.number)
  const last = ordered[seats - 1]
  const next = ordered[seats]
  const line = valid === 0 || last === undefined || next === undefined ? undefined : (last.votes + next.votes) / 2 / valid
  const rows = ordered.map((one, at): Ranked => {
    const share = valid === 0 ? 0 : one.votes / valid
    const give = valid === 0 ? 0 : deviations * clustering * Math.sqrt(rest * share * Math.max(0, 1 - share) * (1 + rest / valid))
    const likely = one.votes + share * rest
    const low = all === 0 ? 0 : Math.max(one.votes, likely - give) / all
    const high = all === 0 ? 0 : Math.min(one.votes + rest, likely + give) / all
    return { ...one, rank: at + 1, low, high, open: line !== undefined && low <= line && line <= high }
  })
  return line === undefined ? { rows } : { rows, line }
}
