import * as Y from 'yjs'
import type { ClientId } from '#contract/ids.ts'
import { err, ok, type Result } from '#contract/result.ts'
import type { Block, DecodedUpdate, Id, Struct } from './decode.ts'
import { insideOf, type LiveDocument, type Standing, type Where } from './live.ts'

/** A struct the document does not have yet, and where it will stand. `known`: clock of it that the document already has. */
export type NewStruct = { readonly struct: Struct; readonly known: number; readonly where: Where }

/** What an update brings, and by whom: clients that have no new struct in it are not told. */
export type Resolved = { readonly found: readonly NewStruct[]; readonly clients: ReadonlySet<ClientId> }

/** A client's block on its way: `state` is its first clock that is new, `next` the struct to be placed next. */
type Progress = { readonly block: Block; readonly state: number; next: number; readonly placed: Where[] }

/** `malformed`: no honest client can have made it. `missing`: it builds on structs that neither the document nor the update has. */
type Unresolved = 'malformed' | 'missing'

/** Where a struct stands; or the client whose structs have to go first, by its number. */
type Placed = Where | number | Unresolved

/**
 * Finds root and key of every new struct, in an order in which each comes after what it builds on, as Yjs integrates them.
 * Iterative: a stack of clients, as deep as the update has blocks. A struct that names one of its own client's that is yet to
 * come, or a circle of structs, is malformed: Yjs would throw with half of it applied.
 */
export function resolveStructs(update: DecodedUpdate, live: LiveDocument): Result<Resolved, Unresolved> {
  const pending = new Map<number, Progress>()
  for (const block of update.blocks) {
    const state = live.stateOf(block.client)
    if (block.end <= state) continue
    if (block.clock > state) return err('missing')
    const next = block.structs.findIndex((struct) => struct.clock + struct.length > state)
    pending.set(block.client, { block, state, next, placed: [] })
  }

  const places = new Places(pending, live)
  const found: NewStruct[] = []
  for (const start of pending.keys()) {
    const stack = [start]
    const waiting = new Set(stack)
    while (stack.length > 0) {
      const client = stack[stack.length - 1] as number
      const first = places.advance(client, found, stack.length > 1)
      if (first === 'missing' || first === 'malformed') return err(first)
      if (first === undefined) {
        stack.pop()
        waiting.delete(client)
        continue
      }
      if (waiting.has(first)) return err('malformed')
      stack.push(first)
      waiting.add(first)
    }
  }
  return ok({ found, clients: new Set(pending.keys()) as ReadonlySet<number> as ReadonlySet<ClientId> })
}

/** Where the structs of an update stand, as far as it is known yet. */
class Places {
  private readonly pending: ReadonlyMap<number, Progress>
  private readonly live: LiveDocument
  /** The one that is being placed: what its structs build on is nearly always its own. */
  private current: Progress | undefined

  constructor(pending: ReadonlyMap<number, Progress>, live: LiveDocument) {
    this.pending = pending
    this.live = live
  }

  /**
   * Places the client's next structs, all of them or only `one`, and adds them to `found`. Answers the client that has to go first
   * before there can be more. Only one where somebody waits for it: what comes next here may in turn build on that one, as when two
   * people typed by turns.
   */
  advance(client: number, found: NewStruct[], one: boolean): number | Unresolved | undefined {
    const entry = this.pending.get(client) as Progress
    this.current = entry
    const { block, state, placed } = entry
    while (entry.next < block.structs.length) {
      const struct = block.structs[entry.next] as Struct
      const known = Math.max(0, state - struct.clock)
      const where = this.place(struct, known)
      if (typeof where === 'number' || where === 'missing' || where === 'malformed') return where
      placed[entry.next] = where
      entry.next += 1
      found.push({ struct, known, where })
      if (one) return undefined
    }
    return undefined
  }

  private place({ client, clock, item }: Struct, known: number): Placed {
    if (item === undefined) return 'dead'
    // The document has the first part of it: the rest stands behind that part, whatever the update says of its parent.
    const origin = known > 0 ? { client, clock: clock + known - 1 } : item.origin
    const parent = known > 0 ? undefined : item.parent
    const { rightOrigin } = item
    const from = clock + known
    if (isAtOrAfter(origin, client, from) || isAtOrAfter(rightOrigin, client, from)) return 'malformed'
    if (parent !== undefined) {
      if (!('root' in parent)) return isAtOrAfter(parent.item, client, from) ? 'malformed' : this.within(parent.item, item.key)
      return item.key === undefined ? { slot: 'sequence', root: parent.root, key: '' } : { slot: 'entry', root: parent.root, key: item.key }
    }
    const left = origin === undefined ? undefined : this.at(origin)
    if (typeof left === 'number' || left === 'missing') return left
    const right = rightOrigin === undefined ? left : this.at(rightOrigin)
    if (typeof right === 'number' || right === 'missing') return right
    if (left === 'dead' || right === 'dead') return 'dead'
    const beside = (left ?? right) as Standing
    const other = right as Standing
    // Yjs takes the parent from the left and links the right all the same: two lists would be tied together.
    if (beside !== other && (beside.root !== other.root || beside.key !== other.key || beside.slot !== other.slot)) return 'malformed'
    return beside
  }

  /** Where something stands whose parent the item with this id holds. */
  private within(id: Id, key: string | undefined): Placed {
    const holder = this.at(id)
    if (typeof holder === 'number' || holder === 'missing') return holder
    const holds = this.holds(id)
    return holds === 'nothing' ? 'malformed' : holds === 'deleted' ? 'dead' : insideOf(holder, key)
  }

  private progressOf(client: number): Progress | undefined {
    return this.current?.block.client === client ? this.current : this.pending.get(client)
  }

  /** Where the struct with this id stands. */
  private at(id: Id): Where | number | 'missing' {
    const entry = this.progressOf(id.client)
    if (id.clock < (entry?.state ?? this.live.stateOf(id.client))) return this.live.whereIs(this.live.structAt(id))
    if (entry === undefined || id.clock >= entry.block.end) return 'missing'
    const index = indexIn(entry.block, id.clock)
    if (index >= entry.next) return id.client
    return entry.placed[index] ?? 'dead'
  }

  /** Yjs reads `content.type` of a parent without looking: an item that holds no shared type would make it throw. */
  private holds(id: Id): 'shared' | 'deleted' | 'nothing' {
    if (id.clock < this.live.stateOf(id.client)) {
      const struct = this.live.structAt(id)
      if (!(struct instanceof Y.Item) || struct.content instanceof Y.ContentDeleted) return 'deleted'
      return struct.content instanceof Y.ContentType ? 'shared' : 'nothing'
    }
    const block = this.progressOf(id.client)?.block
    const content = block?.structs[indexIn(block, id.clock)]?.item?.content
    if (content === undefined || content.type === 'deleted') return 'deleted'
    return content.type === 'shared' ? 'shared' : 'nothing'
  }
}

const isAtOrAfter = (id: Id | undefined, client: number, clock: number): boolean =>
  id !== undefined && id.client === client && id.clock >= clock

/**
 * Index of the struct that covers `clock`; the structs are ascending without a hole and cover it. Each spans at least one clock, so
 * that there can be no more of them before or behind it than clocks: where each spans one, as most do, nothing is searched.
 */
function indexIn({ structs, clock: start, end }: Block, clock: number): number {
  let low = Math.max(0, structs.length - (end - clock))
  let high = Math.min(structs.length - 1, clock - start)
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((structs[middle] as Struct).clock <= clock) low = middle
    else high = middle - 1
  }
  return low
}
