import { IndexeddbPersistence, PREFERRED_TRIM_SIZE, storeState } from 'y-indexeddb'
import * as Y from 'yjs'
import type { CommitteeId } from '#contract/ids.ts'
import type { Clock } from './clock.ts'
import type { Held, Keep } from './keep.ts'
import { createLedger, type Ledger, newClient, total } from './ledger.ts'
import { hasLocks, hold, ifFree } from './locks.ts'

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
  /** Known once loaded: which document of the committee this is. */
  readonly generation: number
  /** Its work goes on in a fresh document: from now on nothing of it is held for the next opening. */
  leave(): void
  destroy(): Promise<void>
}

type LocalOptions = {
  /** This device has room again, and what it could not keep is kept. */
  readonly onMended?: () => void
  /** An edit made here is on its way to the disk; or all of them have come there, or could not. */
  readonly onWriting?: (isWriting: boolean) => void
  /** Another generation than the one in use: to see what is left in it. */
  readonly generation?: number
}

export function createLocalDocument(keep: Keep, committee: CommitteeId, clock: Clock, options: LocalOptions = {}): LocalDocument {
  // The values of own items are kept even when overwritten, for all own clients, until somebody has seen both sides of a race:
  // Yjs's own rule would have thrown a third of the losing values away before they were ever sent.
  const doc: Y.Doc = new Y.Doc({ gcFilter: (item) => !ledger.isOwn(item.id.client) })
  const ledger = createLedger(() => doc, clock.now)
  const isInUse = options.generation === undefined
  let generation = options.generation ?? 0
  let letGo = () => {}
  let left = false
  let store: Store | undefined

  async function openStore(held: Held | undefined) {
    const persistence = new IndexeddbPersistence(keep.documentName(committee, generation), doc)
    try {
      await persistence._db.then(() => persistence.whenSynced) // the second alone would wait for ever for a database that does not open
      store = storeByTask({
        doc,
        persistence,
        clock,
        onKept: () => {
          keep.documentKept(committee)
          options.onMended?.()
        },
        onFailed: (error) => keep.documentFailed(committee, error),
        onWriting: options.onWriting ?? (() => {}),
      })
      if (held !== undefined) store.writeAll()
    } catch (error) {
      keep.documentFailed(committee, error)
    }
  }

  return {
    doc,
    ledger,
    get generation() {
      return generation
    },
    load: async () => {
      if (isInUse) {
        await keep.forgetClients(committee, clock.now())
        ;({ generation, letGo } = await takeGeneration(keep, committee))
      }
      ledger.load(await keep.clients(committee))
      const held = isInUse ? keep.held(committee) : undefined
      if (held !== undefined) {
        ledger.load(held.records)
        Y.applyUpdate(doc, held.state)
      }
      if (keep.usable && !doc.isDestroyed) await openStore(held)
    },
    claim: async () => {
      const client = doc.clientID
      await keep.putClients(committee, [newClient(client, clock.now())])
      ledger.claim(client)
    },
    leave: () => {
      left = true
    },
    destroy: async () => {
      const hold = () => {
        if (left || !isInUse) return
        const isSafe = store?.isWhole() === true || total(ledger.count()) === 0
        keep.hold(committee, isSafe ? undefined : { state: Y.encodeStateAsUpdate(doc), records: ledger.records() })
      }
      hold() // at once, for whoever opens it again before the last write has ended
      await store?.close()
      hold()
      doc.destroy()
      letGo()
    },
  }
}

/** Holds the generation in use, so that nobody takes its database away; one that was left meanwhile is let go again. */
async function takeGeneration(keep: Keep, committee: CommitteeId): Promise<{ generation: number; letGo: () => void }> {
  for (;;) {
    const { generation } = await keep.document(committee)
    const letGo = await hold(keep.documentName(committee, generation))
    if ((await keep.document(committee)).generation === generation) return { generation, letGo }
    letGo()
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
  readonly onWriting: (isWriting: boolean) => void
}

const mend_ms = 10_000

/**
 * y-indexeddb stores every update in a transaction of its own, one after the other, so a page that is reloaded right after a
 * burst of edits loses the end of it; and what it could not store it forgets. This hands it the updates of one task as one, and
 * after a failure the whole document, again and again, until there is room.
 */
function storeByTask({ doc, persistence, clock, onKept, onFailed, onWriting }: StoreOptions): Store {
  let waiting: Uint8Array[] = []
  let failed = false
  let writing: Promise<void> = Promise.resolve()
  let cancelMending = () => {}
  const write = (update: Uint8Array) => {
    const attempted = attempt(update)
    writing = attempted
    void attempted.then(() => {
      if (writing === attempted && waiting.length === 0) onWriting(false)
    })
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
  doc.on('update', (update: Uint8Array, origin: unknown, _doc: Y.Doc, transaction: Y.Transaction) => {
    if (origin === persistence) return
    if (waiting.push(update) === 1) queueMicrotask(flush)
    if (transaction.local) onWriting(true)
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

/**
 * What is unsent in generations that are not in use: a page died before it could take its last edits over. Looked at one by one,
 * where no page has them open; what is looked at and has nothing left is taken off the device.
 */
export async function withLeftBehind<Value>(
  keep: Keep,
  { committee, clock, inUse }: { readonly committee: CommitteeId; readonly clock: Clock; readonly inUse: LocalDocument },
  run: (left: LocalDocument) => Value,
): Promise<readonly Value[]> {
  const { generation, others } = await keep.document(committee)
  const found: Value[] = []
  for (const other of [...others, generation].sort((a, b) => a - b)) {
    if (other === inUse.generation || !keep.usable) continue
    const look = async (mayDrop: boolean) => {
      const local = createLocalDocument(keep, committee, clock, { generation: other })
      await local.load()
      local.ledger.load(inUse.ledger.records())
      const isLeft = lacks(inUse.doc, local)
      if (isLeft) found.push(run(local))
      await local.destroy()
      if (!isLeft && mayDrop && other !== generation) await keep.dropDocument(committee, other)
    }
    if (hasLocks()) await ifFree(keep.documentName(committee, other), () => look(true))
    else await look(false)
  }
  return found
}

/** Whether a document has unsent work of own clients that another does not have. */
function lacks(doc: Y.Doc, { doc: from, ledger }: LocalDocument): boolean {
  return ledger.records().some(({ client, durable }) => {
    const clock = Y.getState(from.store, client)
    return clock > durable && clock > Y.getState(doc.store, client)
  })
}

/** Edits of a closed committee that are not on the server, counted from its documents: the cached figure may be one crash old. */
export async function countUnsent(keep: Keep, committee: CommitteeId, clock: Clock): Promise<number> {
  const inUse = createLocalDocument(keep, committee, clock)
  await inUse.load()
  const left = await withLeftBehind(keep, { committee, clock, inUse }, ({ ledger }) => total(ledger.count()))
  const unsent = total(inUse.ledger.count())
  await inUse.destroy()
  return left.reduce((sum, n) => sum + n, unsent)
}
