import type { TokenAnswer } from '#contract/api.ts'
import { ok, type Result } from '#contract/result.ts'
import { type Failure, type FailureCode, isPassing } from './api.ts'
import type { Clock } from './clock.ts'

export type TokenPorts = {
  readonly clock: Clock
  /** `POST /api/token`: by the refresh cookie. */
  readonly renew: () => Promise<Result<TokenAnswer, Failure>>
  /**
   * One renewal at a time over all tabs. The cookie rotates, and two tabs that show the same old one look like a thief:
   * the server would end the family.
   */
  readonly alone: <Value>(run: () => Promise<Value>) => Promise<Value>
  readonly onRenewed: () => void
  /** The refresh was refused and the last token is over: the person has to sign in again. */
  readonly onRefused: (code: FailureCode) => void
}

export type Tokens = {
  /** A token that is good for a while yet. `besides`: not this one (the server has asked for a newer). */
  get(besides?: string): Promise<Result<string, FailureCode>>
  accept(answer: TokenAnswer): void
  clear(): void
}

/** `refused`: there will be no other after this one. */
type Held = { readonly token: string; readonly renew_at_ms: number; readonly ends_at_ms: number; readonly refused?: FailureCode }

/** What a JWT says of itself, unproven: only the server can check it. Undefined for what is no JWT. */
export function claimsOf(token: string): Readonly<Record<string, unknown>> | undefined {
  const [, payload = ''] = token.split('.')
  try {
    return JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as Record<string, unknown>
  } catch {
    return undefined
  }
}

/** Life of a token by its own claims, so that the phone's clock, which lies, does not matter. */
export function lifetime_ms(answer: TokenAnswer, now_ms: number): number {
  const { iat, exp } = claimsOf(answer.token) ?? {}
  return typeof iat === 'number' && typeof exp === 'number' ? (exp - iat) * 1_000 : answer.expires_at * 1_000 - now_ms
}

const retry_ms = 5_000

/** Holds the access token in memory only and renews it before its end. */
export function createTokens(ports: TokenPorts): Tokens {
  const { clock } = ports
  let held: Held | undefined
  let running: Promise<Result<string, FailureCode>> | undefined
  let cancelTimer = () => {}
  let generation = 0

  const renewIn = (delay_ms: number) => {
    cancelTimer()
    cancelTimer = clock.after(delay_ms, () => void renew())
  }

  const accept = (answer: TokenAnswer) => {
    const life_ms = Math.max(lifetime_ms(answer, clock.now()), 0)
    // A quarter of a short life, a minute of a long one: early enough for a slow network, late enough not to renew all day.
    const wait_ms = Math.max(life_ms - Math.min(60_000, life_ms / 4), 1_000)
    held = { token: answer.token, renew_at_ms: clock.now() + wait_ms, ends_at_ms: clock.now() + life_ms }
    renewIn(wait_ms)
  }

  async function ask(): Promise<Result<string, FailureCode>> {
    const mine = generation
    const answer = await ports.alone(ports.renew)
    if (mine !== generation) return { ok: false, error: 'unauthenticated' } // signed out while the answer was under way
    if (answer.ok) {
      accept(answer.value)
      ports.onRenewed()
      return ok(answer.value.token)
    }
    const { code } = answer.error
    if (isPassing(code)) renewIn(retry_ms)
    else refuse(code)
    return { ok: false, error: code }
  }

  /** What the person was given holds to its end; a counter is not thrown out in the middle of a ballot. */
  function refuse(code: FailureCode) {
    const end = () => {
      clear()
      ports.onRefused(code)
    }
    const left_ms = (held?.ends_at_ms ?? 0) - clock.now()
    if (held === undefined || left_ms <= 0) return end()
    held = { ...held, renew_at_ms: held.ends_at_ms, refused: code }
    cancelTimer()
    cancelTimer = clock.after(left_ms, end)
  }

  const renew = () => {
    running ??= ask().finally(() => {
      running = undefined
    })
    return running
  }

  function clear() {
    cancelTimer()
    held = undefined
    generation += 1
  }

  return {
    get: async (besides) => {
      if (held === undefined || clock.now() >= held.renew_at_ms) return renew()
      if (held.token !== besides) return ok(held.token)
      return held.refused === undefined ? renew() : { ok: false, error: held.refused }
    },
    accept,
    clear,
  }
}
