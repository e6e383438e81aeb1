import type { RequestHandler } from 'express'
import type { Tokens } from '../auth/token.ts'
import type { Users } from '../storage/users.ts'
import { identify, identityOf } from './identify.ts'
import { refuse } from './problem.ts'

/** Lets only administrators on. Asked of the database: a token keeps its role for minutes after it was taken away. */
export function administratorsOnly(tokens: Tokens, users: Pick<Users, 'byId' | 'signOuts'>): readonly RequestHandler[] {
  return [
    identify({ tokens, users }),
    async (_request, response, next) => {
      const user = await users.byId(identityOf(response).user)
      if (user?.role !== 'administrator') return refuse(response, user === undefined ? 'unauthenticated' : 'forbidden')
      response.setHeader('Cache-Control', 'no-store')
      next()
    },
  ]
}
