import type { Connection, WebSocketLike } from '@hocuspocus/server'
import { MessageType } from '@hocuspocus/server'
import type { WebSocket } from 'ws'
import type { Clock } from '#actors/kernel/clock.ts'
import { PresenceGate } from '#actors/sessions/presence-gate.ts'
import type { Place } from '#actors/sessions/session.ts'
import type { Turns } from '#actors/sessions/turns.ts'
import { type Delay, Wire } from '#actors/sessions/wire.ts'
import type { UserId } from '#contract/ids.ts'
import type { Limits } from '#contract/limits.ts'
import { encodeServerMessage } from '#contract/messages.ts'
import type { RefusalCode } from '#contract/refusals.ts'
import { socketCode } from '#contract/refusals.ts'
import type { OnRefusal, Refused } from '#server/observe/audit.ts'
import { answersStateVector, costOf, type Envelope, longestState, readEnvelope } from './frame.ts'
import type { Context } from './seat.ts'

export type SocketPorts = {
  /** Where it comes from. */
  readonly address: string
  readonly clock: Clock
  readonly limits: Limits
  readonly large: Turns
  /** Bytes of it that came and have not been read. */
  readonly waiting_bytes: () => number
  /** To Hocuspocus. */
  readonly pass: (frame: Uint8Array) => void
  /** Presence does not go there. */
  readonly present: (connection: Connection, frame: Uint8Array, envelope: Envelope) => void
  readonly onRefusal: OnRefusal
  readonly onDelay: (delay: Delay | 'presence') => void
}

/** Answers shorter than this are not worth looking into. */
const long_answer_bytes = 16_384
/** Pings are not answered over what the reader has left unread, or one could fill our memory with pongs. */
const pong_bytes_max = 65_536

/** A provider speaks of itself before its document is open. It knows nobody else yet, so what it says is short. */
const early_bytes_max = 8_192

/** Read of who was told to go, for their goodbye; then no more, until they are cut. */
const late_bytes_max = 65_536

/**
 * One WebSocket as Hocuspocus sees it. Between the two because Hocuspocus looks at no rate, holds what it cannot handle yet without a
 * bound, and never looks at `bufferedAmount`: a reader who stopped reading would keep every broadcast in our memory.
 */
export class Socket implements WebSocketLike {
  readonly socket: WebSocket
  readonly wire: Wire
  readonly since_ms: number
  private readonly ports: SocketPorts
  private readonly presence: PresenceGate
  /** Documents open over it, by the address of their frames. */
  private readonly seats = new Map<string, Connection>()
  /** By address, the last that came of presence before its document was open. */
  private readonly early = new Map<string, Uint8Array>()
  /** Whose it is: of the first who logged in on it. */
  user: UserId | undefined
  /** Set with the first document this socket may read: until then it has only a few seconds. */
  authenticated = false
  /** Logins of it that are being checked. */
  knocking = 0
  /** Why we ended it, where we did: a code of the refusals, or `silent`. */
  ended: RefusalCode | 'silent' | undefined
  private late_bytes = 0
  /** Whether the last ping was answered. */
  heard = true

  constructor(socket: WebSocket, ports: SocketPorts) {
    const { clock, limits, onDelay } = ports
    this.socket = socket
    this.ports = ports
    this.since_ms = clock.now_ms()
    this.wire = new Wire({
      clock,
      limits,
      large: ports.large,
      stop: () => socket.pause(),
      go: () => socket.resume(),
      pass: (frame) => ports.pass(frame.bytes),
      waiting_bytes: ports.waiting_bytes,
      refuse: (code) => this.refuse(code),
      onDelay,
    })
    this.presence = new PresenceGate({
      clock,
      per_s: limits.awareness_per_s_max,
      mayPass: () => !this.wire.isStopped,
      pass: (address, frame) => {
        const [seat, envelope] = [this.seats.get(address), readEnvelope(frame)]
        if (seat !== undefined && envelope !== undefined) ports.present(seat, frame, envelope)
      },
    })
  }

  get readyState(): number {
    return this.socket.readyState
  }

  /** Whom a refusal meets. */
  get who(): Refused {
    return { user: this.user, address: this.ports.address }
  }

  /** Nobody has logged in on it, and nobody is about to. */
  get isStrange(): boolean {
    return !this.authenticated && !this.isKnocking
  }

  get isKnocking(): boolean {
    return this.knocking > 0
  }

  /** So many bytes are about to be taken apart. */
  received(count: number): void {
    if (!this.wire.isEnded) return this.wire.received(count)
    // Told to go and sending on: its goodbye is still looked for, but not behind a flood.
    this.late_bytes += count
    if (this.late_bytes > late_bytes_max) this.socket.pause()
  }

  arrived(frame: Uint8Array): void {
    if (this.wire.isEnded) return
    const envelope = readEnvelope(frame)
    if (envelope === undefined) return this.refuse('unparseable')
    const seat = this.seats.get(envelope.address) ?? this.seats.get(envelope.address.split('\0', 1)[0] ?? '')
    if (envelope.type === MessageType.Awareness) return this.present(frame, envelope, seat)
    this.wire.arrived({ bytes: frame, cost: costOf(envelope), awaits: seat?.messageAddress })
  }

  pinged(data: Buffer): void {
    if (this.wire.charge() && this.socket.bufferedAmount < pong_bytes_max) this.socket.pong(data)
  }

  ponged(): void {
    if (this.heard) this.wire.charge() // nobody had asked
    this.heard = true
  }

  /** Somebody has logged in: from now on it is one of theirs. */
  admit(place: Place): void {
    this.authenticated = true
    this.wire.lend(place)
  }

  seated(connection: Connection): void {
    const address = connection.messageAddress
    this.seats.set(address, connection)
    const frame = this.early.get(address)
    if (frame !== undefined) this.presence.arrived(address, frame)
    this.early.delete(address)
  }

  unseated(connection: Connection): void {
    const address = connection.messageAddress
    if (this.seats.get(address) === connection) this.seats.delete(address)
    this.presence.closed(address)
    this.wire.closed(address)
  }

  send(data: Uint8Array): void {
    if (this.socket.readyState !== this.socket.OPEN) return
    if (this.socket.bufferedAmount > this.ports.limits.unread_bytes_max) {
      this.ports.onRefusal('overloaded', this.who)
      this.ended = 'overloaded'
      // Not closed politely: a closing frame would wait behind all that is unread.
      this.socket.terminate()
      return
    }
    if (data.length > long_answer_bytes && answersStateVector(data)) this.wire.asked(data.length)
    this.socket.send(data)
  }

  /** Hocuspocus's own closing; its codes are those of its library. */
  close(code?: number, reason?: string): void {
    this.wire.end()
    this.socket.close(code, reason)
  }

  /** Ends the whole socket with a code of the refusals table. The provider comes back by itself, with a new token where that is why. */
  refuse(code: RefusalCode): void {
    if (this.socket.readyState !== this.socket.OPEN) return
    this.ports.onRefusal(code, this.who)
    this.ended = code
    this.close(socketCode(code), code)
  }

  gone(): void {
    this.wire.end()
    this.presence.end()
    this.early.clear()
  }

  private present(frame: Uint8Array, envelope: Envelope, seat: Connection | undefined): void {
    const { limits } = this.ports
    const bytes = longestState(frame, envelope, (seat?.context as Context | undefined)?.seat?.client)
    if (bytes === undefined) return this.refuse('unparseable')
    if (bytes > limits.awareness_bytes_max) {
      this.ports.onRefusal('too-large', { ...this.who, subject: 'awareness' })
      if (!this.wire.charge() || seat === undefined) return
      const reasons = [{ code: 'too-large', path: 'awareness', key: '' }] as const
      return seat.sendStateless(encodeServerMessage({ type: 'refused', client: null, reasons }))
    }
    if (seat === undefined) {
      const isFull = this.early.size >= limits.connection_documents_max && !this.early.has(envelope.address)
      if (this.wire.charge() && frame.length <= early_bytes_max && !isFull) this.early.set(envelope.address, frame)
      return
    }
    if (!this.presence.arrived(seat.messageAddress, frame)) this.ports.onDelay('presence')
    this.wire.charge()
  }
}
