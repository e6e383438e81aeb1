import type { Clock } from '#actors/kernel/clock.ts'

/**
 * The process's clock, for the port the actors are given. `performance` and not `Date`: it never goes back. Timers are unref'd: what
 * must be waited for (a drain) is awaited, and nothing else keeps the process alive.
 */
export const systemClock: Clock = {
  now_ms: () => performance.timeOrigin + performance.now(),
  after(delay_ms, act) {
    const timer = setTimeout(act, delay_ms).unref()
    return () => clearTimeout(timer)
  },
}
