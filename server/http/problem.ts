import type { ErrorRequestHandler, RequestHandler, Response } from 'express'
import type { Log } from '#actors/kernel/log.ts'
import type { Problem } from '#contract/api.ts'
import { type RefusalCode, refusals } from '#contract/refusals.ts'
import { isStoreFault } from '../storage/faults.ts'

type Details = {
  readonly retry_after_s?: number
  /** Where HTTP has a better word than the table: an unknown address, a fault of our own. */
  readonly status?: number
  readonly title?: string
}

/** For who reads the answer with curl; the app shows its own words for the code. */
const titles: Partial<Record<RefusalCode, string>> = {
  unauthenticated: 'Log in first',
  'token-expired': 'The token has expired',
  forbidden: 'Not allowed',
  'not-assigned': 'Not assigned to this committee',
  'unknown-committee': 'No such committee',
  unparseable: 'The body is not JSON',
  malformed: 'The body lacks something',
  'too-large': 'The body is too large',
  'rate-limited': 'Too many tries',
  'store-unavailable': 'The database does not answer',
  draining: 'The server is stopping',
  overloaded: 'The server cannot do it now',
}

/** The one way this server says no over HTTP. The code is left for `measure`, which counts it. */
export function refuse(response: Response, code: RefusalCode, details: Details = {}): void {
  const status = details.status ?? refusals[code].http
  const retry_after_s = details.retry_after_s ?? (refusals[code].retry === 'with jitter' ? 1 + Math.floor(Math.random() * 5) : undefined)
  const problem: Problem = {
    type: 'about:blank',
    title: details.title ?? titles[code] ?? code,
    status,
    code,
    ...(retry_after_s === undefined ? {} : { retry_after_s }),
  }
  response.locals.refusal = code
  if (retry_after_s !== undefined) response.setHeader('Retry-After', String(retry_after_s))
  response.setHeader('Cache-Control', 'no-store')
  response.status(status).type('application/problem+json').send(JSON.stringify(problem))
}

/** No refusal is about an address, so the nearest is said: what was asked could not be understood. */
export const unknownAddress: RequestHandler = (_request, response) => {
  refuse(response, 'unparseable', { status: 404, title: 'No such address' })
}

/** What a handler threw: the body parser's complaints, a database that is away, or a bug, which is logged and gives nothing away. */
export function answerFaults(log: Log): ErrorRequestHandler {
  return (fault, request, response, next) => {
    if (response.headersSent) return next(fault)
    const type = (fault as { type?: unknown }).type
    if (type === 'entity.too.large') return refuse(response, 'too-large')
    const status = (fault as { status?: unknown }).status
    if (typeof status === 'number' && status >= 400 && status < 500) return refuse(response, 'unparseable')
    log.error({ fault, path: request.path }, 'a request failed')
    if (isStoreFault(fault)) return refuse(response, 'store-unavailable')
    return refuse(response, 'overloaded', { status: 500, title: 'A fault of the server' })
  }
}
