import type { Limits } from '#contract/limits.ts'
import type { RefusalCode } from '#contract/refusals.ts'
import type { Cancel, Clock } from '../kernel/clock.ts'
import { Mailbox } from '../kernel/mailbox.ts'
import { TokenBucket } from './bucket.ts'
import type { Place } from './session.ts'
import type { Turn, Turns } from './turns.ts'

// One connection, and whether it is read.
//
//   ┌─────────┐ a bucket is empty, too much is unanswered, no turn for a large frame ┌─────────┐ over its rate for over_rate_ms ┌───────┐
//   │ reading ├──────────────────────────────────────────────────────────────────────►│ stopped ├───────────────────────────────►│ ended │
//   └─────────┘◄──────────────────────────────────────────────────────────────────────┴─────────┘                                └───────┘
//                      what had been read is through, and nothing stands against more
//
// What one read of the kernel brought is parsed to its end whatever we say, so some frames come after the stop: they are held, at most
// those of one read, and pass first.

/** Why a wire is not read. Of the first three it is itself the cause. */
export type Delay = 'messages' | 'user' | 'bytes' | 'answers' | 'large'

const isOwnFault: Record<Delay, boolean> = { messages: true, user: true, bytes: true, answers: false, large: false }

/** `cost` in messages. `awaits` names who answers it (a document); undefined: nobody will. */
export type Frame = { readonly bytes: Uint8Array; readonly cost: number; readonly awaits: string | undefined }

export type WirePorts = {
  readonly clock: Clock
  readonly limits: Limits
  /** Of the process: large frames on their way. */
  readonly large: Turns
  readonly stop: () => void
  readonly go: () => void
  readonly pass: (frame: Frame) => void
  /** Bytes that have come and wait, because the wire is not read. */
  readonly waiting_bytes: () => number
  readonly refuse: (code: RefusalCode) => void
  readonly onDelay: (delay: Delay) => void
}

/** Looked at again no sooner: a few tokens at a time cost fewer timers. */
const look_ms_min = 20
/** Read for so long without a delay, a wire has had its break, also where its bytes were never all through. */
const break_ms = 1_000

export class Wire {
  private readonly ports: WirePorts
  private readonly messages: TokenBucket
  private readonly bytes: TokenBucket
  /** Of its user, once somebody has logged in. */
  private shared: Place | undefined
  private readonly held = new Mailbox<Frame>()
  private readonly unanswered = new Map<Uint8Array, string>()
  private unanswered_bytes = 0
  /** Of the frame that is arriving. */
  private unfinished_bytes = 0
  /** `frame` once it is whole. */
  private large: { readonly turn: Turn; tooLong: Cancel; frame?: Uint8Array } | undefined
  /** What came before anybody had logged in. */
  private readonly before = { messages: 0, bytes: 0 }
  private state: 'reading' | 'stopped' | 'ended' = 'reading'
  /** Since when it has been over its rate without a break. */
  private over_since_ms: number | undefined
  private read_since_ms = 0
  private cancelLook: Cancel = () => {}

  constructor(ports: WirePorts) {
    this.ports = ports
    const { clock, limits } = ports
    this.messages = new TokenBucket(clock, limits.connection_messages_per_s_max, limits.connection_burst_max)
    this.bytes = new TokenBucket(clock, limits.connection_bytes_per_s_max, limits.connection_burst_bytes_max)
  }

  get isStopped(): boolean {
    return this.state === 'stopped'
  }

  get isEnded(): boolean {
    return this.state === 'ended'
  }

  /** From now on it shares these buckets with the other wires of its user. */
  lend(place: Place): void {
    this.shared = place
  }

  /** So many bytes have come in, before the frames that they complete. */
  received(count: number): void {
    if (this.state === 'ended') return
    this.unfinished_bytes += count
    this.asked(count)
    const { limits, refuse } = this.ports
    if (this.shared === undefined) {
      this.before.bytes += count
      if (this.before.bytes > limits.unauthenticated_bytes_max) return refuse('too-large')
    }
    if (this.unfinished_bytes > limits.update_bytes_max && this.large === undefined) this.askForTurn()
    if (this.obstacle() !== undefined) this.look()
  }

  /** It has made us send so many bytes. */
  asked(count: number): void {
    this.bytes.take(count)
    this.shared?.bytes.take(count)
  }

  arrived(frame: Frame): void {
    if (this.state === 'ended') return
    this.unfinished_bytes = 0
    if (!this.isExpected()) return
    if (this.large !== undefined && this.large.frame === undefined) {
      this.large.tooLong()
      this.large.frame = frame.bytes
    }
    if (this.held.size === 0 && this.obstacle() === undefined) return this.let(frame)
    this.held.push(frame)
    this.look()
  }

  /** Something came that passes by another way or not at all, such as a ping. False: it was over the rate. */
  charge(): boolean {
    const wasOpen = this.state === 'reading' && this.obstacle() === undefined
    if (this.state === 'ended' || !this.isExpected()) return false
    this.messages.take(1)
    this.shared?.messages.take(1)
    if (this.obstacle() !== undefined) this.look()
    return wasOpen
  }

  /** Answered or given up, whatever it was. A frame nobody waits for is none of our business. */
  answered(bytes: Uint8Array): void {
    if (!this.unanswered.delete(bytes)) return
    this.unanswered_bytes -= bytes.length
    if (this.large?.frame === bytes) this.giveTurnBack()
    if (this.isStopped) this.look()
  }

  /** Nothing more will be answered by this one. */
  closed(awaits: string): void {
    for (const [bytes, whom] of this.unanswered) if (whom === awaits) this.answered(bytes)
  }

  /** For good: what is held is dropped. */
  end(): void {
    this.state = 'ended'
    this.cancelLook()
    this.giveTurnBack()
    while (this.held.shift() !== undefined);
    this.unanswered.clear()
  }

  /** Before somebody has logged in, only so many messages are. */
  private isExpected(): boolean {
    if (this.shared !== undefined) return true
    this.before.messages += 1
    if (this.before.messages <= this.ports.limits.unauthenticated_messages_max) return true
    this.ports.refuse('rate-limited')
    return false
  }

  private let(frame: Frame): void {
    this.messages.take(frame.cost)
    this.shared?.messages.take(frame.cost)
    if (frame.awaits !== undefined) {
      this.unanswered.set(frame.bytes, frame.awaits)
      this.unanswered_bytes += frame.bytes.length
    } else if (this.large?.frame === frame.bytes) this.giveTurnBack()
    this.ports.pass(frame)
  }

  /** What stands against the next frame, and against reading on. */
  private obstacle(): Delay | undefined {
    const { limits } = this.ports
    if (!this.messages.isOpen) return 'messages'
    if (this.shared?.messages.isOpen === false || this.shared?.bytes.isOpen === false) return 'user'
    if (!this.bytes.isOpen) return 'bytes'
    if (this.unanswered.size >= limits.connection_unanswered_max) return 'answers'
    if (this.unanswered_bytes >= limits.connection_unanswered_bytes_max) return 'answers'
    // The frame that has to wait for its turn is the one that is arriving: what came before it passes.
    if (this.large?.turn.has === false && this.held.size === 0) return 'large'
    return undefined
  }

  /** Lets pass what may, and decides anew whether the wire is read. `later`: what was sent meanwhile has had the time to come. */
  private look(later = false): void {
    this.cancelLook()
    let obstacle = this.obstacle()
    while (obstacle === undefined) {
      const next = this.held.shift()
      if (next === undefined) break
      this.let(next)
      if (this.state === 'ended') return
      obstacle = this.obstacle()
    }
    if (later && this.held.size === 0 && this.ports.waiting_bytes() === 0) this.over_since_ms = undefined
    if (obstacle === undefined) this.readOn()
    else this.delay(obstacle)
  }

  private readOn(): void {
    if (this.state !== 'stopped') return
    this.state = 'reading'
    this.read_since_ms = this.ports.clock.now_ms()
    this.ports.go()
  }

  private delay(why: Delay): void {
    const { clock, limits } = this.ports
    const now_ms = clock.now_ms()
    if (this.state === 'reading') {
      this.state = 'stopped'
      if (now_ms - this.read_since_ms >= break_ms) this.over_since_ms = undefined
      this.ports.onDelay(why)
      this.ports.stop()
    }
    if (!isOwnFault[why]) {
      // Whoever it waits for looks again.
      this.over_since_ms = undefined
      return
    }
    this.over_since_ms ??= now_ms
    const left_ms = this.over_since_ms + limits.over_rate_ms - now_ms
    if (left_ms <= 0) return this.ports.refuse('rate-limited')
    const buckets = [this.messages, this.bytes, ...(this.shared === undefined ? [] : [this.shared.messages, this.shared.bytes])]
    const wait_ms = Math.max(...buckets.map((bucket) => bucket.wait_ms()))
    this.cancelLook = clock.after(Math.min(left_ms, Math.max(look_ms_min, wait_ms)), () => this.look(true))
  }

  private askForTurn(): void {
    const { clock, limits } = this.ports
    const begin = () => clock.after(limits.large_frame_ms, () => this.ports.refuse('rate-limited'))
    const turn = this.ports.large.ask(() => {
      if (this.large !== undefined) this.large.tooLong = begin()
      this.look()
    })
    this.large = { turn, tooLong: turn.has ? begin() : () => {} }
  }

  /** When its frame is answered: judging it takes its memory again. */
  private giveTurnBack(): void {
    if (this.large === undefined) return
    this.large.tooLong()
    this.ports.large.giveBack(this.large.turn)
    this.large = undefined
  }
}
