import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import { type DecodedUpdate, type DeleteRange, decodeUpdate } from './decode.ts'
import type { LiveDocument, Walk } from './live.ts'

/**
 * Ranges of the update's delete set that delete something: parts that stand in the document now, and parts that the update itself
 * brings. A client's whole delete set comes with every SyncStep2; nearly all of it is old. Ascending within a client.
 */
export function newDeletes(decoded: DecodedUpdate, live: LiveDocument): DeleteRange[] | 'missing' {
  const ends = new Map(decoded.blocks.map((block) => [block.client, block.end]))
  const fresh: DeleteRange[] = []
  let walk: Walk | undefined
  let brought = 0
  for (const { client, clock, length } of decoded.deletes) {
    if (walk?.client !== client) {
      walk = live.walk(client)
      brought = ends.get(client) ?? 0
    }
    const { state } = walk
    const end = clock + length
    if (end > state && end > brought) return 'missing'
    for (let struct = walk.seek(clock); struct !== undefined; struct = walk.next(end)) {
      if (struct.deleted) continue
      const from = Math.max(clock, struct.id.clock)
      push(fresh, client, from, Math.min(end, struct.id.clock + struct.length) - from)
    }
    if (end > state) push(fresh, client, Math.max(clock, state), end - Math.max(clock, state))
  }
  return fresh
}

function push(ranges: DeleteRange[], client: number, clock: number, length: number): void {
  const last = ranges[ranges.length - 1]
  if (last !== undefined && last.client === client && last.clock + last.length === clock) {
    ranges[ranges.length - 1] = { client, clock: last.clock, length: last.length + length }
  } else ranges.push({ client, clock, length })
}

/** The update without what the document has already. The bytes as they came where all of it is new, which is the usual case. */
export function reduceUpdate(bytes: Uint8Array, decoded: DecodedUpdate, deletes: readonly DeleteRange[], live: LiveDocument): Uint8Array {
  const structsAreNew = decoded.blocks.every((block) => block.clock === live.stateOf(block.client))
  if (structsAreNew && sameRanges(deletes, decoded.deletes)) return bytes
  const structs = structsAreNew ? { bytes, end: decoded.deletesAt } : newStructs(bytes, live)
  const encoder = encoding.createEncoder()
  encoding.writeUint8Array(encoder, structs.bytes.subarray(0, structs.end))
  writeDeletes(encoder, deletes)
  return encoding.toUint8Array(encoder)
}

/** Yjs cuts the structs, also in the middle of one; what it leaves is decoded again to find where they end. */
function newStructs(bytes: Uint8Array, live: LiveDocument): { bytes: Uint8Array; end: number } {
  const cut = Y.diffUpdate(bytes, Y.encodeStateVector(live.doc))
  const decoded = decodeUpdate(cut, { structs_max: Number.MAX_SAFE_INTEGER, value_depth_max: 64, clock_jump_max: Number.MAX_SAFE_INTEGER })
  if (!decoded.ok) throw new Error('invariant broken: a cut update decodes as the whole did')
  return { bytes: cut, end: decoded.value.deletesAt }
}

function sameRanges(a: readonly DeleteRange[], b: readonly DeleteRange[]): boolean {
  return (
    a.length === b.length &&
    a.every((range, index) => range.client === b[index]?.client && range.clock === b[index].clock && range.length === b[index].length)
  )
}

function writeDeletes(encoder: encoding.Encoder, ranges: readonly DeleteRange[]): void {
  const byClient = Map.groupBy(ranges, (range) => range.client)
  encoding.writeVarUint(encoder, byClient.size)
  for (const [client, list] of byClient) {
    encoding.writeVarUint(encoder, client)
    encoding.writeVarUint(encoder, list.length)
    for (const { clock, length } of list) {
      encoding.writeVarUint(encoder, clock)
      encoding.writeVarUint(encoder, length)
    }
  }
}
