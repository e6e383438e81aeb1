/** Stores beside the documents. Their shape may only grow: an older page may still be open, and is told to let go. */
const stores = {
  clients: { keyPath: ['committee', 'client'] },
  committees: { keyPath: 'committee' },
  rolls: { keyPath: 'committee' },
  refused: { autoIncrement: true },
  names: { keyPath: 'user' },
  documents: { keyPath: 'committee' },
  tray: { keyPath: 'id' },
} as const satisfies Record<string, IDBObjectStoreParameters>

export type StoreName = keyof typeof stores
const version = 2

export const answerOf = <Value>(request: IDBRequest<Value>): Promise<Value> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

/** Rejects where there is no IndexedDB: in some private modes, or blocked. */
export async function openKept(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, version)
  request.onupgradeneeded = () => {
    for (const [store, options] of Object.entries(stores)) {
      if (!request.result.objectStoreNames.contains(store)) request.result.createObjectStore(store, options)
    }
  }
  return answerOf(request)
}

/** Resolves when it is written; `strict`: when the disk has it, and not only the system. */
export function written(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error)
  })
}

/** Name of the y-indexeddb database of one document. The first generation has the name it had when there was only one. */
export const documentDatabase = (user: number, committee: string, generation: number): string =>
  generation === 0 ? `lajna/${user}/${committee}` : `lajna/${user}/${committee}/${generation}`

const documentStores = { updates: { autoIncrement: true }, custom: {} } as const

/** A document's database as y-indexeddb has it, with this state and nothing else. Resolves when the disk has it. */
export async function writeDocument(name: string, state: Uint8Array): Promise<void> {
  const request = indexedDB.open(name)
  request.onupgradeneeded = () => {
    for (const [store, options] of Object.entries(documentStores)) request.result.createObjectStore(store, options)
  }
  const db = await answerOf(request)
  try {
    const transaction = db.transaction('updates', 'readwrite', { durability: 'strict' })
    const updates = transaction.objectStore('updates')
    updates.clear()
    updates.add(state)
    await written(transaction)
  } finally {
    db.close()
  }
}
