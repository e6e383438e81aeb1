import type { Refusal } from '#contract/refusals.ts'
import { ok, type Result } from '#contract/result.ts'
import { attempt } from './attempt.ts'
import { type Behaviour, type Fallible, type KernelObserver, NotWoken } from './behaviour.ts'
import type { Cancel, Clock } from './clock.ts'
import type { Log } from './log.ts'
import { Mailbox } from './mailbox.ts'

// The life of an address. The mailbox outlives every state, so no message falls between two of them.
//
//   ┌───────┐ message  ┌────────┐   woken   ┌─────────┐  mailbox empty  ┌──────┐ idle_ms, draining ┌──────────┐
//   │ asleep├─────────►│ waking ├──────────►│ turning ├────────────────►│ idle ├──────────────────►│ sleeping │
//   └───────┘          └────────┘           └─────────┘◄────────────────┴──────┘◄──────────────────┴──────────┘
//                                                           message               vetoed, mailbox empty
//   waking    not woken: what waits is refused, asleep
//   waking    fault: what waits is refused, asleep
//   turning   fault: asleep; with mail waiting, waking
//   sleeping  slept: asleep; with mail waiting, waking. Vetoed with mail waiting: turning
//   any fault that is one too many: stopped, and after cool_off_ms asleep
type Life<State> =
  | { readonly phase: 'asleep' }
  | { readonly phase: 'waking' }
  | { readonly phase: 'turning'; readonly state: State }
  | { readonly phase: 'idle'; readonly state: State; readonly stay: Cancel }
  | { readonly phase: 'sleeping'; readonly state: State }
  | { readonly phase: 'stopped' }

/**
 * Supervision, all of it: what a fault costs. The message in hand is refused `overloaded` and what is discarded is told to
 * `behaviour.discard`. A fault in `sleep` keeps the state, because what it failed to save is in there.
 */
const supervision = {
  wake: { state: 'discarded', waiting: 'refused' },
  receive: { state: 'discarded', waiting: 'kept' },
  sleep: { state: 'kept', waiting: 'kept' },
} as const satisfies Record<Fallible, { state: 'kept' | 'discarded'; waiting: 'kept' | 'refused' }>

/** A state that breaks again and again is not woken for ever: the sixth restart within a minute stops the address for half a minute. */
const restarts_max = 5
const restart_window_ms = 60_000
const cool_off_ms = 30_000
/** Turns in a row hold the thread only so long; then sockets and timers have their turn. */
const slice_ms = 10
/** While draining, a vetoed sleep is asked again after this. */
const drain_ask_ms = 50

const overloaded: Refusal = { code: 'overloaded' }

/** What the actors of one directory share. */
export type Host<Address extends string, State, Message extends object> = {
  readonly behaviour: Behaviour<Address, State, Message>
  readonly clock: Clock
  readonly log: Log
  readonly observe: KernelObserver | undefined
  readonly idle_ms: number
  draining(): boolean
  /** The actor came to rest without a state. */
  rested(actor: Actor<Address, State, Message>): void
}

/** One address: its mailbox, and its life as the diagram has it. */
export class Actor<Address extends string, State, Message extends object> {
  readonly address: Address
  readonly #host: Host<Address, State, Message>
  readonly #mailbox = new Mailbox<Message>()
  #life: Life<State> = { phase: 'asleep' }
  /** Restarts of the last `restart_window_ms`; each is forgotten by its own timer. */
  #restarts = 0

  constructor(address: Address, host: Host<Address, State, Message>) {
    this.address = address
    this.#host = host
  }

  get depth(): number {
    return this.#mailbox.size
  }

  get isAwake(): boolean {
    return this.#life.phase !== 'asleep' && this.#life.phase !== 'stopped'
  }

  /** Nothing is lost when it is forgotten: a new actor for the address would begin the same. */
  get isForgettable(): boolean {
    return this.#life.phase === 'asleep' && this.#restarts === 0
  }

  queue(message: Message): void {
    const life = this.#life
    if (life.phase === 'idle' && this.#host.behaviour.ignores?.(life.state, message)) return
    if (life.phase === 'stopped') this.refuse(message, overloaded)
    else this.#mailbox.push(message)
    if (life.phase === 'asleep') this.#begin({ phase: 'waking' })
    else if (life.phase === 'idle') this.#begin({ phase: 'turning', state: life.state })
  }

  /** Asks an idle actor to sleep now; one that is busy is asked by itself when its mailbox is empty, while `draining()`. */
  askToSleep(): void {
    if (this.#life.phase === 'idle') this.#begin({ phase: 'sleeping', state: this.#life.state })
  }

  refuse(message: Message, refusal: Refusal): void {
    void this.#guard('refuse', () => this.#host.behaviour.refuse(message, refusal))
  }

  /** Refuses what waits now; what a refused sender tells again meanwhile is left to the life that follows. */
  refuseWaiting(refusal: Refusal): void {
    for (let waiting = this.#mailbox.size; waiting > 0; waiting -= 1) {
      const message = this.#mailbox.shift()
      if (message) this.refuse(message, refusal)
    }
  }

  #begin(life: Life<State>): void {
    if (this.#life.phase === 'idle') this.#life.stay()
    this.#life = life
    void this.#run()
  }

  /** The one loop of an address: begun on leaving rest, ended on coming to rest, so there are never two and turns cannot overlap. */
  async #run(): Promise<void> {
    await undefined // whoever tells has gone on before the first turn begins
    let slice_began_ms = this.#host.clock.now_ms()
    for (;;) {
      const life = this.#life
      if (life.phase === 'asleep' || life.phase === 'idle' || life.phase === 'stopped') break
      // Only between two acts, never at rest: there a message would begin a second loop.
      if (this.#host.clock.now_ms() - slice_began_ms >= slice_ms) {
        await new Promise<void>((resume) => this.#host.clock.after(0, resume))
        slice_began_ms = this.#host.clock.now_ms()
      }
      // What follows is decided in the very moment that looks at the mailbox: no await between the two.
      if (life.phase === 'waking') {
        const woken = await attempt(() => this.#host.behaviour.wake(this.address))
        this.#life = woken.ok ? this.#woken(woken.value) : this.#failed('wake', undefined, woken.error)
      } else if (life.phase === 'turning') {
        const message = this.#mailbox.shift()
        const turned = message ? await this.#turn(life.state, message) : ok()
        this.#life = turned.ok ? this.#awake(life.state) : this.#failed('receive', life.state, turned.error)
      } else {
        const slept = await attempt(() => this.#host.behaviour.sleep(life.state))
        if (!slept.ok) this.#life = this.#failed('sleep', life.state, slept.error)
        else this.#life = slept.value ? this.#stateless() : this.#awake(life.state, 'vetoed')
      }
    }
    if (!this.isAwake) this.#host.rested(this)
  }

  async #turn(state: State, message: Message): Promise<Result<void, unknown>> {
    const began_ms = this.#host.clock.now_ms()
    const turned = await attempt(() => this.#host.behaviour.receive(state, message))
    if (!turned.ok) this.refuse(message, overloaded)
    this.#host.observe?.turned(this.#host.behaviour.name, this.#host.clock.now_ms() - began_ms)
    return turned
  }

  #woken(woken: State | NotWoken): Life<State> {
    if (!(woken instanceof NotWoken)) return this.#awake(woken)
    this.refuseWaiting(woken.refusal)
    return this.#stateless()
  }

  /** What follows for an actor that has a state. */
  #awake(state: State, sleep?: 'vetoed'): Life<State> {
    if (this.#mailbox.size > 0) return { phase: 'turning', state }
    const draining = this.#host.draining()
    if (draining && sleep !== 'vetoed') return { phase: 'sleeping', state }
    const stay = this.#host.clock.after(draining ? drain_ask_ms : this.#host.idle_ms, () => this.askToSleep())
    return { phase: 'idle', state, stay }
  }

  /** What follows for an actor that has none. */
  #stateless(): Life<State> {
    return { phase: this.#mailbox.size > 0 ? 'waking' : 'asleep' }
  }

  #failed(during: Fallible, state: State | undefined, fault: unknown): Life<State> {
    const { behaviour } = this.#host
    const rule = supervision[during]
    const stops = rule.state === 'discarded' && this.#restarts >= restarts_max
    const next = rule.state === 'kept' ? 'keeps its state' : stops ? 'stops' : 'restarts'
    this.#host.log.error({ actor: behaviour.name, address: this.address, during, next, err: fault }, 'an actor failed')
    this.#host.observe?.faulted(behaviour.name, during, next)
    if (rule.state === 'kept') return this.#awake(state as State, 'vetoed')
    void this.#guard('discard', () => behaviour.discard?.(this.address, state, fault))
    this.#countRestart()
    if (stops) this.#stop()
    if (stops || rule.waiting === 'refused') this.refuseWaiting(overloaded)
    return stops ? this.#life : this.#stateless()
  }

  #countRestart(): void {
    this.#restarts += 1
    this.#host.clock.after(restart_window_ms, () => {
      this.#restarts -= 1
      if (this.isForgettable) this.#host.rested(this)
    })
  }

  /** Takes effect before the waiting are refused: who tells again from inside a refusal must not be queued where nothing runs. */
  #stop(): void {
    this.#life = { phase: 'stopped' }
    this.#host.clock.after(cool_off_ms, () => {
      this.#life = { phase: 'asleep' }
      this.#host.rested(this)
    })
  }

  /** Runs an answer of the behaviour whose failing changes nothing for the actor. */
  async #guard(during: 'refuse' | 'discard', act: () => void | Promise<void>): Promise<void> {
    const done = await attempt(act)
    if (!done.ok)
      this.#host.log.error({ actor: this.#host.behaviour.name, address: this.address, during, err: done.error }, 'an answer failed')
  }
}
