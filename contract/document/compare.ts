import type { CandidateNumber } from '#contract/ids.ts'
import { type CountedBallot, type Tally, tallyBallots } from './ballots.ts'

/** What a ballot says: candidates ascending, [] blank, null invalid. */
export type Choices = readonly CandidateNumber[] | null

/** One sheet's side of a difference between two. */
export type Difference<What> = { readonly of: What; readonly one: number; readonly other: number }

export const tallyParts = ['ballots', 'valid', 'blank', 'invalid'] as const
export type TallyPart = (typeof tallyParts)[number]

/** Two sheets of the same box held against each other. `one` and `other`: in the order they were given. */
export type SheetComparison = {
  readonly one: Tally
  readonly other: Tally
  /** The parts in which they differ, in the order of `tallyParts`. */
  readonly parts: readonly Difference<TallyPart>[]
  /** The candidates whose votes differ, ascending. */
  readonly candidates: readonly Difference<CandidateNumber>[]
  /** The first ballot number that both have, once each, with other choices: where to look in the pile. */
  readonly first?: { readonly n: number; readonly one: Choices; readonly other: Choices }
  /** Numbers that stand more than once on a sheet, ascending: nobody can say which of those ballots the other sheet means. */
  readonly repeated: { readonly one: readonly number[]; readonly other: readonly number[] }
  /** Numbers compared, and numbers that only one of them has. */
  readonly compared: number
  readonly missing: { readonly one: readonly number[]; readonly other: readonly number[] }
}

type Numbered = { readonly once: ReadonlyMap<number, Choices>; readonly repeated: readonly number[] }

const ascending = (numbers: Iterable<number>): readonly number[] => [...numbers].sort((a, b) => a - b)

/** Ballots that count, by their number. Struck ones have no say. */
function byNumber(ballots: readonly CountedBallot[]): Numbered {
  const once = new Map<number, Choices>()
  const repeated = new Set<number>()
  for (const { n, choices } of ballots) {
    if (choices === undefined) continue
    if (once.has(n)) repeated.add(n)
    once.set(n, choices)
  }
  for (const n of repeated) once.delete(n)
  return { once, repeated: ascending(repeated) }
}

/** Choices are strictly ascending, so equal sets are equal lists. */
export function sameChoices(a: Choices, b: Choices): boolean {
  if (a === null || b === null) return a === b
  return a.length === b.length && a.every((candidate, index) => candidate === b[index])
}

/**
 * Compares two sheets: their totals, and ballot by ballot where both have the number once. The numbers are the counters' own, so a
 * sheet that is only ahead differs in the totals and at no ballot.
 */
export function compareSheets(one: readonly CountedBallot[], other: readonly CountedBallot[]): SheetComparison {
  const tallies = { one: tallyBallots(one), other: tallyBallots(other) }
  const numbered = { one: byNumber(one), other: byNumber(other) }
  const repeatedOn = new Map([numbered.one, numbered.other].map((side) => [side, new Set(side.repeated)]))
  const known = (side: Numbered, n: number) => side.once.has(n) || repeatedOn.get(side)?.has(n) === true
  const missingFrom = (side: Numbered, from: Numbered) => ascending([...from.once.keys()].filter((n) => !known(side, n)))
  const both = ascending([...numbered.one.once.keys()].filter((n) => numbered.other.once.has(n)))
  const pairs = both.map((n) => ({ n, one: numbered.one.once.get(n) ?? null, other: numbered.other.once.get(n) ?? null }))
  const first = pairs.find((pair) => !sameChoices(pair.one, pair.other))
  return {
    ...tallies,
    ...compareTallies(tallies.one, tallies.other),
    ...(first === undefined ? {} : { first }),
    repeated: { one: numbered.one.repeated, other: numbered.other.repeated },
    compared: both.length,
    missing: { one: missingFrom(numbered.one, numbered.other), other: missingFrom(numbered.other, numbered.one) },
  }
}

/** Where two tallies differ: parts in the order of `tallyParts`, candidates ascending. */
export function compareTallies(one: Tally, other: Tally): Pick<SheetComparison, 'parts' | 'candidates'> {
  const voted = ascending(new Set([...one.votes.keys(), ...other.votes.keys()])) as readonly CandidateNumber[]
  return {
    parts: tallyParts.flatMap((part) => differenceOf(part, one[part], other[part])),
    candidates: voted.flatMap((candidate) => differenceOf(candidate, one.votes.get(candidate) ?? 0, other.votes.get(candidate) ?? 0)),
  }
}

const differenceOf = <What>(of: What, one: number, other: number): readonly Difference<What>[] =>
  one === other ? [] : [{ of, one, other }]
