import type * as Y from 'yjs'
import type { Entry, JournalStore, Kept, SealRequest } from '#actors/journal/store.ts'
import type { Cancel, Clock } from '#actors/kernel/clock.ts'
import type { Log } from '#actors/kernel/log.ts'
import type { Summarizer } from '#actors/overview/summarizer.ts'
import type { ClientId, CommitteeId, Sequence, UserId } from '#contract/ids.ts'
import type { Limits } from '#contract/limits.ts'
import type { Result } from '#contract/result.ts'
import type { CommitteeFacts, CommitteeSummary } from '#contract/summary.ts'
import { clientsIn, type Verdict } from './admission/admit.ts'
import type { DecodedUpdate } from './admission/decode.ts'
import type { Admission, Admit, AdmitAside, CommitteeMessage, Durable, SealClients } from './messages.ts'
import type { NextRow, Replica } from './replica.ts'

/** Whoever holds the documents open for people: the server's Hocuspocus. */
export type DocumentHolder = {
  /** Passed to Yjs as the origin of every transaction here. */
  readonly origin: unknown
  /** Whether anybody has it open. */
  inUse(document: Y.Doc): boolean
  /** Lets it go unless somebody opened it meanwhile; false then. */
  release(document: Y.Doc): Promise<boolean>
  /** Its actor failed: closes it for everybody, they come back to a new one. */
  evict(document: Y.Doc): void
  /** To all of a user's connections to this document. */
  tellDurable(document: Y.Doc, user: UserId, durable: Durable): void
}

export type CommitteePorts = {
  readonly store: Pick<JournalStore, 'read' | 'snapshot' | 'saveSnapshot' | 'owners' | 'seals' | 'serverClient' | 'timeOf'>
  /** Hands an entry to the journal, which answers by the message `journaled`. */
  append(entry: Entry): void
  /** Asks the store for seals, which answers by the message `sealed`. */
  seal(committee: CommitteeId, id: string, request: SealRequest): void
  /** Brings the actor a message of its own making. */
  answer(committee: CommitteeId, message: CommitteeMessage): void
  facts(committee: CommitteeId): Promise<Result<CommitteeFacts, 'unknown-committee' | 'unavailable'>>
  /** What the document says, at most once in `summary_ms`; of committed rows only. */
  summarized(summary: CommitteeSummary): void
  readonly holder: DocumentHolder
  readonly clock: Clock
  readonly log: Log
  readonly limits: Limits
  uuid(): string
  readonly observe?: {
    judged(verdict: Verdict['verdict']): void
    acknowledged(wait_ms: number): void
    snapshotted(): void
    /** What was refused for good, and what became of it. */
    refused(kind: 'refused' | 'late', kept: Kept): void
    /** So many more conflicts are open in memory here, or fewer. */
    conflicts(more: number): void
  }
}

/** An update as it is judged, perhaps more than once. */
export type Judged = { readonly message: Admit; readonly decoded: DecodedUpdate }

/** An accepted update between its admission and its place in the document. */
type Pending = {
  readonly entry: Entry
  readonly deletes: boolean
  readonly reply: (admission: Admission) => void
  readonly since_ms: number
  /** To be judged again, where the journal does not take it. */
  readonly judged?: Judged
}

/** Clients on their way to their seals: those of a refused update (which may have none), or those a person asked to end. */
export type Sealing = { readonly clients: readonly ClientId[] } & (
  | { readonly message: Admit; readonly verdict: Refused; readonly decoded: DecodedUpdate | undefined; readonly request: SealRequest }
  | { readonly message: SealClients }
)

export type Refused = Extract<Verdict, { verdict: 'refused' }>

export type CommitteeState = {
  readonly committee: CommitteeId
  /** Undefined until a document was opened; then it stands at the journal's head, or is on its way there. */
  replica: Replica | undefined
  /** By uuid: admitted, not yet applied. */
  readonly pending: Map<string, Pending>
  /** By id: asked of the store. */
  readonly sealing: Map<string, Sealing>
  /** Clients of pending updates, and those on their way to a seal. One each: what shares a client with a pending update is held. */
  readonly busy: Set<ClientId>
  /** Authors of pending updates that delete something; one such update each. */
  readonly deleting: Set<UserId>
  /** Own rows that are committed and wait for other instances' rows before them. */
  readonly committed: Map<number, NextRow>
  /** Updates that `mustWait` for a pending one, in order of arrival: judged when that one is through. */
  held: Judged[]
  /** Requests for seals of clients that are busy. */
  heldSeals: SealClients[]
  /** A row of the server's own is on its way; others wait for it. */
  writing: boolean
  heldAdmissions: AdmitAside[]
  /** Of the server's own rows here; its clocks go on from row to row. */
  serverClient: ClientId | undefined
  /** When this process writes down what each of these rows has made: at once where the row is its own. */
  readonly entriesDue: Map<Sequence, number>
  /** The timer of the next of them. */
  cancelEntries: Cancel
  /** Open conflicts, as last told to whoever observes. */
  openConflicts: number
  /** Something was settled: what is held may go on. */
  freed: boolean
  publishing: boolean
  /** Of the replica's document. */
  summarizer: Summarizer | undefined
  /** Ends the wait for the next summary; undefined where nothing is new since the last. */
  summarizing: Cancel | undefined
}

/** Whether something of these clients is on its way, or waits for what is. */
export function isBusy({ busy, held }: CommitteeState, clients: readonly number[]): boolean {
  return (
    clients.some((client) => busy.has(client as ClientId)) ||
    held.some((earlier) => clientsIn(earlier.decoded).some((client) => clients.includes(client)))
  )
}
