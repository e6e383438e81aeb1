import type * as Y from 'yjs'
import type { Seal, Touch } from '#actors/journal/store.ts'
import { documentSchema, type Place, refuseValue, type Writer } from '#contract/document/schema.ts'
import type { BallotVoid, Facts, LogEntry } from '#contract/document/values.ts'
import type { ClientId, UserId } from '#contract/ids.ts'
import type { Limits } from '#contract/limits.ts'
import type { RefusalCode } from '#contract/refusals.ts'
import { unreachable } from '#contract/result.ts'
import type { Right } from '#contract/rights.ts'
import type { DeleteRange, Id } from './decode.ts'
import type { LiveDocument, Standing, Walk } from './live.ts'
import { overlap, RangeSet } from './ranges.ts'
import type { NewStruct, Resolved } from './resolve.ts'
import { type Spot, Spots } from './spots.ts'
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
 * Judges every new struct and every new deletion by the schema table. Answers what the update touches and whose structs it
 * brings, or why it may not:
 * the update is refused whole, so the document never holds half of what somebody meant.
 */
export function authorize(
  { found, clients: own }: Resolved,
  deletes: readonly DeleteRange[],
  live: LiveDocument,
  asked: Judge,
): { touches: readonly Touch[]; rulings: readonly Touch[]; clients: readonly ClientId[]; objections: readonly Objection[] } {
  const judge = { ...asked, ownerOf: ownerAfter(own, asked) }
  const objections: Objection[] = []
  const refuse = (code: RefusalCode, path: string, key: string, at?: NewStruct): void => {
    if (objections.length < objections_max) objections.push(at === undefined ? { code, path, key } : { code, path, key, at })
  }
  const deleted = new RangeSet(deletes)
  const spots = new Spots(live)
  refuseClients(own, asked, refuse)

  for (const at of found) {
    const { struct, known, where } = at
    if (struct.item === undefined) continue
    if (where === 'dead') {
      // Yjs reads what is in it before it throws it away, and some of that it cannot read.
      if (struct.item.content.type === 'foreign') refuse('bad-value', '', '', at)
      continue
    }
    const spot = spots.at(where)
    if (typeof spot.place === 'string') {
      refuse(spot.place, spot.root, spot.key, at)
      continue
    }
    const code =
      spot.refusesWriter(judge.writer, struct.client as ClientId) ??
      judgeStruct(where.slot, spot, spot.place, struct, known, deleted, judge)
    if (code !== undefined) {
      refuse(code, spot.root, spot.key, at)
      spot.refused = true
    }
    spot.touched = true
  }

  for (const spot of spots.all)
    if (spot.writes !== undefined && !standsStill(live.entryAt(spot.root, spot.key), spot.writes, deleted))
      refuse('bad-value', spot.root, spot.key)

  let walk: Walk | undefined
  for (const range of deletes) {
    if (walk?.client !== range.client) walk = live.walk(range.client)
    const end = range.clock + range.length
    for (let struct = walk.seek(range.clock); struct !== undefined; struct = walk.next(end)) {
      if (struct.deleted) continue
      const where = live.whereIs(struct)
      if (where === 'dead') continue
      const spot = spots.at(where)
      const code = judgeDeletion(where.slot, spot, judge)
      if (code !== undefined) refuse(code, spot.root, spot.key)
      spot.touched = true
      if (where.slot === 'sequence') spot.grown -= overlap(range, struct.id.clock, struct.id.clock + struct.length)
    }
  }

  const touches: Touch[] = []
  const rulings: Touch[] = []
  for (const { root, key, place, touched, rules, grown } of spots.all) {
    if (touched) touches.push({ path: root, key })
    if (rules || (touched && typeof place !== 'string' && place.row.right === 'rule')) rulings.push({ path: root, key })
    // What is left of it all: text that is typed over, or was typed and taken out again, takes no room.
    if (grown > 0 && live.lengthOf(root) + grown > judge.limits.note_characters_max) refuse('too-large', root, '')
  }
  // Only what is gone already: it changes nothing, but it is a row, and those are not for people who may only read.
  if (touches.length === 0 && !mayWrite(judge.writer.rights)) refuse(mayWrite(judge.writer.assigned) ? 'late' : 'forbidden', '', '')
  return { touches, rulings, clients: [...own].sort((a, b) => a - b), objections }
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

function isChain(current: Y.Item, writes: readonly KeyWrite[]): boolean {
  let before: Id = current.lastId
  for (const write of writes) {
    if (write.origin?.client !== before.client || write.origin.clock !== before.clock) return false
    before = write
  }
  return true
}

/** Whether a key that has a value still has one when the writes are merged. */
function standsStill(current: Y.Item | undefined, writes: readonly KeyWrite[], deleted: RangeSet): boolean {
  if (current === undefined || current.deleted) return true
  const currentGoes = deleted.has(current.id.client, current.id.clock)
  const gone = writes.some((write) => write.gone)
  if (!gone && (!currentGoes || writes.some(({ origin }) => origin?.client === current.id.client && origin.clock === current.id.clock)))
    return true
  // One after the other on top of what stands, as one person writes: no need to find out who comes last.
  if (isChain(current, writes)) return !(writes.at(-1)?.gone ?? currentGoes)
  const last = lastWrite(current, writes)
  return last === undefined ? !currentGoes : !last.gone
}

type NewItem = NewStruct['struct']

function judgeStruct(
  slot: Standing['slot'],
  spot: Spot,
  place: Place,
  struct: NewItem,
  known: number,
  deleted: RangeSet,
  judge: Judge,
): RefusalCode | undefined {
  switch (slot) {
    case 'entry':
      return judgeEntry(spot, place, struct, known, deleted, judge)
    case 'log':
      return judgeLog(spot, place, struct, known, deleted, judge)
    case 'sequence':
      return judgeText(spot, place, struct, known, deleted, judge)
    case 'foreign':
      return 'bad-value'
    default:
      return unreachable(slot)
  }
}

/** A value set under a key of a root map, or the log that a key of `ballots` holds. */
function judgeEntry(
  spot: Spot,
  place: Place,
  { item, client, clock, length }: NewItem,
  known: number,
  deleted: RangeSet,
  judge: Judge,
): RefusalCode | undefined {
  const content = item?.content
  if (item?.rightOrigin !== undefined) return 'malformed'
  if (place.row.kind === 'logs') {
    // A log that is there, or was written twice here, would be overwritten with all its ballots.
    if (content?.type !== 'shared' || content.of !== 'array') return 'bad-value'
    if (deleted.has(client, clock) || item?.origin !== undefined || spot.writes !== undefined || spot.hasEntry()) return 'not-append-only'
    spot.writes = []
    return undefined
  }
  if (place.row.kind !== 'map') return 'bad-value'
  spot.writes ??= []
  let standing = 0
  for (let at = clock + known; at < clock + length; at += 1) {
    const gone = content?.type === 'deleted' || deleted.has(client, at)
    if (!gone) standing += 1
    spot.writes.push({ client, clock: at, origin: at === clock ? item?.origin : { client, clock: at - 1 }, gone })
  }
  // Values that followed each other and are gone come as one struct, with or without their content; a value that stands comes alone.
  if (standing > 0 && length !== 1) return 'malformed'
  if (content?.type === 'deleted') return undefined
  if (content?.type !== 'values') return 'bad-value'
  for (let index = known; index < content.values.length; index += 1) {
    const code = refuseValue(place, content.values[index], judge.writer, judge.facts, judge.ownerOf)
    if (code !== undefined) return code
  }
  return undefined
}

/** Entries appended to the end of a counting log. */
function judgeLog(spot: Spot, place: Place, struct: NewItem, known: number, deleted: RangeSet, judge: Judge): RefusalCode | undefined {
  const { item, client, clock, length } = struct
  if (place.row.kind !== 'logs') return 'bad-value'
  if (item?.content.type !== 'values') return item?.content.type === 'deleted' ? 'not-append-only' : 'bad-value'
  const origin = known > 0 ? { client, clock: clock + known - 1 } : item.origin
  if (item.rightOrigin !== undefined || !spot.isTail(origin)) return 'not-append-only'
  let code: RefusalCode | undefined
  for (let offset = known; offset < length; offset += 1) {
    if (deleted.has(client, clock + offset)) return 'not-append-only'
    const value = item.content.values[offset]
    code ??= refuseValue(place, value, judge.writer, judge.facts, judge.ownerOf)
    if (code === undefined && strikes(value) && judge.ownerOf(value.void[0]) !== judge.writer.user) spot.rules = true
  }
  // Also behind an entry that may not be: what follows it is not refused for it.
  const entries = spot.append(struct, known)
  return code ?? (entries > judge.limits.log_ballots_max ? 'too-large' : undefined)
}

const strikes = (value: unknown): value is BallotVoid => Object.hasOwn(value as LogEntry, 'void')

/** Characters typed into a note; how much longer it gets is judged when the deletions are known as well. */
function judgeText(
  spot: Spot,
  place: Place,
  { item, client, clock, length }: NewItem,
  known: number,
  deleted: RangeSet,
  judge: Judge,
): RefusalCode | undefined {
  if (place.row.kind !== 'text') return 'bad-key'
  if (item?.content.type === 'deleted') return undefined
  if (item?.content.type !== 'text') return 'bad-value'
  const code = refuseValue(place, item.content.text, judge.writer, judge.facts, judge.ownerOf)
  if (code !== undefined) return code
  spot.grown += length - known - deleted.countIn(client, clock + known, clock + length)
  return undefined
}

/** Something that stands now would be gone. A key is never deleted: only a value that takes its place may delete the old one. */
function judgeDeletion(slot: Standing['slot'], { place, writes, refused }: Spot, judge: Judge): RefusalCode | undefined {
  if (typeof place === 'string') return place
  if (place.row.kind === 'logs') return 'not-append-only'
  // What is written in its place is judged where all of the key's writes are known; where that may not be, it has been said.
  if (slot === 'entry') return writes === undefined && !refused ? 'bad-value' : undefined
  if (place.row.right === 'server') return 'forbidden'
  if (judge.writer.rights.includes(place.row.right)) return undefined
  return judge.writer.assigned.includes(place.row.right) ? 'late' : 'forbidden'
}
