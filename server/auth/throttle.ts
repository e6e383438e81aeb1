import type { Limits } from '#contract/limits.ts'
import { err, ok, type Result } from '#contract/result.ts'

/** Above this many (login, address) pairs the oldest is forgotten: a bound on memory, at the price of a new chance for that one. */
const pairs_max = 50_000

type Window = { tries: number; readonly ends_ms: number }

/**
 * Failed logins per login and address: so that a guesser at one address cannot lock a person out at another. A try is counted
 * before the password is checked, or a hundred at once would all be let through; success forgets the pair.
 */
export class LoginThrottle {
  readonly #limits: Pick<Limits, 'login_tries_max' | 'login_window_ms'>
  readonly #now_ms: () => number
  /** In order of their windows' ends, because every window is as long. */
  readonly #windows = new Map<string, Window>()

  constructor(limits: Pick<Limits, 'login_tries_max' | 'login_window_ms'>, now_ms: () => number) {
    this.#limits = limits
    this.#now_ms = now_ms
  }

  /** Counts a try; the error is how long to wait. */
  take(login: string, address: string): Result<undefined, { readonly retry_after_ms: number }> {
    const now_ms = this.#now_ms()
    this.#forgetEnded(now_ms)
    const key = pairKey(login, address)
    const window = this.#windows.get(key) ?? { tries: 0, ends_ms: now_ms + this.#limits.login_window_ms }
    if (window.tries >= this.#limits.login_tries_max) return err({ retry_after_ms: window.ends_ms - now_ms })
    window.tries += 1
    this.#windows.set(key, window)
    return ok()
  }

  succeeded(login: string, address: string): void {
    this.#windows.delete(pairKey(login, address))
  }

  #forgetEnded(now_ms: number): void {
    for (const [key, window] of this.#windows) {
      if (window.ends_ms > now_ms && this.#windows.size < pairs_max) return
      this.#windows.delete(key)
    }
  }
}

const pairKey = (login: string, address: string) => JSON.stringify([login.toLowerCase(), address])
