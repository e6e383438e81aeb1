import { json, Router } from 'express'
import type { SealAnswer } from '#contract/api.ts'
import { type ClientId, parseClientId } from '#contract/ids.ts'
import { err, ok, type Result } from '#contract/result.ts'
import type { AccessList } from '../auth/access.ts'
import type { Tokens } from '../auth/token.ts'
import type { Collaboration } from '../collaboration/collaboration.ts'
import { enterCommittee, identify, identityOf } from './identify.ts'
import { refuse } from './problem.ts'

export type AsideParts = {
  readonly tokens: Tokens
  readonly accessList: AccessList
  readonly inside: Pick<Collaboration, 'seal'>
}

/** As many clients as one person may have in a committee by default: a phone names no more at once. */
const clients_max = 256

/** The end of a phone's own clients, and what was refused of anybody's. */
export function asideRoutes({ tokens, accessList, inside }: AsideParts): Router {
  const routes = Router()

  routes.use(['/api/committees/:id/seal', '/api/committees/:id/aside'], identify(tokens), (_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store')
    next()
  })

  routes.post('/api/committees/:id/seal', json({ limit: '10kb' }), async (request, response) => {
    const clients = parseClients(request.body)
    if (!clients.ok) return refuse(response, 'malformed', { title: `clients: 1 to ${clients_max} numbers below 2^32` })
    const entered = await enterCommittee(accessList, request, response)
    if (!entered.ok) return
    const sealed = await inside.seal(entered.value.committee, identityOf(response).user, clients.value)
    if (sealed.ok) response.json({ clocks: Object.fromEntries(sealed.value) } satisfies SealAnswer)
    else refuse(response, sealed.error.code)
  })

  return routes
}

function parseClients(body: unknown): Result<readonly ClientId[], 'malformed'> {
  const list = (body as { clients?: unknown } | undefined)?.clients
  if (!Array.isArray(list) || list.length === 0 || list.length > clients_max) return err('malformed')
  const parsed = list.flatMap((client) => {
    const id = typeof client === 'number' ? parseClientId(client) : err('malformed' as const)
    return id.ok ? [id.value] : []
  })
  return parsed.length === list.length ? ok([...new Set(parsed)]) : err('malformed')
}
