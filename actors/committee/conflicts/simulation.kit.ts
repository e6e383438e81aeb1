import { Buffer } from 'node:buffer'
import * as Y from 'yjs'
import { decodeWithin, judgeUpdate } from '#actors/committee/admission/admit.ts'
import { at_s, facts, makeRandom, writerOf } from '#actors/committee/admission/histories.kit.ts'
import { LiveDocument } from '#actors/committee/admission/live.ts'
import type { Admit } from '#actors/committee/messages.ts'
import { Replica } from '#actors/committee/replica.ts'
import type { Row, Snapshot } from '#actors/journal/store.ts'
import type { Writer } from '#contract/document/schema.ts'
import type { ClientId, CommitteeId, Sequence } from '#contract/ids.ts'
import { defaultLimits } from '#contract/limits.ts'
import { ok } from '#contract/result.ts'
import { answeredBy } from './answer.ts'
import type { Entry } from './book.ts'
import { detect } from './detector.ts'
import { encodeEntries } from './encode.ts'
import { entryAt } from './entries.ts'
import { Oracle, type Write } from './oracle.kit.ts'
import { entriesUuid } from './uuid.ts'

type Random = (below: number) => number
const pick = <T>(random: Random, list: readonly T[]): T => list[random(list.length)] as T
const committee = 'north-1' as CommitteeId

const places = [
  { root: 'guarantees', key: '1/4/group' },
  { root: 'guarantees', key: '1/4/quick_note' },
  { root: 'guarantees', key: '2/6/group' },
  { root: 'attendance', key: '1/#' },
  { root: 'figures', key: 'minute/ballots/#' },
] as const
type Place = (typeof places)[number]
const keyOf = ({ root, key }: Place): string => `${root}/${key}`

/** Of one person, who may have another beside it: two tabs of one browser. */
type Device = {
  doc: Y.Doc
  readonly writer: Writer
  /** Writes that have come here, whether anybody looked or not. */
  readonly knows: Set<Write>
  /** Of all of the person's pages: what these wrote is kept, also when it is overwritten. */
  readonly ownClients: Set<number>
  online: boolean
  outbox: { readonly update: Uint8Array; readonly writes: readonly Write[] }[]
}

/** Rows, and processes that have them: one that takes each as it comes, one in batches, and ever new ones from a snapshot on. */
export class Simulation {
  readonly random: Random
  readonly oracle: Oracle
  readonly rows: Row[] = []
  readonly server: Replica
  private readonly batched: Replica
  /** The same rows with nothing but the detector before them. */
  private readonly mirror = new LiveDocument(new Y.Doc())
  /** What it found, row by row: `<sequence> <place>` of all that is concurrent. */
  readonly concurrent = new Set<string>()
  private snapshot: Snapshot | null = null
  private readonly devices: Device[] = []
  private readonly inJournal = new Set<Write>()
  private readonly fewValues: boolean
  private nextClient = 1_000
  private said = 0
  private now_s = at_s

  private constructor(random: Random, server: Replica, batched: Replica, fewValues: boolean) {
    this.random = random
    this.server = server
    this.batched = batched
    this.fewValues = fewValues
    this.oracle = new Oracle()
    for (const [writer, count] of [
      [writerOf(1, 'coordinator'), 2],
      [writerOf(4, 'collector'), 1],
      [writerOf(3, 'supervisor'), 2],
      [writerOf(6, 'administrator'), 1],
    ] as const) {
      const ownClients = new Set<number>()
      for (let n = 0; n < count; n += 1) {
        const device: Device = { doc: new Y.Doc(), writer, knows: new Set(), ownClients, online: true, outbox: [] }
        this.devices.push(device)
        this.open(device)
      }
    }
  }

  static async start(seed: number, fewValues: boolean): Promise<Simulation> {
    return new Simulation(makeRandom(seed), await startProcess([], null), await startProcess([], null), fewValues)
  }

  /** A page that has just been opened on what the device has kept: a new client. */
  private open(device: Device): void {
    const kept = Y.encodeStateAsUpdate(device.doc)
    this.nextClient += 1 + this.random(50)
    const doc = new Y.Doc({ gcFilter: (item) => !device.ownClients.has(item.id.client) })
    // Ids decide who wins: older pages may have the higher one as well.
    doc.clientID = this.random(2) === 0 ? this.nextClient : 4_294_967_295 - this.nextClient
    device.ownClients.add(doc.clientID)
    Y.applyUpdate(doc, kept, 'kept')
    device.doc = doc
    device.outbox = []
    device.online = false
  }

  async step(): Promise<void> {
    const { random } = this
    const device = pick(random, this.devices)
    this.now_s += random(3)
    const what = random(24)
    if (what < 13) this.write(device)
    else if (what < 15) device.online = false
    else if (what === 15) this.open(device)
    else if (what === 16) this.tellTwin(device)
    else if (what < 19) this.comeBack(device)
    else if (what < 22) this.hear(device)
    else if (what === 22) this.writeEntries()
    else await this.lookAtProcesses()
    if (device.online) this.flush(device, true)
  }

  private write(device: Device): void {
    const { doc, writer, knows } = device
    const allowed = places.filter(({ root, key }) =>
      root === 'guarantees' ? writer.role !== 'collector' || key.startsWith('1/4/') : writer.rights.includes('rule'),
    )
    const writes: Write[] = []
    const listen = (update: Uint8Array) => device.outbox.push({ update, writes })
    doc.once('update', listen)
    doc.transact(() => {
      // Now and then several in one transaction, the same key twice among them.
      for (let times = 1 + (this.random(5) === 0 ? this.random(3) : 0); times > 0; times -= 1) {
        const place = pick(this.random, allowed)
        this.said += 1
        const say = this.fewValues ? `v${this.random(2)}` : `w${this.said}`
        const value = place.root === 'guarantees' ? say : this.ruling(place, writer, say)
        const clock = Y.getState(doc.store, doc.clientID)
        const stood = doc.getMap(place.root)._map.get(place.key)?.lastId
        const write: Write = {
          id: `${doc.clientID}:${clock}`,
          client: doc.clientID,
          clock,
          place: keyOf(place),
          value,
          by: writer.user,
          over: stood === undefined ? undefined : this.oracle.named(`${stood.client}:${stood.clock}`),
          knew: new Set(knows),
        }
        doc.getMap(place.root).set(place.key, value)
        this.oracle.add(write)
        knows.add(write)
        writes.push(write)
      }
    })
  }

  private ruling(place: Place, { user }: Writer, say: string): unknown {
    return place.root === 'attendance' ? { by: user, at_s, why: say, saw: {} } : { value: Number(say.slice(1)), by: user, at_s, saw: {} }
  }

  private hear(device: Device): void {
    Y.applyUpdate(device.doc, Y.encodeStateAsUpdate(this.server.document, Y.encodeStateVector(device.doc)), 'heard')
    for (const write of this.inJournal) device.knows.add(write)
  }

  /** What a page wrote reaches the others of its browser without a server, and may reach the server through them. */
  private tellTwin(device: Device): void {
    const twin = this.devices.find((other) => other !== device && other.writer === device.writer)
    if (twin === undefined) return
    Y.applyUpdate(twin.doc, Y.encodeStateAsUpdate(device.doc, Y.encodeStateVector(twin.doc)), 'heard')
    for (const write of device.knows) twin.knows.add(write)
    twin.outbox = []
    twin.online = false
  }

  /** All that was written meanwhile comes in one diff, or first edit by edit; before or after what the server has is here. */
  private comeBack(device: Device): void {
    const { random } = this
    if (random(3) === 0) this.hear(device)
    if (random(3) === 0) this.flush(device, false)
    device.outbox = []
    const update = Y.encodeStateAsUpdate(device.doc, random(4) === 0 ? undefined : Y.encodeStateVector(this.server.document))
    const writes = [...device.knows].filter((write) => !this.inJournal.has(write))
    this.send(update, writes, device, 'merge', false)
    device.online = true
  }

  private flush(device: Device, exchanged: boolean): void {
    for (const { update, writes } of device.outbox.splice(0)) {
      if (this.send(update, writes, device, 'live', exchanged)) continue
      // It builds on what has not been sent: it goes with a diff.
      device.online = false
      device.outbox = []
    }
  }

  private send(update: Uint8Array, writes: readonly Write[], { writer }: Device, kind: Admit['kind'], exchanged: boolean): boolean {
    const { live, ownerOf, seals } = this.server
    const decoded = decodeWithin(update, kind, defaultLimits)
    if ('verdict' in decoded) throw new Error('an honest update does not decode')
    const clients = this.server.ownedBy(writer.user)
    const verdict = judgeUpdate(update, decoded, live, { writer, facts, limits: defaultLimits, ownerOf, seals, clients })
    if (verdict.verdict === 'missing') return false
    if (verdict.verdict === 'refused') throw new Error(`an honest update was refused: ${JSON.stringify(verdict.reasons)}`)
    if (verdict.verdict === 'nothing-new') return true
    const message: Admit = { type: 'admit', update, kind, exchanged, writer: () => writer, reply: () => {} }
    const touches = [...verdict.touches, ...answeredBy(message, verdict.touches, live)]
    const fresh = writes.filter((write) => !this.inJournal.has(write))
    this.append({ uuid: crypto.randomUUID(), user: writer.user, clients: verdict.clients, update: verdict.update, touches })
    for (const write of fresh) this.inJournal.add(write)
    const mayDecide = kind === 'live' && exchanged && writer.role !== 'collector'
    this.oracle.row(this.rows.length, fresh, mayDecide, (place) => this.standing(place), this.now_s)
    return true
  }

  private standing(place: string): Write | undefined {
    const slash = place.indexOf('/')
    const id = this.server.document.getMap(place.slice(0, slash))._map.get(place.slice(slash + 1))?.lastId
    return id && this.oracle.named(`${id.client}:${id.clock}`)
  }

  private append(row: Pick<Row, 'uuid' | 'user' | 'clients' | 'update' | 'touches'>): void {
    const sequence = (this.rows.length + 1) as Sequence
    const whole: Row = { ...row, committee, sequence, instance: 'one', at_ms: this.now_s * 1_000 + 1, head: String(sequence) }
    this.rows.push(whole)
    this.server.apply([whole])
    this.mirror.doc.transact(() => {
      for (const { place, stood, tips } of detect(this.mirror, whole, () => Y.applyUpdate(this.mirror.doc, whole.update))) {
        if (tips.length > 1 || tips.some(({ onto }) => onto !== stood?.id)) this.concurrent.add(`${sequence} ${place.path}/${place.key}`)
      }
    })
    if (this.server.book.isWritten && this.random(6) === 0) {
      this.snapshot = { sequence, head: whole.head, state: Y.encodeStateAsUpdate(this.server.document) }
    }
  }

  /** As the process that brought the rows would: of one row, or of all. */
  writeEntries(all = false): void {
    for (const cause of all ? this.server.book.causes : this.server.book.causes.slice(0, 1)) {
      const client = (2 ** 32 + 1 + this.random(3)) as ClientId
      const made = this.server.book.madeBy(cause)
      const entries = made.map(([at, { values, resolved }]) => {
        const written = values.map(({ value, by, at_s: time_s = -1, id }) => ({ value, by, at_s: time_s, id }))
        return [at, resolved === undefined ? { values: written } : { values: written, resolved }] as const
      })
      const touches = made.map(([key]) => ({ path: 'conflicts', key }))
      const update = encodeEntries(this.server.live, client, entries)
      this.append({ uuid: entriesUuid(committee, cause), user: null, clients: [client], update, touches })
      for (const [at] of made) this.oracle.written(at)
    }
  }

  /** The process that reads in batches catches up by a random part; another starts from the snapshot. Both have what the first had then. */
  async lookAtProcesses(): Promise<void> {
    while (this.batched.sequence < this.rows.length && this.random(4) > 0) {
      const from = this.batched.sequence
      this.batched.apply(this.rows.slice(from, from + 1 + this.random(12)))
    }
    const born = await startProcess(this.rows, this.snapshot)
    this.compare(born, this.server)
    if (this.batched.sequence === this.rows.length) this.compare(this.batched, this.server)
  }

  /** Everybody comes back; all is written down, and all processes have all rows. */
  async end(): Promise<void> {
    for (const device of this.devices) this.comeBack(device)
    this.writeEntries(true)
    this.batched.apply(this.rows.slice(this.batched.sequence))
    this.compare(this.batched, this.server)
    await this.lookAtProcesses()
    if (!this.server.book.isWritten) throw new Error('an entry was written and is outstanding all the same')
  }

  /** What a process has to say of a place: what it would write, or what stands. */
  saidAt(at: string, replica = this.server): Entry | undefined {
    for (const cause of replica.book.causes) for (const [place, entry] of replica.book.madeBy(cause)) if (place === at) return entry
    const conflict = entryAt(replica.live, at)
    return conflict && { ...conflict, values: conflict.values.map((value) => ({ ...value, before: 0 as Sequence })) }
  }

  private compare(one: Replica, other: Replica): void {
    if (Buffer.compare(Y.encodeStateAsUpdate(one.document), Y.encodeStateAsUpdate(other.document)) !== 0)
      throw new Error('documents differ')
    for (const place of places) {
      const [a, b] = [one, other].map((replica) => JSON.stringify(told(this.saidAt(keyOf(place), replica))))
      if (a !== b) throw new Error(`at ${this.rows.length} of ${keyOf(place)}: ${a} and ${b}`)
    }
    if (one.book.open !== other.book.open) throw new Error(`open: ${one.book.open} and ${other.book.open}`)
    if (String([...one.book.causes].sort()) !== String([...other.book.causes].sort())) throw new Error('other rows are outstanding')
  }
}

/** Without the times: a process that began with a snapshot asks for those it has not seen when it writes. */
const told = (entry: Entry | undefined) =>
  entry && { values: entry.values.map(({ value, by, id }) => ({ value, by, id })), resolved: entry.resolved }

async function startProcess(rows: readonly Row[], snapshot: Snapshot | null): Promise<Replica> {
  const owners = new Map(rows.flatMap(({ clients, user }) => (user === null ? [] : clients.map((client) => [client, user] as const))))
  const loaded = await Replica.load(
    committee,
    new Y.Doc(),
    facts,
    {
      read: async (_committee, after, limit) => ok(rows.slice(after, after + limit)),
      snapshot: async () => ok(snapshot),
      owners: async () => ok(owners),
      seals: async () => ok([]),
    },
    'journal',
  )
  if (!loaded.ok) throw new Error(loaded.error)
  return loaded.value
}
