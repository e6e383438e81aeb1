import type { LiveDocument } from '#actors/committee/admission/live.ts'
import { type Conflict, isConflict } from '#contract/document/conflicts.ts'
import { findPlace } from '#contract/document/schema.ts'
import type { ClientId, UserId } from '#contract/ids.ts'
import type { AuthorOf } from './book.ts'
import { standing } from './detector.ts'
import { entriesRoot } from './watched.ts'

/** What the document says at an entry's key, as far as it has the shape. */
export function entryAt(live: LiveDocument, key: string): Conflict | undefined {
  const value = standing(live, { path: entriesRoot, key })?.value
  return isConflict(value) ? value : undefined
}

/** All of them. O(keys). */
export function* entriesOf(live: LiveDocument): Iterable<readonly [string, Conflict]> {
  for (const key of live.doc.share.get(entriesRoot)?._map.keys() ?? []) {
    const entry = entryAt(live, key)
    if (entry !== undefined) yield [key, entry]
  }
}

/**
 * Whose a value is: the owner's of its client. What was kept aside and admitted is in a client of the server's, and nobody's by that: a
 * ruling names its author, and a field of a guarantee is put down to the collector whose it is.
 */
export const makeAuthorOf =
  (ownerOf: (client: ClientId) => UserId | undefined): AuthorOf =>
  ({ client, value }, { path, key }) => {
    const owner = ownerOf(client)
    if (owner !== undefined) return owner
    const named = typeof value === 'object' && value !== null && 'by' in value ? value.by : undefined
    if (typeof named === 'number') return named as UserId
    const place = findPlace(path, key)
    return (typeof place === 'string' ? undefined : place.parts.user) ?? (0 as UserId)
  }
