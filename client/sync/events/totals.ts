import { ballotsExpected, isComplete, sheetToGoBy, voted } from '#contract/alarms.ts'
import type { CommitteeOverview } from '#contract/events.ts'
import { type Phase, phases } from '#contract/rights.ts'

/** How far committees are; `complete` is counted to the end, and open still. */
export const stages = [...phases, 'complete'] as const
type Stage = Phase | 'complete'

const parts = [
  'committees',
  'working',
  'electors',
  'attended',
  'guaranteed',
  'strike',
  'counted',
  'valid',
  'blank',
  'invalid',
  'in_boxes',
  'not_voted',
] as const
type Part = (typeof parts)[number]

/**
 * Many committees as one. `in_boxes`: ballots of people who voted that are not counted yet; `not_voted`: electors who have not come, while
 * their committee is open; `working`: committees in which somebody is.
 */
export type Totals = Readonly<Record<Part, number>> & {
  readonly stages: Readonly<Record<Stage, number>>
  /** By candidate's number. */
  readonly votes: Readonly<Record<string, number>>
}

const none = Object.fromEntries(parts.map((part) => [part, 0])) as Record<Part, number>
const noStages = Object.fromEntries(stages.map((stage) => [stage, 0])) as Record<Stage, number>
export const noTotals: Totals = { ...none, stages: noStages, votes: {} }

/** What one committee adds. */
export function totalsOf({ entry, summary, people }: CommitteeOverview): Totals {
  const sheet = sheetToGoBy(summary)
  const stage: Stage = entry.phase === 'counting' && isComplete(summary) ? 'complete' : entry.phase
  const isOpen = entry.phase !== 'closed' && stage !== 'complete'
  return {
    committees: 1,
    working: people > 0 ? 1 : 0,
    electors: entry.electors,
    attended: voted(summary),
    guaranteed: summary?.guaranteed ?? 0,
    strike: summary?.strike ?? 0,
    counted: sheet?.ballots ?? 0,
    valid: sheet?.valid ?? 0,
    blank: sheet?.blank ?? 0,
    invalid: sheet?.invalid ?? 0,
    in_boxes: ballotsExpected(summary) - (sheet?.ballots ?? 0),
    not_voted: isOpen ? Math.max(0, entry.electors - (summary?.attended ?? 0)) : 0,
    stages: { ...noStages, [stage]: 1 },
    votes: sheet?.votes ?? {},
  }
}

/** `sign` −1 takes away what was added before: the totals of a thousand committees follow the change of one. */
export function addTotals(one: Totals, other: Totals, sign: 1 | -1 = 1): Totals {
  const votes: Record<string, number> = { ...one.votes }
  for (const [candidate, count] of Object.entries(other.votes)) {
    const sum = (votes[candidate] ?? 0) + sign * count
    if (sum === 0) delete votes[candidate]
    else votes[candidate] = sum
  }
  return {
    ...(Object.fromEntries(parts.map((part) => [part, one[part] + sign * other[part]])) as Record<Part, number>),
    stages: Object.fromEntries(stages.map((stage) => [stage, one.stages[stage] + sign * other.stages[stage]])) as Record<Stage, number>,
    votes,
  }
}
