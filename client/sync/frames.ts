import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'

// Frames of the Hocuspocus protocol, as far as we look into them: the document's name, the kind of message, its own fields.

const sync = 0
const syncStatus = 8
const stepOne = 0
const stepTwo = 1
const update = 2

/**
 * `question`: what do you have beyond this state? `answer`: all of that. `status`: an update was merged, or not. `other`: what is
 * none of our business.
 */
export type Frame =
  | { readonly type: 'question'; readonly state: ReadonlyMap<number, number> }
  | { readonly type: 'answer' }
  | { readonly type: 'status'; readonly merged: boolean }
  | { readonly type: 'other' }

export function readFrame(frame: Uint8Array): Frame {
  if (frame.length < 3) return { type: 'other' } // a ping
  const decoder = decoding.createDecoder(frame)
  decoding.readVarString(decoder)
  const kind = decoding.readVarUint(decoder)
  if (kind === syncStatus) return { type: 'status', merged: decoding.readVarInt(decoder) === 1 }
  if (kind !== sync) return { type: 'other' }
  const step = decoding.readVarUint(decoder)
  if (step === stepOne) return { type: 'question', state: Y.decodeStateVector(decoding.readVarUint8Array(decoder)) }
  return step === stepTwo ? { type: 'answer' } : { type: 'other' }
}

/** One update by itself, as a live edit is sent. */
export function updateFrame(name: string, bytes: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder()
  encoding.writeVarString(encoder, name)
  encoding.writeVarUint(encoder, sync)
  encoding.writeVarUint(encoder, update)
  encoding.writeVarUint8Array(encoder, bytes)
  return encoding.toUint8Array(encoder)
}
