import * as Y from 'yjs'
import type { Seal, Touch } from '#actors/journal/store.ts'
import { documentSchema, findPlace, type Place, refuseValue, refuseWriter, type Writer } from '#contract/document/schema.ts'
import type { Facts } from '#contract/document/values.ts'
import type { ClientId, UserId } from '#contract/ids.ts'
import type { Limits } from '#contract/limits.ts'
import type { RefusalCode } from '#contract/refusals.ts'
import type { Right } from '#contract/rights.ts'
import type { DeleteRange, Id } from './decode.ts'
import type { LiveDocument, Where } from './live.ts'
import { overlap, RangeSet } from './ranges.ts'
import type { NewStruct } from './resolve.ts'
import { type KeyWrite, lastWrite } from './standing.ts'

/** What an update is judged against besides the document. */
export type Judge = {
  readonly writer: Writer
  readonly facts: Facts
  readonly limits: Limits
  /** Whose client that is, where it is known. */
  readonly ownerOf: (client: ClientId) => UserId | undefined
  /** How many clients the writer has written with, or had sealed. */
  readonly clients: number
  /** Clients that have ended here. */
  readonly seals?: ReadonlyMap<ClientId, Pick<Seal, 'clock'>>
}

/** Something that may not be: a new struct, or (without one) what all of an update does to a place or with a client. */
export type Objection = { readonly code: RefusalCode; readonly path: string; readonly key: string; readonly at?: NewStruct }

/** Deletions can be objected to more often than there are structs; nobody reads so many. */
const objections_max = 20_000

/**
 * Judges every new struct and every new deletion by the schema table. Answers what the update touches, or why it may not:
 * the update is refused whole, so the document never holds half of what somebody meant.
 */
export function authorize(
  found: readonly NewStruct[],
  deletes: readonly DeleteRange[],
  live: LiveDocument,
  asked: Judge,
): { touches: readonly Touch[]; objections: readonly Objection[] } {
  const own = new Set(found.map(({ struct }) => struct.client))
  const judge = { ...asked, ownerOf: ownerAfter(own, asked) }
  const touches = new Map<string, Touch>()
  const objections: Objection[] = []
  const refuse = (code: RefusalCode, path: string, key: string, at?: NewStruct): void => {
    if (objections.length < objections_max) objections.push(at === undefined ? { code, path, key } : { code, path, key, at })
  }
  const touch = (path: string, key: string): void => {
    touches.set(`${path}\0${key}`, { path, key })
  }
  const deleted = new RangeSet(deletes)
  const entries = new Map<string, Written>()
  const logs = new LogTails(live)
  const noteGrowth = new Map<string, number>()
  refuseClients(own, asked, refuse)

  for (const at of found) {
    const { struct, known, where } = at
    if (struct.item === undefined) continue
    if (where === 'dead') {
      // Yjs reads what is in it before it throws it away, and some of that it cannot read.
      if (struct.item.content.type === 'foreign') refuse('bad-value', '', '', at)
      continue
    }
    const { slot, root, key } = where
    const place = findPlace(root, slot === 'sequence' ? '' : key)
    if (typeof place === 'string') {
      refuse(place, root, key, at)
      continue
    }
    const code =
      refuseWriter(place, judge.writer, struct.client as ClientId) ??
      (slot === 'entry'
        ? judgeEntry(place, struct, known, where, live, entries, deleted, judge)
        : slot === 'log'
          ? judgeLog(place, struct, known, where, logs, deleted, judge)
          : slot === 'sequence'
            ? judgeText(place, struct, known, root, deleted, noteGrowth, judge)
            : 'bad-value')
    if (code !== undefined) refuse(code, root, key, at)
    touch(root, key)
  }

  for (const { root, key, writes } of entries.values())
    if (!standsStill(live.entryAt(root, key), writes, deleted)) refuse('bad-value', root, key)

  for (const range of deletes) {
    live.eachIn(range.client, range.clock, range.length, (struct) => {
      if (struct.deleted) return
      const where = live.whereIs(struct)
      if (where === 'dead') return
      const code = judgeDeletion(where, entries, judge)
      if (code !== undefined) refuse(code, where.root, where.key)
      touch(where.root, where.key)
      if (where.slot === 'sequence') grow(noteGrowth, where.root, -overlap(range, struct.id.clock, struct.id.clock + struct.length))
    })
  }
  // What is left of it all: text that is typed over, or was typed and taken out again, takes no room.
  for (const [root, grown] of noteGrowth)
    if (grown > 0 && live.lengthOf(root) + grown > judge.limits.note_characters_max) refuse('too-large', root, '')
  // Only what is gone already: it changes nothing, but it is a row, and those are not for people who may only read.
  if (touches.size === 0 && !mayWrite(judge.writer.rights)) refuse(mayWrite(judge.writer.assigned) ? 'late' : 'forbidden', '', '')
  return { touches: [...touches.values()], objections }
}

/** The clients whose structs an update brings are the writer's, or it is refused for them: a first update may already void. */
export const ownerAfter =
  (own: ReadonlySet<number>, { ownerOf, writer }: Judge): Judge['ownerOf'] =>
  (client) =>
    ownerOf(client) ?? (own.has(client) ? writer.user : undefined)

const mayWrite = (rights: readonly Right[]): boolean => documentSchema.some(({ right }) => right !== 'server' && rights.includes(right))

/** Every new struct's client is the author's own, or new and not one of the server's; and nobody has endless clients. */
function refuseClients(clients: ReadonlySet<number>, judge: Judge, refuse: (code: RefusalCode, path: string, key: string) => void): void {
  let known = judge.clients
  for (const client of clients) {
    const owner = judge.ownerOf(client as ClientId)
    if (client >= 2 ** 32 || (owner !== undefined && owner !== judge.writer.user)) refuse('foreign-client', '', String(client))
    else if (owner === undefined) {
      known += 1
      if (known > judge.limits.clients_per_user_max) refuse('too-many-connections', '', String(client))
    }
  }
}

/** What an update writes under one key: of a root map in the order of merging, of `ballots` that there is a log now. */
type Written = { readonly root: string; readonly key: string; readonly writes: KeyWrite[] }

/** Whether a key that has a value still has one when the writes are merged. */
function standsStill(current: Y.Item | undefined, writes: readonly KeyWrite[], deleted: RangeSet): boolean {
  if (current === undefined || current.deleted) return true
  const currentGoes = deleted.has(current.id)
  const gone = writes.some((write) => write.gone)
  if (!gone && (!currentGoes || writes.some(({ origin }) => origin?.client === current.id.client && origin.clock === current.id.clock)))
    return true
  const last = lastWrite(current, writes)
  return last === undefined ? !currentGoes : !last.gone
}

type NewItem = NewStruct['struct']
type Standing = Exclude<Where, 'dead'>

/** A value set under a key of a root map, or the log that a key of `ballots` holds. */
function judgeEntry(
  place: Place,
  { item, client, clock, length }: NewItem,
  known: number,
  { root, key }: Standing,
  live: LiveDocument,
  entries: Map<string, Written>,
  deleted: RangeSet,
  judge: Judge,
): RefusalCode | undefined {
  const content = item?.content
  if (item?.rightOrigin !== undefined) return 'malformed'
  const name = `${root}\0${key}`
  if (place.row.kind === 'logs') {
    // A log that is there, or was written twice here, would be overwritten with all its ballots.
    if (content?.type !== 'shared' || content.of !== 'array') return 'bad-value'
    if (deleted.has({ client, clock }) || item?.origin !== undefined || entries.has(name) || live.entryAt(root, key) !== undefined)
      return 'not-append-only'
    entries.set(name, { root, key, writes: [] })
    return undefined
  }
  if (place.row.kind !== 'map') return 'bad-value'
  const entry = entries.get(name) ?? { root, key, writes: [] }
  entries.set(name, entry)
  let standing = 0
  for (let at = clock + known; at < clock + length; at += 1) {
    const gone = content?.type === 'deleted' || deleted.has({ client, clock: at })
    if (!gone) standing += 1
    entry.writes.push({ client, clock: at, origin: at === clock ? item?.origin : { client, clock: at - 1 }, gone })
  }
  // Values that followed each other and are gone come as one struct, with or without their content; a value that stands comes alone.
  if (standing > 0 && length !== 1) return 'malformed'
  if (content?.type === 'deleted') return undefined
  if (content?.type !== 'values') return 'bad-value'
  for (const value of content.values.slice(known)) {
    const code = refuseValue(place, value, judge.writer, judge.facts, judge.ownerOf)
    if (code !== undefined) return code
  }
  return undefined
}

/** Entries appended to the end of a counting log. */
function judgeLog(
  place: Place,
  struct: NewItem,
  known: number,
  { root, key }: Standing,
  logs: LogTails,
  deleted: RangeSet,
  judge: Judge,
): RefusalCode | undefined {
  const { item, client, clock, length } = struct
  if (place.row.kind !== 'logs') return 'bad-value'
  if (item?.content.type !== 'values') return item?.content.type === 'deleted' ? 'not-append-only' : 'bad-value'
  const origin = known > 0 ? { client, clock: clock + known - 1 } : item.origin
  if (item.rightOrigin !== undefined || !logs.isTail(root, key, origin)) return 'not-append-only'
  let code: RefusalCode | undefined
  for (let offset = known; offset < length; offset += 1) {
    if (deleted.has({ client, clock: clock + offset })) return 'not-append-only'
    code ??= refuseValue(place, item.content.values[offset], judge.writer, judge.facts, judge.ownerOf)
  }
  // Also behind an entry that may not be: what follows it is not refused for it.
  const entries = logs.append(root, key, struct, known)
  return code ?? (entries > judge.limits.log_ballots_max ? 'too-large' : undefined)
}

const grow = (growth: Map<string, number>, root: string, by: number): void => void growth.set(root, (growth.get(root) ?? 0) + by)

/** Characters typed into a note; how much longer it gets is judged when the deletions are known as well. */
function judgeText(
  place: Place,
  { item, client, clock, length }: NewItem,
  known: number,
  root: string,
  deleted: RangeSet,
  growth: Map<string, number>,
  judge: Judge,
): RefusalCode | undefined {
  if (place.row.kind !== 'text') return 'bad-key'
  if (item?.content.type === 'deleted') return undefined
  if (item?.content.type !== 'text') return 'bad-value'
  const code = refuseValue(place, item.content.text, judge.writer, judge.facts, judge.ownerOf)
  if (code !== undefined) return code
  grow(growth, root, length - known - deleted.countIn(client, clock + known, clock + length))
  return undefined
}

/** Something that stands now would be gone. A key is never deleted: only a value that takes its place may delete the old one. */
function judgeDeletion({ slot, root, key }: Standing, entries: ReadonlyMap<string, Written>, judge: Judge): RefusalCode | undefined {
  const place = findPlace(root, slot === 'sequence' ? '' : key)
  if (typeof place === 'string') return place
  if (place.row.kind === 'logs') return 'not-append-only'
  // What is written in its place is judged where all of the key's writes are known.
  if (slot === 'entry') return entries.has(`${root}\0${key}`) ? undefined : 'bad-value'
  if (place.row.right === 'server') return 'forbidden'
  if (judge.writer.rights.includes(place.row.right)) return undefined
  return judge.writer.assigned.includes(place.row.right) ? 'late' : 'forbidden'
}

/** The ends of the logs an update appends to: in the document, then behind what this update has appended so far. */
class LogTails {
  private readonly live: LiveDocument
  private readonly tails = new Map<string, { tail: Id | undefined; length: number }>()

  constructor(live: LiveDocument) {
    this.live = live
  }

  /** Whether the entry with this id (none: the beginning) is the last of the log. */
  isTail(root: string, key: string, origin: Id | undefined): boolean {
    const appended = this.tails.get(`${root}\0${key}`)
    if (appended !== undefined)
      return origin !== undefined && appended.tail?.client === origin.client && appended.tail.clock === origin.clock
    if (origin === undefined) return (this.live.logAt(root, key)?._start ?? null) === null
    if (origin.clock >= this.live.stateOf(origin.client)) return false
    const item = this.live.structAt(origin)
    return item instanceof Y.Item && item.right === null && item.lastId.clock === origin.clock
  }

  /** Moves the end; answers the log's length. */
  append(root: string, key: string, { client, clock, length }: NewItem, known: number): number {
    const name = `${root}\0${key}`
    const before = this.tails.get(name)?.length ?? this.live.logAt(root, key)?.length ?? 0
    this.tails.set(name, { tail: { client, clock: clock + length - 1 }, length: before + length - known })
    return before + length - known
  }
}
