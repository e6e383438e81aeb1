import { MessageType, OutgoingMessage } from '@hocuspocus/server'
import * as encoding from 'lib0/encoding'
import { expect, test } from 'vitest'
import { Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { answersStateVector, longestState, readEnvelope } from './frame.ts'

function frameOf(address: string, type: number, body: Uint8Array = new Uint8Array([0])): Uint8Array {
  const encoder = encoding.createEncoder()
  encoding.writeVarString(encoder, address)
  encoding.writeVarUint(encoder, type)
  encoding.writeUint8Array(encoder, body)
  return encoding.toUint8Array(encoder)
}

/** As a provider writes it. */
function presenceFrame(...states: object[]): Uint8Array {
  const all = new Awareness(new Y.Doc())
  const clients = states.map((state, index) => {
    all.states.set(index + 1, state)
    all.meta.set(index + 1, { clock: 300, lastUpdated: 0 })
    return index + 1
  })
  const encoder = encoding.createEncoder()
  encoding.writeVarUint8Array(encoder, encodeAwarenessUpdate(all, clients))
  all.destroy()
  return frameOf('committee:u01', MessageType.Awareness, encoding.toUint8Array(encoder))
}

test.each([
  ['committee:u01', 0],
  ['committee:u01\0page-1', 2],
  [`committee:${'x'.repeat(200)}`, 5],
])('[S18] the address and type of %j', (address, type) => {
  expect(readEnvelope(frameOf(address, type))).toMatchObject({ address, type })
})

test.each([
  ['nothing', new Uint8Array()],
  ['a length and no text', new Uint8Array([5])],
  ['an address that ends early', new Uint8Array([200, 1, 65])],
  ['no type', new Uint8Array([1, 65])],
  ['a length without an end', new Uint8Array(20).fill(255)],
  ['a type of the server’s own', frameOf('committee:u01', MessageType.BroadcastStateless)],
  ['a type there is not', frameOf('committee:u01', 77)],
  ['an address out of all proportion', frameOf('x'.repeat(5_000), 0)],
])('[S18] %s is no frame', (_what, frame) => {
  expect(readEnvelope(frame)).toBeUndefined()
})

test('[S15] the longest state of a presence frame, in bytes; one cut short is none', () => {
  const long = { note: 'ن'.repeat(1_000) }
  const frame = presenceFrame({ view: 'roll' }, long, { view: 'count' })
  const envelope = readEnvelope(frame)
  if (envelope === undefined) throw new Error('it is a frame')
  expect(longestState(frame, envelope)).toBe(Buffer.byteLength(JSON.stringify(long)))
  expect(longestState(frame.subarray(0, -3), envelope)).toBeUndefined()
})

test('[S5] the answer to a state vector is told from an edit that is broadcast', () => {
  const doc = new Y.Doc()
  const server = new OutgoingMessage('committee:u01').createSyncMessage().writeUpdate(Y.encodeStateAsUpdate(doc)).toUint8Array()
  expect(answersStateVector(server)).toBe(false)
  expect(answersStateVector(frameOf('committee:u01', MessageType.Sync, new Uint8Array([1, 0])))).toBe(true)
})
