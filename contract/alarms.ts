import { figureNames, figureSources } from './document/keys.ts'
import type { CommitteeOverview } from './events.ts'
import type { CommitteeId } from './ids.ts'
import type { Phase } from './rights.ts'
import type { CommitteeSummary, SheetSummary } from './summary.ts'

// What a supervisor has to look at, and in which order: a pure function of what the server says of a committee, and of the time.

/** What may be amiss in a committee, the most urgent first. */
export const alarmKinds = ['difference', 'nobody', 'check', 'conflict', 'aside', 'unsent', 'waiting'] as const
export type AlarmKind = (typeof alarmKinds)[number]

/** The state of a committee is one word: what is most urgent in it, else how far it is. */
export const committeeStates = [...alarmKinds, 'setup', 'canvass', 'polling', 'counting', 'complete', 'closed'] as const
export type CommitteeState = (typeof committeeStates)[number]

export type Alarm = {
  readonly kind: AlarmKind
  readonly committee: CommitteeId
  /** How many of them: conflicts and figures that differ, failed checks, edits, entries, figures. 1 where there can be only one. */
  readonly n: number
  /** Unix milliseconds since when, where the figures tell. */
  readonly since_ms?: number
}

/** What comes after this long without a row, with nobody there, is called nobody at work. */
export const nobody_ms = 600_000

/** Phones that are connected have a few edits on the way at any moment: only from so many on does it mean that something holds them up. */
export const unsentMin = 10

/** The sheet to go by: A, or the first that has a ballot. */
export function sheetToGoBy(summary: CommitteeSummary | undefined): SheetSummary | undefined {
  const { A, ...others } = summary?.sheets ?? {}
  return A ?? Object.values(others)[0]
}

/** Everybody whose ballot should be in the box: marks of electors, and walk-ins that were accepted. */
export const voted = (summary: CommitteeSummary | undefined): number => (summary?.attended ?? 0) + (summary?.walkins ?? 0)

/** Ballots there will be when the box is empty: as the form says, else as many as voted; never fewer than are counted. */
export function ballotsExpected(summary: CommitteeSummary | undefined): number {
  const { minute, announced } = summary?.figures ?? {}
  const said = minute?.values.ballots ?? announced?.values.ballots ?? voted(summary)
  return Math.max(said, sheetToGoBy(summary)?.ballots ?? 0)
}

type Judge = (of: CommitteeOverview, now_ms: number) => Omit<Alarm, 'kind' | 'committee'> | undefined

const some = (n: number | undefined) => (n === undefined || n === 0 ? undefined : { n })
const isOpen = (phase: Phase): boolean => phase === 'polling' || phase === 'counting'
const sum = (summary: CommitteeSummary | undefined, part: 'differ' | 'waiting'): number =>
  figureSources.reduce((total, source) => total + (summary?.figures[source][part] ?? 0), 0)

const judges: Readonly<Record<AlarmKind, Judge>> = {
  difference: ({ summary }) => (summary?.difference === undefined ? undefined : { n: 1 }),
  nobody({ entry, summary, people }, now_ms) {
    if (people > 0 || !isOpen(entry.phase)) return undefined
    const since_ms = summary?.last_ms
    // Without a row nobody has ever come: that is the same to whoever has to send somebody.
    if (since_ms === undefined) return { n: 1 }
    return now_ms - since_ms > nobody_ms && !isComplete(summary) ? { n: 1, since_ms } : undefined
  },
  check: ({ summary }) => some(summary?.flags_total),
  conflict: ({ summary }) => some((summary?.conflicts ?? 0) + sum(summary, 'differ')),
  aside: ({ aside }) => some(aside),
  unsent: ({ unsent, people }) => (unsent >= unsentMin || (people === 0 && unsent > 0) ? { n: unsent } : undefined),
  waiting: ({ summary }) => some(sum(summary, 'waiting')),
}

/** All that is amiss in a committee, the most urgent first. */
export function alarmsOf(of: CommitteeOverview, now_ms: number): readonly Alarm[] {
  return alarmKinds.flatMap((kind) => {
    const found = judges[kind](of, now_ms)
    return found === undefined ? [] : [{ kind, committee: of.entry.id, ...found }]
  })
}

/** Counted to the last ballot that the minute has, with no figure open. Checks that fail are alarms, and come before. */
export function isComplete(summary: CommitteeSummary | undefined): boolean {
  if (summary === undefined) return false
  const { minute } = summary.figures
  const ballots = minute.values.ballots
  const isRead = minute.waiting === 0 && minute.differ === 0 && minute.agreed + minute.resolved >= figureNames.length
  return isRead && ballots !== undefined && sheetToGoBy(summary)?.ballots === ballots
}

/** One word for a committee. */
export function stateOf(of: CommitteeOverview, alarms: readonly Alarm[]): CommitteeState {
  const [first] = alarms
  if (first !== undefined) return first.kind
  const { phase } = of.entry
  return phase === 'counting' && isComplete(of.summary) ? 'complete' : phase
}

/** How far a committee is, 0 to 1: of its electors who came, and once it counts, of its ballots how many are counted. */
export function progressOf({ entry, summary }: CommitteeOverview): number {
  const counts = entry.phase === 'counting' || entry.phase === 'closed'
  const [n, of] = counts ? [sheetToGoBy(summary)?.ballots ?? 0, ballotsExpected(summary)] : [summary?.attended ?? 0, entry.electors]
  return of === 0 ? 0 : Math.min(1, n / of)
}

const rank = new Map<AlarmKind, number>(alarmKinds.map((kind, at) => [kind, at]))
const rankOf = ({ kind }: Alarm): number => rank.get(kind) ?? alarmKinds.length

/** By urgency; of a kind those that have waited longest, then those of which that is not known, then by committee. */
export function byUrgency(one: Alarm, other: Alarm): number {
  const age = (one.since_ms ?? Infinity) - (other.since_ms ?? Infinity)
  return rankOf(one) - rankOf(other) || (Number.isNaN(age) ? 0 : age) || (one.committee < other.committee ? -1 : 1)
}
