import * as Y from 'yjs'
import { findPlace, type Place, refuseWriter, type Writer } from '#contract/document/schema.ts'
import type { ClientId } from '#contract/ids.ts'
import type { RefusalCode } from '#contract/refusals.ts'
import type { Id, Struct } from './decode.ts'
import type { LiveDocument, Standing } from './live.ts'
import type { KeyWrite } from './standing.ts'

/** All that an update does at one place of the document: looked up once, however often it is written. */
export class Spot {
  readonly root: string
  readonly key: string
  readonly place: Place | 'unknown-root' | 'bad-key'
  touched = false
  /** A word on what others wrote: a ruling's place, or a log that strikes another person's ballot. */
  rules = false
  /** Something that the update writes here may not be. */
  refused = false
  /** New values of a map's key, in the order of merging; of a key of `ballots`, empty: that there is a log now. */
  writes: KeyWrite[] | undefined
  /** How many characters longer a note gets. */
  grown = 0
  private readonly live: LiveDocument
  private asked: { readonly client: ClientId; readonly code: RefusalCode | undefined } | undefined
  /** The end of the log behind what this update has appended to it so far. */
  private tail: Id | undefined
  private length = 0

  constructor(root: string, key: string, live: LiveDocument) {
    this.root = root
    this.key = key
    this.place = findPlace(root, key)
    this.live = live
  }

  /** May this client of the writer write here at all? Asked of one client after the other, and of each for thousands of structs. */
  refusesWriter(writer: Writer, client: ClientId): RefusalCode | undefined {
    if (typeof this.place === 'string') return this.place
    if (this.asked?.client !== client) this.asked = { client, code: refuseWriter(this.place, writer, client) }
    return this.asked.code
  }

  hasEntry(): boolean {
    return this.live.entryAt(this.root, this.key) !== undefined
  }

  /** Whether the entry with this id (none: the beginning) is the last of the log. */
  isTail(origin: Id | undefined): boolean {
    if (this.tail !== undefined) return origin !== undefined && this.tail.client === origin.client && this.tail.clock === origin.clock
    if (origin === undefined) return (this.live.logAt(this.root, this.key)?._start ?? null) === null
    if (origin.clock >= this.live.stateOf(origin.client)) return false
    const item = this.live.structAt(origin)
    return item instanceof Y.Item && item.right === null && item.lastId.clock === origin.clock
  }

  /** Moves the end; answers the log's length. */
  append({ client, clock, length }: Struct, known: number): number {
    if (this.tail === undefined) this.length = this.live.logAt(this.root, this.key)?.length ?? 0
    this.tail = { client, clock: clock + length - 1 }
    this.length += length - known
    return this.length
  }
}

/** The places an update touches, each once. */
export class Spots {
  /** In the order they were met. */
  readonly all: Spot[] = []
  private readonly live: LiveDocument
  private readonly byRoot = new Map<string, Map<string, Spot>>()
  // A struct takes the `where` of its neighbour: most of them are found by it, without their names.
  private readonly byWhere = new Map<Standing, Spot>()

  constructor(live: LiveDocument) {
    this.live = live
  }

  at(where: Standing): Spot {
    let spot = this.byWhere.get(where)
    if (spot === undefined) {
      spot = this.named(where)
      this.byWhere.set(where, spot)
    }
    return spot
  }

  private named({ slot, root, key }: Standing): Spot {
    const name = slot === 'sequence' ? '' : key
    let keys = this.byRoot.get(root)
    if (keys === undefined) {
      keys = new Map()
      this.byRoot.set(root, keys)
    }
    let spot = keys.get(name)
    if (spot === undefined) {
      spot = new Spot(root, name, this.live)
      keys.set(name, spot)
      this.all.push(spot)
    }
    return spot
  }
}
