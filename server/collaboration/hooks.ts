import type { Configuration, Connection, Document, Hocuspocus } from '@hocuspocus/server'
import type { Admission, CommitteeMessage } from '#actors/committee/messages.ts'
import type { Clock } from '#actors/kernel/clock.ts'
import type { Log } from '#actors/kernel/log.ts'
import type { System } from '#actors/system.ts'
import { type CommitteeId, parseDocumentName } from '#contract/ids.ts'
import type { Limits } from '#contract/limits.ts'
import { encodeServerMessage, type Reason, type ServerMessage } from '#contract/messages.ts'
import type { RefusalCode } from '#contract/refusals.ts'
import { err, unreachable } from '#contract/result.ts'
import type { AccessList } from '#server/auth/access.ts'
import type { Tokens } from '#server/auth/token.ts'
import type { AuditEvent, OnRefusal } from '#server/observe/audit.ts'
import { readCredentials } from './credentials.ts'
import type { DeviceBook } from './device-book.ts'
import { guarded } from './guard.ts'
import type { Letting } from './holder.ts'
import { askForMissing, nack, unnack } from './nack.ts'
import type { PresentPeople } from './presence.ts'
import { type Context, Seat } from './seat.ts'
import type { Seats } from './seats.ts'
import type { Visitors } from './visitors.ts'

export type HookPorts = {
  readonly committees: System['committees']
  readonly tokens: Tokens
  readonly access: AccessList
  readonly visitors: Visitors
  readonly seats: Seats
  readonly devices: DeviceBook
  readonly people: PresentPeople
  readonly letting: Letting
  readonly clock: Clock
  readonly log: Log
  readonly limits: Limits
  readonly draining: () => boolean
  readonly onRefusal: OnRefusal
  readonly audit: (event: AuditEvent) => void
}

/** Hocuspocus sends `reason` to the client; an error without a message is not printed. */
class Refused extends Error {
  readonly reason: RefusalCode | 'veto'

  constructor(reason: RefusalCode | 'veto') {
    super('')
    this.reason = reason
  }
}

/** Answers that still build on something missing after so many questions are not going to get better. */
const missing_rounds_max = 3

/** Hooks → messages: a table without logic of its own. What is awaited may refuse by throwing; the rest is guarded. */
export function makeHooks(hocuspocus: () => Hocuspocus<Context>, ports: HookPorts): Partial<Configuration<Context>> {
  const { committees, log, onRefusal, seats, devices, people } = ports
  const tell = (committee: CommitteeId, message: CommitteeMessage) => committees.tell(committee, message)
  return {
    onAuthenticate: async ({ token, documentName, context }) => {
      const seat = await ports.visitors.letIn(context.socket, () => seatFor(token, documentName, context, ports))
      if (seat instanceof Seat) return { seat }
      onRefusal(seat, refusedAt(documentName, context))
      throw new Refused(seat)
    },

    onLoadDocument: async ({ document, documentName }) => {
      const committee = parseDocumentName(documentName)
      if (!committee.ok) throw new Refused('unknown-committee')
      const opened = await new Promise<Parameters<Extract<CommitteeMessage, { type: 'open' }>['reply']>[0]>((reply) => {
        tell(committee.value, { type: 'open', document, reply })
      })
      if (!opened.ok) {
        document.destroy()
        throw new Refused(opened.error.code)
      }
      // What loading has buffered for broadcast would reach the first to join a second time.
      document.flush()
    },

    connected: guarded('connected', log, ({ context, connection }) => {
      const { seat } = context
      if (seat === undefined) return
      people.enter(connection, seat, ports.clock.now_ms())
      ports.visitors.seated(seat.socket, seat.identity.user, connection)
      watchToken(seat, connection, ports)
      seats.sit(seat, connection)
      seat.since_ms = ports.clock.now_ms()
      ports.audit({ kind: 'connect', ...seat.who })
      const { client } = seat
      if (client === undefined) return
      tell(seat.committee, {
        type: 'claim',
        client,
        user: seat.identity.user,
        reply: (claimed) => {
          if (claimed.ok) return people.bind(connection, client)
          onRefusal(claimed.error.code, seat.who)
          seat.ended = claimed.error.code
          connection.close({ code: 4403, reason: claimed.error.code })
        },
      })
    }),

    onTokenSync: guarded('onTokenSync', log, async ({ token, documentName, context, connection }) => {
      const { seat } = context
      if (seat === undefined) return
      const renewed = await seatFor(token, documentName, context, ports)
      if (renewed instanceof Seat && renewed.identity.user === seat.identity.user) {
        const isNew = renewed.identity.expires_at !== seat.identity.expires_at
        const { expires_at, jti, signOuts } = renewed.identity
        seat.identity = { ...seat.identity, expires_at, jti, signOuts }
        seats.learn(seat, { being: renewed.identity, access: renewed.access, held: renewed.held, signOuts }, renewed.changes)
        // The same token again: its timers are running, and asking anew in a third of what is left would not help.
        if (isNew) watchToken(seat, connection, ports)
        return
      }
      seat.socket.refuse(renewed instanceof Seat ? 'unauthenticated' : renewed)
    }),

    beforeSync: async ({ type, payload, connection, document, documentName, context }) => {
      const { seat } = context
      if (seat === undefined) return
      if (hocuspocus().documents.get(documentName) !== document) {
        // An unload raced this join: nobody will ever hear what is said to this document.
        if (type !== 0) nack(connection, seat, payload)
        return seat.socket.refuse('overloaded')
      }
      people.touched(connection)
      // Step 1 brings nothing, and Hocuspocus answers it with ours; step 2 is the answer to that.
      seat.asked = type === 0 || (seat.asked && type !== 1)
      if (type === 0) return
      const admission = await new Promise<Admission>((reply) => {
        const kind = type === 1 ? 'merge' : 'live'
        tell(seat.committee, { type: 'admit', update: payload, kind, exchanged: seat.exchanged, writer: () => seat.writer, reply })
      })
      answer(admission, type, connection, document, seat, payload, ports)
      if (admission.answer !== 'merged') return
      noteRulings(admission, seat, ports)
      if (type !== 1) return
      seat.exchanged = true
      sendReceipts(connection, seat, ports)
    },

    afterHandleMessage: async ({ connection, context, update }) => {
      context.socket.wire.answered(update)
      if (context.seat !== undefined) unnack(connection, context.seat)
    },

    onStateless: guarded('onStateless', log, ({ connection }) => {
      onRefusal('malformed', { ...(connection.context as Context).seat?.who, subject: 'stateless' })
      say(connection, { type: 'refused', client: null, reasons: [{ code: 'malformed', path: 'stateless', key: '' }] })
    }),

    onDisconnect: guarded('onDisconnect', log, ({ context: { seat } }) => {
      if (seat === undefined) return
      seat.leave()
      seats.leave(seat)
      devices.leave(seat)
      if (seat.since_ms === undefined) return
      const stayed_s = Math.round((ports.clock.now_ms() - seat.since_ms) / 1_000)
      ports.audit({ kind: 'disconnect', ...seat.who, code: seat.ended ?? seat.socket.ended ?? 'left', details: { stayed_s } })
    }),

    beforeUnloadDocument: async ({ document }) => {
      if (!ports.letting.has(document)) throw new Refused('veto')
    },
  }
}

const say = (connection: Connection, message: ServerMessage): void => connection.sendStateless(encodeServerMessage(message))

/** The seat a token gives at a document, or why it gives none. Asked of the database each time: rights change during the day. */
async function seatFor(token: string, documentName: string, { socket }: Context, ports: HookPorts): Promise<Seat | RefusalCode> {
  if (ports.draining()) return 'draining'
  const { jwt, client } = readCredentials(token)
  const identity = ports.tokens.verify(jwt)
  if (!identity.ok) return identity.error
  const committee = parseDocumentName(documentName)
  if (!committee.ok) return 'unknown-committee'
  const { changes } = ports.seats
  const answer = await ports.access.standings([{ user: identity.value.user, committee: committee.value }])
  if (!answer.ok) return 'store-unavailable'
  const standing = answer.value[0] ?? err('unknown-committee' as const)
  if (!standing.ok) return standing.error
  if (standing.value.signOuts > identity.value.signOuts) return 'unauthenticated'
  if (!standing.value.access.rights.includes('read')) return 'forbidden'
  return new Seat(socket, { committee: committee.value, client }, identity.value, standing.value, changes)
}

/** Asks for a new token in the last third of this one's time, and ends the socket when the time is over without one. */
function watchToken(seat: Seat, connection: Connection, { clock }: HookPorts): void {
  const left_ms = Math.max(0, seat.identity.expires_at * 1_000 - clock.now_ms())
  const lead_ms = Math.min(60_000, left_ms / 3)
  seat.watch([
    clock.after(left_ms - lead_ms, () => {
      say(connection, { type: 'token', expires_in_s: Math.round(lead_ms / 1_000) })
      connection.requestToken()
    }),
    clock.after(left_ms, () => seat.socket.refuse('token-expired')),
  ])
}

/** What the client hears of its update. A merged one is acknowledged by Hocuspocus itself: its own apply finds nothing to do. */
function answer(
  admission: Admission,
  type: number,
  connection: Connection,
  document: Document,
  seat: Seat,
  payload: Uint8Array,
  ports: HookPorts,
): void {
  switch (admission.answer) {
    case 'merged':
      seat.missing_rounds = 0
      return
    case 'refused':
      return refuseUpdate(admission.client, admission.reasons, connection, seat, payload, ports)
    case 'missing':
      return askAgain(type, connection, document, seat, payload, ports)
    case 'postponed':
      // Nothing may be acknowledged or applied, and the phone has it: it comes back and sends it again.
      nack(connection, seat, payload)
      return seat.socket.refuse(admission.refusal.code)
    default:
      return unreachable(admission)
  }
}

/**
 * A provider that lost its socket throws away some of the edits it had queued and sends the others: honest, and unusable before the
 * state vectors have been exchanged. So an update alone is only not acknowledged, and the client asked once for all it has; an
 * answer to that which still lacks something counts as a round.
 */
function askAgain(type: number, connection: Connection, document: Document, seat: Seat, payload: Uint8Array, ports: HookPorts): void {
  if (type === 1) seat.missing_rounds += 1
  if (seat.missing_rounds > missing_rounds_max) {
    return refuseUpdate(null, [{ code: 'malformed', path: '', key: '' }], connection, seat, payload, ports)
  }
  if (!nack(connection, seat, payload)) return seat.socket.refuse('unparseable')
  if (seat.asked) return
  seat.asked = true
  askForMissing(connection, document)
}

function refuseUpdate(
  client: Extract<Admission, { answer: 'refused' }>['client'],
  reasons: readonly Reason[],
  connection: Connection,
  seat: Seat,
  payload: Uint8Array,
  { onRefusal, log }: HookPorts,
): void {
  // Once a code: an update with many bad writes is one refusal.
  const byCode = new Map(reasons.toReversed().map((reason) => [reason.code, reason]))
  for (const { code, path, key } of byCode.values()) onRefusal(code, { ...seat.who, subject: placeOf({ path, key }) })
  const [first] = reasons
  log.warn({ committee: seat.committee, user: seat.identity.user, client, reasons: reasons.length, ...first }, 'an update was refused')
  if (!nack(connection, seat, payload)) return seat.socket.refuse('unparseable')
  say(connection, { type: 'refused', client, reasons })
}

/** A supervisor's word is nobody's who hears of it by chance: where it was said, the journal's row says what. */
function noteRulings({ sequence, rulings = [] }: Extract<Admission, { answer: 'merged' }>, seat: Seat, { audit }: HookPorts): void {
  const [first] = rulings
  if (first === undefined) return
  const places = rulings.slice(0, rulings_shown_max).map(placeOf)
  audit({ kind: 'ruling', ...seat.who, subject: placeOf(first), details: { sequence, of: rulings.length, places } })
}

const rulings_shown_max = 20
const placeOf = ({ path, key }: Pick<Reason, 'path' | 'key'>): string => `${path} ${key}`.trim()

function refusedAt(documentName: string, { socket }: Context) {
  const committee = parseDocumentName(documentName)
  return { ...socket.who, ...(committee.ok ? { committee: committee.value } : { subject: documentName }) }
}

/** After a phone has brought what it had, it hears what of its own is in committed rows, whichever of its pages wrote it. */
function sendReceipts(connection: Connection, seat: Seat, { committees }: HookPorts): void {
  committees.tell(seat.committee, {
    type: 'receipts',
    user: seat.identity.user,
    reply: (durable) => {
      if (durable !== undefined) say(connection, durable)
    },
  })
}
