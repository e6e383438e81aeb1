import type { Cancel } from '#actors/kernel/clock.ts'
import type { Writer } from '#contract/document/schema.ts'
import type { ClientId, CommitteeId } from '#contract/ids.ts'
import { usableRights } from '#contract/rights.ts'
import type { Access } from '#server/auth/access.ts'
import type { Identity } from '#server/auth/token.ts'
import type { Socket } from './socket.ts'

/** What Hocuspocus knows of a socket before anybody has logged in on it. */
type Arrival = { readonly socket: Socket }

/** Hocuspocus's context: the socket, and the seat from the moment the token was accepted. */
export type Context = Arrival & { readonly seat?: Seat }

/** One person at one committee through one connection. Changes in place: a new token, other rights. */
export class Seat {
  readonly socket: Socket
  readonly committee: CommitteeId
  /** The Yjs client announced with the token; presence is bound to it. */
  client: ClientId | undefined
  identity: Identity
  access: Access
  /** The client was asked for what the document lacks, and has not answered yet. */
  asked = false
  /** Answers in a row that still built on structs the journal does not have. */
  missing_rounds = 0
  /** The message in hand was answered by a nack: Hocuspocus's read-only flag is set for it and taken back behind it. */
  nacked = false
  private timers: Cancel[] = []

  constructor(socket: Socket, committee: CommitteeId, identity: Identity, access: Access, client: ClientId | undefined) {
    this.socket = socket
    this.committee = committee
    this.identity = identity
    this.access = access
    this.client = client
  }

  get writer(): Writer {
    const { rights, phase } = this.access
    return { user: this.identity.user, role: this.identity.role, assigned: rights, rights: usableRights(rights, phase) }
  }

  /** Replaces the timers of the token before. */
  watch(timers: readonly Cancel[]): void {
    this.leave()
    this.timers = [...timers]
  }

  leave(): void {
    for (const cancel of this.timers) cancel()
    this.timers = []
  }
}
