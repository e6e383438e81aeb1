import { IndexeddbPersistence, PREFERRED_TRIM_SIZE, storeState } from 'y-indexeddb'
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

/** `onMended`: this device has room again, and what it could not keep is kept. */
export function createLocalDocument(keep: Keep, committee: CommitteeId, clock: Clock, onMended = () => {}): LocalDocument {
  // The values of own items are kept even when overwritten, for all own clients, until somebody has seen both sides of a race:
  // Yjs's own rule would have thrown a third of the losing values away before they were ever sent.
  const doc: Y.Doc = new Y.Doc({ gcFilter: (item) => !ledger.isOwn(item.id.client) })
  const ledger = createLedger(() => doc, clock.now)
  let store: Store | undefined
  return {
    doc,
    ledger,
    load: async () => {
      await keep.forgetClients(committee, clock.now())
      ledger.load(await keep.clients(committee))
      const held = keep.held(committee)
      if (held !== undefined) {
        ledger.load(held.records)
        Y.applyUpdate(doc, held.state)
      }
      if (!keep.usable || doc.isDestroyed) return
      const persistence = new IndexeddbPersistence(keep.documentName(committee), doc)
      try {
        await persistence._db.then(() => persistence.whenSynced) // the second alone would wait for ever for a database that does not open
        store = storeByTask({
          doc,
          persistence,
          clock,
          onKept: () => {
            keep.documentKept(committee)
            onMended()
          },
          onFailed: (error) => keep.documentFailed(committee, error),
        })
        if (held !== undefined) store.writeAll()
      } catch (error) {
        keep.documentFailed(committee, error)
      }
    },
    claim: async () => {
      const client = doc.clientID
      await keep.putClients(committee, [newClient(client, clock.now())])
      ledger.claim(client)
    },
    destroy: async () => {
      const hold = () => {
        const isSafe = store?.isWhole() === true || total(ledger.count()) === 0
        keep.hold(committee, isSafe ? undefined : { state: Y.encodeStateAsUpdate(doc), records: ledger.records() })
      }
      hold() // at once, for whoever opens it again before the last write has ended
      await store?.close()
      hold()
      doc.destroy()
    },
  }
}

type Store = {
  /** Nothing of the document is missing on the disk, or about to be written. */
  isWhole(): boolean
  writeAll(): void
  close(): Promise<void>
}
type StoreOptions = {
  readonly doc: Y.Doc
  readonly persistence: IndexeddbPersistence
  readonly clock: Clock
  readonly onKept: () => void
  readonly onFailed: (error: unknown) => void
}

const mend_ms = 10_000

/**
 * y-indexeddb stores every update in a transaction of its own, one after the other, so a page that is reloaded right after a
 * burst of edits loses the end of it; and what it could not store it forgets. This hands it the updates of one task as one, and
 * after a failure the whole document, again and again, until there is room.
 */
function storeByTask({ doc, persistence, clock, onKept, onFailed }: StoreOptions): Store {
  let waiting: Uint8Array[] = []
  let failed = false
  let writing: Promise<void> = Promise.resolve()
  let cancelMending = () => {}
  const write = (update: Uint8Array) => {
    writing = attempt(update)
  }
  const writeAll = () => write(Y.encodeStateAsUpdate(doc))
  const attempt = async (update: Uint8Array) => {
    try {
      await addUpdate(persistence, update)
      if (failed) onKept()
      failed = false
    } catch (error) {
      failed = true
      onFailed(error)
      cancelMending()
      cancelMending = clock.after(mend_ms, writeAll)
    }
  }
  const flush = () => {
    const [first] = waiting
    if (first === undefined) return
    if (failed) writeAll()
    else write(waiting.length === 1 ? first : Y.mergeUpdates(waiting))
    waiting = []
  }
  doc.off('update', persistence._storeUpdate)
  doc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin !== persistence && waiting.push(update) === 1) queueMicrotask(flush)
  })
  return {
    isWhole: () => !failed,
    writeAll,
    close: async () => {
      flush()
      await writing // one after the other: where the last has ended, all have
      cancelMending()
      await persistence.destroy()
    },
  }
}

/** One update in y-indexeddb's own store; it merges them when they have become many. */
function addUpdate(persistence: IndexeddbPersistence, update: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    if (persistence.db === null) return reject(new Error('not open'))
    const transaction = persistence.db.transaction('updates', 'readwrite')
    transaction.oncomplete = () => {
      resolve()
      persistence._dbsize += 1
      if (persistence._dbsize < PREFERRED_TRIM_SIZE || persistence._destroyed) return
      persistence._dbsize = 0 // it counts again
      storeState(persistence, false).catch(() => undefined) // all is there in pieces: merged the next time
    }
    transaction.onabort = () => reject(transaction.error)
    transaction.objectStore('updates').add(update)
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
