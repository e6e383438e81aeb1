import * as Y from 'yjs'
import { findPlace, refuseValue, refuseWriter, type SchemaRow, type Writer } from '#contract/document/schema.ts'
import type { Facts } from '#contract/document/values.ts'
import type { ClientId, UserId } from '#contract/ids.ts'
import type { Reason } from '#contract/messages.ts'
import type { RefusalCode } from '#contract/refusals.ts'
import { replayLogs } from './replay-logs.ts'
import { replayMaps } from './replay-maps.ts'
import { replayNotes } from './replay-notes.ts'
import type { LeftOut } from './tray.ts'

// Writing anew (rules R5 to R7): after a refusal nothing that the refused clients wrote from their seals on can ever enter the
// committee's document, good or bad. What was good is written again, as new operations of a new client, into a fresh document.
//
//   old document ──what is unsent of own clients──► named in the refusal, or not permitted ──► tray
//                                                   written by somebody else meanwhile ────► tray, with both values
//                                                   all else ──────────────────────────────► fresh document
//
// Synchronous and pure: the same documents give the same writes, but for the client's number.

/**
 * Where entries went that were written anew: a strike made later, in another tab, finds its ballot by it. Keys are
 * `<sheet>/<client>:<index>` and, of walk-ins, `<client>.<n>`; null: left out.
 */
export type Moved = Readonly<Record<string, readonly [client: ClientId, index: number] | null>>

/** A refusal as heard. `clocks`: how far this device's clients went then; what is written later it does not speak of. */
export type HeardRefusal = { readonly reasons: readonly Reason[]; readonly clocks: Readonly<Record<string, number>> }

export type ReplayGiven = {
  readonly old: Y.Doc
  /** As the server has it. Written into, by its own client. */
  readonly fresh: Y.Doc
  /** First clock of each own client to be written anew: what lies below is in committed rows, or was written anew before. */
  readonly from: ReadonlyMap<number, number>
  /** Any client of this device, ever. */
  readonly isOwn: (client: number) => boolean
  readonly refusals: readonly HeardRefusal[]
  readonly writer: Writer
  readonly facts: Facts
  readonly limits: { readonly note_characters_max: number; readonly log_ballots_max: number }
  readonly moved: Moved
  /** Writes nothing: all of it goes into the tray. */
  readonly giveUp?: boolean
}
export type Replayed = { readonly leftOut: readonly LeftOut[]; readonly moved: Moved; readonly written: number }

export function replay(given: ReplayGiven): Replayed {
  const court = holdCourt(given)
  const leftOut: LeftOut[] = []
  const moved = new Map<string, readonly [ClientId, number] | null>()
  const job: ReplayJob = {
    ...given,
    court,
    moved: { get: (name) => (moved.has(name) ? moved.get(name) : given.moved[name]), set: (name, place) => void moved.set(name, place) },
    leaveOut: (edit) => void leftOut.push(edit),
  }
  const written = given.fresh.transact(() => replayLogs(job) + replayMaps(job) + replayNotes(job))
  return { leftOut, moved: { ...follow(given.moved, moved), ...Object.fromEntries(moved) }, written }
}

/** An unsent edit of the old document, and where it would stand in the fresh one. */
export type UnsentEdit = {
  readonly path: string
  readonly key: string
  readonly index?: number
  /** The last of it. */
  readonly id: { readonly client: number; readonly clock: number }
}

export type ReplayJob = Omit<ReplayGiven, 'moved'> & {
  readonly court: Court
  readonly moved: {
    get(name: string): readonly [ClientId, number] | null | undefined
    set(name: string, place: readonly [ClientId, number] | null): void
  }
  readonly leaveOut: (edit: LeftOut) => void
}

type Court = {
  /** What the server has said of this edit, if it has. */
  named(edit: UnsentEdit): RefusalCode | undefined
  /** What it would say, by the schema table, today's rights and the roll. */
  judge(path: string, key: string, value: unknown): RefusalCode | undefined
}

/** Codes that speak of a place. The others speak of the update: written anew, by another client, the same edit may pass. */
const ofPlaces: readonly RefusalCode[] = ['unknown-root', 'bad-key', 'bad-value', 'forbidden', 'late', 'too-large', 'not-assigned']

const isOfPlace = ({ code, path }: Reason): boolean => path !== '' && ofPlaces.includes(code)

function holdCourt({ old, fresh, from, isOwn, refusals, writer, facts, giveUp = false }: ReplayGiven): Court {
  type Said = { readonly code: RefusalCode; readonly clocks: HeardRefusal['clocks'] }
  const exact = new Map<string, Said>()
  const wholeKeys = new Map<string, Said>()
  // A refusal lists only the first of its reasons. A right that was not there, was not there for anything else in that update
  // either; the server has kept all of it aside, and a supervisor who admits it there must not find it written anew as well.
  const byRight: { right: SchemaRow['right']; code: RefusalCode; clocks: HeardRefusal['clocks'] }[] = []
  for (const { reasons, clocks = {} } of refusals) {
    for (const reason of reasons.filter(isOfPlace)) {
      const { code, path, key, index } = reason
      if (index === undefined) wholeKeys.set(`${path}\0${key}`, { code, clocks })
      else exact.set(`${path}\0${key}\0${index}`, { code, clocks })
      const place = findPlace(path, key)
      if (typeof place === 'string' || (code !== 'late' && code !== 'forbidden')) continue
      if (code === 'late' || !isStrike(old, reason)) byRight.push({ right: place.row.right, code, clocks })
    }
  }
  const ownerOf = (client: ClientId): UserId | undefined =>
    isOwn(client) || from.has(client) || client === fresh.clientID ? writer.user : ownersOf(fresh).get(client)
  const named = ({ path, key, index, id }: UnsentEdit) => {
    // Too much to name is named root by root, without a key.
    const said = exact.get(`${path}\0${key}\0${index}`) ?? wholeKeys.get(`${path}\0${key}`) ?? wholeKeys.get(`${path}\0`)
    // What was written there after the refusal is another edit.
    if (said !== undefined && id.clock < (said.clocks[id.client] ?? Number.POSITIVE_INFINITY)) return said.code
    const place = findPlace(path, key)
    if (typeof place === 'string') return undefined
    return byRight.find(({ right, clocks }) => right === place.row.right && id.clock < (clocks[id.client] ?? 0))?.code
  }
  const owners = new WeakMap<Y.Doc, Map<ClientId, UserId>>()
  function ownersOf(doc: Y.Doc): Map<ClientId, UserId> {
    const known = owners.get(doc) ?? new Map([...doc.getMap('ballots').keys()].flatMap(ownerInKey))
    owners.set(doc, known)
    return known
  }
  return {
    named: (edit) => named(edit) ?? (giveUp ? 'sealed' : undefined),
    judge: (path, key, value) => {
      const place = findPlace(path, key)
      if (typeof place === 'string') return place
      return refuseWriter(place, writer, fresh.clientID as ClientId) ?? refuseValue(place, value, writer, facts, ownerOf)
    },
  }
}

function ownerInKey(key: string): [ClientId, UserId][] {
  const place = findPlace('ballots', key)
  if (typeof place === 'string' || place.parts.client === undefined || place.parts.user === undefined) return []
  return [[place.parts.client, place.parts.user]]
}

/** A strike of another's ballot is forbidden to whoever may count all the same: it tells nothing of the right to count. */
function isStrike(old: Y.Doc, { path, key, index }: Reason): boolean {
  if (path !== 'ballots' || index === undefined) return path === 'ballots'
  const log = old.getMap('ballots').get(key)
  const entry: unknown = log instanceof Y.Array ? log.get(index) : undefined
  return typeof entry === 'object' && entry !== null && 'void' in entry
}

/** What was moved before and has been moved again. */
function follow(before: Moved, moved: ReadonlyMap<string, readonly [ClientId, number] | null>): Moved {
  return Object.fromEntries(
    Object.entries(before).map(([name, place]) => {
      if (place === null) return [name, place]
      const sheet = /^[A-Z]\//.exec(name)?.[0]
      const now = sheet === undefined ? `${place[0]}.${place[1]}` : `${sheet}${place[0]}:${place[1]}`
      return [name, moved.has(now) ? (moved.get(now) ?? null) : place]
    }),
  )
}

/** Whether a struct is one that is to be written anew. */
export const isUnsent = ({ from }: Pick<ReplayGiven, 'from'>, id: { readonly client: number; readonly clock: number }): boolean =>
  id.clock >= (from.get(id.client) ?? Number.POSITIVE_INFINITY)
