import type { Clock } from '../kernel/clock.ts'

/**
 * A token bucket. Full at first; what it lacks comes back at `per_s`. Taking is never refused here: whoever asks `isOpen` first may take
 * once, whatever it costs, and the debt is waited for. So a frame that costs more than the whole burst passes too, only later.
 */
export class TokenBucket {
  private readonly clock: Pick<Clock, 'now_ms'>
  private readonly per_s: number
  private readonly burst: number
  private tokens: number
  private filled_ms: number

  constructor(clock: Pick<Clock, 'now_ms'>, per_s: number, burst: number) {
    this.clock = clock
    this.per_s = per_s
    this.burst = burst
    this.tokens = burst
    this.filled_ms = clock.now_ms()
  }

  get isOpen(): boolean {
    return this.fill() >= 1
  }

  get isFull(): boolean {
    return this.fill() >= this.burst
  }

  take(count: number): void {
    this.tokens = this.fill() - count
  }

  /** Milliseconds until it is open; 0 while it is. */
  wait_ms(): number {
    return (Math.max(0, 1 - this.fill()) / this.per_s) * 1_000
  }

  private fill(): number {
    const now_ms = this.clock.now_ms()
    this.tokens = Math.min(this.burst, this.tokens + ((now_ms - this.filled_ms) * this.per_s) / 1_000)
    this.filled_ms = now_ms
    return this.tokens
  }
}
