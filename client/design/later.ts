/**
 * Runs each `delay_ms` after it was last asked for, over one timer for all: to set a timer costs more than what a row changes of
 * itself, and while many flash at once one of them is enough.
 */
export function createLater(delay_ms: number): { later(run: () => void): void; drop(run: () => void): void } {
  /** Due times, the next one first: the delay is the same for all, and who asks again goes to the end. */
  const due = new Map<() => void, number>()
  let armed = false
  const arm = (left_ms: number) => {
    if (armed) return
    armed = true
    setTimeout(tick, left_ms)
  }
  const tick = () => {
    armed = false
    for (const [run, at_ms] of due) {
      const left_ms = at_ms - performance.now()
      if (left_ms > 0) return arm(left_ms)
      due.delete(run)
      run()
    }
  }
  return {
    later: (run) => {
      due.delete(run)
      due.set(run, performance.now() + delay_ms)
      arm(delay_ms)
    },
    drop: (run) => {
      due.delete(run)
    },
  }
}
