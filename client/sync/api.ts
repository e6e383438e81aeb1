import { isRefusalCode, type RefusalCode, refusals } from '#contract/refusals.ts'
import { err, ok, type Result } from '#contract/result.ts'

/** Why a call gave nothing: the server's code, or `offline` where nobody answered. */
export type FailureCode = RefusalCode | 'offline'
export type Failure = {
  readonly code: FailureCode
  readonly retry_after_s?: number
  /** Of a 409: the body, which says what stands instead. */
  readonly instead?: unknown
}

/** A failure that says nothing about this person: the same call may succeed a moment later. */
export function isPassing(code: FailureCode): boolean {
  if (code === 'offline') return true
  const { retry } = refusals[code]
  return retry === 'later' || retry === 'with jitter'
}

const codeOfStatus: Record<number, FailureCode> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'unknown-committee',
  429: 'rate-limited',
}

async function readFailure(response: Response): Promise<Failure> {
  const body: unknown = await response.json().catch(() => undefined) // a proxy's page is not JSON; its status is enough
  const { code, retry_after_s } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  return {
    code: typeof code === 'string' && isRefusalCode(code) ? code : (codeOfStatus[response.status] ?? 'offline'),
    ...(typeof retry_after_s === 'number' ? { retry_after_s } : {}),
    ...(response.status === 409 ? { instead: body } : {}),
  }
}

/** A call under `/api`. 304 is an answer, not a failure; so is 422, whose body says what to mend. */
export async function ask(path: string, init: RequestInit = {}): Promise<Result<Response, Failure>> {
  try {
    const response = await fetch(`/api${path}`, { signal: AbortSignal.timeout(30_000), ...init, credentials: 'same-origin' })
    return response.ok || response.status === 304 || response.status === 422 ? ok(response) : err(await readFailure(response))
  } catch {
    return err({ code: 'offline' }) // fetch throws where there is no network, and on the timeout
  }
}

/** The same for calls that answer JSON. The shape is the contract's: client and server are built together. */
export async function askJson<Answer>(path: string, init?: RequestInit): Promise<Result<Answer, Failure>> {
  const response = await ask(path, init)
  if (!response.ok) return response
  try {
    return ok((await response.value.json()) as Answer)
  } catch {
    return err({ code: 'offline' }) // cut off in the middle of the body
  }
}

export const postJson = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})
