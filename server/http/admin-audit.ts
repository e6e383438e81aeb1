import { once } from 'node:events'
import { type Response, Router } from 'express'
import type { AuditAnswer, AuditEntry, AuditFilter } from '#contract/api.ts'
import { auditCharacters_max, isAuditKind } from '#contract/audit.ts'
import { parseCommitteeId, parseUserId } from '#contract/ids.ts'
import type { Limits } from '#contract/limits.ts'
import { err, ok, type Result } from '#contract/result.ts'
import type { Tokens } from '../auth/token.ts'
import type { AuditTrail } from '../observe/audit.ts'
import type { AuditLog } from '../storage/audit.ts'
import type { Users } from '../storage/users.ts'
import { administratorsOnly } from './administrators.ts'
import { csvHead, csvLine } from './csv.ts'
import { countField, type Field, readFields } from './fields.ts'
import { actorOf } from './identify.ts'
import { refuse } from './problem.ts'

export type AdminAuditParts = {
  readonly tokens: Tokens
  readonly users: Users
  readonly auditLog: AuditLog
  readonly audit: Pick<AuditTrail, 'record'>
  readonly limits: Pick<Limits, 'audit_export_max'>
}

const shown_max = 200
const shown = 100
/** Of one question while exporting: nobody else waits for long. */
const exported_rows = 1_000

const wholeField: Field<number> = (value) => (typeof value === 'string' && /^\d{1,15}$/.test(value) ? ok(Number(value)) : err('no number'))
const wordField =
  (characters_max: number): Field<string> =>
  (value) =>
    typeof value === 'string' && value.trim() !== '' && value.length <= characters_max ? ok(value.trim()) : err('no text')

const filterFields = {
  kind: ((value) => (typeof value === 'string' && isAuditKind(value) ? ok(value) : err('no kind'))) as Field<
    NonNullable<AuditFilter['kind']>
  >,
  user: parseUserId,
  committee: parseCommitteeId,
  code: wordField(40),
  text: wordField(auditCharacters_max),
  from: wholeField,
  to: wholeField,
}
const listFields = { ...filterFields, before: wholeField, limit: countField(1, shown_max) }

/** The audit log, for administrators: to look into, and to take out. */
export function adminAuditRoutes({ tokens, users, auditLog, audit, limits }: AdminAuditParts): Router {
  const routes = Router()
  const only = administratorsOnly(tokens, users)

  routes.get('/api/admin/audit', ...only, async (request, response) => {
    const asked = readFields(request.query, listFields)
    if (!asked.ok) return refuse(response, 'malformed', { title: `Not as it should be: ${asked.error}` })
    const { before, limit = shown, ...filter } = asked.value
    const entries = await auditLog.list(filter, { limit, ...(before === undefined ? {} : { before }) })
    const last = entries.length === limit ? entries.at(-1) : undefined
    response.json({ entries, ...(last === undefined ? {} : { next: last.id }) } satisfies AuditAnswer)
  })

  routes.get('/api/admin/export/audit.csv', ...only, async (request, response) => {
    const asked = readFields(request.query, filterFields)
    if (!asked.ok) return refuse(response, 'malformed', { title: `Not as it should be: ${asked.error}` })
    // Before the first line leaves; and not among its own lines.
    const first = await auditLog.list(asked.value, { limit: exported_rows })
    audit.record({ kind: 'export', ...actorOf(request, response), subject: 'audit', details: { filter: asked.value } })
    response.setHeader('Content-Disposition', 'attachment; filename="audit.csv"')
    response.type('text/csv')
    response.write(csvHead(columns))
    const whole = await send(response, auditLog, asked.value, first, limits.audit_export_max)
    if (!whole.ok) response.write(csvLine([`Not all of it: ${whole.error}`]))
    response.end()
  })

  return routes
}

/** Piece by piece, and no faster than it is read. */
async function send(
  response: Response,
  auditLog: AuditLog,
  filter: AuditFilter,
  first: readonly AuditEntry[],
  rows_max: number,
): Promise<Result<undefined, string>> {
  let sent = 0
  for (let page = first; page.length > 0 && !response.destroyed; ) {
    const taken = page.slice(0, rows_max - sent)
    sent += taken.length
    if (!response.write(taken.map(lineOf).join(''))) await Promise.race([once(response, 'drain'), once(response, 'close')])
    if (page.length < exported_rows) return ok()
    if (sent >= rows_max) return err(`${rows_max} entries at most`)
    page = await auditLog.list(filter, { limit: exported_rows, before: page.at(-1)?.id ?? 0 })
  }
  return ok()
}

const columns = [
  'id',
  'at',
  'kind',
  'times',
  'user',
  'login',
  'name',
  'typed_login',
  'address',
  'committee_code',
  'code',
  'subject',
  'details',
  'instance',
]

const lineOf = ({ id, at_ms, kind, times, user, login, address, committee, code, subject, details, instance }: AuditEntry): string =>
  csvLine([
    id,
    new Date(at_ms).toISOString(),
    kind,
    times,
    user?.id,
    user?.login,
    user?.name,
    login,
    address,
    committee?.code,
    code,
    subject,
    Object.keys(details).length === 0 ? undefined : JSON.stringify(details),
    instance,
  ])
