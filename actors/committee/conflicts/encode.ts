import * as encoding from 'lib0/encoding'
import type { LiveDocument } from '#actors/committee/admission/live.ts'
import type { Conflict } from '#contract/document/conflicts.ts'
import type { ClientId } from '#contract/ids.ts'
import { entriesRoot } from './watched.ts'

// Bits of a struct's first byte, and the kind of content, as update version 1 has them.
const hasOrigin = 0x80
const hasKey = 0x20
const values = 8

/**
 * The update by which this client writes these entries over those that stand, as Yjs would write it: byte for byte, but without a copy
 * of the document to write it in. The keys are different ones, and the client has nothing on its way.
 */
export function encodeEntries(live: LiveDocument, client: ClientId, entries: readonly (readonly [string, Conflict])[]): Uint8Array {
  const encoder = encoding.createEncoder()
  const over: { readonly client: number; readonly clock: number }[] = []
  encoding.writeVarUint(encoder, 1)
  encoding.writeVarUint(encoder, entries.length)
  encoding.writeVarUint(encoder, client)
  encoding.writeVarUint(encoder, live.stateOf(client))
  for (const [key, conflict] of entries) {
    const origin = live.entryAt(entriesRoot, key)?.lastId
    encoding.writeUint8(encoder, values | hasKey | (origin === undefined ? 0 : hasOrigin))
    if (origin === undefined) {
      encoding.writeVarUint(encoder, 1)
      encoding.writeVarString(encoder, entriesRoot)
      encoding.writeVarString(encoder, key)
    } else {
      encoding.writeVarUint(encoder, origin.client)
      encoding.writeVarUint(encoder, origin.clock)
      over.push(origin)
    }
    encoding.writeVarUint(encoder, 1)
    encoding.writeAny(encoder, conflict as never)
  }
  writeDeleted(encoder, over)
  return encoding.toUint8Array(encoder)
}

/** Clients descending, ranges ascending, neighbours as one. */
function writeDeleted(encoder: encoding.Encoder, ids: readonly { readonly client: number; readonly clock: number }[]): void {
  const byClient = [...Map.groupBy(ids, ({ client }) => client)].sort(([a], [b]) => b - a)
  encoding.writeVarUint(encoder, byClient.length)
  for (const [client, theirs] of byClient) {
    const ranges: { readonly clock: number; length: number }[] = []
    for (const { clock } of theirs.toSorted((a, b) => a.clock - b.clock)) {
      const last = ranges.at(-1)
      if (last !== undefined && last.clock + last.length === clock) last.length += 1
      else ranges.push({ clock, length: 1 })
    }
    encoding.writeVarUint(encoder, client)
    encoding.writeVarUint(encoder, ranges.length)
    for (const { clock, length } of ranges) {
      encoding.writeVarUint(encoder, clock)
      encoding.writeVarUint(encoder, length)
    }
  }
}
