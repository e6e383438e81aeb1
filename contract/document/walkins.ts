import type * as Y from 'yjs'
import type { ClientId, UserId } from '#contract/ids.ts'
import { keyOf, keyParser } from './keys.ts'
import { isWalkin, isWalkinRuling, type WalkinRuling, type WalkinValue } from './values.ts'

/** Where a walk-in stands: its writer, the client it was written through, and its number there. */
export type WalkinPlace = { readonly user: UserId; readonly client: ClientId; readonly n: number }

/** Somebody who voted here and is not on the roll, as one person wrote it, and a supervisor's word on it where there is one. */
export type Walkin = WalkinPlace & { readonly value: WalkinValue; readonly ruling?: WalkinRuling }

export type WalkinsRoot = Y.Map<unknown>
export const walkinsRoot = (doc: Y.Doc): WalkinsRoot => doc.getMap('walkins')

export const parseWalkinKey = keyParser('<user>.<client>.<n>')

/** Counted as attendance only when accepted. */
export const isAccepted = (walkin: Walkin): boolean => walkin.ruling?.accepted === true

/** All walk-ins in the order they were written; what was written in one second, by place, so that every replica has one order. */
export function readWalkins(root: WalkinsRoot): readonly Walkin[] {
  const walkins: Walkin[] = []
  for (const [key, value] of root.entries()) {
    const place = parseWalkinKey(key)
    if (place?.user === undefined || place.client === undefined || place.n === undefined || !isWalkin(value)) continue
    const { user, client, n } = place
    const ruling = root.get(keyOf.walkinRuling(user, client, n))
    walkins.push({ user, client, n, value, ...(isWalkinRuling(ruling) ? { ruling } : {}) })
  }
  return walkins.sort((a, b) => a.value.at_s - b.value.at_s || a.user - b.user || a.client - b.client || a.n - b.n)
}

/** The next free place of the document's own client. */
export function nextWalkin(doc: Y.Doc, user: UserId): WalkinPlace {
  const root = walkinsRoot(doc)
  const client = doc.clientID as ClientId
  let n = 0
  while (root.has(keyOf.walkin(user, client, n))) n += 1
  return { user, client, n }
}

export function writeWalkin(root: WalkinsRoot, { user, client, n }: WalkinPlace, value: WalkinValue): void {
  root.set(keyOf.walkin(user, client, n), value)
}

/** Writes a supervisor's word; a later one takes its place. */
export function ruleWalkin(root: WalkinsRoot, { user, client, n }: WalkinPlace, ruling: WalkinRuling): void {
  root.set(keyOf.walkinRuling(user, client, n), ruling)
}
