import type { Entry, Touch } from '#actors/journal/store.ts'
import type { Behaviour } from '#actors/kernel/behaviour.ts'
import { Summarizer } from '#actors/overview/summarizer.ts'
import type { ClientId, CommitteeId, Sequence } from '#contract/ids.ts'
import { err, ok, unreachable } from '#contract/result.ts'
import { clientsIn, decodeWithin, judgeUpdate, type Verdict } from './admission/admit.ts'
import { admitAside } from './anew.ts'
import { answeredBy } from './conflicts/answer.ts'
import { noteCauses, tellOpen, writeEntries } from './conflicts/writing.ts'
import { type Admit, type CommitteeMessage, refuse, storeAway } from './messages.ts'
import { advance, follow, saveSnapshot, settle } from './order.ts'
import { type NextRow, Replica } from './replica.ts'
import { learnSeals, refuseForGood, seal, sealed } from './sealing.ts'
import { type CommitteePorts, type CommitteeState, isBusy, type Judged } from './state.ts'
import { summarizeNow, summarizeSoon } from './summarizing.ts'

/** Between two questions for new facts while the store is away. */
export const facts_retry_ms = 1_000

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
      sealing: new Map(),
      held: [],
      heldSeals: [],
      writing: false,
      heldAdmissions: [],
      serverClient: undefined,
      entriesDue: new Map(),
      cancelEntries: () => {},
      openConflicts: 0,
      freed: false,
      publishing: false,
      summarizer: undefined,
      summarizing: undefined,
    }),
    async receive(state, message) {
      await receive(state, message, ports)
      while (state.freed) await goOn(state, ports)
      await writeEntries(state, ports)
    },
    // The poll tells the head of every committee each second: taken as messages, they would keep all of them awake for ever.
    ignores: ({ replica }, message) => message.type === 'head' && message.sequence <= (replica?.sequence ?? message.sequence),
    sleep: (state) => sleep(state, ports),
    refuse,
    discard(_committee, state, fault) {
      state?.summarizing?.()
      ports.log.error({ committee: _committee, fault: String(fault) }, 'committee starts anew from the journal')
      if (state !== undefined) rest(state, ports)
      if (state?.replica !== undefined) ports.holder.evict(state.replica.document)
      for (const { reply } of state?.pending.values() ?? []) reply({ answer: 'postponed', refusal: { code: 'overloaded' } })
      const waiting = [...(state?.held ?? []), ...(state?.sealing.values() ?? [])].map(({ message }) => message)
      for (const message of [...waiting, ...(state?.heldSeals ?? []), ...(state?.heldAdmissions ?? [])])
        refuse(message, { code: 'overloaded' })
    },
  }
}

async function receive(state: CommitteeState, message: CommitteeMessage, ports: CommitteePorts): Promise<void> {
  switch (message.type) {
    case 'open':
      return open(state, message, ports)
    case 'admit': {
      const decoded = decodeWithin(message.update, message.kind, ports.limits)
      if ('verdict' in decoded) return refuseForGood(state, message, decoded, undefined, ports)
      return admit(state, { message, decoded }, ports)
    }
    case 'seal':
      return seal(state, message, ports)
    case 'admit-aside':
      return admitAside(state, message, ports)
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
    case 'sealed':
      return sealed(state, message, ports)
    case 'head':
      if (state.replica !== undefined && message.sequence > state.replica.sequence) await follow(state, ports)
      return
    case 'facts-changed':
      return learnFacts(state, ports)
    case 'entries':
      return // what is due is written behind every message
    case 'publish': {
      state.publishing = false
      if (state.replica === undefined) return
      for (const [user, durable] of state.replica.newlyDurable()) ports.holder.tellDurable(state.replica.document, user, durable)
      return
    }
    case 'summarize':
      return summarizeNow(state, ports)
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
  state.summarizer = new Summarizer(document)
  summarizeSoon(state, ports)
  noteCauses(state, loaded.value, [], ports)
  reply(ok())
  // Own rows that waited here for others' before them may have come with the others.
  for (const { uuid, sequence } of [...state.committed.values()]) {
    if (sequence > loaded.value.sequence) continue
    state.committed.delete(sequence)
    settle(state, uuid, { answer: 'merged', sequence }, ports)
  }
  // Rows that were committed while these were read.
  await follow(state, ports)
  state.freed = true
}

/** A document that is not open yet reads its facts when it is. Where the store is away the old ones hold, and it is asked again. */
async function learnFacts(state: CommitteeState, ports: CommitteePorts): Promise<void> {
  const { committee, replica } = state
  if (replica === undefined) return
  const facts = await ports.facts(committee)
  if (facts.ok) {
    replica.facts = facts.value
    summarizeSoon(state, ports)
  } else if (facts.error === 'unavailable') ports.clock.after(facts_retry_ms, () => ports.answer(committee, { type: 'facts-changed' }))
}

/** Judges now, or later where an update of the same client, or a deletion by the same user, is on its way into the journal. */
async function admit(state: CommitteeState, judged: Judged, ports: CommitteePorts, followed = false): Promise<void> {
  const { replica } = state
  const { message, decoded } = judged
  if (replica === undefined) return refuse(message, { code: 'overloaded' })
  if (mustWait(state, judged)) {
    if (state.held.length >= ports.limits.mailbox_messages_max) return refuse(message, { code: 'overloaded' })
    state.held.push(judged)
    return
  }
  const writer = message.writer()
  const { facts, ownerOf, seals } = replica
  const judge = { writer, facts, limits: ports.limits, ownerOf, seals, clients: replica.ownedBy(writer.user) }
  const verdict = judgeUpdate(message.update, decoded, replica.live, judge)
  if (followed || verdict.verdict === 'nothing-new' || !mayLag(verdict, judged, replica))
    return answerVerdict(state, judged, verdict, ports)
  if (!(await follow(state, ports))) {
    // Good as it stands: the journal holds it until the store is back.
    return verdict.verdict === 'accepted' ? answerVerdict(state, judged, verdict, ports) : refuse(message, storeAway)
  }
  // From the beginning: what was held may have gone ahead meanwhile.
  return admit(state, judged, ports, true)
}

/**
 * Whether rows that have not come here yet may change the verdict: a phone that fails over to a lagging replica brings other people's
 * committed work with it. That is somebody's whose client is not known here; judged now, it would be refused, or be the sender's. And
 * what is below a seal is in the journal, also where it has not come here.
 */
function mayLag(verdict: Verdict, { message, decoded }: Judged, { ownerOf, seals, live }: Replica): boolean {
  const { user } = message.writer()
  return (
    verdict.verdict === 'missing' ||
    clientsIn(decoded).some(
      (client) => ownerOf(client as ClientId) !== user || (seals.get(client as ClientId)?.clock ?? 0) > live.stateOf(client),
    )
  )
}

/**
 * Structs are known by their client, and one update of a client goes at a time. A deletion has no struct of its own: what deletes
 * waits for whatever the same user has deleted. So nothing that comes twice, before its COMMIT, makes two rows.
 */
function mustWait(state: CommitteeState, { message, decoded }: Judged): boolean {
  return isBusy(state, clientsIn(decoded)) || (decoded.deletes.length > 0 && state.deleting.has(message.writer().user))
}

function answerVerdict(state: CommitteeState, judged: Judged, verdict: Verdict, ports: CommitteePorts): void {
  const { message, decoded } = judged
  if (verdict.verdict === 'refused') return refuseForGood(state, message, verdict, decoded, ports)
  ports.observe?.judged(verdict.verdict)
  switch (verdict.verdict) {
    case 'nothing-new':
      return message.reply({ answer: 'merged', sequence: state.replica?.sequence ?? (0 as Sequence) })
    case 'missing':
      return message.reply({ answer: 'missing' })
    case 'accepted': {
      const { clients, touches, rulings } = verdict
      const { user } = message.writer()
      // A copy: the sender's buffer is not ours, and whoever is refused after all (a fault, a drain) overwrites it to say so, while
      // the entry may still be on its way.
      const update = verdict.update === message.update ? new Uint8Array(message.update) : verdict.update
      const answered = state.replica === undefined ? [] : answeredBy(message, touches, state.replica.live)
      const entry: Entry = { uuid: ports.uuid(), committee: state.committee, user, clients, update, touches: [...touches, ...answered] }
      const deletes = verdict.deletes.length > 0
      for (const client of clients) state.busy.add(client)
      if (deletes) state.deleting.add(user)
      state.pending.set(entry.uuid, { entry, deletes, reply: withRulings(message.reply, rulings), since_ms: ports.clock.now_ms(), judged })
      return ports.append(entry)
    }
    default:
      return unreachable(verdict)
  }
}

/** Told with the commit and not before. */
function withRulings(reply: Admit['reply'], rulings: readonly Touch[]): Admit['reply'] {
  if (rulings.length === 0) return reply
  return (admission) => reply(admission.answer === 'merged' ? { ...admission, rulings } : admission)
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
    if (result.error.code === 'sealed' && entry.admits === undefined) return learnSeals(state, uuid, ports)
    return settle(state, uuid, { answer: 'postponed', refusal: result.error }, ports)
  }
  const { sequence } = result.value
  if (sequence <= replica.sequence) return settle(state, uuid, { answer: 'merged', sequence }, ports)
  if (entry.user !== null) committed.set(sequence, { ...entry, ...result.value })
  const next: NextRow[] = []
  for (let row = committed.get(replica.sequence + 1); row !== undefined; row = committed.get(row.sequence + 1)) next.push(row)
  // Another instance's rows stand before this one: they are read from the journal, and this one with them. As is what the server writes:
  // the row of that number may be one that another instance has encoded.
  if (next.length === 0) await follow(state, ports)
  else advance(state, replica, next, ports)
}

/** What waited for others: judged again, in order, against what is there now. */
async function goOn(state: CommitteeState, ports: CommitteePorts): Promise<void> {
  state.freed = false
  const { held, heldSeals } = state
  state.held = []
  state.heldSeals = []
  for (const [at, judged] of held.entries()) {
    try {
      await admit(state, judged, ports)
    } catch (fault) {
      // The fault ends this state: whoever waits is answered by `discard`, and has to be found there.
      state.held.unshift(...held.slice(at))
      state.heldSeals.unshift(...heldSeals)
      throw fault
    }
  }
  for (const message of heldSeals) seal(state, message, ports)
  while (!state.writing && state.heldAdmissions[0] !== undefined) {
    // Taken out behind it, for the same reason.
    await admitAside(state, state.heldAdmissions[0], ports)
    state.heldAdmissions.shift()
  }
}

/** Sleeps only with nothing on its way and nobody there. */
async function sleep(state: CommitteeState, ports: CommitteePorts): Promise<boolean> {
  const { replica } = state
  if (state.pending.size > 0 || state.sealing.size > 0 || state.held.length > 0 || state.heldAdmissions.length > 0) return false
  if (replica === undefined) return true
  if (ports.holder.inUse(replica.document)) return false
  if (state.summarizing !== undefined) summarizeNow(state, ports)
  if (replica.sequence > replica.snapshotAt) await saveSnapshot(replica, ports)
  if (!(await ports.holder.release(replica.document))) return false
  rest(state, ports)
  return true
}

/** The state is not used again. */
function rest(state: CommitteeState, ports: CommitteePorts): void {
  state.cancelEntries()
  tellOpen(state, 0, ports)
}
