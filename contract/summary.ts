import type * as Y from 'yjs'
import { type CheckedFacts, type CheckId, checkCommittee } from './checks.ts'
import { attendanceRoot, hasAttended, readAttendance } from './document/attendance.ts'
import { ballotsRoot, type CountedBallot, countBallots, readLogs, type Tally, tallyBallots } from './document/ballots.ts'
import { compareSheets } from './document/compare.ts'
import { type Conflict, conflictsRoot, isOpen, readConflicts } from './document/conflicts.ts'
import { type FigureStatus, figuresRoot, readFigure } from './document/figures.ts'
import { guaranteesRoot, readGuarantees, stands, strikeList } from './document/guarantees.ts'
import { type FigureSource, figureNames, figureSources, keyParser } from './document/keys.ts'
import type { Facts } from './document/values.ts'
import { isAccepted, readWalkins, walkinsRoot } from './document/walkins.ts'
import { type CandidateNumber, type CommitteeId, type ElectorSerial, type Sequence, type Sheet, sheets } from './ids.ts'

/** Figures of one sheet; `votes` by candidate's number. */
export type SheetSummary = {
  readonly ballots: number
  readonly valid: number
  readonly blank: number
  readonly invalid: number
  readonly votes: Readonly<Record<string, number>>
}

/** Figures of one source: how many of the form's fields are in which state, and what is said of those that are known. */
export type SourceSummary = {
  readonly waiting: number
  readonly agreed: number
  readonly differ: number
  readonly resolved: number
  /** By the figure's name or `v<candidate>`; only those that are known (one said, agreed or ruled). */
  readonly values: Readonly<Record<string, number>>
}

/** A flag: a check that fails, and of what. At most 20 of a committee; `flags_total` has their number. */
export type Flag = { readonly id: CheckId; readonly about: string }

/** What one committee's document says, as a pure function of it and of its facts: the same on every process. */
export type CommitteeSummary = {
  readonly committee: CommitteeId
  /** The row it was worked out at. */
  readonly sequence: Sequence
  /** Electors with a standing mark, and walk-ins that were accepted. */
  readonly attended: number
  readonly walkins: number
  /** Electors with a standing pledge, and those of them who have not attended. */
  readonly guaranteed: number
  readonly strike: number
  /** Only sheets that have a ballot. */
  readonly sheets: Readonly<Partial<Record<Sheet, SheetSummary>>>
  /** The first ballot at which two sheets differ. */
  readonly difference?: { readonly n: number; readonly one: Sheet; readonly other: Sheet }
  readonly figures: Readonly<Record<FigureSource, SourceSummary>>
  readonly flags: readonly Flag[]
  readonly flags_total: number
  /** Open conflicts, and the elector of the oldest of them where it is about one. */
  readonly conflicts: number
  readonly conflict_elector?: ElectorSerial
  /** Unix milliseconds of the last row of a person, by the database; absent before the first. */
  readonly last_ms?: number
}

/** What the roll and the ballot paper say of a committee, as far as a summary asks. `roll`: active electors. */
export type SummaryFacts = {
  readonly roll: number
  readonly candidates: readonly CandidateNumber[]
  readonly choices_per_ballot: number
}

/** All that a committee's actor has to know of the roll and the paper. */
export type CommitteeFacts = Facts & SummaryFacts

/** Of which committee, at which row, and when a person last wrote. */
export type SummaryAt = Pick<CommitteeSummary, 'committee' | 'sequence' | 'last_ms'>

/** Flags a summary names; the rest are only counted. */
const flagsMax = 20

/**
 * The summary of a document, worked out from the beginning. O(document): for who reads a committee once. Whoever follows one uses
 * actors/overview/summarizer, which comes to the same, change by change.
 */
export function summarize(doc: Y.Doc, at: SummaryAt, facts: SummaryFacts): CommitteeSummary {
  const attendance = readAttendance(attendanceRoot(doc))
  const attended = new Set([...attendance].filter(([, one]) => hasAttended(one)).map(([elector]) => elector))
  const guarantees = readGuarantees(guaranteesRoot(doc))
  const open = readConflicts(conflictsRoot(doc)).filter(({ conflict }) => isOpen(conflict))
  const ballots = sheets.map((sheet) => countBallots(readLogs(ballotsRoot(doc), sheet)))
  const figures = figuresRoot(doc)
  return composeSummary(at, facts, {
    attended: attended.size,
    walkins: readWalkins(walkinsRoot(doc)).filter(isAccepted).length,
    guaranteed: [...guarantees.values()].filter((pledges) => pledges.some(stands)).length,
    strike: strikeList(guarantees, attended).length,
    tallies: ballots.map(tallyBallots),
    difference: firstDifference(ballots),
    figure: (source, name) => readFigure(figures, source, name),
    conflicts: open.length,
    oldestConflict: oldestOf(open),
  })
}

/** What a summary is made of, however it was come by. */
export type SummaryParts = Pick<CommitteeSummary, 'attended' | 'walkins' | 'guaranteed' | 'strike' | 'conflicts'> & {
  /** In the order of `sheets`. */
  readonly tallies: readonly Tally[]
  readonly difference: CommitteeSummary['difference']
  readonly figure: (source: FigureSource, name: string) => { readonly status: FigureStatus; readonly value: number | undefined }
  /** Key of the open conflict that began first. */
  readonly oldestConflict: string | undefined
}

export function composeSummary(at: SummaryAt, facts: SummaryFacts, parts: SummaryParts): CommitteeSummary {
  const { tallies, difference, oldestConflict } = parts
  const counted = Object.fromEntries(sheets.flatMap((sheet, place) => tallyOf(sheet, tallies[place])))
  const failed = checkCommittee({ ...facts, figure: (source, name) => parts.figure(source, name).value, sheets: counted })
    .filter(({ verdict }) => verdict === 'fails')
    .map(({ id, about }): Flag => ({ id, about }))
  const elector = oldestConflict === undefined ? undefined : electorOfConflict(oldestConflict)
  return {
    committee: at.committee,
    sequence: at.sequence,
    attended: parts.attended,
    walkins: parts.walkins,
    guaranteed: parts.guaranteed,
    strike: parts.strike,
    sheets: Object.fromEntries(Object.entries(counted).map(([sheet, tally]) => [sheet, sheetSummary(tally)])),
    ...(difference === undefined ? {} : { difference }),
    figures: Object.fromEntries(
      figureSources.map((source) => [source, sourceSummary(source, facts, parts)]),
    ) as CommitteeSummary['figures'],
    flags: failed.slice(0, flagsMax),
    flags_total: failed.length,
    conflicts: parts.conflicts,
    ...(elector === undefined ? {} : { conflict_elector: elector }),
    ...(at.last_ms === undefined ? {} : { last_ms: at.last_ms }),
  }
}

const tallyOf = (sheet: Sheet, tally: Tally | undefined): readonly [Sheet, Tally][] =>
  tally === undefined || tally.ballots === 0 ? [] : [[sheet, tally]]

const sheetSummary = ({ ballots, valid, blank, invalid, votes }: Tally): SheetSummary => ({
  ballots,
  valid,
  blank,
  invalid,
  votes: Object.fromEntries([...votes].filter(([, count]) => count > 0)),
})

/** The fields of the form: those every form has, and one for each candidate of the paper. */
export const formFields = ({ candidates }: Pick<CheckedFacts, 'candidates'>): readonly string[] => [
  ...figureNames,
  ...candidates.map((candidate) => `v${candidate}`),
]

function sourceSummary(source: FigureSource, facts: SummaryFacts, { figure }: SummaryParts): SourceSummary {
  const states = { waiting: 0, agreed: 0, differ: 0, resolved: 0 }
  const values: Record<string, number> = {}
  for (const name of formFields(facts)) {
    const { status, value } = figure(source, name)
    if (status !== 'none') states[status] += 1
    if (value !== undefined) values[name] = value
  }
  return { ...states, values }
}

/** Every two sheets, in the order in which they are compared. */
export const sheetPairs: readonly (readonly [one: number, other: number])[] = sheets.flatMap((_one, one) =>
  sheets.slice(one + 1).map((_other, place) => [one, one + 1 + place] as const),
)

function firstDifference(ballots: readonly (readonly CountedBallot[])[]): CommitteeSummary['difference'] {
  const firsts = sheetPairs.map((pair) => compareSheets(ballots[pair[0]] ?? [], ballots[pair[1]] ?? []).first?.n)
  return earliestDifference(firsts)
}

/** Of the first numbers at which each two sheets differ, in the order of `sheetPairs`. */
export function earliestDifference(firsts: readonly (number | undefined)[]): CommitteeSummary['difference'] {
  const n = Math.min(...firsts.map((first) => first ?? Infinity))
  const [one, other] = sheetPairs[firsts.indexOf(n)] ?? []
  if (one === undefined || other === undefined) return undefined
  return { n, one: sheets[one] as Sheet, other: sheets[other] as Sheet }
}

/** It began when its second value came. */
export const beganAt = ({ values }: Conflict): number => values[1]?.at_s ?? values[0]?.at_s ?? 0

function oldestOf(open: readonly { readonly at: string; readonly conflict: Conflict }[]): string | undefined {
  return open.toSorted((a, b) => beganAt(a.conflict) - beganAt(b.conflict) || (a.at < b.at ? -1 : 1))[0]?.at
}

const parseElectorPlaces = ['guarantees/<elector>/<user>/<field>', 'attendance/<elector>/#'].map(keyParser)

const electorOfConflict = (at: string): ElectorSerial | undefined =>
  parseElectorPlaces.map((parse) => parse(at)?.elector).find((elector) => elector !== undefined)
