import type { Election } from '#contract/api.ts'
import { checkCommittee } from '#contract/checks.ts'
import type { Tally } from '#contract/document/ballots.ts'
import type { CommitteeOverview } from '#contract/events.ts'
import type { CandidateNumber } from '#contract/ids.ts'
import { failedOf } from '../committee/figures/field.ts'

/** The candidates on a committee's ballot paper. */
export const paperOf = (election: Election, { entry }: CommitteeOverview): Election['candidates'] =>
  election.candidates.filter(({ constituency }) => constituency === undefined || constituency === entry.constituency)

/** Checks that fail with their sums, worked out again from the figures of the summary: a flag only names them. */
export function failedChecks(election: Election, of: CommitteeOverview) {
  const { summary, entry } = of
  if (summary === undefined || summary.flags_total === 0) return []
  const sheets = Object.entries(summary.sheets).map(([sheet, { votes, ...parts }]) => {
    const byCandidate = new Map(Object.entries(votes).map(([candidate, n]) => [Number(candidate) as CandidateNumber, n]))
    return [sheet, { ...parts, votes: byCandidate } satisfies Tally] as const
  })
  return failedOf(
    checkCommittee({
      choices_per_ballot: election.choices_per_ballot,
      candidates: paperOf(election, of).map(({ number }) => number),
      roll: entry.electors,
      figure: (source, name) => summary.figures[source].values[name],
      sheets: Object.fromEntries(sheets),
    }),
  )
}
