import type { Elector } from '#contract/api.ts'
import type { ElectorSerial } from '#contract/ids.ts'
import type { CommitteeSession } from '../../sync/committee-session.ts'
import { followUpOf, isStanding, rankOf, strongest } from './guarantee.ts'

// Lists over all of the roll. They read the stores unwrapped, 5,000 rows at a time, and are made anew by the session's `revision`.

export const rollFilters = ['all', 'attended', 'absent', 'guaranteed', 'mine'] as const
export type RollFilter = (typeof rollFilters)[number]

type Rows = Pick<CommitteeSession, 'attendance' | 'guarantees'>
type Test = (elector: Elector, rows: Rows) => boolean

const hasAttended: Test = ({ serial }, { attendance }) => attendance[serial]?.attended === true
const isGuaranteed: Test = ({ serial }, { guarantees }) => guarantees[serial]?.some(isStanding) === true

const tests: Record<RollFilter, Test> = {
  all: () => true,
  attended: hasAttended,
  // Who is struck from the roll cannot come any more.
  absent: (elector, rows) => elector.active && !hasAttended(elector, rows),
  guaranteed: isGuaranteed,
  mine: ({ serial }, { attendance, guarantees }) =>
    guarantees[serial]?.some((row) => row.mine && isStanding(row)) === true ||
    attendance[serial]?.witnesses.some((witness) => witness.mine) === true,
}

/** The electors that pass; the same list where all do. */
export function filterRoll(electors: readonly Elector[], filter: RollFilter, rows: Rows): readonly Elector[] {
  return filter === 'all' ? electors : electors.filter((elector) => tests[filter](elector, rows))
}

/** Guaranteed and not yet attended: the surest first, of those the one to be called soonest, then by number. */
export function absentees(electors: readonly Elector[], rows: Rows, mine: boolean): readonly Elector[] {
  const pledges = ({ serial }: Elector) => rows.guarantees[serial] ?? []
  return electors
    .filter((elector) => isGuaranteed(elector, rows) && !hasAttended(elector, rows))
    .filter((elector) => !mine || pledges(elector).some((row) => row.mine && isStanding(row)))
    .map((elector) => ({
      elector,
      rank: rankOf(strongest(pledges(elector))),
      follow_up: followUpOf(pledges(elector)) ?? Number.POSITIVE_INFINITY,
    }))
    .sort((a, b) => b.rank - a.rank || inOrder(a.follow_up, b.follow_up) || a.elector.serial - b.elector.serial)
    .map(({ elector }) => elector)
}

/** Serials of the last marks by anyone, newest first; two witnesses of one elector are one, at the later time. */
export function latestMarks(attendance: Rows['attendance'], most: number): readonly ElectorSerial[] {
  const latest: { readonly serial: ElectorSerial; readonly at_s: number }[] = []
  for (const [serial, row] of Object.entries(attendance)) {
    const at_s = Math.max(...(row?.witnesses ?? []).map((witness) => witness.at_s)) // of none: before everything
    const isFull = latest.length === most
    if (at_s === Number.NEGATIVE_INFINITY || (isFull && at_s < (latest.at(-1)?.at_s ?? 0))) continue
    latest.push({ serial: Number(serial) as ElectorSerial, at_s })
    latest.sort((a, b) => b.at_s - a.at_s || b.serial - a.serial)
    if (isFull) latest.pop()
  }
  return latest.map(({ serial }) => serial)
}

/** Two without a time are equal: infinity less infinity is no number. */
const inOrder = (a: number, b: number): number => (a === b ? 0 : a - b)
