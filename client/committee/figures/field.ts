import { type Check, type CheckId, checkIds } from '#contract/checks.ts'
import type { FigureStatus } from '#contract/document/figures.ts'
import type { FigureSource } from '#contract/document/keys.ts'
import type { FigureRow } from '../../sync/committee-session.ts'

/** One figure of one source, and the failed checks that point at it. */
export type Place = { readonly source: FigureSource; readonly row: FigureRow | undefined; readonly fails: readonly FailedCheck[] }
export type FailedCheck = Extract<Check, { sum: unknown }>

/**
 * What the chip of a field says: the most urgent of its sources. `checked`: a check within one source points at its figure; `apart`:
 * two sources, or two sheets, do not agree on it.
 */
export type FieldState =
  | { readonly state: 'checked' | 'apart'; readonly id: CheckId }
  | { readonly state: Exclude<FigureStatus, 'none'>; readonly source: FigureSource; readonly row: FigureRow }
  | { readonly state: 'none' }

/** Which side of a failed sum it points at; `none`: at no single figure. */
export const points: Record<CheckId, 'left' | 'right' | 'both' | 'none'> = {
  'counted-attended': 'right',
  'box-attended': 'left',
  'attended-registered': 'left',
  'kinds-box': 'right',
  'candidate-valid': 'left',
  'votes-choices': 'none',
  'sheets-agree': 'left',
  'sources-agree': 'both',
  plausible: 'left',
}

/** Checks that hold two whole accounts against each other: what they find is two answers, and stands at its figure only. */
export const isBetween = ({ id }: Pick<FailedCheck, 'id'>): boolean => id === 'sources-agree' || id === 'sheets-agree'

/** Failed checks that stand above the table, their sum written out. */
export const isForAll = (check: FailedCheck): boolean => !isBetween(check) && check.id !== 'plausible'

export const failedOf = (checks: readonly Check[]): readonly FailedCheck[] =>
  checks.filter((check): check is FailedCheck => check.verdict === 'fails')

/** Failed checks that point at one figure. `from`: a source, or `ours`, which a difference between sheets points at as well. */
export function failsAt(failed: readonly FailedCheck[], figure: string, from: FigureSource | 'ours'): readonly FailedCheck[] {
  return failed.filter(({ id, sum }) => {
    const side = points[id]
    const at = [...(side === 'left' || side === 'both' ? sum.terms : []), ...(side === 'right' || side === 'both' ? [sum.right] : [])]
    return at.some((term) => term.what === figure && (term.from === from || (from === 'ours' && term.from === 'A')))
  })
}

const urgency: Record<FieldState['state'], number> = { checked: 6, differ: 5, apart: 4, waiting: 3, resolved: 2, agreed: 1, none: 0 }
const byImportance = (a: CheckId, b: CheckId): number => checkIds.indexOf(a) - checkIds.indexOf(b)

/** Of two sources equally urgent the minute speaks: it is what is signed. `ours`: checks that point at our own count. */
export function fieldState(places: readonly Place[], ours: readonly FailedCheck[]): FieldState {
  const failed = [...places.flatMap(({ fails }) => fails), ...ours].map(({ id }) => id).sort(byImportance)
  const checked = failed.map((id): FieldState => ({ state: isBetween({ id }) ? 'apart' : 'checked', id }))
  const said = places.flatMap(({ source, row }): FieldState[] =>
    row === undefined || row.status === 'none' ? [] : [{ state: row.status, source, row }],
  )
  // Of equals the last: the minute comes after the announcement; and the first of the checks, which therefore stand reversed.
  const all = [...checked.reverse(), ...said]
  return all.reduce<FieldState>((most, state) => (urgency[state.state] >= urgency[most.state] ? state : most), { state: 'none' })
}

/** What a field keeps of what was typed: digits; a zero is a figure, leading zeros are none. */
export const figureTyped = (latin: string): string =>
  latin
    .replace(/\D/g, '')
    .replace(/^0+(?=\d)/, '')
    .slice(0, 7)

export const figureFrom = (typed: string): number | undefined => (typed === '' ? undefined : Number(typed))
