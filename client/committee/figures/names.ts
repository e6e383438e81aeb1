import type { Election } from '#contract/api.ts'
import type { Term } from '#contract/checks.ts'
import { figureNames, figureSources } from '#contract/document/keys.ts'
import { candidateName, nameParts } from '../../i18n/names.ts'
import { numeral, text } from '../../i18n/say.tsx'

const isNamed = (figure: string): figure is (typeof figureNames)[number] => (figureNames as readonly string[]).includes(figure)

/** A figure's name: a word, or a candidate by number and family name. */
export function figureName(committee: { readonly election: Pick<Election, 'candidates'> }, figure: string): string {
  if (isNamed(figure)) return text(`figures.${figure}`)
  if (figure === 'votes') return text('figures.votes')
  const number = figure.slice(1)
  const candidate = committee.election.candidates.find((one) => String(one.number) === number)
  if (candidate === undefined) return numeral(number)
  const { given, last } = nameParts(candidateName(candidate))
  return text('figures.candidate', { n: numeral(number), name: `${given} ${last}` })
}

/** Where a number of a sum comes from. */
export function originName(from: Term['from']): string {
  if (from === 'ours' || from === 'roll') return text(`figures.${from}`)
  const source = figureSources.find((one) => one === from)
  return source === undefined
    ? text('count.sheet', { sheet: text(`count.letter_${from as 'A' | 'B' | 'C' | 'D'}`) })
    : text(`figures.${source}`)
}
