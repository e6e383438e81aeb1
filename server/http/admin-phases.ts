import { json, Router } from 'express'
import type { DevicesAnswer } from '#contract/api.ts'
import { err, ok } from '#contract/result.ts'
import { isPhase, type Phase } from '#contract/rights.ts'
import type { AccessList } from '../auth/access.ts'
import type { Tokens } from '../auth/token.ts'
import type { Devices } from '../storage/devices.ts'
import type { Elections } from '../storage/elections.ts'
import type { Phases } from '../storage/phases.ts'
import type { Users } from '../storage/users.ts'
import { administratorsOnly } from './administrators.ts'
import { type Field, readFields } from './fields.ts'
import { actorOf, enterCommittee, identify, identityOf } from './identify.ts'
import { refuse } from './problem.ts'

export type AdminPhasesParts = {
  readonly tokens: Tokens
  readonly users: Users
  readonly accessList: AccessList
  readonly elections: Elections
  readonly phases: Phases
  readonly devices: Devices
}

const phaseField: Field<Phase> = (value) => (typeof value === 'string' && isPhase(value) ? ok(value) : err('no phase'))
const ofElection = { phase: phaseField }
const ofCommittee: { readonly phase: Field<Phase | null> } = { phase: (value) => (value === null ? ok(null) : phaseField(value)) }

/** The day's course, of an election by its administrators, of a committee by whoever has the right; and what closing one would leave out. */
export function adminPhaseRoutes({ tokens, users, accessList, elections, phases, devices }: AdminPhasesParts): Router {
  const routes = Router()

  routes.patch('/api/committees/:id', identify({ tokens, users }), json({ limit: '1kb' }), async (request, response) => {
    const entered = await enterCommittee(accessList, request, response, 'phase')
    if (!entered.ok) return
    const asked = readFields(request.body, ofCommittee)
    if (!asked.ok || asked.value.phase === undefined) return refuse(response, 'malformed', { title: 'phase is a phase, or null' })
    const { user } = identityOf(response)
    const { committee } = entered.value
    await phases.ofCommittee(actorOf(request, response), committee, asked.value.phase)
    const access = await accessList.access(user, committee)
    const [entry] = access.ok ? await elections.committees(new Map([[committee, access.value]])) : []
    if (entry) response.json(entry)
    else refuse(response, access.ok || access.error === 'unavailable' ? 'store-unavailable' : access.error)
  })

  routes.patch('/api/admin/elections/:id', ...administratorsOnly(tokens, users), json({ limit: '1kb' }), async (request, response) => {
    const asked = readFields(request.body, ofElection)
    if (!asked.ok || asked.value.phase === undefined) return refuse(response, 'malformed', { title: 'phase is a phase' })
    const id = String(request.params.id)
    const { phase } = asked.value
    if (await phases.ofElection(actorOf(request, response), id, phase)) response.json({ id, phase })
    else refuse(response, 'unparseable', { status: 404, title: 'No such election' })
  })

  routes.get('/api/committees/:id/devices', identify({ tokens, users }), async (request, response) => {
    const entered = await enterCommittee(accessList, request, response, 'phase')
    if (!entered.ok) return
    response.setHeader('Cache-Control', 'no-store')
    response.json({ devices: await devices.list(entered.value.committee) } satisfies DevicesAnswer)
  })

  return routes
}
