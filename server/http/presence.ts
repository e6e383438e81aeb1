import { Router } from 'express'
import type { PresenceAnswer } from '#contract/events.ts'
import type { Roster } from '#contract/presence.ts'
import type { AccessList } from '../auth/access.ts'
import type { Tokens } from '../auth/token.ts'
import type { Collaboration } from '../collaboration/collaboration.ts'
import type { Users } from '../storage/users.ts'
import { enterCommittee, identify, identityOf } from './identify.ts'
import { refuse } from './problem.ts'

export type PresenceParts = {
  readonly tokens: Tokens
  readonly users: Users
  readonly accessList: AccessList
  readonly inside: { readonly presence: Pick<Collaboration['presence'], 'roster' | 'rosters'> }
}

/** Who is where at this moment, for whoever may read the committee. */
export function presenceRoutes({ tokens, users, accessList, inside: { presence } }: PresenceParts): Router {
  const routes = Router()

  routes.use(['/api/presence', '/api/committees/:id/presence'], identify({ tokens, users }), (_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store')
    next()
  })

  routes.get('/api/committees/:id/presence', async (request, response) => {
    const entered = await enterCommittee(accessList, request, response)
    if (entered.ok) response.json(presence.roster(entered.value.committee) satisfies Roster)
  })

  routes.get('/api/presence', async (_request, response) => {
    const allowed = await accessList.committeesOf(identityOf(response).user)
    if (!allowed.ok) return refuse(response, 'store-unavailable')
    const rosters = presence.rosters().filter(({ committee }) => allowed.value.has(committee))
    response.json({ rosters: rosters.toSorted((a, b) => (a.committee < b.committee ? -1 : 1)) } satisfies PresenceAnswer)
  })

  return routes
}
