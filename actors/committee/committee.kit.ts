import { createHash, randomUUID } from 'node:crypto'
import * as Y from 'yjs'
import { type KeptPart, makeMemoryJournal, makeMemoryStore } from '#actors/journal/memory.ts'
import type { JournalStore, Row } from '#actors/journal/store.ts'
import { ManualClock } from '#actors/kernel/clock.ts'
import { makeMemorySummaries, makeMemorySummaryStore } from '#actors/overview/memory.ts'
import { makeSystem, type System } from '#actors/system.ts'
import { markAttendance } from '#contract/document/attendance.ts'
import type { Writer } from '#contract/document/schema.ts'
import type { CommitteeId, ElectorSerial, Sequence, UserId } from '#contract/ids.ts'
import { defaultLimits, type Limits } from '#contract/limits.ts'
import { err, ok, type Result } from '#contract/result.ts'
import { at_s, facts, writerOf } from './admission/histories.kit.ts'
import type { Admission, CommitteeMessage, Durable } from './messages.ts'
import type { DocumentHolder } from './state.ts'

export const committee = 'north-1' as CommitteeId
export const marker = writerOf(2, 'marker')
export const coordinator = writerOf(5, 'coordinator')

export const mark =
  (elector: number, user = 2) =>
  (doc: Y.Doc) =>
    markAttendance(doc.getMap('attendance'), elector as ElectorSerial, user as UserId, at_s)

export const type = (text: string) => (doc: Y.Doc) => doc.getText('note/1').insert(0, text)

export type Options = {
  readonly limits?: Partial<Limits>
  /** Stands between an instance and the store they share. */
  readonly wrap?: (store: JournalStore) => JournalStore
  /** Whether a commit is told to every instance, as the database does. */
  readonly notify?: boolean
  readonly facts?: Result<typeof facts, 'unknown-committee' | 'unavailable'>
}

/** One database and the clock; instances are started on it. */
export class World {
  readonly clock = new ManualClock()
  /** Everything that happened, in order. */
  readonly events: string[] = []
  readonly instances: Instance[] = []
  readonly summaries = makeMemorySummaries([committee])
  private readonly journal = makeMemoryJournal([committee])
  private readonly sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()

  start(name: string, options: Options = {}): Instance {
    const instance = new Instance(this, this.makeStore(name), options)
    this.instances.push(instance)
    return instance
  }

  makeStore(instance: string): JournalStore {
    return makeMemoryStore(this.journal, { sha256: this.sha256, clock: this.clock, instance })
  }

  async rows(): Promise<readonly Row[]> {
    const rows = await this.makeStore('reader').read(committee, 0 as Sequence, 100_000)
    if (!rows.ok) throw new Error(rows.error)
    return rows.value
  }

  /** What was refused and is kept, in order. */
  aside(): readonly KeptPart[] {
    return this.journal.committees.get(committee)?.aside ?? []
  }

  /** What the journal says, by plain Yjs: row after row. */
  async journalled(): Promise<Y.Doc> {
    const doc = new Y.Doc()
    for (const row of await this.rows()) Y.applyUpdate(doc, row.update)
    return doc
  }
}

/** A process: its system, and the documents its people have open. */
export class Instance {
  readonly system: System
  /** The document opened last. */
  doc = new Y.Doc()
  people = true
  readonly evicted: Y.Doc[] = []
  readonly released: Y.Doc[] = []
  readonly told: { readonly user: UserId; readonly durable: Durable }[] = []
  readonly logged: string[] = []
  readonly verdicts: string[] = []
  readonly refusals: string[] = []
  snapshots = 0
  openConflicts = 0
  /** What the roll and the ballot paper say now. */
  facts: NonNullable<Options['facts']>
  /** Set by a test: called instead of telling. */
  onDurable: (() => void) | undefined
  private readonly world: World

  constructor(
    world: World,
    store: JournalStore,
    { limits = {}, wrap = (inner) => inner, notify = true, facts: known = ok(facts) }: Options,
  ) {
    this.world = world
    this.facts = known
    const { clock, events } = world
    const log = (_fields: unknown, text: string) => void this.logged.push(text)
    const holder: DocumentHolder = {
      origin: 'journal',
      inUse: () => this.people,
      release: async (document) => {
        if (this.people) return false
        this.released.push(document)
        document.destroy()
        return true
      },
      evict: (document) => {
        this.evicted.push(document)
        document.destroy()
      },
      tellDurable: (_document, user, durable) => {
        if (this.onDurable !== undefined) return this.onDurable()
        this.told.push({ user, durable })
      },
    }
    const wrapped = wrap({
      ...store,
      append: async (entries) => {
        const receipts = await store.append(entries)
        if (receipts.ok) {
          const sequences = receipts.value.flatMap((receipt) => receipt?.sequence ?? [])
          if (sequences.length > 0) events.push(`committed ${sequences.join(' ')}`)
          if (notify)
            clock.after(1, () => {
              for (const instance of world.instances) instance.hear(Math.max(0, ...sequences))
            })
        }
        return receipts
      },
    })
    this.system = makeSystem({
      store: wrapped,
      summaries: makeMemorySummaryStore(world.summaries),
      clock,
      log: { info: log, warn: log, error: log },
      limits: { ...defaultLimits, ...limits },
      holder,
      facts: async () => this.facts,
      random: () => 1,
      uuid: randomUUID,
      onStore: (state) => events.push(`store ${state}`),
      observe: {
        committee: {
          judged: (verdict) => this.verdicts.push(verdict),
          acknowledged: () => {},
          snapshotted: () => (this.snapshots += 1),
          refused: (kind, kept) => this.refusals.push(`${kind} ${kept}`),
          conflicts: (more) => (this.openConflicts += more),
        },
      },
    })
  }

  tell(message: CommitteeMessage): void {
    this.system.committees.tell(committee, message)
  }

  hear(sequence: number): void {
    if (this.system.committees.has(committee)) this.tell({ type: 'head', sequence: sequence as Sequence })
  }

  /** Opens a new document; settles. Undefined where it was opened, the refusal's code otherwise. */
  async open(): Promise<string | undefined> {
    const doc = new Y.Doc()
    this.doc = doc
    doc.on('update', (_update: Uint8Array, origin: unknown) => this.world.events.push(`shown by ${origin}`))
    let code: string | undefined = 'no answer'
    this.tell({
      type: 'open',
      document: doc,
      reply: (opened) => {
        code = opened.ok ? undefined : opened.error.code
      },
    })
    await this.world.clock.settle()
    return code
  }

  /** Sends an update; the answers arrive in the list, in the order given. */
  send(update: Uint8Array, writer: Writer | (() => Writer), kind: 'live' | 'merge' = 'merge'): Admission[] {
    const answers: Admission[] = []
    const reply = (admission: Admission) => {
      answers.push(admission)
      this.world.events.push(`answered ${admission.answer}`)
    }
    this.tell({
      type: 'admit',
      update,
      kind,
      exchanged: kind === 'live',
      writer: typeof writer === 'function' ? writer : () => writer,
      reply,
    })
    return answers
  }
}

/** A store whose appends wait until the gate is opened. */
export function gated(): { wrap: (store: JournalStore) => JournalStore; open: () => void; waiting: () => number } {
  let gate = Promise.withResolvers<void>()
  let waiting = 0
  return {
    wrap: (store) => ({
      ...store,
      append: async (entries) => {
        waiting += 1
        await gate.promise
        waiting -= 1
        return store.append(entries)
      },
    }),
    open: () => {
      gate.resolve()
      gate = Promise.withResolvers()
      gate.resolve()
    },
    waiting: () => waiting,
  }
}

/** A store whose every n-th call fails, by turns before it was heard and after it was done. */
export function failingEvery(nth: number): {
  wrap: (store: JournalStore) => JournalStore
  failed: () => number
  break: () => void
  mend: () => void
} {
  let calls = 0
  let failed = 0
  let broken = false
  const through = async <T, E>(call: () => Promise<Result<T, E>>): Promise<Result<T, E | 'unavailable'>> => {
    calls += 1
    if (!broken || calls % nth !== 0) return call()
    failed += 1
    if (failed % 2 === 0) await call()
    return err('unavailable')
  }
  return {
    wrap: (store) => ({
      append: (entries) => through(() => store.append(entries)),
      read: (id, after, limit) => through(() => store.read(id, after, limit)),
      heads: (ids) => through(() => store.heads(ids)),
      snapshot: (id) => through(() => store.snapshot(id)),
      saveSnapshot: (id, snapshot) => through(() => store.saveSnapshot(id, snapshot)),
      owners: (id) => through(() => store.owners(id)),
      seal: (id, request) => through(() => store.seal(id, request)),
      seals: (id) => through(() => store.seals(id)),
      serverClient: () => through(() => store.serverClient()),
      timeOf: (id, client, place, before) => through(() => store.timeOf(id, client, place, before)),
    }),
    failed: () => failed,
    break: () => {
      broken = true
    },
    mend: () => {
      broken = false
    },
  }
}

/** A person's phone: writes, and hands out what it wrote, one update a transaction. */
export class Phone {
  readonly doc = new Y.Doc()
  readonly writer: Writer
  private updates: Uint8Array[] = []

  constructor(client: number, writer: Writer) {
    this.doc.clientID = client
    this.writer = writer
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'heard') this.updates.push(update)
    })
  }

  /** One transaction; the update it makes. */
  write(act: (doc: Y.Doc) => void): Uint8Array {
    this.doc.transact(() => act(this.doc))
    const [update, ...more] = this.updates.splice(0)
    if (update === undefined || more.length > 0) throw new Error('one transaction, one update')
    return update
  }

  hear(doc: Y.Doc): void {
    Y.applyUpdate(this.doc, Y.encodeStateAsUpdate(doc, Y.encodeStateVector(this.doc)), 'heard')
  }

  /** What it answers to a state vector. */
  merge(of?: Y.Doc): Uint8Array {
    return Y.encodeStateAsUpdate(this.doc, of === undefined ? undefined : Y.encodeStateVector(of))
  }
}
