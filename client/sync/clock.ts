/** Time as the session sees it: tests bring their own. `after` answers the function that takes the timer back. */
export type Clock = {
  now(): number
  after(delay_ms: number, run: () => void): () => void
}

export const browserClock: Clock = {
  now: () => Date.now(),
  after: (delay_ms, run) => {
    const timer = setTimeout(run, delay_ms)
    return () => clearTimeout(timer)
  },
}

/** Runs again and again until the answer is called. Never two at once: the next wait begins when the last run is over. */
export function every(clock: Clock, period_ms: number, run: () => void): () => void {
  let cancel = clock.after(period_ms, function again() {
    run()
    cancel = clock.after(period_ms, again)
  })
  return () => cancel()
}

/** Joins calls of the next `delay_ms` into one run. `now` runs at once what waits; `stop` drops it. */
export function conflate(clock: Clock, delay_ms: number, run: () => void): { later(): void; now(): void; stop(): void } {
  let cancel: (() => void) | undefined
  const stop = () => {
    cancel?.()
    cancel = undefined
  }
  return {
    later: () => {
      cancel ??= clock.after(delay_ms, () => {
        cancel = undefined
        run()
      })
    },
    now: () => {
      if (cancel === undefined) return
      stop()
      run()
    },
    stop,
  }
}
