import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { type ClientId, parseClientId } from '#contract/ids.ts'

// Updates of y-protocols' awareness, as the unmodified provider sends and understands them: how many, then of each its client, a clock
// and its state as JSON, `null` for one that has gone. A receiver takes a state whose clock is above the last it took of that client.

/**
 * The clock with which a device's own clock is lifted over all of ours, once a connection. What we say of a device to others it hears as
 * well, and older than what it has said since: it takes no notice, because its own clock is higher. So the clocks that others
 * see are ours, and a device that starts again from 0 after a return is heard at once.
 */
const lifted = 2 ** 50

const nobody = encoded('null')

/** A state's JSON as it is sent, made once for all who hear it. */
export function encoded(json: string): Uint8Array {
  const encoder = encoding.createEncoder()
  encoding.writeVarString(encoder, json)
  return encoding.toUint8Array(encoder)
}

/** `states` undefined where the client has gone. */
export function awarenessUpdate(states: ReadonlyMap<ClientId, Uint8Array | undefined>, clock: number): Uint8Array {
  const encoder = encoding.createEncoder()
  encoding.writeVarUint(encoder, states.size)
  for (const [client, state] of states) {
    encoding.writeVarUint(encoder, client)
    encoding.writeVarUint(encoder, clock)
    encoding.writeUint8Array(encoder, state ?? nobody)
  }
  return encoding.toUint8Array(encoder)
}

/** To a device: its own clock is above ours from now on. It does not take its own state away, whoever says so. */
export const liftingUpdate = (client: ClientId): Uint8Array => awarenessUpdate(new Map([[client, undefined]]), lifted)

/**
 * The state of one client in an update, or of the first where none is asked for; null: it has gone. Undefined where there is none, or the
 * bytes are no update. States of others are not even decoded.
 */
export function stateIn(update: Uint8Array, asked?: ClientId): { readonly client: ClientId; readonly state: unknown } | undefined {
  try {
    const decoder = decoding.createDecoder(update)
    for (let left = decoding.readVarUint(decoder); left > 0; left -= 1) {
      const client = parseClientId(decoding.readVarUint(decoder))
      decoding.readVarUint(decoder) // its own clock: what comes over one connection comes in its order
      if (client.ok && (asked === undefined || client.value === asked)) {
        return { client: client.value, state: JSON.parse(decoding.readVarString(decoder)) }
      }
      const length = decoding.readVarUint(decoder)
      decoder.pos += length
    }
    return undefined
  } catch {
    return undefined // lib0 and JSON throw at what is none: that is the answer
  }
}
