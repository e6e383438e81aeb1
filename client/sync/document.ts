import { IndexeddbPersistence } from 'y-indexeddb'
import * as Y from 'yjs'
import type { CommitteeId } from '#contract/ids.ts'
import type { Clock } from './clock.ts'
import type { Keep } from './keep.ts'
import { createLedger, type Ledger, newClient, total } from './ledger.ts'

/** A committee's document on this device, with the ledger of its own clients. */
export type LocalDocument = {
  readonly doc: Y.Doc
  readonly ledger: Ledger
  /** Reads the kept copy. The list of own clients comes first: without it their overwritten values would be thrown away. */
  load(): Promise<void>
  /**
   * Puts this page's client on the kept list of own clients. Only when it resolves may an edit leave the phone, or a reload
   * could not tell its own unsent work from others'.
   */
  claim(): Promise<void>
  destroy(): Promise<void>
}

export function createLocalDocument(keep: Keep, committee: CommitteeId, clock: Clock): LocalDocument {
  // The values of own items are kept even when overwritten, for all own clients, until somebody has seen both sides of a race:
  // Yjs's own rule would have thrown a third of the losing values away before they were ever sent.
  const doc: Y.Doc = new Y.Doc({ gcFilter: (item) => !ledger.isOwn(item.id.client) })
  const ledger = createLedger(() => doc, clock.now)
  let persistence: IndexeddbPersistence | undefined
  return {
    doc,
    ledger,
    load: async () => {
      await keep.forgetClients(committee, clock.now())
      ledger.load(await keep.clients(committee))
      if (!keep.usable || doc.isDestroyed) return
      const opened = new IndexeddbPersistence(keep.documentName(committee), doc)
      try {
        await opened._db.then(() => opened.whenSynced) // the second alone would wait for ever for a database that does not open
        persistence = opened
        storeByTask(doc, opened)
      } catch (error) {
        keep.documentFailed(error)
      }
    },
    claim: async () => {
      const client = doc.clientID
      await keep.putClients(committee, [newClient(client, clock.now())])
      ledger.claim(client)
    },
    destroy: async () => {
      const closed = persistence?.destroy()
      doc.destroy()
      await closed
    },
  }
}

/**
 * y-indexeddb stores every update in a transaction of its own, one after the other, so a page that is reloaded right after a
 * burst of edits loses the end of it. This hands it the updates of one task as one.
 */
function storeByTask(doc: Y.Doc, persistence: IndexeddbPersistence): void {
  let waiting: Uint8Array[] = []
  doc.off('update', persistence._storeUpdate)
  doc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin === persistence) return // read from there
    if (waiting.push(update) > 1) return
    queueMicrotask(() => {
      const [first] = waiting
      if (first !== undefined) persistence._storeUpdate(waiting.length === 1 ? first : Y.mergeUpdates(waiting), null)
      waiting = []
    })
  })
}

/** Edits of a closed committee that are not on the server, counted from its document: the cached figure may be one crash old. */
export async function countUnsent(keep: Keep, committee: CommitteeId, clock: Clock): Promise<number> {
  const local = createLocalDocument(keep, committee, clock)
  await local.load()
  const unsent = total(local.ledger.count())
  await local.destroy()
  return unsent
}
