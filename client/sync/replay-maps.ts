import * as Y from 'yjs'
import { keyOf } from '#contract/document/keys.ts'
import { findPlace, type Place } from '#contract/document/schema.ts'
import { sameValue } from '#contract/document/statements.ts'
import { nextWalkin } from '#contract/document/walkins.ts'
import type { ClientId, UserId } from '#contract/ids.ts'
import type { RefusalCode } from '#contract/refusals.ts'
import { isUnsent, type ReplayJob, type UnsentEdit } from './replay.ts'

type Id = { readonly client: number; readonly clock: number }

/** What this device last wrote under a key and has not sent. `stands`: nobody else's value has taken its place here. */
type OwnWrite = UnsentEdit & { readonly value: unknown; readonly stands: boolean }

/** Walk-ins before the words on them, which follow them to their new keys. */
const roots = ['guarantees', 'attendance', 'figures', 'walkins'] as const

/** Sets the keys of maps to what this device last wrote there. Answers how many were set. */
export function replayMaps(job: ReplayJob): number {
  let written = 0
  for (const root of roots) {
    for (const write of ownWrites(job, root)) written += Number(replayWrite(job, write))
  }
  return written
}

function ownWrites(job: ReplayJob, root: string): readonly OwnWrite[] {
  const writes: OwnWrite[] = []
  for (const [key, standing] of job.old.getMap(root)._map) {
    let item: Y.Item | null = standing
    while (item !== null && !isUnsent(job, item.lastId)) item = item.left
    if (item === null) continue
    const values = item.content.getContent()
    if (values.length === 0) continue // of an own client nothing is thrown away; what another version of this page threw away is gone
    writes.push({ path: root, key, id: item.lastId, value: values.at(-1), stands: item === standing && !item.deleted })
  }
  // In the order written: keys themselves stand in the order in which the document happened to meet them.
  return writes.sort(
    (a, b) => Number(a.key.endsWith('#')) - Number(b.key.endsWith('#')) || a.id.client - b.id.client || a.id.clock - b.id.clock,
  )
}

function replayWrite(job: ReplayJob, write: OwnWrite): boolean {
  const { path, key, value } = write
  const place = findPlace(path, key)
  if (typeof place === 'string') return leaveOut(job, write, place)
  const root = job.fresh.getMap(path)
  const target = path === 'walkins' ? walkinKey(job, place) : key
  if (target === undefined) return false // the word on a walk-in that was itself left out
  if (sameValue(root.get(target), value)) return false
  const code = job.court.named(write) ?? job.court.judge(path, target, value)
  if (code !== undefined) {
    if (path === 'walkins') forgetWalkin(job, place)
    return leaveOut(job, write, code)
  }
  if (isShared(place)) {
    const theirs = target === key ? othersSince(job, write) : undefined
    if (theirs !== undefined) {
      job.leaveOut({ kind: 'raced', path, key, value, theirs: theirs.value, ...authorOf(job, place, theirs.value) })
      return false
    }
  }
  // A statement that lost to another of the same person's devices has been said anew there.
  if (!write.stands) return false
  root.set(target, value)
  if (path === 'walkins' && place.row.author === 'self-and-client') rememberWalkin(job, place, target)
  return true
}

function leaveOut(job: ReplayJob, { path, key, value }: OwnWrite, code: RefusalCode): false {
  job.leaveOut({ kind: 'refused', code, path, key, value })
  return false
}

/** Keys that several people write: the last would win in silence. A statement has one author. */
const isShared = ({ row }: Place): boolean => row.author === 'anyone' || row.author === 'self-or-coordinating'

/**
 * What somebody else has put there since this device last saw the key: the value stands in the fresh document, and is not the one
 * that the first unsent write of this device was put upon.
 */
function othersSince(job: ReplayJob, { path, key, id }: OwnWrite): { readonly value: unknown } | undefined {
  const current = job.fresh.getMap(path)._map.get(key)
  if (current === undefined || current.deleted) return undefined
  const { client, clock } = current.lastId
  if (client === job.fresh.clientID || job.isOwn(client)) return undefined
  const base = basisOf(job, id)
  if (base !== null && base.client === client && base.clock === clock) return undefined
  return { value: current.content.getContent().at(-1) }
}

/** What stood there when the first of these unsent writes was made: an own write names the one it was put upon. */
function basisOf(job: ReplayJob, last: Id): Id | null {
  let id: Id | null = last
  while (id !== null && isUnsent(job, id)) {
    const struct = Y.getItem(job.old.store, Y.createID(id.client, id.clock))
    if (!(struct instanceof Y.Item)) return null
    id = id.clock > struct.id.clock ? { client: id.client, clock: id.clock - 1 } : struct.origin
  }
  return id
}

/** A ruling carries its author. A pledge is most likely its collector's; one's own was changed by somebody who may. */
function authorOf(job: ReplayJob, { row, parts }: Place, theirs: unknown): { by?: UserId } {
  const by = row.right === 'rule' ? (theirs as { by?: UserId } | null)?.by : parts.user
  return by === undefined || (row.right !== 'rule' && by === job.writer.user) ? {} : { by }
}

// Walk-ins stand under keys of the client that wrote them: written anew they have new ones.

const walkinName = ({ parts }: Place): string => `${parts.client}.${parts.n}`
const forgetWalkin = (job: ReplayJob, place: Place): void => {
  if (place.row.author === 'self-and-client') job.moved.set(walkinName(place), null)
}
function rememberWalkin(job: ReplayJob, place: Place, target: string): void {
  const at = findPlace('walkins', target)
  if (typeof at !== 'string') job.moved.set(walkinName(place), [job.fresh.clientID as ClientId, at.parts.n ?? 0])
}

/** The key in the fresh document; undefined where the walk-in a word speaks of has been left out. */
function walkinKey(job: ReplayJob, { row, parts }: Place): string | undefined {
  const { user, client, n } = parts as { user: UserId; client: ClientId; n: number }
  if (row.author === 'self-and-client') {
    const next = nextWalkin(job.fresh, user)
    return keyOf.walkin(next.user, next.client, next.n)
  }
  const moved = job.moved.get(`${client}.${n}`)
  if (moved === null) return undefined
  return moved === undefined ? keyOf.walkinRuling(user, client, n) : keyOf.walkinRuling(user, ...moved)
}
