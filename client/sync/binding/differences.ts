import { createSignal } from 'solid-js'
import { type Choices, sameChoices } from '#contract/document/compare.ts'
import { type ClientId, type Sheet, sheets, type UserId } from '#contract/ids.ts'
import type { BallotSaid, BallotWatch } from './ballots.ts'

/** One sheet's ballot of a number that another sheet has otherwise. `corrected`: it was put right once, and that is final. */
export type DifferenceSide = {
  readonly sheet: Sheet
  readonly client: ClientId
  readonly index: number
  readonly user: UserId
  readonly choices: Choices
  readonly corrected: boolean
}

/** `key`: the same as long as neither side changes. `one` is the sheet that comes first by letter. */
export type SheetDifference = { readonly key: string; readonly n: number; readonly one: DifferenceSide; readonly other: DifferenceSide }

/** Two sheets and the ballot numbers at which they differ, ascending. */
export type DifferentPair = { readonly one: Sheet; readonly other: Sheet; readonly numbers: readonly number[] }

/** Where sheets of one box differ, by ballot number: what views see of it. */
export type Differences = {
  /** Pairs that differ anywhere, in the order of their letters. */
  pairs(): readonly DifferentPair[]
  at(one: Sheet, other: Sheet, n: number): SheetDifference | undefined
}

type Pair = { readonly one: Sheet; readonly other: Sheet; readonly numbers: number[] }

/**
 * Holds all sheets against each other as they are counted. The same as the contract's `compareSheets` says, but a ballot costs only
 * its own number: with 20,000 ballots on each of two sheets, comparing them whole after every tap would be felt. A number that a sheet
 * has not, or has twice, differs from nothing: nobody can say which ballot is meant.
 */
export function createDifferences(): Differences & { readonly watch: BallotWatch } {
  const standing = Object.fromEntries(sheets.map((sheet) => [sheet, new Map()])) as Record<Sheet, Map<number, Map<string, DifferenceSide>>>
  const pairs: readonly Pair[] = sheets.flatMap((one, place) => sheets.slice(place + 1).map((other) => ({ one, other, numbers: [] })))
  const [version, setVersion] = createSignal(0)

  const onlyOne = (sheet: Sheet, n: number): DifferenceSide | undefined => {
    const ballots = standing[sheet].get(n)
    return ballots?.size === 1 ? [...ballots.values()][0] : undefined
  }
  const find = (a: Sheet, b: Sheet, n: number): SheetDifference | undefined => {
    const [one, other] = [onlyOne(a, n), onlyOne(b, n)]
    if (one === undefined || other === undefined || sameChoices(one.choices, other.choices)) return undefined
    return { key: `${n}/${wordsOf(one)}/${wordsOf(other)}`, n, one, other }
  }
  /** Compares one number of one sheet with what the others have there. */
  function look(sheet: Sheet, n: number) {
    let changed = false
    for (const { one, other, numbers } of pairs) {
      if (one !== sheet && other !== sheet) continue
      const differs = find(one, other, n) !== undefined
      const place = placeOf(numbers, n)
      const differed = numbers[place] === n
      if (differs && !differed) numbers.splice(place, 0, n)
      if (!differs && differed) numbers.splice(place, 1)
      changed ||= differs || differed
    }
    if (changed) setVersion((before) => before + 1)
  }

  function says(sheet: Sheet, { choices, n, ...ballot }: BallotSaid) {
    const id = `${ballot.client}:${ballot.index}`
    const ballots = standing[sheet].get(n) ?? new Map<string, DifferenceSide>()
    if (choices === undefined) ballots.delete(id)
    else ballots.set(id, { sheet, choices, ...ballot })
    if (ballots.size > 0) standing[sheet].set(n, ballots)
    else standing[sheet].delete(n)
    look(sheet, n)
  }

  function forget(sheet: Sheet) {
    const numbers = [...standing[sheet].keys()]
    standing[sheet].clear()
    for (const n of numbers) look(sheet, n)
  }

  return {
    pairs: () => {
      version()
      return pairs.flatMap(({ one, other, numbers }) => (numbers.length === 0 ? [] : [{ one, other, numbers: [...numbers] }]))
    },
    at: (one, other, n) => {
      version()
      return find(one, other, n)
    },
    watch: { says, forget },
  }
}

const wordsOf = ({ sheet, client, index, choices }: DifferenceSide): string => `${sheet}${client}:${index}=${choices?.join('.') ?? '-'}`

/** Where `n` stands, or would stand, among ascending numbers. */
function placeOf(numbers: readonly number[], n: number): number {
  let from = 0
  let to = numbers.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if ((numbers[middle] ?? 0) < n) from = middle + 1
    else to = middle
  }
  return from
}
