import { MessageType } from '@hocuspocus/server'
import * as decoding from 'lib0/decoding'

/** What stands on the outside of a frame of the Hocuspocus protocol. `body` is where the rest begins. */
export type Envelope = { readonly address: string; readonly type: MessageType; readonly body: number }

/**
 * What a client may send, and how many messages each counts for. A login asks the database several things, and nobody sends many.
 * The library would only complain about the others, in its own words and without end.
 */
const costs: ReadonlyMap<number, number> = new Map([
  [MessageType.Sync, 1],
  [MessageType.Awareness, 1],
  [MessageType.Auth, 4],
  [MessageType.QueryAwareness, 1],
  [MessageType.SyncReply, 1],
  [MessageType.Stateless, 1],
  [MessageType.CLOSE, 1],
])

/** Longest address: a document's name, and the id by which one of several providers of a page tells its own. */
const address_bytes_max = 300

/** Undefined where it is none. Does not look further than the head, whatever the length. */
export function readEnvelope(frame: Uint8Array): Envelope | undefined {
  try {
    const decoder = decoding.createDecoder(frame)
    const length = decoding.readVarUint(decoder)
    if (length > address_bytes_max || decoder.pos + length >= frame.length) return undefined
    decoder.pos -= varUintLength(length)
    const address = decoding.readVarString(decoder)
    const type = decoding.readVarUint(decoder)
    return costs.has(type) ? { address, type, body: decoder.pos } : undefined
  } catch {
    return undefined // lib0 throws where the bytes end too early: that is the answer
  }
}

export const costOf = ({ type }: Envelope): number => costs.get(type) ?? 1

/**
 * Length in bytes of the longest state in a presence frame, or of the states of one client in it, counted without decoding any;
 * undefined where it is none. A provider that is asked who is there answers with everybody it knows.
 */
export function longestState(frame: Uint8Array, { body }: Envelope, of?: number): number | undefined {
  try {
    const decoder = decoding.createDecoder(frame)
    decoder.pos = body
    const inner = decoding.createDecoder(decoding.readVarUint8Array(decoder))
    let longest = 0
    for (let left = decoding.readVarUint(inner); left > 0; left -= 1) {
      const client = decoding.readVarUint(inner)
      decoding.readVarUint(inner) // clock
      const length = decoding.readVarUint(inner)
      if (of === undefined || of === client) longest = Math.max(longest, length)
      inner.pos += length
      if (inner.pos > inner.arr.length) return undefined
    }
    return longest
  } catch {
    return undefined
  }
}

const syncStep2 = 1

/** Whether it is what the server says to a state vector: all that its sender lacks. */
export function answersStateVector(frame: Uint8Array): boolean {
  const envelope = readEnvelope(frame)
  return envelope?.type === MessageType.Sync && frame[envelope.body] === syncStep2
}

/** Bytes that lib0 writes a number in. */
function varUintLength(value: number): number {
  let length = 1
  for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128)) length += 1
  return length
}
