import type { Confirmation, Strength } from '#contract/document/values.ts'
import { strengths } from '../../design/strength.tsx'
import type { ConflictRow } from '../../sync/binding/conflicts.ts'

export const confirmations = ['pending', 'confirmed', 'unreachable'] as const satisfies readonly Confirmation[]

/** How a third answer is given: one of a few, by a word, a number or a time; undefined: there are only the two. */
export type ThirdAnswer =
  | { readonly by: 'choice'; readonly values: readonly string[] }
  | { readonly by: 'text'; readonly field: 'group' | 'quick_note' }
  | { readonly by: 'figure' }
  | { readonly by: 'time' }

export function thirdAnswer({ root, parts, values }: Pick<ConflictRow, 'root' | 'parts' | 'values'>): ThirdAnswer | undefined {
  const others = (all: readonly string[]): ThirdAnswer | undefined => {
    const left = all.filter((one) => !values.some(({ value }) => value === one))
    return left.length === 0 ? undefined : { by: 'choice', values: left }
  }
  if (root === 'figures') return { by: 'figure' }
  switch (parts.field) {
    case 'strength':
      return others(strengths)
    case 'confirmation':
      return others(confirmations)
    case 'group':
    case 'quick_note':
      return { by: 'text', field: parts.field }
    case 'follow_up':
      return { by: 'time' }
    default:
      return undefined // withdrawn or not, accepted or not, wrong or not
  }
}

/** What the field's own rule says: of strengths the stronger. The other fields have none, and nothing is made up for them. */
export function byRule({ parts, values }: Pick<ConflictRow, 'parts' | 'values'>): Strength | undefined {
  if (parts.field !== 'strength') return undefined
  const said = strengths.filter((strength) => values.some(({ value }) => value === strength))
  return said.at(-1)
}
