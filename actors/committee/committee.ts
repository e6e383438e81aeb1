import * as Y from 'yjs'
import type { Entry } from '#actors/journal/store.ts'
import { attempt } from '#actors/kernel/attempt.ts'
import type { Behaviour } from '#actors/kernel/behaviour.ts'
import type { ClientId, CommitteeId, Sequence } from '#contract/ids.ts'
import type { Refusal } from '#contract/refusals.ts'
import { err, ok, unreachable } from '#contract/result.ts'
import { clientsIn, decodeWithin, judgeUpdate, type Verdict } from './admission/admit.ts'
import type { DecodedUpdate } from './admission/decode.ts'
import type { Admission, Admit, CommitteeMessage } from './messages.ts'
import { Replica, readAfter } from './replica.ts'
import type { CommitteePorts, CommitteeState, NextRow } from './state.ts'

/** Authors hear of what has become durable at most once in this time. */
export const publish_ms = 20

const storeAway: Refusal = { code: 'store-unavailable' }

/** The actor of one polling committee: admits, has journaled, applies in the journal's order, acknowledges. See SPEC.md, C. */
export function committeeBehaviour(ports: CommitteePorts): Behaviour<CommitteeId, CommitteeState, CommitteeMessage> {
  return {
    name: 'committee',
    wake: (committee) => ({
      committee,
      replica: undefined,
      pending: new Map(),
      busy: new Set(),
      deleting: new Set(),
      committed: new Map(),
      held: [],
      publishing: false,
    }),
    receive: (state, message) => receive(state, message, ports),
    // The poll tells the head of every committee each second: taken as messages, they would keep all of them awake for ever.
    ignores: ({ replica }, message) => message.type === 'head' && message.sequence <= (replica?.sequence ?? message.sequence),
    sleep: (state) => sleep(state, ports),
    refuse,
    discard(_committee, state, fault) {
      ports.log.error({ committee: _committee, fault: String(fault) }, 'committee starts anew from the journal')
      if (state?.replica !== undefined) ports.holder.evict(state.replica.document)
      for (const { reply } of state?.pending.values() ?? []) reply({ answer: 'postponed', refusal: { code: 'overloaded' } })
      for (const { message } of state?.held ?? []) refuse(message, { code: 'overloaded' })
    },
  }
}

function refuse(message: CommitteeMessage, refusal: Refusal): void {
  switch (message.type) {
    case 'admit':
      return message.reply({ answer: 'postponed', refusal })
    case 'open':
    case 'claim':
      return message.reply(err(refusal))
    case 'receipts':
      return message.reply(undefined)
    // Nobody waits: what they would have told is in the journal, and is read there.
    case 'journaled':
    case 'head':
    case 'publish':
      return
    default:
      return unreachable(message)
  }
}

async function receive(state: CommitteeState, message: CommitteeMessage, ports: CommitteePorts): Promise<void> {
  switch (message.type) {
    case 'open':
      return open(state, message, ports)
    case 'admit': {
      const decoded = decodeWithin(message.update, message.kind, ports.limits)
      if ('verdict' in decoded) return answerVerdict(state, message, decoded, ports)
      return admit(state, message, decoded, ports)
    }
    case 'claim':
      return message.reply(
        state.replica?.claim(message.client, message.user, ports.limits.clients_per_user_max) === false
          ? err({ code: 'foreign-client' })
          : ok(),
      )
    case 'receipts':
      return message.reply(state.replica?.allDurable(message.user))
    case 'journaled':
      return journaled(state, message, ports)
    case 'head':
      if (state.replica !== undefined && message.sequence > state.replica.sequence) await follow(state, ports)
      return
    case 'publish': {
      state.publishing = false
      if (state.replica === undefined) return
      for (const [user, durable] of state.replica.newlyDurable()) ports.holder.tellDurable(state.replica.document, user, durable)
      return
    }
    default:
      return unreachable(message)
  }
}

async function open(
  state: CommitteeState,
  { document, reply }: Extract<CommitteeMessage, { type: 'open' }>,
  ports: CommitteePorts,
): Promise<void> {
  const facts = await ports.facts(state.committee)
  if (!facts.ok) return reply(err(facts.error === 'unavailable' ? storeAway : { code: facts.error }))
  const loaded = await Replica.load(state.committee, document, facts.value, ports.store, ports.holder.origin)
  if (!loaded.ok) return reply(err(storeAway))
  state.replica = loaded.value
  reply(ok())
  // Own rows that waited here for others' before them may have come with the others.
  for (const { uuid, sequence } of [...state.committed.values()]) {
    if (sequence > loaded.value.sequence) continue
    state.committed.delete(sequence)
    settle(state, uuid, { answer: 'merged', sequence }, ports)
  }
  // Rows that were committed while these were read.
  await follow(state, ports)
  await judgeHeld(state, ports)
}

/** Judges now, or later where an update of the same client, or a deletion by the same user, is on its way into the journal. */
async function admit(
  state: CommitteeState,
  message: Admit,
  decoded: DecodedUpdate,
  ports: CommitteePorts,
  followed = false,
): Promise<void> {
  const { replica } = state
  if (replica === undefined) return refuse(message, { code: 'overloaded' })
  if (mustWait(state, message, decoded)) {
    if (state.held.length >= ports.limits.mailbox_messages_max) return refuse(message, { code: 'overloaded' })
    state.held.push({ message, decoded })
    return
  }
  const judge = {
    writer: message.writer,
    facts: replica.facts,
    limits: ports.limits,
    ownerOf: replica.ownerOf,
    clients: replica.ownedBy(message.writer.user),
  }
  const verdict = judgeUpdate(message.update, decoded, replica.live, judge)
  if (followed || verdict.verdict === 'nothing-new' || !mayLag(verdict, message, decoded, replica))
    return answerVerdict(state, message, verdict, ports)
  if (!(await follow(state, ports))) {
    // Good as it stands: the journal holds it until the store is back.
    return verdict.verdict === 'accepted' ? answerVerdict(state, message, verdict, ports) : refuse(message, storeAway)
  }
  // From the beginning: what was held may have gone ahead meanwhile.
  return admit(state, message, decoded, ports, true)
}

/**
 * Whether rows that have not come here yet may change the verdict: a phone that fails over to a lagging replica brings other people's
 * committed work with it. That is somebody's whose client is not known here; judged now, it would be refused, or be the sender's.
 */
function mayLag(verdict: Verdict, { writer }: Admit, decoded: DecodedUpdate, { ownerOf }: Replica): boolean {
  return verdict.verdict === 'missing' || clientsIn(decoded).some((client) => ownerOf(client as ClientId) !== writer.user)
}

/**
 * Structs are known by their client, and one update of a client goes at a time. A deletion has no struct of its own: what deletes
 * waits for whatever the same user has deleted. So nothing that comes twice, before its COMMIT, makes two rows.
 */
function mustWait({ busy, deleting, held }: CommitteeState, { writer }: Admit, decoded: DecodedUpdate): boolean {
  const clients = clientsIn(decoded)
  return (
    clients.some((client) => busy.has(client as ClientId)) ||
    (decoded.deletes.length > 0 && deleting.has(writer.user)) ||
    held.some((earlier) => clientsIn(earlier.decoded).some((client) => clients.includes(client)))
  )
}

function answerVerdict(state: CommitteeState, message: Admit, verdict: Verdict, ports: CommitteePorts): void {
  ports.observe?.judged(verdict.verdict)
  switch (verdict.verdict) {
    case 'nothing-new':
      return message.reply({ answer: 'merged', sequence: state.replica?.sequence ?? (0 as Sequence) })
    case 'missing':
      return message.reply({ answer: 'missing' })
    case 'refused':
      return message.reply({ answer: 'refused', client: verdict.client, reasons: verdict.reasons })
    case 'accepted': {
      const { clients, touches } = verdict
      const user = message.writer.user
      // A copy: the sender's buffer is not ours, and whoever is refused after all (a fault, a drain) overwrites it to say so, while
      // the entry may still be on its way.
      const update = verdict.update === message.update ? new Uint8Array(message.update) : verdict.update
      const entry: Entry = { uuid: ports.uuid(), committee: state.committee, user, clients, update, touches }
      const deletes = verdict.deletes.length > 0
      for (const client of clients) state.busy.add(client)
      if (deletes) state.deleting.add(user)
      state.pending.set(entry.uuid, { entry, deletes, reply: message.reply, since_ms: ports.clock.now_ms() })
      return ports.append(entry)
    }
    default:
      return unreachable(verdict)
  }
}

async function journaled(
  state: CommitteeState,
  { uuid, result }: Extract<CommitteeMessage, { type: 'journaled' }>,
  ports: CommitteePorts,
): Promise<void> {
  const { pending, committed, replica } = state
  const entry = pending.get(uuid)?.entry
  if (replica === undefined) return
  if (entry === undefined) {
    // Applied already, out of the rows; or asked for by a state that was thrown away, and then it is read from there.
    if (result.ok && result.value.sequence > replica.sequence) await follow(state, ports)
    return
  }
  if (!result.ok) {
    settle(state, uuid, { answer: 'postponed', refusal: result.error }, ports)
    return judgeHeld(state, ports)
  }
  const { sequence } = result.value
  if (sequence <= replica.sequence) {
    settle(state, uuid, { answer: 'merged', sequence }, ports)
    return judgeHeld(state, ports)
  }
  committed.set(sequence, { ...entry, ...result.value })
  const next: NextRow[] = []
  for (let row = committed.get(replica.sequence + 1); row !== undefined; row = committed.get(row.sequence + 1)) next.push(row)
  // Another instance's rows stand before this one: they are read from the journal, and this one with them.
  if (next.length === 0) await follow(state, ports)
  else await advance(state, replica, next, ports)
}

/** Reads the journal to its head and applies what is new. False where the store is away: the next head or poll tries again. */
async function follow(state: CommitteeState, ports: CommitteePorts): Promise<boolean> {
  const { replica } = state
  if (replica === undefined) return false
  const rows = await readAfter(ports.store, state.committee, replica.sequence)
  if (!rows.ok) return false
  await advance(state, replica, rows.value, ports)
  return true
}

/** Applies the journal's next rows, then acknowledges those that somebody waits for: in the document before anyone is told. */
async function advance(state: CommitteeState, replica: Replica, rows: readonly NextRow[], ports: CommitteePorts): Promise<void> {
  if (rows.length === 0) return
  replica.apply(rows)
  for (const { uuid, sequence } of rows) {
    state.committed.delete(sequence)
    settle(state, uuid, { answer: 'merged', sequence }, ports)
  }
  if (!state.publishing) {
    state.publishing = true
    ports.clock.after(publish_ms, () => ports.answer(state.committee, { type: 'publish' }))
  }
  if (replica.sequence - replica.snapshotAskedAt >= ports.limits.snapshot_every_rows) void saveSnapshot(replica, ports)
  await judgeHeld(state, ports)
}

function settle({ pending, busy, deleting }: CommitteeState, uuid: string, admission: Admission, { clock, observe }: CommitteePorts): void {
  const waiting = pending.get(uuid)
  if (waiting === undefined) return
  pending.delete(uuid)
  for (const client of waiting.entry.clients) busy.delete(client)
  if (waiting.deletes && waiting.entry.user !== null) deleting.delete(waiting.entry.user)
  waiting.reply(admission)
  if (admission.answer === 'merged') observe?.acknowledged(clock.now_ms() - waiting.since_ms)
}

/** Updates that waited for another: judged again, in order, against what is there now. */
async function judgeHeld(state: CommitteeState, ports: CommitteePorts): Promise<void> {
  const { held } = state
  if (held.length === 0) return
  state.held = []
  for (const [at, { message, decoded }] of held.entries()) {
    try {
      await admit(state, message, decoded, ports)
    } catch (fault) {
      // The fault ends this state: whoever waits is answered by `discard`, and has to be found there.
      state.held.unshift(...held.slice(at))
      throw fault
    }
  }
}

/** A snapshot only makes loading faster, the rows are there: one that fails is tried again with the next, or on falling asleep. */
async function saveSnapshot(replica: Replica, { store, log, observe }: CommitteePorts): Promise<void> {
  const { committee, sequence, head, document } = replica
  replica.snapshotAskedAt = sequence
  const saved = await attempt(() => store.saveSnapshot(committee, { sequence, head, state: Y.encodeStateAsUpdate(document) }))
  if (!saved.ok || !saved.value.ok) return log.warn({ committee, sequence, ...(saved.ok ? {} : { err: saved.error }) }, 'snapshot not kept')
  if (sequence > replica.snapshotAt) replica.snapshotAt = sequence
  observe?.snapshotted()
}

/** Sleeps only with nothing on its way and nobody there. */
async function sleep(state: CommitteeState, ports: CommitteePorts): Promise<boolean> {
  const { replica } = state
  if (state.pending.size > 0 || state.held.length > 0) return false
  if (replica === undefined) return true
  if (ports.holder.inUse(replica.document)) return false
  if (replica.sequence > replica.snapshotAt) await saveSnapshot(replica, ports)
  return ports.holder.release(replica.document)
}
