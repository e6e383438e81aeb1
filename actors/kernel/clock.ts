/** Ends a timer: after it, `act` is not called. Calling it late or twice does nothing. */
export type Cancel = () => void

/** The only time there is for actors. The process's clock lives in the server and keeps no process alive by its timers. */
export type Clock = {
  /** Milliseconds since 1970, fractions included; never goes back, whatever is done to the machine's clock. */
  now_ms(): number
  /** Calls `act` once, `delay_ms` from now or a little later; never inside this call, not even for 0. */
  after(delay_ms: number, act: () => void): Cancel
}

/** Promise turns that `advance` lets pass around each timer: more than any story of a test needs, and still under 0.1 ms. */
const settling_turns = 1_000

/** A clock that stands still until a test moves it. What waits for real I/O does not settle here: use the real clock for that. */
export class ManualClock implements Clock {
  #now_ms = 0
  readonly #timers = new Set<{ readonly due_ms: number; readonly act: () => void }>()

  now_ms(): number {
    return this.#now_ms
  }

  after(delay_ms: number, act: () => void): Cancel {
    const timer = { due_ms: this.#now_ms + Math.max(0, delay_ms), act }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** Moves on by `span_ms`, runs what falls due in order (equals in the order made) and lets promises settle in between. */
  async advance(span_ms: number): Promise<void> {
    const until_ms = this.#now_ms + span_ms
    await this.settle()
    for (let timer = this.#next(until_ms); timer; timer = this.#next(until_ms)) {
      this.#timers.delete(timer)
      this.#now_ms = timer.due_ms
      timer.act()
      await this.settle()
    }
    this.#now_ms = until_ms
  }

  /** Lets promises settle without moving the time. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < settling_turns; turn += 1) await undefined
  }

  #next(until_ms: number) {
    let next: { readonly due_ms: number; readonly act: () => void } | undefined
    for (const timer of this.#timers) if (timer.due_ms <= until_ms && (!next || timer.due_ms < next.due_ms)) next = timer
    return next
  }
}
