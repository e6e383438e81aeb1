import type { Connection, Document } from '@hocuspocus/server'
import type { ClientId } from '#contract/ids.ts'
import type { PresentUser } from '#contract/presence.ts'
import type { Seat } from './seat.ts'

/**
 * Binds presence to its connection: one state, under the client the connection announced (or first spoke as), with the identity of
 * the token. Anything else in the update is somebody else's and is dropped. Changes `states` in place, as Hocuspocus expects.
 */
export function bindPresence(states: Map<number, Record<string, unknown>>, document: Document, connection: Connection, seat: Seat): void {
  const { user, name, name_en, role } = seat.identity
  // The first is nobody's: the library decodes the frame in an Awareness of its own, which begins with a state for itself.
  const [scratch] = states.keys()
  if (scratch !== undefined && scratch !== seat.client) states.delete(scratch)
  for (const [client, state] of states) {
    seat.client ??= client as ClientId
    if (client !== seat.client) states.delete(client)
    else state.user = { id: user, name, ...(name_en === undefined ? {} : { name_en }), role } satisfies PresentUser
  }
  if (seat.client !== undefined && states.has(seat.client)) keepFor(document, connection, seat.client)
}

/**
 * Hocuspocus notes a client for the connection that first shows it. After a quick return that is still the old connection, whose
 * closing would then remove somebody who is here, and nobody would remove them when they leave.
 */
function keepFor(document: Document, connection: Connection, client: number): void {
  for (const [other, { clients }] of document.connections) {
    if (other === connection) clients.add(client)
    else clients.delete(client)
  }
}
