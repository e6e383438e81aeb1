import type { Touch } from '#actors/journal/store.ts'
import { conflictKey, parseConflictKey } from '#contract/document/conflicts.ts'
import { assert } from '#contract/result.ts'

/** Root of the entries themselves. */
export const entriesRoot = 'conflicts'

const withRulings: ReadonlySet<string> = new Set(['attendance', 'walkins', 'figures'])

/** Whether the last writer wins there, so that a race loses a value: the fields of guarantees, and rulings. */
export const isWatched = ({ path, key }: Touch): boolean =>
  path === 'guarantees' ? key !== '' : withRulings.has(path) && key.endsWith('/#')

/** The key of a place's entry. */
export const placeOf = ({ path, key }: Touch): string => conflictKey(path, key)

export function touchOf(at: string): Touch {
  const place = parseConflictKey(at)
  assert(place !== undefined, 'an entry is of a place')
  return { path: place.root, key: place.key }
}
