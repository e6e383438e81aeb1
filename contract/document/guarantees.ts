import type * as Y from 'yjs'
import type { ElectorSerial, UserId } from '#contract/ids.ts'
import { type GuaranteeField, guaranteeFields, keyOf, keyParser } from './keys.ts'
import { type Facts, type GuaranteeValues, isGuaranteeValue } from './values.ts'

/** One collector's pledge for one elector: the fields that have been written. */
export type Guarantee = { readonly collector: UserId } & Partial<GuaranteeValues>

export type GuaranteesRoot = Y.Map<unknown>
export const guaranteesRoot = (doc: Y.Doc): GuaranteesRoot => doc.getMap('guarantees')

export const parseGuaranteeKey = keyParser('<elector>/<user>/<field>')

// A reader has no roll at hand, and what stands in the document was judged with it; the shape is all it asks.
const anyFacts: Facts = { hasElector: () => true, hasCandidate: () => true, choices_per_ballot: Number.MAX_SAFE_INTEGER }

/** A pledge stands when a strength or a confirmation is written and it is not withdrawn. */
export function stands(guarantee: Guarantee): boolean {
  return guarantee.withdrawn !== true && ((guarantee.strength ?? null) !== null || (guarantee.confirmation ?? null) !== null)
}

/** The pledges of one elector, ascending by collector. */
export function readGuarantee(root: GuaranteesRoot, elector: ElectorSerial, collector: UserId): Guarantee {
  const guarantee: Record<string, unknown> = { collector }
  for (const field of guaranteeFields) {
    const value = root.get(keyOf.guarantee(elector, collector, field))
    if (value !== undefined && isGuaranteeValue(value, { field }, anyFacts)) guarantee[field] = value
  }
  return guarantee as Guarantee
}

/** The whole root, pledges per elector ascending by collector. O(keys): for a first reading; afterwards follow `keysChanged`. */
export function readGuarantees(root: GuaranteesRoot): Map<ElectorSerial, readonly Guarantee[]> {
  const collectors = new Map<ElectorSerial, Set<UserId>>()
  for (const key of root.keys()) {
    const place = parseGuaranteeKey(key)
    if (place?.elector === undefined || place.user === undefined) continue
    const set = collectors.get(place.elector) ?? new Set()
    collectors.set(place.elector, set.add(place.user))
  }
  return new Map(
    [...collectors].map(([elector, users]) => [
      elector,
      [...users].sort((a, b) => a - b).map((collector) => readGuarantee(root, elector, collector)),
    ]),
  )
}

/** Guaranteed and not yet attended, ascending: who to phone or fetch now. */
export function strikeList(
  guarantees: ReadonlyMap<ElectorSerial, readonly Guarantee[]>,
  attended: { has(elector: ElectorSerial): boolean },
): readonly ElectorSerial[] {
  return [...guarantees]
    .filter(([elector, pledges]) => pledges.some(stands) && !attended.has(elector))
    .map(([elector]) => elector)
    .sort((a, b) => a - b)
}

/** Writes one field of a pledge; null empties it. */
export function writeGuarantee<Field extends GuaranteeField>(
  root: GuaranteesRoot,
  elector: ElectorSerial,
  collector: UserId,
  field: Field,
  value: GuaranteeValues[Field],
): void {
  root.set(keyOf.guarantee(elector, collector, field), value)
}
