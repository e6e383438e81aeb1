import type { Choices } from '#contract/document/compare.ts'
import type { CandidateNumber } from '#contract/ids.ts'
import { numeral, text } from '../../i18n/say.tsx'
import type { DifferenceSide, SheetDifference } from '../../sync/binding/differences.ts'
import { sheetLetter } from './sheet-letter.ts'

/** Candidates that stand on this side and not on the other. */
export const aloneOn = (choices: Choices, other: Choices): readonly CandidateNumber[] =>
  (choices ?? []).filter((candidate) => other === null || !other.includes(candidate))

/** Candidates on both. */
export const onBoth = (one: Choices, other: Choices): readonly CandidateNumber[] =>
  (one ?? []).filter((candidate) => other?.includes(candidate) === true)

const shown_max = 2

/** What a side has that the other has not, in as few letters as it can be said: `12`, `blank`, `—`. */
function shortSide(choices: Choices, other: Choices): string {
  if (choices === null) return text('count.invalid')
  if (choices.length === 0) return text('count.blank')
  const alone = aloneOn(choices, other)
  if (alone.length === 0) return '—'
  return alone.length > shown_max ? text('count.names', { n: alone.length }) : alone.map(numeral).join(' · ')
}

/** The places of a sentence about a difference: its number, the two letters and what each has. */
export const placesOf = ({ n, one, other }: SheetDifference) => ({
  n: numeral(n),
  one: sheetLetter(one.sheet),
  a: shortSide(one.choices, other.choices),
  other: sheetLetter(other.sheet),
  b: shortSide(other.choices, one.choices),
})

/** The words on the button that puts one's own ballot right. */
export function makeText({ choices, sheet }: DifferenceSide, mine: DifferenceSide): string {
  if (choices === null) return text('differ.make_invalid')
  if (choices.length === 0) return text('differ.make_blank')
  const [alone] = aloneOn(choices, mine.choices)
  const isSwap = alone !== undefined && aloneOn(choices, mine.choices).length === 1 && aloneOn(mine.choices, choices).length === 1
  return isSwap ? text('differ.make', { n: numeral(alone) }) : text('differ.make_as', { sheet: sheetLetter(sheet) })
}
