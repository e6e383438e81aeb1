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

  /** Calls `visit` with every struct that meets `[clock, clock + length)`; the part above the known state is left to the caller. */
  eachIn(client: number, clock: number, length: number, visit: (struct: Y.Item | Y.GC) => void): void {
    const structs = this.doc.store.clients.get(client) as (Y.Item | Y.GC)[] | undefined
    const end = Math.min(clock + length, this.stateOf(client))
    if (structs === undefined || clock >= end) return
    for (let index = Y.findIndexSS(structs, clock); index < structs.length; index += 1) {
      const struct = structs[index] as Y.Item | Y.GC
      if (struct.id.clock >= end) return
      visit(struct)
    }
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

/** Where something stands whose parent is the shared type held by an item that stands `there`. */
export function insideOf(there: Where, key: string | null | undefined): Where {
  if (there === 'dead') return 'dead'
  return { slot: there.slot === 'entry' && (key === null || key === undefined) ? 'log' : 'foreign', root: there.root, key: there.key }
}
