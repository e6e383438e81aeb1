import { createMemo } from 'solid-js'
import { checkCommittee } from '#contract/checks.ts'
import type { Tally } from '#contract/document/ballots.ts'
import { type FigureSource, figureSources } from '#contract/document/keys.ts'
import { type CandidateNumber, sheets } from '#contract/ids.ts'
import { figureRowKey } from '../../sync/binding/figures.ts'
import type { CommitteeSession, FigureRow } from '../../sync/committee-session.ts'
import { failedOf, failsAt, fieldState, type Place } from './field.ts'

/** The figures of a committee with what does not add up in them. Call under an owner. */
export function createFacts(committee: CommitteeSession) {
  const candidates = committee.election.candidates.map(({ number }) => number)
  const row = (source: FigureSource, figure: string): FigureRow | undefined => committee.figures[figureRowKey(source, figure)]
  const tallies = () =>
    Object.fromEntries(
      sheets.flatMap((sheet) => {
        const { votes, ...parts } = committee.tally(sheet)()
        const byCandidate = new Map(Object.entries(votes).map(([candidate, sum]) => [Number(candidate) as CandidateNumber, sum]))
        return parts.ballots === 0 ? [] : [[sheet, { ...parts, votes: byCandidate } satisfies Tally] as const]
      }),
    )
  const failed = createMemo(() =>
    failedOf(
      checkCommittee({
        choices_per_ballot: committee.election.choices_per_ballot,
        candidates,
        roll: committee.counts.registered,
        figure: (source, name) => row(source, name)?.value,
        sheets: tallies(),
      }),
    ),
  )
  const place = (source: FigureSource, figure: string): Place => ({
    source,
    row: row(source, figure),
    fails: failsAt(failed(), figure, source),
  })
  /** Our own word on a figure; undefined before there is one. */
  const ours = (figure: string): number | undefined => {
    const { attended, registered } = committee.counts
    const { ballots, valid, invalid, blank, votes } = committee.tally('A')()
    if (figure === 'registered') return registered
    if (figure === 'attended') return attended
    if (ballots === 0) return undefined
    const parts: Record<string, number> = { ballots, valid, invalid, blank }
    return parts[figure] ?? votes[Number(figure.slice(1))] ?? 0
  }
  return {
    failed,
    place,
    ours,
    oursFail: (figure: string) => failsAt(failed(), figure, 'ours').length > 0,
    state: (figure: string) =>
      fieldState(
        figureSources.map((source) => place(source, figure)),
        failsAt(failed(), figure, 'ours'),
      ),
  }
}
export type Facts = ReturnType<typeof createFacts>
