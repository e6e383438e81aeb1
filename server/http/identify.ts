import type { Request, RequestHandler, Response } from 'express'
import type { CommitteeId } from '#contract/ids.ts'
import { parseCommitteeId } from '#contract/ids.ts'
import { err, ok, type Result } from '#contract/result.ts'
import type { Right } from '#contract/rights.ts'
import type { Access, AccessList } from '../auth/access.ts'
import type { Identity, Tokens } from '../auth/token.ts'
import type { Actor } from '../storage/in-the-name-of.ts'
import type { Users } from '../storage/users.ts'
import { readableAddress } from './address.ts'
import { refuse } from './problem.ts'

export type Doorkeepers = { readonly tokens: Tokens; readonly users: Pick<Users, 'signOuts'> }

/**
 * Lets only requests with a good token on; `identityOf` then says whose. Whether its person was signed out since is asked of the database:
 * whatever comes after asks it as well, and so no process has to hear of it first.
 */
export function identify({ tokens, users }: Doorkeepers): RequestHandler {
  return async (request, response, next) => {
    const token = /^Bearer ([^\s]+)$/i.exec(request.headers.authorization ?? '')?.[1]
    const identity = token === undefined ? err('unauthenticated' as const) : tokens.verify(token)
    if (!identity.ok) return refuse(response, identity.error)
    if (!(await isGood(identity.value, users))) return refuse(response, 'unauthenticated')
    response.locals.identity = identity.value
    next()
  }
}

/** Whether its person may come in, and was not signed out since. Rejects when the database does not answer. */
export async function isGood({ user, signOuts }: Identity, users: Pick<Users, 'signOuts'>): Promise<boolean> {
  const now = await users.signOuts(user)
  return now !== undefined && now <= signOuts
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
