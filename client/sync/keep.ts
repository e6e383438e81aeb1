import { type Accessor, createSignal } from 'solid-js'
import type { Elector } from '#contract/api.ts'
import type { CommitteeId, Sequence, UserId } from '#contract/ids.ts'
import type { Reason } from '#contract/messages.ts'
import { type ClientRecord, mayForget, mergeRecords } from './ledger.ts'

/**
 * One database a user, `lajna/<user>`, for all that is kept beside the documents (those are y-indexeddb's, one each). Every
 * change is read and merged in one transaction, because other tabs write here too.
 */
const stores = ['clients', 'committees', 'rolls', 'refused', 'names'] as const
type StoreName = (typeof stores)[number]

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
export type KeptRefusal = {
  readonly committee: CommitteeId
  readonly client: number | null
  readonly reasons: readonly Reason[]
  readonly at_ms: number
}
type KeptClient = ClientRecord & { readonly committee: CommitteeId }
type KeptName = { readonly user: UserId; readonly name: string; readonly name_en?: string }

const answerOf = <Value>(request: IDBRequest<Value>): Promise<Value> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

async function open(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1)
  request.onupgradeneeded = () => {
    const db = request.result
    db.createObjectStore('clients', { keyPath: ['committee', 'client'] })
    db.createObjectStore('committees', { keyPath: 'committee' })
    db.createObjectStore('rolls', { keyPath: 'committee' })
    db.createObjectStore('refused', { autoIncrement: true })
    db.createObjectStore('names', { keyPath: 'user' })
  }
  return answerOf(request)
}

/** Full disks are told by a DOMException, which y-indexeddb wraps into an Error that keeps only its words. */
export const isQuota = (error: unknown): boolean => error instanceof Error && /quota/i.test(`${error.name} ${error.message}`)

const stateAfter = (error: unknown): StorageState => (isQuota(error) ? 'full' : 'not-kept')

/** All of a document, and which clients in it are own. */
export type Held = { readonly state: Uint8Array; readonly records: readonly ClientRecord[] }

/** What failed last in this database (`here`), and in those of the documents. */
type Trouble = { readonly here?: StorageState; readonly documents: Readonly<Record<CommitteeId, StorageState>> }

export class Keep {
  readonly user: UserId
  readonly storage: Accessor<StorageState>
  readonly #setTrouble: (change: (trouble: Trouble) => Trouble) => void
  readonly #db: IDBDatabase | undefined
  readonly #held = new Map<CommitteeId, Held>()
  readonly #heldRolls = new Map<CommitteeId, KeptRoll>()

  private constructor(user: UserId, db: IDBDatabase | undefined) {
    this.user = user
    this.#db = db
    const [trouble, setTrouble] = createSignal<Trouble>({ documents: {}, ...(db === undefined ? { here: 'not-kept' } : {}) })
    this.storage = () => Object.values(trouble().documents)[0] ?? trouble().here ?? 'kept'
    this.#setTrouble = setTrouble
    // Another tab signs out and clears: an open database here would hold it up for ever.
    if (db !== undefined) db.onversionchange = () => db.close()
  }

  /** Never fails: without IndexedDB (private mode, blocked) it keeps nothing and says so. */
  static async open(user: UserId): Promise<Keep> {
    return new Keep(user, await open(`lajna/${user}`).catch(() => undefined))
  }

  /** Name of the y-indexeddb database of one document. */
  documentName(committee: CommitteeId): string {
    return `lajna/${this.user}/${committee}`
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
      await new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve()
        transaction.onabort = () => reject(transaction.error)
      })
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

  refusals(): Promise<readonly KeptRefusal[]> {
    return this.#read('refused', (store) => store.getAll(), [])
  }

  putRefusal(refusal: KeptRefusal): Promise<unknown> {
    return this.#write('refused', (store) => store.put(refusal))
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
    this.close()
    if (this.#db === undefined) return
    const names = [...committees.map((committee) => this.documentName(committee)), `lajna/${this.user}`]
    await Promise.allSettled(names.map((name) => answerOf(indexedDB.deleteDatabase(name))))
  }
}
