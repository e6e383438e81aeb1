import type { SealRequest } from '#actors/journal/store.ts'
import { ok } from '#contract/result.ts'
import type { DecodedUpdate } from './admission/decode.ts'
import { type Admit, type CommitteeMessage, refuse, type SealClients, storeAway } from './messages.ts'
import { follow, settle } from './order.ts'
import { askedSeals, sealRequest } from './refusing.ts'
import { type CommitteePorts, type CommitteeState, isBusy, type Refused, type Sealing } from './state.ts'

// A refusal, or a person, ends clients: the store is asked, and its answer comes as a message, so that the committee's other work goes
// on meanwhile. The clients are busy until then. What has to be judged again is put in front of what is held: there a fault finds it.

/** Seals first, and then says so: a phone that has heard of a refusal writes anew what was good. */
export function refuseForGood(
  state: CommitteeState,
  message: Admit,
  verdict: Refused,
  decoded: DecodedUpdate | undefined,
  ports: CommitteePorts,
): void {
  const { replica } = state
  if (replica === undefined) return refuse(message, { code: 'overloaded' })
  const request = sealRequest(message, verdict, decoded, replica, ports)
  if (request === undefined) return sayRefused(message, verdict, ports)
  if (state.sealing.size >= ports.limits.mailbox_messages_max) return refuse(message, { code: 'overloaded' })
  const clients = request.seals.map(({ client }) => client)
  askForSeals(state, { message, verdict, decoded, clients, request }, request, ports)
}

function sayRefused(message: Admit, { client, reasons }: Refused, ports: CommitteePorts): void {
  ports.observe?.judged('refused')
  message.reply({ answer: 'refused', client, reasons })
}

/** What a person asks for, behind what is on its way of these clients. */
export function seal(state: CommitteeState, message: SealClients, ports: CommitteePorts): void {
  const { replica } = state
  if (replica === undefined) return refuse(message, { code: 'overloaded' })
  if (isBusy(state, message.clients)) {
    if (state.heldSeals.length >= ports.limits.mailbox_messages_max) return refuse(message, { code: 'overloaded' })
    state.heldSeals.push(message)
    return
  }
  const seals = askedSeals(message, replica, ports.limits)
  if (!seals.ok) return message.reply(seals)
  // Also where all of them have ended: what is kept of them is made final, and told.
  const request = { after: replica.sequence, seals: seals.value, final: true, room: { entries_max: 0, bytes_max: 0 } }
  askForSeals(state, { message, clients: message.clients }, request, ports)
}

function askForSeals(state: CommitteeState, sealing: Sealing, request: SealRequest, ports: CommitteePorts): void {
  const id = ports.uuid()
  for (const client of sealing.clients) state.busy.add(client)
  state.sealing.set(id, sealing)
  ports.seal(state.committee, id, request)
}

/** The store has answered. Where the journal or somebody else was faster, all of it is judged again by what there is now. */
export async function sealed(
  state: CommitteeState,
  { id, result }: Extract<CommitteeMessage, { type: 'sealed' }>,
  ports: CommitteePorts,
): Promise<void> {
  const { replica } = state
  const sealing = state.sealing.get(id)
  if (sealing === undefined || replica === undefined) return
  const isBehind = result.ok && result.value.answer === 'behind'
  const isHere = !isBehind || (await follow(state, ports))
  state.sealing.delete(id)
  for (const client of sealing.clients) state.busy.delete(client)
  state.freed = true
  if (!result.ok) return refuse(sealing.message, result.error === 'unavailable' ? storeAway : { code: 'overloaded' })
  if (result.value.answer === 'behind') return isHere ? judgeAgain(state, sealing, ports) : refuse(sealing.message, storeAway)

  const { value } = result
  for (const { client, user, clock } of value.seals) replica.seal({ client, user, clock })
  if (value.answer === 'foreign') return judgeAgain(state, sealing, ports)
  if (!('verdict' in sealing)) {
    const clocks = new Map(value.seals.map(({ client, clock }) => [client, clock]))
    return sealing.message.reply(ok({ clocks, reasons: value.reasons }))
  }
  for (const kept of value.kept) ports.observe?.refused(sealing.request.aside?.kind ?? 'refused', kept)
  if (value.seals.some(({ known }) => known)) return judgeAgain(state, sealing, ports)
  sayRefused(sealing.message, sealing.verdict, ports)
}

function judgeAgain(state: CommitteeState, sealing: Sealing, ports: CommitteePorts): void {
  if (!('verdict' in sealing)) state.heldSeals.unshift(sealing.message)
  else if (sealing.decoded === undefined) refuseForGood(state, sealing.message, sealing.verdict, undefined, ports)
  else state.held.unshift({ message: sealing.message, decoded: sealing.decoded })
}

/** Another instance has ended a client of this update: which, is read, and the update judged by it. */
export async function learnSeals(state: CommitteeState, uuid: string, ports: CommitteePorts): Promise<void> {
  const { replica, pending } = state
  const waiting = pending.get(uuid)
  if (replica === undefined || waiting === undefined) return
  const seals = await ports.store.seals(state.committee)
  if (seals.ok) for (const known of seals.value) replica.seal(known)
  const isKnown = waiting.entry.clients.some((client) => replica.seals.has(client))
  if (waiting.judged === undefined || !isKnown) {
    return settle(state, uuid, { answer: 'postponed', refusal: seals.ok ? { code: 'overloaded' } : storeAway }, ports)
  }
  state.held.unshift(waiting.judged)
  settle(state, uuid, undefined, ports)
}
