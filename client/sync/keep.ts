import { type Accessor, createSignal } from 'solid-js'
import type { Elector } from '#contract/api.ts'
import type { CommitteeId, Sequence, UserId } from '#contract/ids.ts'
import { answerOf, documentDatabase, openKept, type StoreName, written } from './kept-database.ts'
import {
  type DocumentSwitch,
  documentAfter,
  firstDocument,
  type KeptClient,
  type KeptDocument,
  type KeptRefusal,
  putSwitch,
  switchStores,
  type TrayEntry,
} from './kept-documents.ts'
import { type ClientRecord, mayForget, mergeRecords } from './ledger.ts'

export type StorageState = 'kept' | 'not-kept' | 'full'

/** What the list of committees shows without opening one. `sequence` and `head`: the phone's last receipt. */
export type KeptCommittee = {
  readonly committee: CommitteeId
  readonly attended?: number
  readonly ballots?: number
  readonly sequence?: Sequence
  readonly head?: string
  readonly saved_at_ms?: number
}
export type KeptRoll = { readonly committee: CommitteeId; readonly etag: string; readonly electors: readonly Elector[] }
type KeptName = { readonly user: UserId; readonly name: string; readonly name_en?: string }

/** Full disks are told by a DOMException, which y-indexeddb wraps into an Error that keeps only its words. */
export const isQuota = (error: unknown): boolean => error instanceof Error && /quota/i.test(`${error.name} ${error.message}`)

const stateAfter = (error: unknown): StorageState => (isQuota(error) ? 'full' : 'not-kept')

/** All of a document, and which clients in it are own. */
export type Held = { readonly state: Uint8Array; readonly records: readonly ClientRecord[] }

/** What failed last in this database (`here`), and in those of the documents. */
type Trouble = { readonly here?: StorageState; readonly documents: Readonly<Record<CommitteeId, StorageState>> }

/**
 * One database a user, `lajna/<user>`, for all that is kept beside the documents (those are y-indexeddb's, one each). Every
 * change is read and merged in one transaction, because other tabs write here too.
 */
export class Keep {
  readonly user: UserId
  readonly storage: Accessor<StorageState>
  /** What of this person's work could not be brought into a document, over all committees, oldest first. */
  readonly tray: Accessor<readonly TrayEntry[]>
  readonly #setTray: (tray: readonly TrayEntry[]) => void
  readonly #setTrouble: (change: (trouble: Trouble) => Trouble) => void
  readonly #db: IDBDatabase | undefined
  readonly #held = new Map<CommitteeId, Held>()
  readonly #heldRolls = new Map<CommitteeId, KeptRoll>()
  /** Where nothing is kept on the device: as good as the page. */
  readonly #heldDocuments = new Map<CommitteeId, KeptDocument>()

  private constructor(user: UserId, db: IDBDatabase | undefined) {
    this.user = user
    this.#db = db
    const [trouble, setTrouble] = createSignal<Trouble>({ documents: {}, ...(db === undefined ? { here: 'not-kept' } : {}) })
    this.storage = () => Object.values(trouble().documents)[0] ?? trouble().here ?? 'kept'
    this.#setTrouble = setTrouble
    const [tray, setTray] = createSignal<readonly TrayEntry[]>([])
    this.tray = tray
    this.#setTray = setTray
    // Another tab signs out and clears: an open database here would hold it up for ever.
    if (db !== undefined) db.onversionchange = () => db.close()
  }

  /** Never fails: without IndexedDB (private mode, blocked) it keeps nothing and says so. */
  static async open(user: UserId): Promise<Keep> {
    const keep = new Keep(user, await openKept(`lajna/${user}`).catch(() => undefined))
    await keep.readTray()
    return keep
  }

  /** Name of the y-indexeddb database of one document, and of the lock that whoever has it open shares. */
  documentName(committee: CommitteeId, generation: number): string {
    return documentDatabase(this.user, committee, generation)
  }

  get usable(): boolean {
    return this.#db !== undefined
  }

  /** A document was not kept whole. That gap stays until all of it could be kept again, whatever else can be. */
  documentFailed(committee: CommitteeId, error: unknown): void {
    this.#setTrouble((trouble) => ({ ...trouble, documents: { ...trouble.documents, [committee]: stateAfter(error) } }))
  }

  documentKept(committee: CommitteeId): void {
    this.#setTrouble(({ documents: { [committee]: _over, ...documents }, ...trouble }) => ({ ...trouble, documents }))
  }

  /** A committee that is closed while this device cannot keep it: held in this page, so that going back to the list loses nothing. */
  hold(committee: CommitteeId, held: Held | undefined): void {
    if (held === undefined) this.#held.delete(committee)
    else this.#held.set(committee, held)
  }

  held(committee: CommitteeId): Held | undefined {
    return this.#held.get(committee)
  }

  /** Answers whether it was kept. */
  async #write(store: StoreName, change: (store: IDBObjectStore) => void): Promise<boolean> {
    if (this.#db === undefined) return false
    try {
      const transaction = this.#db.transaction(store, 'readwrite')
      change(transaction.objectStore(store))
      await written(transaction)
      this.#setTrouble(({ here: _over, ...trouble }) => trouble)
      return true
    } catch (error) {
      // The page works on from memory; the status panel tells that this device no longer keeps what is typed.
      this.#setTrouble((trouble) => ({ ...trouble, here: stateAfter(error) }))
      return false
    }
  }

  async #read<Value>(store: StoreName, ask: (store: IDBObjectStore) => IDBRequest, otherwise: Value): Promise<Value> {
    if (this.#db === undefined) return otherwise
    try {
      return (await answerOf(ask(this.#db.transaction(store).objectStore(store)))) as Value
    } catch {
      return otherwise // closed under us by another tab's sign-out: as good as never kept
    }
  }

  /** All clients of this device's user in a committee, or in all of them. */
  clients(committee?: CommitteeId): Promise<readonly KeptClient[]> {
    const range = committee === undefined ? undefined : IDBKeyRange.bound([committee], [committee, []])
    return this.#read('clients', (store) => store.getAll(range), [])
  }

  putClients(committee: CommitteeId, records: readonly ClientRecord[]): Promise<unknown> {
    return this.#write('clients', (store) => {
      for (const record of records) {
        const before = store.get([committee, record.client])
        before.onsuccess = () => {
          const kept = before.result as KeptClient | undefined
          store.put({ ...(kept === undefined ? record : mergeRecords(kept, record)), committee } satisfies KeptClient)
        }
      }
    })
  }

  forgetClients(committee: CommitteeId, now_ms: number): Promise<unknown> {
    return this.#write('clients', (store) => {
      const cursor = store.openCursor(IDBKeyRange.bound([committee], [committee, []]))
      cursor.onsuccess = () => {
        if (cursor.result === null) return
        if (mayForget(cursor.result.value as KeptClient, now_ms)) cursor.result.delete()
        cursor.result.continue()
      }
    })
  }

  committees(): Promise<readonly KeptCommittee[]> {
    return this.#read('committees', (store) => store.getAll(), [])
  }

  /** Of two tabs the one with the later receipt is right; the same receipt twice is the same news. */
  putCommittee(facts: KeptCommittee): Promise<unknown> {
    return this.#write('committees', (store) => {
      const before = store.get(facts.committee)
      before.onsuccess = () => {
        const kept = before.result as KeptCommittee | undefined
        if ((kept?.sequence ?? 0) <= (facts.sequence ?? 0)) store.put({ ...kept, ...facts })
      }
    })
  }

  async roll(committee: CommitteeId): Promise<KeptRoll | undefined> {
    return this.#heldRolls.get(committee) ?? this.#read('rolls', (store) => store.get(committee), undefined)
  }

  async putRoll(roll: KeptRoll): Promise<void> {
    if (await this.#write('rolls', (store) => store.put(roll))) this.#heldRolls.delete(roll.committee)
    else this.#heldRolls.set(roll.committee, roll)
  }

  /** Refusals that no start anew has answered yet. */
  async refusals(committee: CommitteeId): Promise<readonly KeptRefusal[]> {
    const all = await this.#read<readonly KeptRefusal[]>('refused', (store) => store.getAll(), [])
    return all.filter((refusal) => refusal.committee === committee)
  }

  putRefusal(refusal: KeptRefusal): Promise<unknown> {
    return this.#write('refused', (store) => store.put(refusal))
  }

  async document(committee: CommitteeId): Promise<KeptDocument> {
    const held = this.#heldDocuments.get(committee)
    return (
      held ??
      (await this.#read<KeptDocument | undefined>('documents', (store) => store.get(committee), undefined)) ??
      firstDocument(committee)
    )
  }

  #putDocument(committee: CommitteeId, change: (before: KeptDocument) => KeptDocument): Promise<boolean> {
    return this.#write('documents', (store) => {
      const before = store.get(committee)
      before.onsuccess = () => void store.put(change((before.result as KeptDocument | undefined) ?? firstDocument(committee)))
    })
  }

  /** A generation that nobody has had, on the list before its database is made; undefined where there is no room for that. */
  async reserveDocument(committee: CommitteeId): Promise<number | undefined> {
    let generation = 0
    const done = await this.#putDocument(committee, (before) => {
      generation = Math.max(before.generation, ...before.others) + 1
      return { ...before, others: [...before.others, generation] }
    })
    return done ? generation : undefined
  }

  /** Takes the database of a generation that is not in use off the device. */
  async dropDocument(committee: CommitteeId, generation: number): Promise<void> {
    await answerOf(indexedDB.deleteDatabase(this.documentName(committee, generation))).catch(() => undefined) // tried again at the next opening
    await this.#putDocument(committee, (before) => ({ ...before, others: before.others.filter((other) => other !== generation) }))
  }

  /** The switch to a fresh document: all of it or nothing. False: another tab came first, or there is no room. */
  async switchDocument(change: DocumentSwitch): Promise<boolean> {
    const { committee } = change
    if (this.#db === undefined) {
      const before = await this.document(committee)
      if (before.generation !== change.from) return false
      this.#heldDocuments.set(committee, { committee, ...documentAfter(before, change) })
      this.#setTray([...this.tray(), ...change.tray])
      return true
    }
    try {
      const transaction = this.#db.transaction(switchStores, 'readwrite', { durability: 'strict' })
      putSwitch(transaction, change)
      await written(transaction)
    } catch {
      return false // nothing is changed: the old document goes on, and it is tried again
    }
    await this.readTray()
    return true
  }

  async readTray(): Promise<void> {
    if (this.#db === undefined) return
    const tray = await this.#read<TrayEntry[]>('tray', (store) => store.getAll(), [])
    this.#setTray(tray.sort((a, b) => a.at_ms - b.at_ms))
  }

  async putAway(ids: readonly string[]): Promise<void> {
    await this.#write('tray', (store) => {
      for (const id of ids) store.delete(id)
    })
    this.#setTray(this.tray().filter(({ id }) => !ids.includes(id)))
  }

  names(): Promise<readonly KeptName[]> {
    return this.#read('names', (store) => store.getAll(), [])
  }

  putName(name: KeptName): Promise<unknown> {
    return this.#write('names', (store) => store.put(name))
  }

  close(): void {
    this.#db?.close()
  }

  /** Takes this user's data off the device. The caller has made sure that everything is durable. */
  async forget(committees: readonly CommitteeId[]): Promise<void> {
    if (this.#db === undefined) return
    const documents = await Promise.all(committees.map((committee) => this.document(committee)))
    this.close()
    const names = documents.flatMap(({ committee, generation, others }) =>
      [generation, ...others].map((one) => this.documentName(committee, one)),
    )
    await Promise.allSettled([...names, `lajna/${this.user}`].map((name) => answerOf(indexedDB.deleteDatabase(name))))
  }
}
