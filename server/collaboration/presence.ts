import { type Connection, MessageType } from '@hocuspocus/server'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import type { CommitteeMessage } from '#actors/committee/messages.ts'
import { stateIn } from '#actors/presence/awareness.ts'
import type { Link } from '#actors/presence/here.ts'
import type { Presence } from '#actors/presence/presence.ts'
import type { ClientId, CommitteeId } from '#contract/ids.ts'
import type { PresentUser } from '#contract/presence.ts'
import type { DeviceBook } from './device-book.ts'
import type { Envelope } from './frame.ts'
import type { Seat } from './seat.ts'

export type PresentPorts = {
  readonly presence: Presence
  readonly devices: Pick<DeviceBook, 'hear'>
  readonly tell: (committee: CommitteeId, message: CommitteeMessage) => void
  readonly onMessage: (direction: 'in' | 'out') => void
}

/** Over this much unread a connection hears of presence only when it has caught up. */
const behind_bytes = 262_144
/** States that wait for the answer whose client it is: that takes a turn of the committee, and a connection says ten a second. */
const waiting_max = 8

/**
 * Presence between sockets and actors. Hocuspocus has no part in it: 4.7.0 drops removals, notes a client for the wrong connection after a
 * quick return, makes a document of its own for every frame, and keeps presence waiting behind edits that wait for their commit. Its own
 * awareness stays empty, so it never sends any.
 */
export class PresentPeople {
  readonly #ports: PresentPorts
  readonly #links = new Map<Connection, SeatLink>()
  readonly #frames = new FrameCache()

  constructor(ports: PresentPorts) {
    this.#ports = ports
  }

  /** The document is open over this connection. What its client is allowed to say waits for `bind`. */
  enter(connection: Connection, seat: Seat, now_ms: number): void {
    if (!connection.document.hasConnection(connection)) return // gone again while it was let in
    const address = connection.messageAddress
    const send = (frame: Uint8Array) => {
      this.#ports.onMessage('out')
      connection.send(frame)
    }
    const link = new SeatLink(address, seat, now_ms, {
      send: (update) => send(this.#frames.frameOf(address, update)),
      ask: () => send(queryFrame(address)),
    })
    this.#links.set(connection, link)
    connection.onClose(() => this.#leave(connection))
    this.#ports.presence.enter(link, seat.committee)
  }

  /** Its client is its user's own, as the committee has found. */
  bind(connection: Connection, client: ClientId): void {
    const link = this.#links.get(connection)
    if (link === undefined || link.isBound) return
    link.isBound = true
    link.seat.client = client
    this.#ports.presence.bind(link, client)
    for (const update of link.waiting.splice(0)) this.#say(link, update)
  }

  /** A whole frame of awareness. */
  hear(connection: Connection, frame: Uint8Array, envelope: Envelope): void {
    const link = this.#links.get(connection)
    if (link === undefined) return
    this.#ports.onMessage('in')
    const update = updateIn(frame, envelope)
    if (update === undefined) return
    if (link.isBound) return this.#say(link, update)
    link.waiting.push(update)
    if (link.waiting.length > waiting_max) link.waiting.shift()
    // Who has announced no client is the one it first speaks as, if that is nobody else's.
    if (link.seat.client === undefined) this.#claim(connection, link, update)
  }

  /** Something else came over it. */
  touched(connection: Connection): void {
    const link = this.#links.get(connection)
    // As long as it is not settled whose client it is, it may have spoken already.
    const isSettled = link?.isBound || (link?.seat.client === undefined && link?.isClaiming === false)
    if (link !== undefined && isSettled) this.#ports.presence.touched(link)
  }

  #say(link: SeatLink, update: Uint8Array): void {
    const said = this.#ports.presence.hear(link, update)
    if (said !== undefined) this.#ports.devices.hear(link.seat, said)
  }

  #claim(connection: Connection, link: SeatLink, update: Uint8Array): void {
    const first = stateIn(update)
    if (first === undefined || link.isClaiming) return
    link.isClaiming = true
    const { committee, identity } = link.seat
    this.#ports.tell(committee, {
      type: 'claim',
      client: first.client,
      user: identity.user,
      reply: (claimed) => {
        link.isClaiming = false
        if (claimed.ok) this.bind(connection, first.client)
        else link.waiting.length = 0
      },
    })
  }

  #leave(connection: Connection): void {
    const link = this.#links.get(connection)
    if (link === undefined) return
    this.#links.delete(connection)
    this.#ports.presence.leave(link)
  }
}

class SeatLink implements Link {
  readonly address: string
  readonly seat: Seat
  readonly opened_ms: number
  readonly send: (update: Uint8Array) => void
  readonly ask: () => void
  /** What it says until the committee has said whose client it is. */
  readonly waiting: Uint8Array[] = []
  isBound = false
  isClaiming = false

  constructor(address: string, seat: Seat, opened_ms: number, { send, ask }: Pick<Link, 'send' | 'ask'>) {
    this.address = address
    this.seat = seat
    this.opened_ms = opened_ms
    this.send = send
    this.ask = ask
  }

  get user(): PresentUser {
    const { user, name, name_en, role } = this.seat.identity
    return { id: user, name, ...(name_en === undefined ? {} : { name_en }), role }
  }

  get isUnread(): boolean {
    return this.seat.socket.wire.isStopped
  }

  get isBehind(): boolean {
    return this.seat.socket.socket.bufferedAmount > behind_bytes
  }
}

/** What is told to everybody is one update, and most have the same address: the last frame is nearly always the next. */
class FrameCache {
  #last: { readonly address: string; readonly update: Uint8Array; readonly frame: Uint8Array } | undefined

  frameOf(address: string, update: Uint8Array): Uint8Array {
    if (this.#last?.update === update && this.#last.address === address) return this.#last.frame
    const encoder = encoding.createEncoder()
    encoding.writeVarString(encoder, address)
    encoding.writeVarUint(encoder, MessageType.Awareness)
    encoding.writeVarUint8Array(encoder, update)
    const frame = encoding.toUint8Array(encoder)
    this.#last = { address, update, frame }
    return frame
  }
}

function queryFrame(address: string): Uint8Array {
  const encoder = encoding.createEncoder()
  encoding.writeVarString(encoder, address)
  encoding.writeVarUint(encoder, MessageType.QueryAwareness)
  return encoding.toUint8Array(encoder)
}

function updateIn(frame: Uint8Array, { body }: Envelope): Uint8Array | undefined {
  try {
    const decoder = decoding.createDecoder(frame)
    decoder.pos = body
    return decoding.readVarUint8Array(decoder)
  } catch {
    return undefined // lib0 throws where the bytes end too early
  }
}
