import type { Document, Hocuspocus } from '@hocuspocus/server'
import type * as Y from 'yjs'
import type { DocumentHolder } from '#actors/committee/state.ts'
import type { UserId } from '#contract/ids.ts'
import { encodeServerMessage, type ServerMessage } from '#contract/messages.ts'
import type { Context } from './seat.ts'

/** Documents that their actor lets go: every other unload is vetoed, because only the actor knows what is on its way. */
export type Letting = Set<Y.Doc>

/** Hocuspocus as the actors see it: who has a document open, and the way to let it go. */
export function makeHolder(hocuspocus: Hocuspocus<Context>, letting: Letting): DocumentHolder {
  return {
    // Our own rows are stored already: no store hooks for them.
    origin: { source: 'local', skipStoreHooks: true },
    inUse: (document) => (document as Document).getConnectionsCount() > 0,
    async release(document) {
      const held = document as Document
      letting.add(held)
      await hocuspocus.unloadDocument(held)
      letting.delete(held)
      // Somebody may have opened it between two steps of the unloading: then it stays.
      return hocuspocus.documents.get(held.name) !== held
    },
    evict(document) {
      const held = document as Document
      for (const connection of held.getConnections()) connection.context.socket.refuse('overloaded')
      if (hocuspocus.documents.get(held.name) === held) hocuspocus.documents.delete(held.name)
      held.destroy()
    },
    tellDurable: (document, user, durable) => tellUser(document as Document, user, durable),
  }
}

/** To all of a user's connections to a document; nobody else hears it. */
function tellUser(document: Document, user: UserId, message: ServerMessage): void {
  document.relayStateless(encodeServerMessage(message), (connection) => (connection.context as Context).seat?.identity.user === user)
}
