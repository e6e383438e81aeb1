import * as Y from 'yjs'
import type { PresenceState } from '#contract/presence.ts'
import type { Selection } from './typing.ts'

type Cursor = NonNullable<PresenceState['cursor']>

/** The caret stays behind the letter it stood behind, as it does in the field of who types. */
const behind = -1
const before = 0

/** A selection as positions that stay at their letters, whatever others write. */
export function cursorAt(text: Y.Text, { anchor, head }: Selection): Cursor {
  // What is selected does not grow by what others put at its edges.
  const [forAnchor, forHead] = anchor < head ? [before, behind] : anchor > head ? [behind, before] : [behind, behind]
  const position = (index: number, side: number) =>
    Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(text, Math.min(index, text.length), side))
  return { anchor: position(anchor, forAnchor), head: position(head, forHead) }
}

/**
 * Where that is in the text as it stands here. Undefined where it cannot be said: the letter has not arrived yet, stands in another
 * text, or what came is no position. Nothing of it is trusted: asked for a root it does not know, Yjs would make it.
 */
export function placeOf(text: Y.Text, name: string, cursor: Cursor): Selection | undefined {
  const anchor = indexOf(text, name, cursor.anchor)
  const head = indexOf(text, name, cursor.head)
  return anchor === undefined || head === undefined ? undefined : { anchor, head }
}

function indexOf(text: Y.Text, name: string, position: unknown): number | undefined {
  const { doc } = text
  if (doc === null || typeof position !== 'object' || position === null) return undefined
  const { item, tname, assoc } = position as Readonly<Record<string, unknown>>
  if (assoc !== behind && assoc !== before) return undefined
  if (item === undefined || item === null) return tname === name ? (assoc === behind ? 0 : text.length) : undefined
  const { client, clock } = item as Readonly<Record<string, unknown>>
  if (!isWhole(client) || !isWhole(clock) || clock >= Y.getState(doc.store, client)) return undefined
  const there = Y.createRelativePositionFromJSON({ item: { client, clock }, assoc })
  const found = Y.createAbsolutePositionFromRelativePosition(there, doc, false)
  return found?.type === text ? found.index : undefined
}

const isWhole = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
