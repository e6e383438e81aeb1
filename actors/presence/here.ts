import type { ClientId, ElectorSerial } from '#contract/ids.ts'
import type { Limits } from '#contract/limits.ts'
import type { Claim, PresenceState, Present, PresentUser } from '#contract/presence.ts'
import { encoded } from './awareness.ts'
import type { PeerWord } from './peer-news.ts'
import type { Instance } from './peers.ts'
import type { Said } from './said.ts'

/** One connection to one committee, as presence sees it: the only one who may speak for its client. */
export type Link = {
  /** Frames to the same address are the same bytes. */
  readonly address: string
  /** Of the token, as the database has it now. */
  readonly user: PresentUser
  readonly opened_ms: number
  /** An awareness update, for this connection's device. */
  send(update: Uint8Array): void
  /** Has the device announce itself. */
  ask(): void
  /** We do not read it at the moment: its silence is ours. */
  readonly isUnread: boolean
  /** It has left so much unread that it is told nothing until it has caught up. */
  readonly isBehind: boolean
}

export type HereLimits = Pick<Limits, 'claim_ms' | 'typing_ms'>

/** What is different to those who see somebody. `typing`: they have begun. */
export type Difference = 'none' | 'something' | 'typing'

/** One client that is there, by whoever may speak for it: a connection of ours, or another process. */
export class Here {
  readonly client: ClientId
  /** A process by its name, where it is not a connection of our own. */
  owner: Link | Instance
  opened_ms: number
  since_ms: number
  /** What everybody sees, and the same as it is sent. */
  state: PresenceState
  bytes: Uint8Array
  /** Last sign of life, and when everybody was last told of it. */
  heard_ms: number
  told_ms: number
  readonly #limits: HereLimits
  #said: Said = {}
  #text = ''
  #claim: Claim | undefined
  /** A claim that has had its time: it is not one again until it was taken back. */
  #spent: ElectorSerial | undefined
  #typing_until_ms = Number.NEGATIVE_INFINITY

  constructor(
    client: ClientId,
    owner: Link | Instance,
    at: { since_ms: number; opened_ms: number },
    user: PresentUser,
    limits: HereLimits,
  ) {
    this.client = client
    this.owner = owner
    this.since_ms = at.since_ms
    this.opened_ms = at.opened_ms
    this.heard_ms = at.since_ms
    this.told_ms = at.since_ms
    this.#limits = limits
    this.state = { user }
    this.#text = JSON.stringify(this.state)
    this.bytes = encoded(this.#text)
  }

  get isOurs(): boolean {
    return typeof this.owner !== 'string'
  }

  /** Its own connection says this. The same again prolongs typing that is still shown, and brings back none that has gone. */
  say(said: Said, user: PresentUser, now_ms: number): Difference {
    this.heard_ms = now_ms
    const before = this.#said
    const isTyping = this.#isTyping(now_ms)
    this.#said = said
    if (said.claim !== this.#spent) this.#spent = undefined
    if (said.claim === undefined || said.claim === this.#spent) this.#claim = undefined
    else if (said.claim !== this.#claim?.elector) this.#claim = { elector: said.claim, since_s: Math.floor(now_ms / 1_000) }
    const isNews = said.typing !== before.typing || JSON.stringify(said.cursor) !== JSON.stringify(before.cursor)
    if (said.typing === undefined) this.#typing_until_ms = Number.NEGATIVE_INFINITY
    else if (isNews || isTyping) this.#typing_until_ms = now_ms + this.#limits.typing_ms
    return this.#show(user, now_ms)
  }

  /** Another process says this. */
  take({ state, since_ms, opened_ms }: PeerWord & { readonly state: PresenceState }, instance: Instance, now_ms: number): Difference {
    this.owner = instance
    this.since_ms = since_ms
    this.opened_ms = opened_ms
    this.heard_ms = now_ms
    return this.#become(state)
  }

  /** It has edited: whoever was typing still is. */
  typedOn(now_ms: number): void {
    if (this.#isTyping(now_ms)) this.#typing_until_ms = now_ms + this.#limits.typing_ms
  }

  /** What time alone makes of it. */
  age(now_ms: number): Difference {
    if (!this.isOurs) return 'none'
    const isClaimOver = this.#claim !== undefined && this.#claim.since_s * 1_000 + this.#limits.claim_ms <= now_ms
    const isTypingOver = this.state.typing !== undefined && !this.#isTyping(now_ms)
    if (!isClaimOver && !isTypingOver) return 'none'
    if (isClaimOver) {
      this.#spent = this.#claim?.elector
      this.#claim = undefined
    }
    return this.#show(this.state.user, now_ms)
  }

  get word(): PeerWord {
    return { client: this.client, state: this.state, since_ms: this.since_ms, opened_ms: this.opened_ms }
  }

  get present(): Present {
    const { user, cursor: _cursor, took: _took, device: _device, ...at } = this.state
    return { user, client: this.client, since_ms: Math.floor(this.since_ms), ...at }
  }

  #isTyping(now_ms: number): boolean {
    return this.#said.typing !== undefined && now_ms < this.#typing_until_ms
  }

  #show(user: PresentUser, now_ms: number): Difference {
    const { typing, cursor, claim: _said, ...at } = this.#said
    return this.#become({
      user,
      ...at,
      ...(this.#isTyping(now_ms) && typing !== undefined ? { typing, ...(cursor === undefined ? {} : { cursor }) } : {}),
      ...(this.#claim === undefined ? {} : { claim: this.#claim }),
    })
  }

  #become(state: PresenceState): Difference {
    const text = JSON.stringify(state)
    if (text === this.#text) return 'none'
    const isBeginning = state.typing !== undefined && state.typing !== this.state.typing
    this.#text = text
    this.state = state
    this.bytes = encoded(text)
    return isBeginning ? 'typing' : 'something'
  }
}
