import type { Awareness } from 'y-protocols/awareness'
import { parseServerMessage, type ServerMessage } from '#contract/messages.ts'
import { isRefusalCode, refusals } from '#contract/refusals.ts'
import { assert, type Result, unreachable } from '#contract/result.ts'
import { type FailureCode, isPassing } from './api.ts'
import { type Clock, every } from './clock.ts'
import { backoff_ms, type LinkEffect, type LinkEvent, type LinkPhase, linkSteps } from './link-steps.ts'
import { Wire, type WireOptions } from './wire.ts'

export type LinkState = {
  readonly phase: LinkPhase
  /** When the line came up or went down last. Times are the phone's, in milliseconds since 1970. */
  readonly since_ms: number
  readonly next_try_ms?: number
  readonly reconnects: number
  /** Why it ended, or why the last attempt failed. */
  readonly code?: FailureCode
}

export type LinkOptions = Pick<WireOptions, 'url' | 'name' | 'doc' | 'presence' | 'onSynced'> & {
  readonly clock: Clock
  readonly random: () => number
  /** A token; `besides`: not this one. */
  readonly token: (besides?: string) => Promise<Result<string, FailureCode>>
  readonly onState: (state: LinkState) => void
  readonly onMessage: (message: ServerMessage) => void
  /** Once a tick: presence that depends on time is judged again. */
  readonly onTick: () => void
}

const tick_ms = 5_000
/** A line that says nothing for so long is asked: looked at with every tick, so within 15 s, and 20 s with the wait for the answer. */
const silence_ms = 10_000
const answer_ms = 5_000
/** The same where the browser has said that the network is gone. It may be wrong, or speak of another one: only silence ends a line. */
const doubted_answer_ms = 2_000
const opening_ms = 15_000
/** A tick that comes so late had its page asleep, under a closed lid: the others may have been told that nobody is here any more. */
const stall_ms = 15_000
const renewals_max = 3

/** Runs the table of `link-steps` on a wire: when to try, when to ask for a token, when to give up. */
export class Link {
  readonly #options: LinkOptions
  readonly #wire: Wire
  #state: LinkState
  #attempt = 0
  #renewals = 0
  /** Asked by a server that goes down: how long to stay away. */
  #hold_ms = 0
  #wasOnline = false
  /** Answers that come after something newer began are not heard. */
  #generation = 0
  #heard_ms = 0
  #ticked_ms = Number.POSITIVE_INFINITY
  /** By when somebody has to answer, where that was asked. */
  #answer: { readonly by_ms: number; readonly cancel: () => void } | undefined
  #sentToken: string | undefined
  #cancelWait = () => {}
  #stopTicking = () => {}
  #stopped = false

  constructor(options: LinkOptions) {
    this.#options = options
    this.#state = { phase: 'waiting', since_ms: options.clock.now(), reconnects: 0 }
    this.#wire = new Wire({
      ...options,
      token: (isIn) => this.#tokenForServer(isIn),
      onHeard: () => {
        this.#heard_ms = options.clock.now()
        this.#forgetAnswer()
      },
      onStateless: (payload) => this.#hear(payload),
      onSynced: () => {
        this.#step('synced')
        options.onSynced()
      },
      onRefused: (reason) => this.#refused(reason),
      onLost: () => this.#step('lost'),
    })
  }

  get awareness(): Awareness {
    return this.#wire.awareness
  }

  start(): void {
    if (this.#stopped) return
    this.#wire.attach()
    this.#stopTicking = every(this.#options.clock, tick_ms, () => this.#tick())
    this.#step('due')
  }

  /** The network or the page is back: try at once, or ask whether the line still lives and say that this page does. */
  wake(): void {
    this.#step('wake')
    this.#announce()
  }

  /** The browser says that the network is gone. */
  doubt(): void {
    this.#step('doubt')
  }

  /** The person asks for a new attempt, also after the line has ended. */
  reconnect(): void {
    this.#attempt = 0
    this.#step('asked')
  }

  stop(): void {
    this.#stopped = true
    this.#cancelWait()
    this.#stopTicking()
    this.#forgetAnswer()
    this.#wire.destroy()
  }

  #step(event: LinkEvent, code?: FailureCode): void {
    if (this.#stopped) return
    const [phase, effect] = linkSteps[this.#state.phase][event]
    if (phase === this.#state.phase && effect === 'none') return
    this.#cancelWait()
    this.#run(phase, effect, code === undefined ? {} : { code })
  }

  #run(phase: LinkPhase, effect: LinkEffect, because: Pick<LinkState, 'code'>): void {
    switch (effect) {
      case 'connect':
        this.#enter(phase)
        void this.#connect()
        return
      case 'wait':
        this.#wire.drop()
        this.#wait(phase, because)
        return
      case 'renew':
        this.#wire.drop()
        this.#enter(phase, because)
        void this.#renew()
        return
      case 'probe':
        this.#probe(answer_ms)
        return
      case 'soon':
        this.#probe(doubted_answer_ms)
        return
      case 'stop':
        this.#wire.drop()
        this.#enter(phase, because)
        return
      case 'none':
        this.#enter(phase)
        return
      default:
        unreachable(effect)
    }
  }

  #enter(phase: LinkPhase, more: Pick<LinkState, 'next_try_ms' | 'code'> = {}): void {
    const { phase: before, since_ms, reconnects } = this.#state
    const isUp = phase === 'online'
    if (!isUp) this.#forgetAnswer()
    const turned = isUp !== (before === 'online')
    this.#state = {
      phase,
      since_ms: turned ? this.#options.clock.now() : since_ms,
      reconnects: reconnects + Number(turned && isUp && this.#wasOnline),
      ...more,
    }
    this.#wasOnline ||= isUp
    this.#options.onState(this.#state)
  }

  #wait(phase: LinkPhase, because: Pick<LinkState, 'code'>): void {
    const { clock, random } = this.#options
    const delay_ms = this.#hold_ms + backoff_ms(this.#attempt, random)
    this.#hold_ms = 0
    this.#attempt += 1
    this.#enter(phase, { next_try_ms: clock.now() + delay_ms, ...because })
    this.#cancelWait = clock.after(delay_ms, () => this.#step('due'))
  }

  async #connect(): Promise<void> {
    this.#wire.drop()
    this.#heard_ms = this.#options.clock.now()
    if ((await this.#gotToken()) && this.#state.phase === 'connecting') this.#wire.connect()
  }

  async #renew(): Promise<void> {
    this.#renewals += 1
    if (!(await this.#gotToken(this.#sentToken))) return
    // A server that refuses what it has just given is asked again, but no longer at once.
    this.#step(this.#renewals > renewals_max ? 'lost' : 'renewed', 'unauthenticated')
  }

  /** False where there is no token, and what follows from that is done, or where the answer came too late. */
  async #gotToken(besides?: string): Promise<boolean> {
    this.#generation += 1
    const mine = this.#generation
    const token = await this.#options.token(besides)
    if (this.#stopped || mine !== this.#generation) return false
    if (!token.ok) this.#step(isPassing(token.error) ? 'lost' : 'barred', token.error)
    return token.ok
  }

  async #tokenForServer(isIn: boolean): Promise<string> {
    const token = await this.#options.token(isIn ? this.#sentToken : undefined)
    if (token.ok) this.#sentToken = token.value
    else if (!isIn) throw new Error(token.error)
    // Let in, asked for a newer one, and none to be had: the line lives to the end of the old one.
    assert(this.#sentToken !== undefined, 'nobody is let in without a token')
    return this.#sentToken
  }

  #refused(reason: string): void {
    // What Hocuspocus itself says (a failed load, say) is no code of ours: later, with growing delays.
    if (!isRefusalCode(reason)) this.#step('lost')
    else if (refusals[reason].retry === 'with a new token') this.#step('unauthorized', reason)
    else this.#step(isPassing(reason) ? 'lost' : 'barred', reason)
  }

  #hear(payload: string): void {
    const message = parseServerMessage(payload)
    if (!message.ok) return // a newer server says something this page does not know yet
    if (message.value.type === 'drain') this.#hold_ms = message.value.retry_in_ms
    this.#options.onMessage(message.value)
  }

  /** Asked twice, the earlier end counts. */
  #probe(within_ms: number): void {
    const { clock } = this.#options
    const by_ms = clock.now() + within_ms
    if (this.#answer === undefined || by_ms < this.#answer.by_ms) {
      this.#forgetAnswer()
      this.#answer = { by_ms, cancel: clock.after(within_ms, () => this.#step('lost', 'offline')) }
    }
    this.#wire.probe()
  }

  #forgetAnswer(): void {
    this.#answer?.cancel()
    this.#answer = undefined
  }

  #announce(): void {
    if (this.#state.phase === 'online' && !this.#stopped) this.#wire.announce()
  }

  #tick(): void {
    const now_ms = this.#options.clock.now()
    if (now_ms - this.#ticked_ms > stall_ms) this.#announce()
    this.#ticked_ms = now_ms
    this.#options.onTick()
    const { phase, since_ms } = this.#state
    const silent_ms = now_ms - this.#heard_ms
    if (phase === 'connecting' && silent_ms > opening_ms) this.#step('lost', 'offline')
    if (phase !== 'online') return
    // Only a line that has held begins again with short waits: one that is let in and thrown out must not run in circles.
    if (now_ms - since_ms >= tick_ms) {
      this.#attempt = 0
      this.#renewals = 0
    }
    if (this.#answer === undefined && silent_ms >= silence_ms) this.#probe(answer_ms)
  }
}
