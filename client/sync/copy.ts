import * as Y from 'yjs'
import type { CommitteeId } from '#contract/ids.ts'
import { beyond, type Ledger, rootOf, total } from './ledger.ts'

// Unsent work as something a person can carry away: for a device that has no room, or keeps nothing.

/** One value written, as it stands in the document. `key`: of the map it is in, or of the log; a note has none. */
type CopiedEdit = { readonly root: string; readonly key?: string; readonly value: unknown }

export type CommitteeCopy = {
  readonly committee: CommitteeId
  readonly unsent: number
  /** For reading. */
  readonly edits: readonly CopiedEdit[]
  /** For a machine: a Yjs update (V1) in base64. Applied to the committee's document it adds exactly these edits, also twice. */
  readonly update: string
}

/** What of the own clients is not in a committed row. Others' work is left out: it came from the server. */
export function copyUnsent(doc: Y.Doc, ledger: Ledger): Copied {
  const known = Y.decodeStateVector(Y.encodeStateVector(doc))
  const edits: CopiedEdit[] = []
  for (const { client, durable } of ledger.records()) {
    if (!known.has(client)) continue
    known.set(client, Math.min(durable, known.get(client) ?? 0))
    edits.push(...editsOf(doc, client, durable))
  }
  return { unsent: total(ledger.count()), edits, update: base64(Y.encodeStateAsUpdate(doc, Y.encodeStateVector(known))) }
}

type Copied = Pick<CommitteeCopy, 'unsent' | 'edits' | 'update'>

/** Of the document in use, first, and of those in which something was left behind; the first one's count has these in it. */
export function joinCopies([first, ...left]: readonly [Copied, ...Copied[]]): Copied {
  if (left.length === 0) return first
  const updates = [first, ...left].map(({ update }) => Uint8Array.from(atob(update), (letter) => letter.charCodeAt(0)))
  return { unsent: first.unsent, edits: [first, ...left].flatMap(({ edits }) => edits), update: base64(Y.mergeUpdates(updates)) }
}

function editsOf(doc: Y.Doc, client: number, durable: number): CopiedEdit[] {
  return beyond(doc, client, durable).flatMap(({ struct, length }) => {
    if (!(struct instanceof Y.Item) || !(struct.parent instanceof Y.AbstractType) || struct.content instanceof Y.ContentType) return []
    const root = rootOf(struct.parent)
    const values = struct.content.getContent().slice(-length) as unknown[]
    if (root.startsWith('note/')) return [{ root, value: values.join('') }]
    const key = struct.parentSub ?? struct.parent._item?.parentSub ?? undefined
    return values.map((value) => ({ root, ...(key === undefined ? {} : { key }), value }))
  })
}

function base64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}
