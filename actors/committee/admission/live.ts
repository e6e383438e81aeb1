import * as Y from 'yjs'
import type { Id } from './decode.ts'

/**
 * Where a struct stands in the document. `entry`: the value of a key of a root map. `sequence`: in a root's own list (a text).
 * `log`: an element of the array under a key. `foreign`: anywhere else, where no row of the schema is. `dead`: its parent is gone.
 */
export type Where = Standing | 'dead'
export type Standing = { readonly slot: 'entry' | 'sequence' | 'log' | 'foreign'; readonly root: string; readonly key: string }

type SharedType = Y.AbstractType<unknown>

/** Reads the live document's struct store: what is there, where it stands, who follows it. Changes nothing. */
export class LiveDocument {
  readonly doc: Y.Doc
  // Finding a root's name is a search through all roots, and every committee with notes has hundreds.
  private readonly rootNames = new WeakMap<SharedType, string>()

  constructor(doc: Y.Doc) {
    this.doc = doc
  }

  /** First clock of the client that the document does not have. */
  stateOf(client: number): number {
    return Y.getState(this.doc.store, client)
  }

  /** The struct that covers this id; the id must be below `stateOf`. */
  structAt(id: Id): Y.Item | Y.GC {
    const structs = this.doc.store.clients.get(id.client) as (Y.Item | Y.GC)[]
    return structs[Y.findIndexSS(structs, id.clock)] as Y.Item | Y.GC
  }

  /** The structs of one client, to be asked for in ascending order. */
  walk(client: number): Walk {
    return new Walk(client, (this.doc.store.clients.get(client) ?? []) as (Y.Item | Y.GC)[], this.stateOf(client))
  }

  whereIs(struct: Y.Item | Y.GC): Where {
    if (!(struct instanceof Y.Item)) return 'dead'
    const parent = struct.parent as SharedType | null
    if (parent === null) return 'dead'
    const holder = parent._item
    if (holder === null) {
      const root = this.nameOf(parent)
      return struct.parentSub === null ? { slot: 'sequence', root, key: '' } : { slot: 'entry', root, key: struct.parentSub }
    }
    return insideOf(this.whereIs(holder), struct.parentSub)
  }

  /** The item that holds a key's value now, deleted or not. */
  entryAt(root: string, key: string): Y.Item | undefined {
    return this.doc.share.get(root)?._map.get(key)
  }

  /** The array under a key of a root map, or undefined. */
  logAt(root: string, key: string): Y.Array<unknown> | undefined {
    const content = this.entryAt(root, key)?.content
    return content instanceof Y.ContentType && content.type instanceof Y.Array ? content.type : undefined
  }

  lengthOf(root: string): number {
    return this.doc.share.get(root)?._length ?? 0
  }

  private nameOf(root: SharedType): string {
    const kept = this.rootNames.get(root)
    if (kept !== undefined) return kept
    const name = Y.findRootTypeKey(root)
    this.rootNames.set(root, name)
    return name
  }
}

/** A walk looks at so many by itself before it searches. */
const steps_max = 4

/**
 * Reads one client's structs from left to right, as a delete set's ranges lie. It looks at as few as it can: thousands of them lie
 * all over the memory, and to fetch one costs more than to judge it.
 */
export class Walk {
  readonly client: number
  /** First clock of the client that the document does not have. */
  readonly state: number
  private readonly structs: (Y.Item | Y.GC)[]
  private at = 0

  constructor(client: number, structs: (Y.Item | Y.GC)[], state: number) {
    this.client = client
    this.structs = structs
    this.state = state
  }

  /** Goes to the struct that covers `clock`; undefined where the document does not have it. */
  seek(clock: number): Y.Item | Y.GC | undefined {
    if (clock >= this.state) return undefined
    this.at = this.near(clock) ?? Y.findIndexSS(this.structs, clock)
    return this.structs[this.at]
  }

  /** The one behind it, where it begins before `end`. */
  next(end: number): Y.Item | Y.GC | undefined {
    const { id, length } = this.structs[this.at] as Y.Item | Y.GC
    if (id.clock + length >= end) return undefined
    this.at += 1
    return this.structs[this.at]
  }

  /** Each struct spans at least one clock: it lies at most as many structs ahead as clocks, and there it is where each spans one. */
  private near(clock: number): number | undefined {
    const ahead = clock - (this.structs[this.at] as Y.Item | Y.GC).id.clock
    if (ahead < 0) return undefined
    const furthest = Math.min(this.at + ahead, this.structs.length - 1)
    for (let index = furthest; index > furthest - steps_max && index >= this.at; index -= 1) {
      const { id, length } = this.structs[index] as Y.Item | Y.GC
      if (id.clock <= clock) return clock < id.clock + length ? index : undefined
    }
    return undefined
  }
}

/** Where something stands whose parent is the shared type held by an item that stands `there`. */
export function insideOf(there: Where, key: string | null | undefined): Where {
  if (there === 'dead') return 'dead'
  return { slot: there.slot === 'entry' && (key === null || key === undefined) ? 'log' : 'foreign', root: there.root, key: there.key }
}
