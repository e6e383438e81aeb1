import type { Clock } from './clock.ts'

/** For tests: time that moves by hand. `advance` runs what falls due on the way, and lets the promises it started settle. */
export function handClock() {
  let now_ms = 1_000_000
  let timers: { readonly at_ms: number; readonly run: () => void }[] = []
  const clock: Clock = {
    now: () => now_ms,
    after: (delay_ms, run) => {
      const timer = { at_ms: now_ms + delay_ms, run }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
  }
  const advance = async (ms: number) => {
    const end_ms = now_ms + ms
    for (;;) {
      const [next] = timers.filter(({ at_ms }) => at_ms <= end_ms).sort((a, b) => a.at_ms - b.at_ms)
      if (next === undefined) break
      timers = timers.filter((other) => other !== next)
      now_ms = Math.max(now_ms, next.at_ms)
      next.run()
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
    }
    now_ms = Math.max(now_ms, end_ms)
  }
  /** The page sleeps: time goes on, and what falls due is late. */
  const sleep = (ms: number) => {
    now_ms += ms
  }
  return { clock, advance, sleep, waiting: () => timers.length }
}
