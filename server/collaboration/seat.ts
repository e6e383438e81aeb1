import type { Cancel } from '#actors/kernel/clock.ts'
import type { Writer } from '#contract/document/schema.ts'
import type { ClientId, CommitteeId } from '#contract/ids.ts'
import type { RefusalCode } from '#contract/refusals.ts'
import { type Right, usableRights } from '#contract/rights.ts'
import type { Access, Being, Standing } from '#server/auth/access.ts'
import type { Identity } from '#server/auth/token.ts'
import type { Refused } from '#server/observe/audit.ts'
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
  /** Of the token, but name and role are the database's: a token keeps those of the minute it was given in. */
  identity: Identity
  access: Access
  /** The rights they have ever had here with an open document: what was written under one that has ended comes late. */
  held: readonly Right[]
  /** How many changes this process had been told of when `access` was asked for. */
  changes: number
  /** The client was asked for what the document lacks, and has not answered yet. */
  asked = false
  /**
   * The client has answered with what the document lacked. What it sends one by one before that it may have written offline; behind it,
   * whoever writes is connected.
   */
  exchanged = false
  /** Answers in a row that still built on structs the journal does not have. */
  missing_rounds = 0
  /** The message in hand was answered by a nack: Hocuspocus's read-only flag is set for it and taken back behind it. */
  nacked = false
  /** When the document was opened; undefined until it is. */
  since_ms: number | undefined
  /** Why this document was closed for them, where the socket was not. */
  ended: RefusalCode | undefined
  private timers: Cancel[] = []

  constructor(
    socket: Socket,
    at: { readonly committee: CommitteeId; readonly client: ClientId | undefined },
    identity: Identity,
    { being, access, held }: Standing,
    changes: number,
  ) {
    this.socket = socket
    this.committee = at.committee
    this.client = at.client
    this.identity = identityOf(identity, being)
    this.access = access
    this.held = held
    this.changes = changes
  }

  get writer(): Writer {
    const { rights, phase } = this.access
    const assigned = [...new Set([...rights, ...this.held])]
    return { user: this.identity.user, role: this.identity.role, assigned, rights: usableRights(rights, phase) }
  }

  /** Whom a refusal meets. */
  get who(): Refused & { readonly committee: CommitteeId } {
    return { ...this.socket.who, user: this.identity.user, committee: this.committee }
  }

  become({ being, access, held }: Pick<Standing, 'being' | 'access' | 'held'>): void {
    this.identity = identityOf(this.identity, being)
    this.access = access
    this.held = held
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

const identityOf = ({ user, expires_at, jti, signOuts }: Identity, being: Being): Identity => ({
  ...being,
  user,
  expires_at,
  jti,
  signOuts,
})
