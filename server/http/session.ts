import { createHash } from 'node:crypto'
import { parseCookie } from 'cookie'
import { type CookieOptions, json, type Request, type Response, Router } from 'express'
import type { LoginAnswer, TokenAnswer } from '#contract/api.ts'
import type { PasswordChecker } from '../auth/password.ts'
import type { RefreshTokens } from '../auth/refresh.ts'
import type { LoginThrottle } from '../auth/throttle.ts'
import type { Tokens } from '../auth/token.ts'
import type { AuditEvent } from '../observe/audit.ts'
import type { Users } from '../storage/users.ts'
import { refuse } from './problem.ts'

export type SessionParts = {
  readonly users: Users
  readonly passwords: PasswordChecker
  readonly throttle: LoginThrottle
  readonly tokens: Tokens
  readonly refreshTokens: RefreshTokens
  readonly refresh_days: number
  readonly cookieName: string
  readonly audit: { record(event: AuditEvent): void }
}

/** Longer ones are nobody's: bounds what is hashed and what is remembered by the throttle. */
const login_characters_max = 100
const password_characters_max = 1_000

/** Named after the secret, because browsers keep cookies of all ports of a host together: two servers must not log each other out. */
export const refreshCookieName = (secret: string) => `lajna_refresh_${createHash('sha256').update(secret).digest('hex').slice(0, 8)}`

/** Logging in, staying logged in, logging out. */
export function sessionRoutes(parts: SessionParts): Router {
  const { users, tokens, refreshTokens, cookieName, audit } = parts
  const routes = Router()
  const cookieOf = (request: Request) => parseCookie(request.headers.cookie ?? '')[cookieName]
  const setCookie = (request: Request, response: Response, token: string) =>
    response.cookie(cookieName, token, { ...cookieOptions(request), maxAge: parts.refresh_days * 86_400_000 })

  routes.use(['/api/login', '/api/token', '/api/logout'], (_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store')
    next()
  })

  routes.post('/api/login', json({ limit: '10kb' }), async (request, response) => {
    const found = await authenticate(parts, request, response)
    if (!found) return
    const { user, signOuts } = found
    setCookie(request, response, await refreshTokens.issue(user.id))
    audit.record({ kind: 'login', user: user.id, address: request.ip })
    response.json({ ...tokens.sign(user, signOuts), user } satisfies LoginAnswer)
  })

  routes.post('/api/token', async (request, response) => {
    const cookie = cookieOf(request)
    const rotated = cookie === undefined ? undefined : await refreshTokens.rotate(cookie)
    const user = rotated?.ok ? await users.byId(rotated.value.user) : undefined
    if (!rotated?.ok || !user) {
      response.clearCookie(cookieName, cookieOptions(request))
      // Every page asks once, whether somebody was signed in on it or not: that is no try.
      response.locals.recorded = cookie === undefined
      if (rotated?.ok === false && rotated.error !== 'unauthenticated') {
        response.locals.recorded = true
        audit.record({ kind: 'token-reused', user: rotated.error.reused, address: request.ip, code: 'unauthenticated' })
      }
      return refuse(response, 'unauthenticated')
    }
    setCookie(request, response, rotated.value.token)
    response.json(tokens.sign(user, rotated.value.signOuts) satisfies TokenAnswer)
  })

  routes.post('/api/logout', async (request, response) => {
    const cookie = cookieOf(request)
    const user = cookie === undefined ? undefined : await refreshTokens.revoke(cookie)
    if (user !== undefined) audit.record({ kind: 'logout', user, address: request.ip })
    response.clearCookie(cookieName, cookieOptions(request))
    response.status(204).end()
  })

  return routes
}

/** The user, or undefined where the refusal is answered already. */
async function authenticate({ users, passwords, throttle, audit }: SessionParts, request: Request, response: Response) {
  const { login, password } = (request.body ?? {}) as Record<string, unknown>
  if (!isText(login, login_characters_max) || !isText(password, password_characters_max)) return refuse(response, 'malformed')
  const address = request.ip ?? ''
  const turnAway: typeof refuse = (to, code, details) => {
    audit.record({ kind: 'login-refused', login, address, code })
    to.locals.recorded = true
    refuse(to, code, details)
  }
  const turn = throttle.take(login, address)
  if (!turn.ok) return turnAway(response, 'rate-limited', { retry_after_s: Math.ceil(turn.error.retry_after_ms / 1_000) })
  const found = await users.byLogin(login)
  const matches = await passwords.check(found?.password_hash, password)
  if (!matches.ok) return turnAway(response, matches.error)
  if (!matches.value || !found) return turnAway(response, 'unauthenticated', { title: 'Unknown login or wrong password' })
  throttle.succeeded(login, address)
  return found
}

const isText = (value: unknown, characters_max: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= characters_max

const cookieOptions = (request: Request): CookieOptions => ({ httpOnly: true, sameSite: 'strict', path: '/api', secure: request.secure })
