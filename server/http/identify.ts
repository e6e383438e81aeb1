import type { Request, RequestHandler, Response } from 'express'
import type { CommitteeId } from '#contract/ids.ts'
import { parseCommitteeId } from '#contract/ids.ts'
import { err, ok, type Result } from '#contract/result.ts'
import type { Right } from '#contract/rights.ts'
import type { Access, AccessList } from '../auth/access.ts'
import type { Identity, Tokens } from '../auth/token.ts'
import type { Actor } from '../storage/in-the-name-of.ts'
import { readableAddress } from './address.ts'
import { refuse } from './problem.ts'

/** Lets only requests with a good token on; `identityOf` then says whose. */
export function identify(tokens: Tokens): RequestHandler {
  return (request, response, next) => {
    const token = /^Bearer ([^\s]+)$/i.exec(request.headers.authorization ?? '')?.[1]
    const identity = token === undefined ? err('unauthenticated' as const) : tokens.verify(token)
    if (!identity.ok) return refuse(response, identity.error)
    response.locals.identity = identity.value
    next()
  }
}

/** Of a request that has passed `identify`. */
export const identityOf = (response: Response): Identity => response.locals.identity as Identity

/** Of such a request: who acts, and from where. */
export const actorOf = (request: Request, response: Response): Actor => ({
  user: identityOf(response).user,
  address: readableAddress(request.ip),
})

export type Entered = { readonly committee: CommitteeId; readonly access: Access }

/** The committee in the path, where the person may read it and has the right that is needed; else the refusal is answered already. */
export async function enterCommittee(
  accessList: AccessList,
  request: Request,
  response: Response,
  needed: Right = 'read',
): Promise<Result<Entered, 'answered'>> {
  const committee = parseCommitteeId(request.params.id)
  const access = committee.ok ? await accessList.access(identityOf(response).user, committee.value) : err('unknown-committee' as const)
  if (committee.ok && access.ok && access.value.rights.includes('read') && access.value.rights.includes(needed)) {
    return ok({ committee: committee.value, access: access.value })
  }
  const code = access.ok ? 'forbidden' : access.error === 'unavailable' ? 'store-unavailable' : access.error
  refuse(response, code)
  return err('answered')
}
