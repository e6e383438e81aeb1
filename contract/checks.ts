import type { Tally } from './document/ballots.ts'
import { compareTallies } from './document/compare.ts'
import { type FigureSource, figureSources } from './document/keys.ts'
import type { CandidateNumber, Sheet } from './ids.ts'

/** Where a number of a check comes from. `ours`: our count (sheet A) and our marks; `roll`: the electors on it. */
export type Origin = FigureSource | 'ours' | 'roll' | Sheet

/** One number of a sum. `what`: a figure's name, `v<candidate>`, or `votes`, the sum over all candidates. */
export type Term = { readonly what: string; readonly from: Origin; readonly value: number; readonly times?: number }

/** A sum written out: `terms` added up, compared with `right` (its value times `times`). */
export type Sum = { readonly terms: readonly Term[]; readonly relation: '=' | '≤'; readonly right: Term }

export const checkIds = [
  'counted-attended',
  'box-attended',
  'attended-registered',
  'kinds-box',
  'candidate-valid',
  'votes-choices',
  'sheets-agree',
  'sources-agree',
  'plausible',
] as const
export type CheckId = (typeof checkIds)[number]

/**
 * One check on one committee. `unknown`: a number it needs is not written yet, or people differ on it. A check that fails raises a
 * flag; it never stops anybody from writing.
 */
export type Check =
  | { readonly id: CheckId; readonly about: string; readonly verdict: 'unknown' }
  | { readonly id: CheckId; readonly about: string; readonly verdict: 'holds' | 'fails'; readonly sum: Sum }

export type CheckedFacts = {
  readonly choices_per_ballot: number
  readonly candidates: readonly CandidateNumber[]
  /** Active electors on the roll; 0: the roll is not here. */
  readonly roll: number
  /** The figure to go by, as `judgeFigure` gives it; undefined while there is none or people differ. */
  readonly figure: (source: FigureSource, name: string) => number | undefined
  /** Tallies of the sheets; one without a ballot is not a count yet. A is ours. */
  readonly sheets: Readonly<Partial<Record<Sheet, Tally>>>
}

const leftOf = (sum: Sum): number => sum.terms.reduce((total, { value, times = 1 }) => total + value * times, 0)
const rightOf = (sum: Sum): number => sum.right.value * (sum.right.times ?? 1)

/** Both sides of a sum as numbers. */
export const sidesOf = (sum: Sum): { readonly left: number; readonly right: number } => ({ left: leftOf(sum), right: rightOf(sum) })

const holds = (sum: Sum): boolean => (sum.relation === '=' ? leftOf(sum) === rightOf(sum) : leftOf(sum) <= rightOf(sum))

type Part = Term | undefined

/** A check over numbers of which some may not be known. */
function check(id: CheckId, about: string, terms: readonly Part[], relation: Sum['relation'], right: Part): Check {
  if (right === undefined || !terms.every((term) => term !== undefined)) return { id, about, verdict: 'unknown' }
  const sum: Sum = { terms, relation, right }
  return { id, about, verdict: holds(sum) ? 'holds' : 'fails', sum }
}

/** All checks of domain.md on one committee, in a fixed order: by source, then by check. */
export function checkCommittee(facts: CheckedFacts): readonly Check[] {
  return [...figureSources.flatMap((source) => checkSource(facts, source)), ...checkSheets(facts), ...checkAgreement(facts)]
}

const term = (what: string, from: Origin, value: number | undefined, times?: number): Part =>
  value === undefined ? undefined : { what, from, value, ...(times === undefined ? {} : { times }) }

const voteOf = (candidate: CandidateNumber): string => `v${candidate}`

/** Our own count, once there is a ballot in it. */
const oursOf = ({ sheets }: CheckedFacts): Tally | undefined => (sheets.A === undefined || sheets.A.ballots === 0 ? undefined : sheets.A)

function checkSource(facts: CheckedFacts, source: FigureSource): readonly Check[] {
  const said = (name: string, times?: number) => term(name, source, facts.figure(source, name), times)
  const roll = facts.roll === 0 ? undefined : term('registered', 'roll', facts.roll)
  return [
    check('counted-attended', source, [term('ballots', 'ours', oursOf(facts)?.ballots)], '≤', said('attended')),
    check('box-attended', source, [said('ballots')], '≤', said('attended')),
    check('attended-registered', source, [said('attended')], '≤', said('registered') ?? roll),
    check('kinds-box', source, [said('valid'), said('invalid'), said('blank')], '=', said('ballots')),
    ...facts.candidates.map((candidate) => check('candidate-valid', source, [said(voteOf(candidate))], '≤', said('valid'))),
    checkVotes(facts, source),
    ...checkPlausible(facts, source),
  ]
}

/** Votes already too many stay too many: this fails before the last candidate is written, and holds only after. */
function checkVotes({ candidates, choices_per_ballot, figure }: CheckedFacts, source: FigureSource): Check {
  const votes = candidates.map((candidate) => figure(source, voteOf(candidate)))
  const known = votes.filter((value) => value !== undefined)
  const sum = known.reduce((total, value) => total + value, 0)
  const valid = term('valid', source, figure(source, 'valid'), choices_per_ballot)
  const made = check('votes-choices', source, [term('votes', source, sum)], '≤', valid)
  const whole = known.length === votes.length && votes.length > 0
  return made.verdict === 'holds' && !whole ? { id: made.id, about: made.about, verdict: 'unknown' } : made
}

/** Names of the figures that count people or papers of this room, of which there cannot be more than the roll has electors. */
const countedNames = ['registered', 'attended', 'ballots', 'valid', 'invalid', 'blank'] as const

/** Rolls are mended until the day: a few more than ours may be, half as many again may not. */
const rollTolerance = 1.5

/** Whether a figure can be at all, whatever the others say. True where the roll is not here. `figure`: a name or `v<candidate>`. */
export function isPlausible(figure: string, value: number, roll: number): boolean {
  return roll === 0 || value <= plausibleMax(figure, roll)
}
const plausibleMax = (figure: string, roll: number): number => (figure === 'registered' ? Math.ceil(roll * rollTolerance) : roll)

function checkPlausible({ roll, candidates, figure }: CheckedFacts, source: FigureSource): readonly Check[] {
  return [...countedNames, ...candidates.map(voteOf)].flatMap((name) => {
    const value = figure(source, name)
    if (value === undefined || isPlausible(name, value, roll)) return []
    const most: Term = { what: 'registered', from: 'roll', value: roll, ...(name === 'registered' ? { times: rollTolerance } : {}) }
    return [check('plausible', source, [term(name, source, value)], '≤', most)]
  })
}

/**
 * Sheet A against every other that has a ballot: one check a part or candidate that differs, or one that says all are equal. While
 * one of them is behind, that alone is said: every candidate would differ, and nobody would look.
 */
function checkSheets({ sheets }: CheckedFacts): readonly Check[] {
  const { A, ...others } = sheets
  const checks = (Object.entries(others) as [Sheet, Tally][]).flatMap(([sheet, tally]): readonly Check[] => {
    if (A === undefined || tally.ballots === 0) return []
    const { parts, candidates } = compareTallies(A, tally)
    const ballots = { what: 'ballots', one: A.ballots, other: tally.ballots }
    const rest = [
      ...parts.map(({ of, ...sides }) => ({ what: of as string, ...sides })),
      ...candidates.map(({ of, ...sides }) => ({ what: voteOf(of), ...sides })),
    ]
    const shown = A.ballots !== tally.ballots || rest.length === 0 ? [ballots] : rest
    return shown.map(({ what, one, other }) => check('sheets-agree', sheet, [term(what, 'A', one)], '=', term(what, sheet, other)))
  })
  return checks.length > 0 ? checks : [{ id: 'sheets-agree', about: 'B', verdict: 'unknown' }]
}

/**
 * Our count, the announcement and the minute, two by two, figure by figure. Attendance is not compared with our marks. Our count is
 * held against a source once it has as many ballots as that source says; before that, only the number of ballots differs.
 */
function checkAgreement(facts: CheckedFacts): readonly Check[] {
  const ours = oursOf(facts)
  const names = [...countedNames, ...facts.candidates.map(voteOf)]
  return names.flatMap((name): readonly Check[] => {
    const said = (source: FigureSource) => term(name, source, facts.figure(source, name))
    const isWhole = (source: FigureSource) => name === 'ballots' || (ours?.ballots ?? 0) >= (facts.figure(source, 'ballots') ?? Infinity)
    const counted = (source: FigureSource) => (isWhole(source) ? term(name, 'ours', countedOf(ours, name)) : undefined)
    const between = (one: Part, other: Part) => check('sources-agree', name, [one], '=', other)
    const pairs = [
      between(said('announced'), said('minute')),
      between(counted('minute'), said('minute')),
      between(counted('announced'), said('announced')),
    ]
    const known = pairs.filter(({ verdict }) => verdict !== 'unknown')
    return known.length > 0 ? known : [{ id: 'sources-agree', about: name, verdict: 'unknown' }]
  })
}

function countedOf(ours: Tally | undefined, name: string): number | undefined {
  if (ours === undefined) return undefined
  if (name === 'ballots' || name === 'valid' || name === 'invalid' || name === 'blank') return ours[name]
  return name.startsWith('v') ? (ours.votes.get(Number(name.slice(1)) as CandidateNumber) ?? 0) : undefined
}
