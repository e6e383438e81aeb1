import * as Y from 'yjs'
import type { ClientId } from '#contract/ids.ts'
import { err, ok, type Result } from '#contract/result.ts'
import type { Block, DecodedUpdate, Id, Struct } from './decode.ts'
import { insideOf, type LiveDocument, type Where } from './live.ts'

/** A struct the document does not have yet, and where it will stand. `known`: clock of it that the document already has. */
export type NewStruct = { readonly struct: Struct; readonly known: number; readonly where: Where }

/** A client's block on its way: `state` is its first clock that is new, `next` the struct to be placed next. */
type Progress = { readonly block: Block; readonly state: number; next: number; readonly placed: Where[] }

/** `malformed`: no honest client can have made it. `missing`: it builds on structs that neither the document nor the update has. */
type Unresolved = 'malformed' | 'missing'

/**
 * Finds root and key of every new struct, in an order in which each comes after what it builds on, as Yjs integrates them.
 * Iterative: a stack of clients, as deep as the update has blocks. A struct that names one of its own client's that is yet to
 * come, or a circle of structs, is malformed: Yjs would throw with half of it applied.
 */
export function resolveStructs(update: DecodedUpdate, live: LiveDocument): Result<readonly NewStruct[], Unresolved> {
  const pending = new Map<number, Progress>()
  for (const block of update.blocks) {
    const state = live.stateOf(block.client)
    if (block.end <= state) continue
    if (block.clock > state) return err('missing')
    const next = block.structs.findIndex((struct) => struct.clock + struct.length > state)
    pending.set(block.client, { block, state, next, placed: [] })
  }

  const found: NewStruct[] = []

  /** Where the struct with this id stands; a client's number when that client has to go first. */
  const placeOf = (id: Id): Where | { first: number } | 'missing' => {
    const entry = pending.get(id.client)
    if (id.clock < (entry?.state ?? live.stateOf(id.client))) return live.whereIs(live.structAt(id))
    if (entry === undefined || id.clock >= entry.block.end) return 'missing'
    const index = indexIn(entry.block.structs, id.clock)
    if (index >= entry.next) return { first: id.client }
    return entry.placed[index] ?? 'dead'
  }

  /** Yjs reads `content.type` of a parent without looking: an item that holds no shared type would make it throw. */
  const holderOf = (id: Id): 'shared' | 'deleted' | 'nothing' => {
    if (id.clock < live.stateOf(id.client)) {
      const struct = live.structAt(id)
      if (!(struct instanceof Y.Item) || struct.content instanceof Y.ContentDeleted) return 'deleted'
      return struct.content instanceof Y.ContentType ? 'shared' : 'nothing'
    }
    const structs = pending.get(id.client)?.block.structs ?? []
    const content = structs[indexIn(structs, id.clock)]?.item?.content
    if (content === undefined || content.type === 'deleted') return 'deleted'
    return content.type === 'shared' ? 'shared' : 'nothing'
  }

  for (const start of pending.keys()) {
    const stack = [start]
    const waiting = new Set(stack)
    while (stack.length > 0) {
      const client = stack[stack.length - 1] as number
      const entry = pending.get(client) as Progress
      const struct = entry.block.structs[entry.next]
      if (struct === undefined) {
        stack.pop()
        waiting.delete(client)
        continue
      }
      const known = Math.max(0, entry.state - struct.clock)
      const where = placeStruct(struct, known, placeOf, holderOf)
      if (where === 'missing' || where === 'malformed') return err(where)
      if (typeof where === 'object' && 'first' in where) {
        if (waiting.has(where.first)) return err('malformed')
        stack.push(where.first)
        waiting.add(where.first)
        continue
      }
      entry.placed[entry.next] = where
      entry.next += 1
      found.push({ struct, known, where })
      // Back to whoever waited for it: what comes next here may in turn build on that one, as when two people typed by turns.
      if (stack.length > 1) {
        stack.pop()
        waiting.delete(client)
      }
    }
  }
  return ok(found)
}

const isAtOrAfter = (id: Id | undefined, client: number, clock: number): boolean =>
  id !== undefined && id.client === client && id.clock >= clock

function placeStruct(
  { client, clock, item }: Struct,
  known: number,
  placeOf: (id: Id) => Where | { first: number } | 'missing',
  holderOf: (id: Id) => 'shared' | 'deleted' | 'nothing',
): Where | { first: number } | Unresolved {
  if (item === undefined) return 'dead'
  // The document has the first part of it: the rest stands behind that part, whatever the update says of its parent.
  const origin = known > 0 ? { client, clock: clock + known - 1 } : item.origin
  const parent = known > 0 ? undefined : item.parent
  const { rightOrigin } = item
  const from = clock + known
  if (isAtOrAfter(origin, client, from) || isAtOrAfter(rightOrigin, client, from)) return 'malformed'
  if (parent !== undefined && 'item' in parent && isAtOrAfter(parent.item, client, from)) return 'malformed'
  if (parent !== undefined) {
    if ('root' in parent) {
      return item.key === undefined ? { slot: 'sequence', root: parent.root, key: '' } : { slot: 'entry', root: parent.root, key: item.key }
    }
    const holder = placeOf(parent.item)
    if (holder === 'missing') return 'missing'
    if (typeof holder === 'object' && 'first' in holder) return holder
    const holds = holderOf(parent.item)
    return holds === 'nothing' ? 'malformed' : holds === 'deleted' ? 'dead' : insideOf(holder, item.key)
  }
  const left = origin === undefined ? undefined : placeOf(origin)
  const right = rightOrigin === undefined ? undefined : placeOf(rightOrigin)
  for (const side of [left, right]) {
    if (side === 'missing') return 'missing'
    if (typeof side === 'object' && 'first' in side) return side
  }
  if (left === 'dead' || right === 'dead') return 'dead'
  const beside = (left ?? right) as Exclude<Where, 'dead'>
  const other = (right ?? left) as Exclude<Where, 'dead'>
  // Yjs takes the parent from the left and links the right all the same: two lists would be tied together.
  if (beside.root !== other.root || beside.key !== other.key || beside.slot !== other.slot) return 'malformed'
  return beside
}

/** Index of the struct that covers `clock`; the structs are ascending without a hole and cover it. */
function indexIn(structs: readonly Struct[], clock: number): number {
  let low = 0
  let high = structs.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((structs[middle] as Struct).clock <= clock) low = middle
    else high = middle - 1
  }
  return low
}

/** Whose structs these are. They come client by client, by long stretches. */
export function clientsOf(found: readonly NewStruct[]): ReadonlySet<ClientId> {
  const clients = new Set<ClientId>()
  let last: number | undefined
  for (const { struct } of found) {
    if (struct.client !== last) clients.add(struct.client as ClientId)
    last = struct.client
  }
  return clients
}
