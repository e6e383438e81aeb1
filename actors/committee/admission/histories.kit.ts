import * as Y from 'yjs'
import { attendanceRoot, markAttendance, withdrawAttendance } from '#contract/document/attendance.ts'
import { appendToLog, ballotsRoot } from '#contract/document/ballots.ts'
import { figuresRoot } from '#contract/document/figures.ts'
import { guaranteesRoot, writeGuarantee } from '#contract/document/guarantees.ts'
import { guaranteeFields, keyOf } from '#contract/document/keys.ts'
import type { Writer } from '#contract/document/schema.ts'
import type { Facts, GuaranteeValues } from '#contract/document/values.ts'
import type { CandidateNumber, ClientId, ElectorSerial, UserId } from '#contract/ids.ts'
import { defaultLimits, type Limits } from '#contract/limits.ts'
import { assignedRights, type Phase, type Right, type Role, usableRights } from '#contract/rights.ts'
import type { CommitteeFacts } from '#contract/summary.ts'
import { decodeWithin, judgeUpdate, type Verdict } from './admit.ts'
import type { DecodedUpdate } from './decode.ts'
import { LiveDocument } from './live.ts'

export const at_s = 1_764_000_000
/** Electors 1 to 100, candidates 1 to 9, three choices a ballot. */
export const facts: CommitteeFacts = {
  hasElector: (elector) => elector <= 100,
  hasCandidate: (candidate) => candidate <= 9,
  choices_per_ballot: 3,
  roll: 100,
  candidates: [1, 2, 3, 4, 5, 6, 7, 8, 9] as CandidateNumber[],
}

export function writerOf(user: number, role: Role, phase: Phase = 'counting', added: readonly Right[] = []): Writer {
  const assigned = assignedRights(role, added)
  return { user: user as UserId, role, assigned, rights: usableRights(assigned, phase) }
}

/** A Y.Doc with a client id that is known beforehand, so that a seed tells the whole story. */
export function docOf(client: number, gc = true): Y.Doc {
  const doc = new Y.Doc({ gc })
  doc.clientID = client
  return doc
}

/** The server's side of one committee: judges, and applies what it accepts as the row would be applied. */
export class Room {
  readonly doc = new Y.Doc()
  readonly live = new LiveDocument(this.doc)
  readonly owners = new Map<ClientId, UserId>()
  readonly rows: Uint8Array[] = []
  readonly limits: Limits

  constructor(limits: Partial<Limits> = {}) {
    this.limits = { ...defaultLimits, ...limits }
  }

  decode(update: Uint8Array, kind: 'live' | 'merge' = 'merge') {
    return decodeWithin(update, kind, this.limits)
  }

  judge(update: Uint8Array, writer: Writer, kind: 'live' | 'merge' = 'merge', judgedBy: Facts = facts): Verdict {
    const decoded: DecodedUpdate | Verdict = this.decode(update, kind)
    if ('verdict' in decoded) return decoded
    const clients = [...this.owners.values()].filter((user) => user === writer.user).length
    return judgeUpdate(update, decoded, this.live, {
      writer,
      facts: judgedBy,
      limits: this.limits,
      ownerOf: (client) => this.owners.get(client),
      clients,
    })
  }

  /** Judges and, where accepted, applies the row. */
  receive(update: Uint8Array, writer: Writer, judgedBy: Facts = facts): Verdict {
    const verdict = this.judge(update, writer, 'merge', judgedBy)
    if (verdict.verdict === 'accepted') this.accept(verdict, writer)
    return verdict
  }

  accept({ clients, update }: Extract<Verdict, { verdict: 'accepted' }>, writer: Writer): void {
    for (const client of clients) if (!this.owners.has(client)) this.owners.set(client, writer.user)
    this.rows.push(update)
    Y.applyUpdate(this.doc, update, 'row')
  }

  /** What somebody makes of the rows who reads them one by one. */
  replayed(): Y.Doc {
    const doc = new Y.Doc()
    for (const row of this.rows) Y.applyUpdate(doc, row)
    return doc
  }

  /** Another document that holds the same rows. */
  copy(): Y.Doc {
    const copy = new Y.Doc()
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(this.doc))
    return copy
  }
}

/** What a phone sends that writes this on top of what the room has. */
export function written(room: Room, client: number, write: (doc: Y.Doc) => void, gc = true): Uint8Array {
  const doc = docOf(client, gc)
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(room.doc))
  const before = Y.encodeStateVector(doc)
  write(doc)
  return Y.encodeStateAsUpdate(doc, before)
}

export const set = (root: string, key: string, value: unknown) => (doc: Y.Doc) => void doc.getMap(root).set(key, value)

/** The refusal's codes, each once, or the other verdict. */
export function tell(room: Room, update: Uint8Array, writer: Writer) {
  const verdict = room.judge(update, writer)
  return verdict.verdict === 'refused' ? [...new Set(verdict.reasons.map(({ code }) => code))] : verdict.verdict
}

export const tryOut = (writer: Writer, write: (doc: Y.Doc) => void, room = new Room(), client = 7) =>
  tell(room, written(room, client, write), writer)

/** What a transaction really changed, as `root key`, the way touches are written. */
export function watchChanges(doc: Y.Doc): Set<string> {
  const changed = new Set<string>()
  doc.on('afterTransaction', (transaction) => {
    for (const [type, keys] of transaction.changed) {
      const holder = (type as Y.AbstractType<unknown>)._item
      // Within a log: the log's own place.
      if (holder !== null) changed.add(`${Y.findRootTypeKey(holder.parent as never)} ${holder.parentSub}`)
      else for (const key of keys) changed.add(`${Y.findRootTypeKey(type as never)} ${key ?? ''}`)
    }
  })
  return changed
}

/** What was changed and not said before, as `root key`. */
export function unsaid(changed: Iterable<string>, touches: readonly { readonly path: string; readonly key: string }[]): string[] {
  const touched = new Set(touches.map(({ path, key }) => `${path} ${key}`))
  return [...changed].filter((place) => !touched.has(place))
}

/** Something waits for structs that are not there. */
export const hasPending = ({ store }: Y.Doc): boolean => store.pendingStructs !== null || store.pendingDs !== null

/**
 * Seeds from 1; the one alone that `FUZZ_SEED` names, to tell again the story of a fault. What a seed has found is kept as a test of its
 * own, with the bytes it printed, under the rule that was broken.
 */
export const seedsUpTo = (count: number): readonly number[] =>
  oneSeed === undefined ? Array.from({ length: count }, (_, index) => index + 1) : [oneSeed]
export const oneSeed = process.env.FUZZ_SEED === undefined ? undefined : Number(process.env.FUZZ_SEED)

/** Mulberry32. */
export function makeRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

type Random = (below: number) => number
const pick = <T>(random: Random, list: readonly T[]): T => list[random(list.length)] as T

export type Phone = { doc: Y.Doc; readonly writer: Writer; readonly gc: boolean; online: boolean; readonly outbox: Uint8Array[] }
/** Something a phone sends, and when it does, in the story. */
export type Sent = { readonly update: Uint8Array; readonly writer: Writer; readonly kind: 'live' | 'merge' }

/**
 * Four phones of three people at one committee, all honest: they write by the accessors, go offline, come back with a merge, are
 * reloaded with unsent work, and the two phones of one person hear each other directly. `send` brings what they send to the room.
 */
export class History {
  readonly random: Random
  readonly phones: readonly Phone[]
  private readonly room: { readonly doc: Y.Doc }
  private readonly send: (sent: Sent) => void
  private nextClient: number
  private at_s = at_s

  constructor(seed: number, room: { readonly doc: Y.Doc }, send: (sent: Sent) => void) {
    this.random = makeRandom(seed)
    this.room = room
    this.send = send
    this.nextClient = 1_000
    const writers = [
      writerOf(1, 'coordinator'),
      writerOf(1, 'coordinator'),
      writerOf(2, 'collector', 'counting', ['attendance', 'count']),
      writerOf(3, 'supervisor'),
    ]
    this.phones = writers.map((writer) => this.equip({ doc: new Y.Doc(), writer, gc: this.random(2) === 0, online: true, outbox: [] }))
  }

  /** A page that has just been opened: a new client on what the phone has kept. */
  private equip(phone: Phone): Phone {
    const kept = Y.encodeStateAsUpdate(phone.doc)
    this.nextClient += 1 + this.random(50)
    // Older clients may have the higher id as well: ids decide who wins.
    phone.doc = docOf(this.random(2) === 0 ? this.nextClient : 4_294_967_295 - this.nextClient, phone.gc)
    Y.applyUpdate(phone.doc, kept, 'kept')
    phone.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'kept' && origin !== 'heard') phone.outbox.push(update)
    })
    return phone
  }

  step(): void {
    const { random } = this
    const phone = pick(random, this.phones)
    this.at_s += 1
    const what = random(20)
    if (what < 14) phone.doc.transact(() => this.write(phone), 'own')
    else if (what === 14) phone.online = false
    else if (what === 15) this.reconnect(phone)
    else if (what === 16) {
      this.equip(phone)
      phone.online = false
    } else if (what === 17) this.tellTwin(phone)
    else this.hear(phone)
    if (phone.online) for (const update of phone.outbox.splice(0)) this.send({ update, writer: phone.writer, kind: 'live' })
  }

  /** Everyone comes back and hears everything. */
  end(): void {
    for (const phone of this.phones) this.reconnect(phone)
    for (const phone of this.phones) this.hear(phone)
  }

  private reconnect(phone: Phone): void {
    phone.online = true
    phone.outbox.length = 0
    this.send({ update: Y.encodeStateAsUpdate(phone.doc, Y.encodeStateVector(this.room.doc)), writer: phone.writer, kind: 'merge' })
  }

  private hear(phone: Phone): void {
    if (phone.online) Y.applyUpdate(phone.doc, Y.encodeStateAsUpdate(this.room.doc, Y.encodeStateVector(phone.doc)), 'heard')
  }

  /** Tabs of one browser talk to each other: what the other tab wrote may reach the server through this one. */
  private tellTwin(phone: Phone): void {
    const twin = this.phones.find((other) => other !== phone && other.writer.user === phone.writer.user)
    if (twin === undefined) return
    Y.applyUpdate(twin.doc, Y.encodeStateAsUpdate(phone.doc, Y.encodeStateVector(twin.doc)), 'heard')
    // What came this way is not in its outbox: it goes with a merge.
    twin.online = false
  }

  private write({ doc, writer }: Phone): void {
    const { random } = this
    const { user } = writer
    const client = doc.clientID as ClientId
    const elector = (1 + random(4)) as ElectorSerial
    const may = (right: Right) => writer.rights.includes(right)
    const now_s = this.at_s
    const note = doc.getText(keyOf.note(elector))
    const acts: (() => void)[] = [
      () => note.insert(random(note.length + 1), pick(random, ['a', 'سطر', '😀', 'longer text'])),
      () => note.length > 0 && note.delete(random(note.length), 1),
      () => {
        const collector = writer.role === 'collector' ? user : ((1 + random(3)) as UserId)
        const field = pick(random, guaranteeFields)
        const values: GuaranteeValues = {
          strength: 'weak',
          confirmation: 'pending',
          group: `g${random(9)}`,
          quick_note: null,
          follow_up: now_s,
          withdrawn: true,
        }
        writeGuarantee(guaranteesRoot(doc), elector, collector, field, values[field])
      },
    ]
    if (may('attendance')) {
      acts.push(
        () => markAttendance(attendanceRoot(doc), elector, user, now_s),
        () => withdrawAttendance(attendanceRoot(doc), elector, user, 'x'),
        () => doc.getMap('walkins').set(keyOf.walkin(user, client, random(2)), { name: 'سالم', serial: null, why: '', at_s: now_s }),
      )
    }
    if (may('count')) {
      const sheet = pick(random, ['A', 'B'] as const)
      acts.push(
        () => appendToLog(doc, sheet, user, { n: 1 + random(99), at_s: now_s, c: pick(random, [[], [1], [2, 5]]) as CandidateNumber[] }),
        () => {
          const log = ballotsRoot(doc).get(keyOf.log(sheet, user, client)) as Y.Array<unknown> | undefined
          if (log !== undefined) appendToLog(doc, sheet, user, { void: [client, random(log.length)], at_s: now_s, why: '' })
        },
      )
    }
    if (may('figures')) acts.push(() => figuresRoot(doc).set(keyOf.figure('minute', pick(random, ['ballots', 'v3']), user), random(5)))
    if (may('rule')) {
      acts.push(
        () => figuresRoot(doc).set(keyOf.figureRuling('minute', 'ballots'), { value: 1, by: user, at_s: now_s, saw: { 1: 2 } }),
        () => attendanceRoot(doc).set(keyOf.attendanceRuling(elector), { by: user, at_s: now_s, why: '', saw: {} }),
        () => appendToLog(doc, 'A', user, { void: [1_001 as ClientId, random(9)], at_s: now_s, why: '', instead: null }),
      )
    }
    // Sometimes several things in one transaction, the same key twice among them.
    for (let times = 1 + (random(4) === 0 ? random(4) : 0); times > 0; times -= 1) pick(random, acts)()
  }
}
