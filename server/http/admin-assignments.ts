import { json, type Request, type Response, Router } from 'express'
import type { AssignmentsAnswer } from '#contract/api.ts'
import { type CommitteeId, parseCommitteeId, parseUserId, type UserId } from '#contract/ids.ts'
import { err, ok, type Result } from '#contract/result.ts'
import type { Tokens } from '../auth/token.ts'
import { text } from '../import/columns.ts'
import type { Assignments, WorkPlace } from '../storage/assignments.ts'
import type { Elections } from '../storage/elections.ts'
import type { Users } from '../storage/users.ts'
import { administratorsOnly } from './administrators.ts'
import { countField, readFields, rightsField, textField } from './fields.ts'
import { actorOf } from './identify.ts'
import { refuse } from './problem.ts'

export type AdminAssignmentsParts = {
  readonly tokens: Tokens
  readonly users: Users
  readonly elections: Elections
  readonly assignments: Assignments
}

const shown_max = 500
const list = { user: parseUserId, committee: parseCommitteeId, after: countField(0, 2 ** 31 - 1), limit: countField(1, shown_max) }
const place = { user: parseUserId, committee: parseCommitteeId, site: textField(text(160)), election: textField(text(100)) }
const put = { ...place, added: rightsField, taken: rightsField }

/** Who works where, by administrators. */
export function adminAssignmentRoutes({ tokens, users, elections, assignments }: AdminAssignmentsParts): Router {
  const routes = Router()
  const only = administratorsOnly(tokens, users)

  routes.get('/api/admin/assignments', ...only, async (request, response) => {
    const asked = readFields(request.query, list)
    if (!asked.ok) return refuse(response, 'malformed', { title: `Not as it should be: ${asked.error}` })
    const { after = 0, limit = shown_max, ...of } = asked.value
    const found = await assignments.list({ ...of, after, limit })
    const last = found.length === limit ? found.at(-1) : undefined
    response.json({ assignments: found, ...(last === undefined ? {} : { next: last.id }) } satisfies AssignmentsAnswer)
  })

  routes.put('/api/admin/assignments', ...only, json({ limit: '10kb' }), async (request, response) => {
    const asked = readFields(request.body, put)
    if (!asked.ok) return refuse(response, 'malformed', { title: `Not as it should be: ${asked.error}` })
    const { added = [], taken = [], ...at } = asked.value
    if (added.some((right) => taken.includes(right))) return refuse(response, 'malformed', { title: 'A right is added and taken' })
    const found = await placeOf(at, elections)
    if (!found.ok) return refuse(response, 'malformed', { title: found.error })
    const made = await assignments.put(actorOf(request, response), found.value.user, found.value.place, { added, taken })
    if (made.ok) response.json(made.value)
    else refuseUnknown(response, made.error)
  })

  routes.delete('/api/admin/assignments', ...only, async (request: Request, response: Response) => {
    const asked = readFields(request.query, place)
    if (!asked.ok) return refuse(response, 'malformed', { title: `Not as it should be: ${asked.error}` })
    const found = await placeOf(asked.value, elections)
    if (!found.ok) return refuse(response, 'malformed', { title: found.error })
    const removed = await assignments.remove(actorOf(request, response), found.value.user, found.value.place)
    if (removed) response.status(204).end()
    else refuse(response, 'unparseable', { status: 404, title: 'No such assignment' })
  })

  return routes
}

type Asked = { readonly user?: UserId; readonly committee?: CommitteeId; readonly site?: string; readonly election?: string }

async function placeOf(
  { user, committee, site, election }: Asked,
  elections: Elections,
): Promise<Result<{ readonly user: UserId; readonly place: WorkPlace }, string>> {
  if (user === undefined) return err('Whose assignment?')
  if ((committee === undefined) === (site === undefined)) return err('A committee or a site, one of the two')
  if (committee !== undefined) return ok({ user, place: { committee } })
  return ok({ user, place: { site: site ?? '', election: (await elections.find(election)) ?? '' } })
}

function refuseUnknown(response: Response, what: 'unknown-user' | 'unknown-committee' | 'unknown-site'): void {
  if (what === 'unknown-committee') return refuse(response, 'unknown-committee')
  refuse(response, 'unparseable', { status: 404, title: what === 'unknown-user' ? 'No such person' : 'No such site' })
}
