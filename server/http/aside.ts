import { json, type Request, type Response, Router } from 'express'
import type { AsideAnswer, AsideDecided, SealAnswer } from '#contract/api.ts'
import { cleanText, textCharactersMax } from '#contract/document/values.ts'
import { type ClientId, type CommitteeId, parseClientId } from '#contract/ids.ts'
import { err, ok, type Result } from '#contract/result.ts'
import type { AccessList } from '../auth/access.ts'
import type { Tokens } from '../auth/token.ts'
import type { Collaboration } from '../collaboration/collaboration.ts'
import type { AuditEvent } from '../observe/audit.ts'
import type { Metrics } from '../observe/metrics.ts'
import type { AsideList, FoundAside } from '../storage/aside.ts'
import type { Users } from '../storage/users.ts'
import { actorOf, enterCommittee, identify, identityOf } from './identify.ts'
import { refuse } from './problem.ts'

export type AsideParts = {
  readonly tokens: Tokens
  readonly users: Users
  readonly accessList: AccessList
  readonly asideList: AsideList
  readonly inside: Pick<Collaboration, 'seal' | 'admitAside'>
  readonly metrics: Pick<Metrics, 'quarantine_total'>
  readonly audit: { record(event: AuditEvent): void }
}

/** As many clients as one person may have in a committee by default: a phone names no more at once. */
const clients_max = 256

/** The end of a phone's own clients, and what was refused of anybody's. */
export function asideRoutes(parts: AsideParts): Router {
  const { accessList, asideList, inside } = parts
  const routes = Router()

  routes.use(['/api/committees/:id/seal', '/api/committees/:id/aside'], identify(parts), (_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store')
    next()
  })

  routes.post('/api/committees/:id/seal', json({ limit: '10kb' }), async (request, response) => {
    const clients = parseClients(request.body)
    if (!clients.ok) return refuse(response, 'malformed', { title: `clients: 1 to ${clients_max} numbers below 2^32` })
    const entered = await enterCommittee(accessList, request, response)
    if (!entered.ok) return
    const sealed = await inside.seal(entered.value.committee, identityOf(response).user, clients.value)
    if (!sealed.ok) return refuse(response, sealed.error.code)
    const { clocks, reasons } = sealed.value
    response.json({ clocks: Object.fromEntries(clocks), reasons } satisfies SealAnswer)
  })

  routes.get('/api/committees/:id/aside', async (request, response) => {
    const committee = await enterAsRuler(parts, request, response)
    if (committee !== undefined) response.json({ entries: await asideList.of(committee) } satisfies AsideAnswer)
  })

  routes.post('/api/committees/:id/aside/:entry', json({ limit: '10kb' }), async (request, response) => {
    const decision = parseDecision(request.body)
    if (!decision.ok)
      return refuse(response, 'malformed', { title: `decision: admit or drop; why: at most ${textCharactersMax.why} characters` })
    const committee = await enterAsRuler(parts, request, response)
    if (committee === undefined) return
    const id = request.params.entry
    const found = typeof id === 'string' && uuid.test(id) ? await asideList.find(committee, id) : undefined
    if (found === undefined) return refuse(response, 'unparseable', { status: 404, title: 'No such entry' })
    const decided = await decide(parts, committee, found, decision.value, response)
    if (decided === undefined) return
    const { author, kind } = found.entry
    // The entry itself says by whom and when, from its own transaction.
    parts.audit.record({
      kind: 'aside',
      ...actorOf(request, response),
      committee,
      code: decided,
      subject: author.name,
      details: { entry: id, kept_as: kind, why: decision.value.why },
    })
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

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The right as it was given: a closed committee takes no rulings, and that is when late edits are decided on. */
async function enterAsRuler({ accessList }: AsideParts, request: Request, response: Response): Promise<CommitteeId | undefined> {
  const entered = await enterCommittee(accessList, request, response)
  if (!entered.ok) return undefined
  if (entered.value.access.rights.includes('rule')) return entered.value.committee
  refuse(response, 'forbidden')
  return undefined
}

type Decision = { readonly decision: 'admit' | 'drop'; readonly why?: string }

/** Answers with the entry as it is afterwards: 409 where somebody has decided before, whatever they decided. What was decided now. */
async function decide(
  { asideList, inside, metrics }: AsideParts,
  committee: CommitteeId,
  { entry, role, writes }: FoundAside,
  { decision, why }: Decision,
  response: Response,
): Promise<'admitted' | 'dropped' | undefined> {
  const answer = async (status: 200 | 409, left = 0): Promise<undefined> => {
    const after = await asideList.find(committee, entry.id)
    const { sequence } = after ?? {}
    if (after === undefined) refuse(response, 'unparseable', { status: 404, title: 'No such entry' })
    else response.status(status).json({ entry: after.entry, left, ...(sequence === undefined ? {} : { sequence }) } satisfies AsideDecided)
    return undefined
  }
  if (entry.decided !== undefined) return answer(409)
  const by = identityOf(response).user
  if (decision === 'drop') {
    if (!(await asideList.drop(committee, entry.id, by, why))) return answer(409)
    metrics.quarantine_total.inc({ outcome: 'dropped' })
    await answer(200)
    return 'dropped'
  }
  const author = { user: entry.author.id, role }
  const admitted = await inside.admitAside(committee, { id: entry.id, author, writes, by, ...(why === undefined ? {} : { why }) })
  if (admitted.ok) {
    metrics.quarantine_total.inc({ outcome: 'admitted' })
    await answer(200, admitted.value.left)
    return 'admitted'
  }
  const after = await asideList.find(committee, entry.id)
  if (after?.entry.decided !== undefined) return answer(409)
  refuse(response, admitted.error.code, admitted.error.code === 'bad-value' ? { title: 'Nothing of it fits the document' } : {})
}

function parseDecision(body: unknown): Result<Decision, 'malformed'> {
  const { decision, why } = (body ?? {}) as Record<string, unknown>
  if (decision !== 'admit' && decision !== 'drop') return err('malformed')
  if (why === undefined) return ok({ decision })
  if (typeof why !== 'string' || why.length > textCharactersMax.why) return err('malformed')
  return ok({ decision, why: cleanText(why, textCharactersMax.why) })
}
