import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import { beyond } from './ledger.ts'

// A backlog as several updates, each good by itself: what a phone brings back then arrives, and is told to be saved, piece by piece,
// and may be as large as it likes. What is cut is what Yjs would send as one update, but for two things, which the exchange after
// the last piece evens out:
//
// - A value of a map that was overwritten goes as one that stands, without its deletion: what overwrites it deletes it wherever it
//   is merged. With its deletion in this piece and its successor in the next, the key would be left without a value.
// - What was deleted of a note goes with the first piece. A deletion has no clock of its own, but the edit that made it has (see
//   `editNote`), and when that is durable the deletion must be.

/**
 * A twentieth of all edits make a piece, within these bounds, and no more bytes than a bad line carries in a few seconds: a line
 * that hears nothing for longer, no acknowledgement either, counts as dead.
 */
const shares = 20
const edits_min = 25
const edits_max = 500
const bytes_max = 32_768

type Struct = Y.Item | Y.GC
/** What goes whole. Of `struct` the part from `offset` on; `deleted`: with its deletion. */
type Unit = { readonly struct: Struct; readonly offset: number; readonly deleted: boolean }

/** Updates that bring, in this order, what a replica at `state` lacks; undefined where that is little, or not to be cut. */
export function cutPieces(doc: Y.Doc, state: ReadonlyMap<number, number>): readonly Uint8Array[] | undefined {
  const queues = [...doc.store.clients.keys()]
    .map((client) => new Queue(doc, client, state.get(client) ?? 0))
    .filter(({ left }) => left > 0)
    .sort((a, b) => b.client - a.client)
  const edits = queues.reduce((sum, { left }) => sum + left, 0)
  if (edits < 2 * edits_min || queues.some(({ units }) => units === undefined)) return undefined

  const size = Math.min(edits_max, Math.max(edits_min, Math.ceil(edits / shares)))
  const byClient = new Map(queues.map((queue) => [queue.client, queue]))
  const isThere = ({ client, clock }: Y.ID) => clock < (byClient.get(client)?.clock ?? Number.POSITIVE_INFINITY)
  const pieces: Piece[] = []
  for (let taken = -1; taken !== 0; ) {
    taken = 0
    for (const queue of queues) {
      for (let unit = queue.head; unit !== undefined && needsOf(unit).every(isThere); unit = queue.head) {
        if (pieces.at(-1)?.isFull(size) !== false) pieces.push(new Piece())
        pieces.at(-1)?.add(unit)
        queue.take(unit)
        taken += 1
      }
    }
  }
  if (queues.some(({ head }) => head !== undefined)) return undefined
  for (const note of new Set(queues.flatMap(({ notes }) => notes))) pieces[0]?.deleteOf(note, state)
  return pieces.map((piece) => piece.toUpdate())
}

/** What one client has beyond a state, unit by unit. */
class Queue {
  readonly client: number
  /** Undefined where something in it is none of what our documents hold. */
  readonly units: readonly Unit[] | undefined
  /** How many edits there are, at first. */
  readonly left: number
  /** Up to here they are taken. */
  clock: number
  #taken = 0

  constructor(doc: Y.Doc, client: number, from: number) {
    this.client = client
    this.clock = from
    const units = beyond(doc, client, from).map(({ struct, length }) => unitsOf(struct, struct.length - length))
    this.units = units.every((some) => some !== undefined) ? units.flat() : undefined
    this.left = Y.getState(doc.store, client) - from
  }

  get head(): Unit | undefined {
    return this.units?.[this.#taken]
  }

  get notes(): readonly Y.AbstractType<unknown>[] {
    return (this.units ?? []).flatMap(({ struct }) => (isOfNote(struct) ? [struct.parent as Y.AbstractType<unknown>] : []))
  }

  take({ struct }: Unit): void {
    this.#taken += 1
    this.clock = struct.id.clock + struct.length
  }
}

/** An update in the making. */
class Piece {
  readonly #blocks = new Map<number, { readonly clock: number; structs: number; readonly encoder: Y.UpdateEncoderV1 }>()
  readonly #deletes = new Map<number, { readonly clock: number; readonly length: number }[]>()
  #edits = 0
  #bytes = 0

  isFull(edits: number): boolean {
    return this.#edits >= edits || this.#bytes >= bytes_max
  }

  add({ struct, offset, deleted }: Unit): void {
    const { client, clock } = struct.id
    const block = this.#blocks.get(client) ?? { clock: clock + offset, structs: 0, encoder: new Y.UpdateEncoderV1() }
    this.#blocks.set(client, block)
    const before = encoding.length(block.encoder.restEncoder)
    struct.write(block.encoder, offset)
    block.structs += 1
    this.#bytes += encoding.length(block.encoder.restEncoder) - before
    this.#edits += struct.length - offset
    if (deleted) this.#delete(client, clock + offset, struct.length - offset)
  }

  /** What is deleted of a note, as far as a replica at `state` has it. */
  deleteOf(note: Y.AbstractType<unknown>, state: ReadonlyMap<number, number>): void {
    for (let item = note._start; item !== null; item = item.right) {
      const { client, clock } = item.id
      const length = Math.min(item.length, (state.get(client) ?? 0) - clock)
      if (item.deleted && length > 0) this.#delete(client, clock, length)
    }
  }

  #delete(client: number, clock: number, length: number): void {
    const ranges = this.#deletes.get(client) ?? []
    ranges.push({ clock, length })
    this.#deletes.set(client, ranges)
  }

  toUpdate(): Uint8Array {
    const encoder = encoding.createEncoder()
    encoding.writeVarUint(encoder, this.#blocks.size)
    for (const [client, { clock, structs, encoder: written }] of this.#blocks) {
      for (const number of [structs, client, clock]) encoding.writeVarUint(encoder, number)
      encoding.writeUint8Array(encoder, encoding.toUint8Array(written.restEncoder))
    }
    encoding.writeVarUint(encoder, this.#deletes.size)
    for (const [client, ranges] of this.#deletes) {
      for (const number of [client, ranges.length]) encoding.writeVarUint(encoder, number)
      for (const { clock, length } of ranges.toSorted((a, b) => a.clock - b.clock))
        for (const number of [clock, length]) encoding.writeVarUint(encoder, number)
    }
    return encoding.toUint8Array(encoder)
  }
}

const isOfNote = (struct: Struct): struct is Y.Item =>
  struct instanceof Y.Item && (struct.content instanceof Y.ContentString || struct.content instanceof Y.ContentDeleted)

/** What has to be there before this one. */
function needsOf({ struct }: Unit): readonly Y.ID[] {
  if (!(struct instanceof Y.Item)) return []
  const parent = (struct.parent as Y.AbstractType<unknown>)._item
  return [struct.origin, struct.rightOrigin, parent?.id, ...struckBy(struct)].filter((id) => id != null)
}

/** Only its author strikes a ballot, and whose a client is nobody knows before something of it is there: Yjs asks for no such order. */
function struckBy({ content, parentSub }: Y.Item): readonly Y.ID[] {
  if (parentSub !== null || !(content instanceof Y.ContentAny)) return []
  return content.arr.flatMap(({ void: struck }) => (Array.isArray(struck) ? [Y.createID(struck[0], 0)] : []))
}

/** One struct of the document as what goes whole, or undefined where we do not know how. */
function unitsOf(struct: Struct, offset: number): readonly Unit[] | undefined {
  if (!(struct instanceof Y.Item)) return [{ struct, offset, deleted: true }]
  const { content, parent, parentSub, deleted } = struct
  if (!(parent instanceof Y.AbstractType)) return undefined
  const isEntry = parentSub !== null
  if (content instanceof Y.ContentAny && (isEntry || !deleted)) {
    return slices(struct, content, offset, isEntry ? 1 : edits_min).map((slice) => ({ struct: slice, offset: 0, deleted: false }))
  }
  if (isEntry ? content instanceof Y.ContentType && !deleted : isOfNote(struct)) return [{ struct, offset, deleted }]
  return undefined
}

/** Values that follow each other, as Yjs would have them had they not been merged into one struct. */
function slices({ id, origin, rightOrigin, parent, parentSub }: Y.Item, { arr }: Y.ContentAny, offset: number, size: number): Y.Item[] {
  const found: Y.Item[] = []
  for (let at = offset; at < arr.length; at += size) {
    const left = at === 0 ? origin : Y.createID(id.client, id.clock + at - 1)
    const values = new Y.ContentAny(arr.slice(at, at + size))
    found.push(new Y.Item(Y.createID(id.client, id.clock + at), null, left, null, rightOrigin, parent, parentSub, values))
  }
  return found
}
