import * as Y from 'yjs'
import type { JournalStore, Row, Seal, StoreFault } from '#actors/journal/store.ts'
import type { ClientId, CommitteeId, Sequence, UserId } from '#contract/ids.ts'
import type { ClockRange } from '#contract/messages.ts'
import { assert, ok, type Result } from '#contract/result.ts'
import type { CommitteeFacts } from '#contract/summary.ts'
import { deletesIn } from './admission/admit.ts'
import { LiveDocument } from './admission/live.ts'
import { Book } from './conflicts/book.ts'
import { detect } from './conflicts/detector.ts'
import { entriesOf, entryAt, makeAuthorOf } from './conflicts/entries.ts'
import type { Durable } from './messages.ts'

/** What applying takes of a row. */
export type NextRow = Pick<Row, 'uuid' | 'sequence' | 'update' | 'user' | 'clients' | 'touches' | 'head' | 'at_ms'>

/** Rows read at a time. */
const page_rows = 1_000
/** Looked through at a time for one that a person wrote. */
const person_rows = 20

/**
 * One committee's document at a number of its journal. A replica at number n holds exactly rows 1 to n: rows are applied in the
 * journal's order, on every instance the same, and nothing else is ever applied.
 */
export class Replica {
  readonly committee: CommitteeId
  readonly live: LiveDocument
  /** Of the roll and the ballot paper as they are now, whatever rows were judged by. */
  facts: CommitteeFacts
  sequence: Sequence
  head: string
  /** When a person last wrote, by the database; undefined before the first row of a person's. */
  last_ms: number | undefined
  /** Number of the newest snapshot known to be kept. */
  snapshotAt: Sequence
  /** Number of the newest snapshot asked for, whatever became of it. */
  snapshotAskedAt: Sequence
  private readonly origin: unknown
  /** By rows: the same on every instance. */
  private readonly owners = new Map<ClientId, UserId>()
  /** By word alone, until a row says whose they are. */
  private readonly claims = new Map<ClientId, UserId>()
  private readonly clientsOf = new Map<UserId, Set<ClientId>>()
  readonly seals = new Map<ClientId, Seal>()
  /** Where two wrote one key without having seen each other's value, by the same rows. */
  readonly book: Book
  /** What has become durable since the authors were last told. */
  private readonly untold = new Map<UserId, { clients: Set<ClientId>; deletes: ClockRange[] }>()

  private constructor(
    committee: CommitteeId,
    live: LiveDocument,
    facts: CommitteeFacts,
    owners: ReadonlyMap<ClientId, UserId>,
    origin: unknown,
  ) {
    this.committee = committee
    this.live = live
    this.facts = facts
    this.origin = origin
    this.sequence = 0 as Sequence
    this.head = ''
    this.snapshotAt = 0 as Sequence
    this.snapshotAskedAt = 0 as Sequence
    this.book = new Book(committee, makeAuthorOf(this.ownerOf))
    for (const [client, user] of owners) this.own(client, user)
  }

  get document(): Y.Doc {
    return this.live.doc
  }

  /** Fills an empty document: newest snapshot, then the rows behind it, in one transaction, so that it is shown once and whole. */
  static async load(
    committee: CommitteeId,
    document: Y.Doc,
    facts: CommitteeFacts,
    store: Pick<JournalStore, 'read' | 'snapshot' | 'owners' | 'seals'>,
    origin: unknown,
  ): Promise<Result<Replica, StoreFault>> {
    const owners = await store.owners(committee)
    if (!owners.ok) return owners
    // Before the rows: so that a seal known here never stands above what is read.
    const seals = await store.seals(committee)
    if (!seals.ok) return seals
    const kept = await store.snapshot(committee)
    if (!kept.ok) return kept
    const replica = new Replica(committee, new LiveDocument(document), facts, owners.value, origin)
    for (const seal of seals.value) replica.seal(seal)
    const rows = await readAfter(store, committee, kept.value?.sequence ?? (0 as Sequence))
    if (!rows.ok) return rows
    const before = kept.value === null ? ok(undefined) : await lastOfPerson(store, committee, kept.value.sequence)
    if (!before.ok) return before
    replica.last_ms = before.value
    document.transact(() => {
      if (kept.value !== null) {
        Y.applyUpdate(document, kept.value.state, origin)
        replica.sequence = kept.value.sequence
        replica.snapshotAt = kept.value.sequence
        replica.snapshotAskedAt = kept.value.sequence
        replica.head = kept.value.head
        replica.book.begin(entriesOf(replica.live))
      }
      for (const row of rows.value) replica.take(row)
    }, origin)
    replica.untold.clear()
    return ok(replica)
  }

  ownerOf = (client: ClientId): UserId | undefined => this.owners.get(client) ?? this.claims.get(client)

  /** Takes a client for a user, unless it is another's. A page that is reloaded all day claims again and again: the oldest claim goes. */
  claim(client: ClientId, user: UserId, claims_max: number): boolean {
    const owner = this.ownerOf(client)
    if (owner !== undefined) return owner === user
    const [oldest, ...others] = [...this.claims.keys()].filter((claimed) => this.claims.get(claimed) === user)
    if (oldest !== undefined && others.length + 1 >= claims_max) this.claims.delete(oldest)
    this.claims.set(client, user)
    return true
  }

  /** That client has ended. It counts as its user's, also where it never wrote: nobody seals without end. */
  seal(seal: Seal): void {
    this.seals.set(seal.client, seal)
    this.own(seal.client, seal.user)
  }

  /** How many clients the user has written with, or had sealed. */
  ownedBy(user: UserId): number {
    return this.clientsOf.get(user)?.size ?? 0
  }

  /** A row says whose that client is: the first row counts, as in the store, and more than any claim. */
  private own(client: ClientId, user: UserId): void {
    if (this.owners.has(client)) return
    this.claims.delete(client)
    this.owners.set(client, user)
    const clients = this.clientsOf.get(user) ?? new Set()
    this.clientsOf.set(user, clients.add(client))
  }

  /** Applies the journal's next rows, in order. */
  apply(rows: readonly NextRow[]): void {
    this.document.transact(() => {
      for (const row of rows) this.take(row)
    }, this.origin)
    // A row that leaves something pending was admitted wrongly: better to start anew from the journal than to serve it.
    assert(this.document.store.pendingStructs === null && this.document.store.pendingDs === null, 'a row leaves nothing pending')
  }

  /** What the author's phones may call saved since they were last told; forgets it. */
  *newlyDurable(): Iterable<readonly [UserId, Durable]> {
    for (const [user, { clients, deletes }] of this.untold) yield [user, this.receipts(clients, deletes)]
    this.untold.clear()
  }

  /** Everything of a user's clients that is in committed rows. Deletions of before come with the document's own delete set. */
  allDurable(user: UserId): Durable {
    return this.receipts(this.clientsOf.get(user) ?? [], [])
  }

  private receipts(clients: Iterable<ClientId>, deletes: readonly ClockRange[]): Durable {
    const clocks = Object.fromEntries([...clients].map((client) => [String(client), this.live.stateOf(client)]))
    return { type: 'durable', clocks, deletes, sequence: this.sequence, head: this.head }
  }

  /** Within a transaction that has begun before: what a row overwrites is read while it is still there. */
  private take(row: NextRow): void {
    assert(row.sequence === this.sequence + 1, `row ${row.sequence} follows ${this.sequence}`)
    const findings = detect(this.live, row, () => Y.applyUpdate(this.document, row.update, this.origin))
    this.book.take(row, findings, (key) => entryAt(this.live, key))
    this.sequence = row.sequence
    this.head = row.head
    if (row.user === null) return
    this.last_ms = row.at_ms
    for (const client of row.clients) this.own(client, row.user)
    const told = this.untold.get(row.user) ?? { clients: new Set(), deletes: [] }
    for (const client of row.clients) told.clients.add(client)
    told.deletes.push(...deletesIn(row.update))
    this.untold.set(row.user, told)
  }
}

/** When the last row of a person's up to this number was committed: as a rule the last row is one. */
export async function lastOfPerson(
  store: Pick<JournalStore, 'read'>,
  committee: CommitteeId,
  upTo: Sequence,
): Promise<Result<number | undefined, StoreFault>> {
  for (let end: number = upTo; end > 0; end -= person_rows) {
    const start = Math.max(0, end - person_rows)
    const rows = await store.read(committee, start as Sequence, end - start)
    if (!rows.ok) return rows
    const last = rows.value.findLast(({ user }) => user !== null)
    if (last !== undefined) return ok(last.at_ms)
  }
  return ok(undefined)
}

/** All rows above a number, page by page. */
export async function readAfter(
  store: Pick<JournalStore, 'read'>,
  committee: CommitteeId,
  after: Sequence,
): Promise<Result<readonly Row[], StoreFault>> {
  const rows: Row[] = []
  let last = after
  for (;;) {
    const page = await store.read(committee, last, page_rows)
    if (!page.ok) return page
    rows.push(...page.value)
    last = page.value.at(-1)?.sequence ?? last
    if (page.value.length < page_rows) return ok(rows)
  }
}
