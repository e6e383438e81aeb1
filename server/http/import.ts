import express, { type Request, type Response, Router } from 'express'
import type { Log } from '#actors/kernel/log.ts'
import { type ImportKind, type ImportReport, isImportKind } from '#contract/imports.ts'
import type { Limits } from '#contract/limits.ts'
import type { RefusalCode } from '#contract/refusals.ts'
import { err, ok, type Result } from '#contract/result.ts'
import type { Tokens } from '../auth/token.ts'
import type { Import } from '../import/import.ts'
import { Turns } from '../import/turns.ts'
import type { Elections } from '../storage/elections.ts'
import type { Users } from '../storage/users.ts'
import { actorOf, identify } from './identify.ts'
import { refuse } from './problem.ts'

export type ImportParts = {
  readonly tokens: Tokens
  readonly users: Users
  readonly elections: Elections
  readonly importList: Import
  readonly limits: Pick<Limits, 'import_bytes_max' | 'import_waiting_max'>
  readonly log: Log
}

/** Lists of an election, by its administrators: the CSV as the body, a report of it as the answer. */
export function importRoutes({ tokens, users, elections, importList, limits, log }: ImportParts): Router {
  const turns = new Turns(limits.import_waiting_max)
  const readBody = bodyReader(limits.import_bytes_max)
  const routes = Router()

  // What can be said without the file is said before it is read.
  routes.post('/api/admin/import/:kind', identify({ tokens, users }), async (request, response) => {
    const { user: by, address } = actorOf(request, response)
    // Asked of the database: a token keeps its role for minutes after it was taken away.
    const user = await users.byId(by)
    if (user?.role !== 'administrator') return refuse(response, user === undefined ? 'unauthenticated' : 'forbidden')
    const asked = parseRequest(request)
    if (!asked.ok) return refuse(response, asked.error.code, asked.error)
    const election = await elections.find(asked.value.election)
    if (election === undefined) return refuse(response, 'unparseable', { status: 404, title: 'No such election' })

    if (!(await turns.take())) return refuse(response, 'overloaded')
    try {
      const { kind, dry_run } = asked.value
      const bytes = await readBody(request, response)
      const report = await importList(kind, { bytes, dry_run, election, by, ...(address === undefined ? {} : { address }) })
      // No line of the list: it has names and numbers of people.
      const { problems: _problems, ignored_columns: _columns, ...counts } = report
      log.info({ user: by, bytes: bytes.length, ...counts }, 'import')
      response.setHeader('Cache-Control', 'no-store')
      response.status(report.problems_total === 0 ? 200 : 422).json(report satisfies ImportReport)
    } finally {
      turns.leave()
    }
  })

  return routes
}

type Asked = { readonly kind: ImportKind; readonly dry_run: boolean; readonly election: string | undefined }
type Refused = { readonly code: RefusalCode; readonly status?: number; readonly title: string }

function parseRequest({ params, query, headers }: Request): Result<Asked, Refused> {
  const kind = params.kind
  if (typeof kind !== 'string' || !isImportKind(kind)) return err({ code: 'unparseable', status: 404, title: 'No such list' })
  // Somebody who writes `dry_run=yes` does not mean "write it".
  const isDry = new Map<unknown, boolean>([
    [undefined, false],
    ['0', false],
    ['false', false],
    ['1', true],
    ['true', true],
  ]).get(query.dry_run)
  if (isDry === undefined) return err({ code: 'malformed', title: 'dry_run is 1 or 0' })
  if (!isCsv(headers['content-type'] ?? '')) return err({ code: 'unparseable', status: 415, title: 'The body must be text/csv in UTF-8' })
  return ok({ kind, dry_run: isDry, election: typeof query.election === 'string' ? query.election : undefined })
}

function isCsv(type: string): boolean {
  const charset = /charset="?([^\s;"]+)/i.exec(type)?.[1] ?? 'utf-8'
  return /^text\/csv\s*(?:;|$)/i.test(type) && /^(?:utf-?8|us-ascii)$/i.test(charset)
}

/** Rejects where the body is larger, or cut off; what it rejects with has words in `answerFaults`. */
function bodyReader(bytes_max: number): (request: Request, response: Response) => Promise<Buffer> {
  const read = express.raw({ type: () => true, limit: bytes_max })
  return async (request, response) => {
    await new Promise<void>((resolve, reject) => {
      read(request, response, (fault?: unknown) => (fault === undefined ? resolve() : reject(fault)))
    })
    return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  }
}
