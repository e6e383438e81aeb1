import { Router } from 'express'
import type { ConnectionsAnswer } from '#contract/api.ts'
import { parseUserId } from '#contract/ids.ts'
import type { Tokens } from '../auth/token.ts'
import type { ProcessBook } from '../observe/process-book.ts'
import type { Accounts } from '../storage/accounts.ts'
import type { Processes } from '../storage/processes.ts'
import type { Users } from '../storage/users.ts'
import { administratorsOnly } from './administrators.ts'
import { actorOf } from './identify.ts'
import { refuse } from './problem.ts'

export type AdminConnectionsParts = {
  readonly tokens: Tokens
  readonly users: Users
  readonly accounts: Accounts
  readonly processes: Processes
  readonly processBook: Pick<ProcessBook, 'sayNow'>
}

/** Who is connected, and the end of somebody's sessions; by administrators. */
export function adminConnectionRoutes({ tokens, users, accounts, processes, processBook }: AdminConnectionsParts): Router {
  const routes = Router()
  const only = administratorsOnly(tokens, users)

  routes.get('/api/admin/connections', ...only, async (_request, response) => {
    await processBook.sayNow()
    response.json((await processes.read()) satisfies ConnectionsAnswer)
  })

  routes.post('/api/admin/users/:id/sign-out', ...only, async (request, response) => {
    const id = parseUserId(request.params.id)
    if (id.ok && (await accounts.signOut(actorOf(request, response), id.value))) response.status(204).end()
    else refuse(response, 'unparseable', { status: 404, title: 'No such person' })
  })

  return routes
}
