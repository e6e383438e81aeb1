import type { CommitteeId } from '#contract/ids.ts'
import type { StoreName } from './kept-database.ts'
import { type ClientRecord, mergeRecords } from './ledger.ts'
import type { HeardRefusal, Moved } from './replay.ts'
import type { LeftOut } from './tray.ts'

/** Which document of a committee this device works on. After a refusal it starts anew with the next generation. */
export type KeptDocument = {
  readonly committee: CommitteeId
  readonly generation: number
  /** Other generations whose databases may be there: left behind, or reserved for a start that was not finished. */
  readonly others: readonly number[]
  readonly moved: Moved
  /** When this device started anew after a refusal, in the last hour. */
  readonly resets_ms: readonly number[]
}

export const firstDocument = (committee: CommitteeId): KeptDocument => ({
  committee,
  generation: 0,
  others: [],
  moved: {},
  resets_ms: [],
})

/** `heard`: names it, so that exactly those that a start anew has answered go. */
export type KeptRefusal = HeardRefusal & { readonly committee: CommitteeId; readonly heard: string; readonly at_ms: number }

/** One edit that waits for a person. */
export type TrayEntry = LeftOut & { readonly id: string; readonly committee: CommitteeId; readonly at_ms: number }

export type KeptClient = ClientRecord & { readonly committee: CommitteeId }

/** Everything that changes in the moment a device goes over to a fresh document. */
export type DocumentSwitch = {
  readonly committee: CommitteeId
  /** The generation that is left; where another tab has switched meanwhile nothing is changed. */
  readonly from: number
  readonly to: number
  readonly moved: Moved
  readonly resets_ms: readonly number[]
  /** The client that wrote anew. */
  readonly writer: ClientRecord
  /** From `from` up to `clock` of these clients was written anew. Where another tab has done a part of that nothing is changed. */
  readonly settled: readonly { readonly client: number; readonly from: number; readonly clock: number }[]
  readonly tray: readonly TrayEntry[]
  readonly answered: readonly string[]
}

export const switchStores: readonly StoreName[] = ['documents', 'clients', 'tray', 'refused']

/** Runs inside one transaction: read everything, then write everything or abort. */
export function putSwitch(transaction: IDBTransaction, change: DocumentSwitch): void {
  const documents = transaction.objectStore('documents')
  const clients = transaction.objectStore('clients')
  const { committee, settled } = change
  const request = documents.get(committee)
  request.onsuccess = () => {
    const before = (request.result as KeptDocument | undefined) ?? firstDocument(committee)
    if (before.generation !== change.from) return transaction.abort()
    documents.put({ ...before, ...documentAfter(before, change) } satisfies KeptDocument)
  }
  for (const one of settled) {
    const record = clients.get([committee, one.client])
    record.onsuccess = () => {
      const kept = record.result as KeptClient | undefined
      if (kept !== undefined && kept.durable > one.from) return transaction.abort()
      clients.put({ ...settle(kept, one), committee } satisfies KeptClient)
    }
  }
  clients.put({ ...change.writer, committee } satisfies KeptClient)
  for (const entry of change.tray) transaction.objectStore('tray').put(entry)
  const refused = transaction.objectStore('refused').openCursor()
  refused.onsuccess = () => {
    const cursor = refused.result
    if (cursor === null) return
    const { heard, committee: of } = cursor.value as Partial<KeptRefusal>
    // One without a name was kept by a version of the app that could not start anew.
    if (of === committee && (heard === undefined || change.answered.includes(heard))) cursor.delete()
    cursor.continue()
  }
}

export function documentAfter(before: KeptDocument, { from, to, moved, resets_ms }: DocumentSwitch): Omit<KeptDocument, 'committee'> {
  return { generation: to, others: [...before.others.filter((other) => other !== to), from], moved, resets_ms }
}

/** Written anew counts as durable: nothing of it is waiting under this client any more. */
function settle(kept: ClientRecord | undefined, { client, clock }: { readonly client: number; readonly clock: number }): ClientRecord {
  const done = {
    client,
    seen_ms: kept?.seen_ms ?? 0,
    clock,
    durable: clock,
    unsent: { attendance: 0, guarantees: 0, ballots: 0, other: 0 },
  }
  return kept === undefined ? done : mergeRecords(kept, done)
}
