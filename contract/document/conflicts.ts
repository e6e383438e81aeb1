import type * as Y from 'yjs'
import { parseUserId, type UserId } from '#contract/ids.ts'
import { sameValue } from './statements.ts'

// Two people wrote one key without having seen each other's value. Yjs keeps one of the two and forgets the other; the server
// writes both down here, and a person decides.

/** One of the values that raced. `at_s`: unix seconds of its row, by the database. `id`: its Yjs item, `<client>:<clock>`. */
export type ConflictValue = { readonly value: unknown; readonly by: UserId; readonly at_s: number; readonly id: string }

/**
 * `values`: one of each branch, in the order their rows came; the standing one is among them while it is open. `resolved`: by whom,
 * when, with what; absent while it is open, and `values` are then those it had. A new race on the same key begins anew.
 */
export type Conflict = {
  readonly values: readonly ConflictValue[]
  readonly resolved?: { readonly by: UserId; readonly at_s: number; readonly value: unknown }
}

/** Values of one conflict; over it the oldest that does not stand is left off. */
export const conflictValuesMax = 8

/** `<root>/<key>`: roots of maps have no slash in their names, so the first one divides. */
export const conflictKey = (root: string, key: string): string => `${root}/${key}`

export type ConflictPlace = { readonly root: string; readonly key: string }

export function parseConflictKey(text: string): ConflictPlace | undefined {
  const slash = text.indexOf('/')
  return slash <= 0 ? undefined : { root: text.slice(0, slash), key: text.slice(slash + 1) }
}

export type ConflictsRoot = Y.Map<unknown>
export const conflictsRoot = (doc: Y.Doc): ConflictsRoot => doc.getMap('conflicts')

export const isOpen = ({ resolved }: Conflict): boolean => resolved === undefined

/** What stands there, as far as it has the shape: a reader trusts no row it has not checked. */
export function readConflict(root: ConflictsRoot, at: string): Conflict | undefined {
  const value = root.get(at)
  return isConflict(value) ? value : undefined
}

export function isConflict(value: unknown): value is Conflict {
  if (!isFields(value) || !Array.isArray(value.values)) return false
  return value.values.every(isConflictValue) && (value.resolved === undefined || isResolved(value.resolved))
}

/** All of them in the order of their keys, which is the same on every replica. O(keys). */
export function readConflicts(root: ConflictsRoot): readonly (ConflictPlace & { readonly at: string; readonly conflict: Conflict })[] {
  return [...root.keys()].sort().flatMap((at) => {
    const place = parseConflictKey(at)
    const conflict = readConflict(root, at)
    return place === undefined || conflict === undefined ? [] : [{ ...place, at, conflict }]
  })
}

/** Whether two entries say the same, whoever wrote them down. */
export const sameConflict = (one: Conflict, other: Conflict): boolean =>
  one.values.length === other.values.length &&
  one.values.every((value, place) => sameValue(value, other.values[place])) &&
  sameValue(one.resolved, other.resolved)

const isFields = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const isTime = (value: unknown): boolean => typeof value === 'number' && value >= 0
const isConflictValue = (value: unknown): boolean =>
  isFields(value) && 'value' in value && parseUserId(value.by).ok && isTime(value.at_s) && typeof value.id === 'string'
const isResolved = (value: unknown): boolean => isFields(value) && 'value' in value && parseUserId(value.by).ok && isTime(value.at_s)
