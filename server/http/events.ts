import { parseCookie } from 'cookie'
import { type Request, type Response, Router } from 'express'
import type { SummaryStore } from '#actors/overview/store.ts'
import type { Reader } from '#actors/overview/stream.ts'
import type { Watchers } from '#actors/overview/watchers.ts'
import type { OverviewAnswer } from '#contract/events.ts'
import type { UserId } from '#contract/ids.ts'
import { err, ok, type Result } from '#contract/result.ts'
import type { RefreshTokens } from '../auth/refresh.ts'
import type { Tokens } from '../auth/token.ts'
import type { OnRefusal } from '../observe/audit.ts'
import type { Users } from '../storage/users.ts'
import { identify, identityOf, isGood } from './identify.ts'
import { refuse } from './problem.ts'

export type EventsParts = {
  readonly tokens: Tokens
  readonly users: Users
  readonly refreshTokens: RefreshTokens
  readonly cookieName: string
  readonly watchers: Watchers
  readonly summaries: Pick<SummaryStore, 'curve'>
  readonly onRefusal: OnRefusal
  readonly isDraining: () => boolean
}

/** A whole picture goes out in pieces, so that what a slow line has taken of it can be seen. */
const piece_bytes = 65_536
/** Everybody comes back spread over this time. */
const return_spread_ms = 4_000

/** What somebody watches with: who it is, until when, and whether it still holds. */
type Watcher = { readonly user: UserId; readonly expires_at?: number; readonly stillIn: () => Promise<Result<boolean, 'unavailable'>> }

/** The picture of all committees one may read: once, and as a stream of server-sent events. */
export function eventRoutes(parts: EventsParts): Router {
  const { watchers, summaries, isDraining } = parts
  const routes = Router()

  routes.get('/api/overview', identify(parts), async (_request, response) => {
    response.setHeader('Cache-Control', 'no-store')
    const picture = await watchers.picture(identityOf(response).user)
    if (!picture.ok) return refuse(response, 'store-unavailable')
    const { access, committees, rosters } = picture.value
    const curve = await summaries.curve([...access.keys()])
    if (!curve.ok) return refuse(response, 'store-unavailable')
    const now_ms = Date.now()
    const points: OverviewAnswer['curve'] = curve.value.map((point) => ({ ...point, at_ms: Math.min(point.at_ms, now_ms) }))
    response.type('application/json')
    response.send(`{"committees":[${committees.join(',')}],"rosters":[${rosters.join(',')}],"curve":${JSON.stringify(points)}}`)
  })

  routes.get('/api/events', async (request, response) => {
    if (isDraining()) return refuse(response, 'draining')
    const watcher = await watcherOf(parts, request)
    if (!watcher.ok) return refuse(response, watcher.error)
    await stream(parts, watcher.value, request, response)
  })

  return routes
}

async function stream({ watchers, onRefusal }: EventsParts, watcher: Watcher, request: Request, response: Response): Promise<void> {
  const { user, expires_at, stillIn } = watcher
  const who = { user, address: request.ip, subject: 'GET /api/events' }
  const opened = await watchers.open(
    user,
    readerOf(response, () => onRefusal('overloaded', who)),
    stillIn,
  )
  if (!opened.ok) return refuse(response, 'store-unavailable')
  const it = opened.value
  // Not by a timer of the stream's own: a token's end is no news of the overview.
  const expiry =
    expires_at === undefined ? undefined : setTimeout(() => it.revoke('token-expired'), expires_at * 1_000 - Date.now()).unref()
  response.on('drain', () => it.drained())
  response.on('close', () => {
    clearTimeout(expiry)
    it.gone()
    watchers.close(it)
  })
  if (response.destroyed) watchers.close(it)
}

/** Headers leave with the first event, so that until then a refusal can be said. */
function readerOf(response: Response, onCut: () => void): Reader {
  const begin = () => {
    if (response.headersSent) return
    // `no-transform`: compression would hold events back until it has a block of them.
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store, no-transform',
      'X-Accel-Buffering': 'no',
    })
    response.write(`retry: ${1_000 + Math.round(Math.random() * return_spread_ms)}\n\n`)
  }
  return {
    send(text) {
      begin()
      const bytes = Buffer.from(text)
      let hasRoom = true
      for (let at = 0; at < bytes.length; at += piece_bytes) hasRoom = response.write(bytes.subarray(at, at + piece_bytes))
      return hasRoom
    },
    end(retry_ms) {
      begin()
      response.end(retry_ms === undefined ? undefined : `retry: ${retry_ms}\n\n`)
    },
    cut() {
      onCut()
      response.destroy()
    },
    get waiting_bytes() {
      return response.writableLength
    },
  }
}

/**
 * By the token, or, for `EventSource`, which sends no headers, by the refresh cookie. That is looked at and not used up: nothing here
 * changes anything, so nothing is gained by leading a browser here; and what is answered no other site can read.
 */
async function watcherOf(
  { tokens, users, refreshTokens, cookieName }: EventsParts,
  request: Request,
): Promise<Result<Watcher, 'unauthenticated' | 'token-expired' | 'forbidden'>> {
  const token = /^Bearer ([^\s]+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (token !== undefined) {
    const identity = tokens.verify(token)
    if (!identity.ok) return identity
    const { user, expires_at } = identity.value
    const isThere = () => isGood(identity.value, users)
    return (await isThere()) ? ok({ user, expires_at, stillIn: () => answered(isThere) }) : err('unauthenticated')
  }
  const cookie = parseCookie(request.headers.cookie ?? '')[cookieName]
  if (cookie === undefined) return err('unauthenticated')
  // A page of a sister site cannot read the stream, but it could begin eight of them.
  const site = request.headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return err('forbidden')
  const session = await refreshTokens.find(cookie)
  if (session === undefined) return err('unauthenticated')
  return ok({ user: session.user, stillIn: () => answered(() => refreshTokens.isAlive(session.family)) })
}

async function answered(ask: () => Promise<boolean>): Promise<Result<boolean, 'unavailable'>> {
  try {
    return ok(await ask())
  } catch {
    return err('unavailable') // asked again: until then what was known holds
  }
}
