import { createHash } from 'node:crypto'
import { type Request, type Response, Router } from 'express'
import type { Overview } from '#actors/overview/overview.ts'
import type { CommitteeAnswer, CommitteesAnswer, MeAnswer, RollAnswer } from '#contract/api.ts'
import type { AccessList } from '../auth/access.ts'
import type { Tokens } from '../auth/token.ts'
import type { Elections } from '../storage/elections.ts'
import type { Users } from '../storage/users.ts'
import { enterCommittee, identify, identityOf } from './identify.ts'
import { refuse } from './problem.ts'

export type CommitteeParts = {
  readonly tokens: Tokens
  readonly users: Users
  readonly accessList: AccessList
  readonly elections: Elections
  /** What the committees say. */
  readonly overview: Pick<Overview, 'latest'>
}

/** What a person sees of the election. */
export function committeeRoutes({ tokens, users, accessList, elections, overview }: CommitteeParts): Router {
  const routes = Router()

  routes.use(['/api/me', '/api/committees'], identify({ tokens, users }), (_request, response, next) => {
    // Kept by the browser, but asked again each time: the answer depends on who asks and on rights of this moment.
    response.setHeader('Cache-Control', 'private, no-cache')
    response.setHeader('Vary', 'Authorization')
    next()
  })

  routes.get('/api/me', async (_request, response) => {
    const user = await users.byId(identityOf(response).user)
    if (!user) return refuse(response, 'unauthenticated')
    const allowed = await accessList.committeesOf(user.id)
    if (!allowed.ok) return refuse(response, 'store-unavailable')
    const [theirs, committees] = await Promise.all([elections.elections([...allowed.value.keys()]), elections.committees(allowed.value)])
    response.json({ user, election: theirs[0], elections: theirs, committees } satisfies MeAnswer)
  })

  routes.get('/api/committees', async (_request, response) => {
    const allowed = await accessList.committeesOf(identityOf(response).user)
    if (!allowed.ok) return refuse(response, 'store-unavailable')
    response.json({ committees: await elections.committees(allowed.value) } satisfies CommitteesAnswer)
  })

  routes.get('/api/committees/:id', async (request, response) => {
    const entered = await enterCommittee(accessList, request, response)
    if (!entered.ok) return
    const { committee, access } = entered.value
    const [entry] = await elections.committees(new Map([[committee, access]]))
    const summary = overview.latest(committee)
    if (entry) response.json({ ...entry, ...(summary === undefined ? {} : { summary }) } satisfies CommitteeAnswer)
    else refuse(response, 'unknown-committee')
  })

  routes.get('/api/committees/:id/roll', async (request, response) => {
    const entered = await enterCommittee(accessList, request, response)
    if (!entered.ok) return
    const { committee, access } = entered.value
    const contacts = access.rights.includes('contacts')
    const [electors, people] = await Promise.all([elections.roll(committee, { contacts }), users.ofCommittee(committee)])
    const body = JSON.stringify({ electors, people } satisfies RollAnswer)
    // Weak, because the bytes differ by compression. With the right in it: who gains or loses `contacts` gets the other roll.
    const tag = createHash('sha256').update(body).digest('base64url')
    sendTagged(request, response, body, `W/"${tag}${contacts ? '-contacts' : ''}"`)
  })

  return routes
}

/**
 * Not by Express's own check, which ignores the tag beside `Cache-Control: no-cache`: fetch adds that by itself to every request that
 * carries a tag, and what it asks for, to check with us, is what is done here.
 */
function sendTagged(request: Request, response: Response, json: string, tag: string): void {
  response.setHeader('ETag', tag)
  const known = (request.headers['if-none-match'] ?? '').split(',').map((part) => part.trim())
  if (known.includes(tag)) response.status(304).end()
  else response.type('application/json').send(json)
}
