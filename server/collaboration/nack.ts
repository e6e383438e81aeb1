import { type Connection, type Document, OutgoingMessage } from '@hocuspocus/server'
import type { Seat } from './seat.ts'

/** A struct of client 0 that nobody has: Hocuspocus reads it, finds it new, and answers that it cannot apply it. */
const unknownStruct = [1, 1, 0, 1, 0, 1]

/**
 * Makes Hocuspocus answer SyncStatus 0 and apply nothing: the connection is read-only for this one message. For the answer to a
 * state vector it first runs Yjs's decoder over the payload, and a malformed one would end in a CLOSE and a dead provider: so the
 * payload is overwritten in place with something harmless. False where it is too short for that: the socket has to go.
 */
export function nack(connection: Connection, seat: Seat, payload: Uint8Array): boolean {
  if (payload.length < unknownStruct.length) return false
  seat.nacked = true
  connection.readOnly = true
  payload.set(unknownStruct)
  return true
}

/** Takes the read-only flag back behind the message. */
export function unnack(connection: Connection, seat: Seat): void {
  if (!seat.nacked) return
  seat.nacked = false
  connection.readOnly = false
}

/** Asks the client for what the document does not have. */
export function askForMissing(connection: Connection, document: Document): void {
  connection.send(new OutgoingMessage(connection.messageAddress).createSyncMessage().writeFirstSyncStepFor(document).toUint8Array())
}
