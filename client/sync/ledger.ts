import * as Y from 'yjs'

// What of this device's work is on the server. The document itself is the ledger: an own client's structs from its durable
// clock on are the edits not yet sent, and the root each of them sits in names its kind. So nothing has to be written down in
// the moment of an edit, and a tab that dies between two writes forgets nothing. Kept beside it: which clients are own.

const editKinds = ['attendance', 'guarantees', 'ballots', 'other'] as const
export type EditKind = (typeof editKinds)[number]
export type Unsent = Readonly<Record<EditKind, number>>
export const noneUnsent: Unsent = { attendance: 0, guarantees: 0, ballots: 0, other: 0 }

/**
 * One own client: a running page's copy of the document, or that of a page long closed. `clock`: how far its structs go, as
 * last seen; `durable`: how far they are in committed rows; `unsent`: the edits between the two.
 */
export type ClientRecord = {
  readonly client: number
  readonly seen_ms: number
  readonly clock: number
  readonly durable: number
  readonly unsent: Unsent
  /** When the first of `unsent` was seen. */
  readonly since_ms?: number | undefined
}

export const newClient = (client: number, now_ms: number): ClientRecord => ({
  client,
  seen_ms: now_ms,
  clock: 0,
  durable: 0,
  unsent: noneUnsent,
})

/**
 * Two tabs write about the same client: both clocks only grow, and the count belongs to whoever has seen more of it. A tab that
 * has not yet got the other's edits must not report that there are none.
 */
export function mergeRecords(a: ClientRecord, b: ClientRecord): ClientRecord {
  const durable = Math.max(a.durable, b.durable)
  const ahead = a.clock > b.clock || (a.clock === b.clock && a.durable > b.durable) ? a : b
  return {
    client: a.client,
    seen_ms: Math.max(a.seen_ms, b.seen_ms),
    clock: ahead.clock,
    durable,
    unsent: durable >= ahead.clock ? noneUnsent : ahead.unsent,
    since_ms: durable >= ahead.clock ? undefined : earliest([a.since_ms, b.since_ms]),
  }
}

export function earliest(times_ms: Iterable<number | undefined>): number | undefined {
  const known = [...times_ms].filter((at_ms) => at_ms !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}

/** Not to be kept any longer: everything is durable and no page has used it for a week. A live page writes its own record. */
export const mayForget = (record: ClientRecord, now_ms: number): boolean =>
  record.durable >= record.clock && now_ms - record.seen_ms > 7 * 86_400_000

export const total = (unsent: Unsent): number => editKinds.reduce((sum, kind) => sum + unsent[kind], 0)

const add = (a: Unsent, b: Unsent): Unsent => ({
  attendance: a.attendance + b.attendance,
  guarantees: a.guarantees + b.guarantees,
  ballots: a.ballots + b.ballots,
  other: a.other + b.other,
})

function kindOf(root: string): EditKind {
  if (root === 'attendance' || root === 'walkins') return 'attendance'
  if (root === 'guarantees' || root.startsWith('note/')) return 'guarantees'
  return root === 'ballots' ? 'ballots' : 'other'
}

type Parent = Y.AbstractType<unknown>

export function rootOf(type: Parent): string {
  let top = type
  while (top._item !== null) {
    const parent = top._item.parent
    if (!(parent instanceof Y.AbstractType)) return ''
    top = parent as Parent
  }
  return Y.findRootTypeKey(top)
}

/** Structs of a client from a clock on, oldest first, with how much of each lies beyond it. Walks only those. */
export function beyond(doc: Y.Doc, client: number, clock: number): { struct: Y.Item | Y.GC; length: number }[] {
  const structs = (doc.store.clients.get(client) ?? []) as (Y.Item | Y.GC)[]
  let first = structs.length
  while (first > 0) {
    const { id, length } = structs[first - 1] as Y.Item | Y.GC
    if (id.clock + length <= clock) break
    first -= 1
  }
  return structs.slice(first).map((struct) => ({ struct, length: struct.length - Math.max(0, clock - struct.id.clock) }))
}

/** The edits of one client that lie beyond its durable clock, by kind. An empty log just made is no edit, its entries are. */
export function unsentOf(doc: Y.Doc, client: number, durable: number): Unsent {
  const unsent = { ...noneUnsent }
  for (const { struct, length } of beyond(doc, client, durable)) {
    if (!(struct instanceof Y.Item) || !(struct.parent instanceof Y.AbstractType)) {
      unsent.other += 1
      continue
    }
    if (struct.content instanceof Y.ContentType) continue
    const root = rootOf(struct.parent as Parent)
    unsent[kindOf(root)] += root.startsWith('note/') ? 1 : length
  }
  return unsent
}

/** How many of the last entries of a log are not durable yet. */
export function unsentEntries(doc: Y.Doc, log: object, client: number, durable: number): number {
  return beyond(doc, client, durable).reduce(
    (sum, { struct, length }) => (struct instanceof Y.Item && struct.parent === log ? sum + length : sum),
    0,
  )
}

export type Ledger = {
  isOwn(client: number): boolean
  /** Whether the struct at this clock is in a committed row. What others wrote came from the server, so it is. */
  covers(client: number, clock: number): boolean
  durable(client: number): number
  claim(client: number): void
  load(records: Iterable<ClientRecord>): void
  /** Takes in a `durable` message; answers whether it told anything new. */
  learn(clocks: Readonly<Record<string, number>>): boolean
  /** Counts again from the document. */
  count(): Unsent
  records(): readonly ClientRecord[]
}

/** The ledger of one open document. Not stored here: `keep` merges its records with those of other tabs. */
export function createLedger(doc: () => Y.Doc, now: () => number): Ledger {
  const own = new Map<number, ClientRecord>()
  const put = (record: ClientRecord) => {
    const before = own.get(record.client)
    own.set(record.client, before === undefined ? record : mergeRecords(before, record))
  }
  return {
    isOwn: (client) => own.has(client),
    covers: (client, clock) => clock < (own.get(client)?.durable ?? Number.POSITIVE_INFINITY),
    durable: (client) => own.get(client)?.durable ?? Number.POSITIVE_INFINITY,
    claim: (client) => put(newClient(client, now())),
    load: (records) => {
      for (const record of records) put(record)
    },
    learn: (clocks) => {
      let news = false
      for (const [name, clock] of Object.entries(clocks)) {
        const record = own.get(Number(name))
        if (record === undefined || clock <= record.durable) continue
        own.set(record.client, { ...record, durable: clock })
        news = true
      }
      return news
    },
    count: () => {
      let sum = noneUnsent
      for (const record of own.values()) {
        const clock = Y.getState(doc().store, record.client)
        if (clock >= record.clock) {
          const unsent = unsentOf(doc(), record.client, record.durable)
          const since_ms = total(unsent) === 0 ? undefined : (record.since_ms ?? now())
          own.set(record.client, { ...record, clock, unsent, since_ms, seen_ms: clock > record.clock ? now() : record.seen_ms })
          sum = add(sum, unsent)
        } else if (record.clock > record.durable) sum = add(sum, record.unsent) // another tab's, not here yet
      }
      return sum
    },
    records: () => [...own.values()],
  }
}
