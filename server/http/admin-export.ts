import { once } from 'node:events'
import { setImmediate as breathe } from 'node:timers/promises'
import { Router } from 'express'
import type { JournalStore } from '#actors/journal/store.ts'
import { err, ok } from '#contract/result.ts'
import type { Tokens } from '../auth/token.ts'
import type { AuditTrail } from '../observe/audit.ts'
import { readDocument } from '../storage/documents.ts'
import type { Elections } from '../storage/elections.ts'
import type { Names } from '../storage/exports.ts'
import type { Users } from '../storage/users.ts'
import { administratorsOnly } from './administrators.ts'
import { csvHead, csvLine } from './csv.ts'
import { exportKinds } from './export-lists.ts'
import { type Field, readFields } from './fields.ts'
import { actorOf } from './identify.ts'
import { refuse } from './problem.ts'

export type AdminExportParts = {
  readonly tokens: Tokens
  readonly users: Users
  readonly elections: Elections
  readonly names: Names
  readonly store: Pick<JournalStore, 'snapshot' | 'read'>
  readonly audit: Pick<AuditTrail, 'record'>
}

const electionField: Field<string> = (value) => (typeof value === 'string' && value.length <= 100 ? ok(value) : err('no election'))

/** Lists of an election out of its committees' documents, for administrators: one committee after the other, as fast as it is read. */
export function adminExportRoutes({ tokens, users, elections, names, store, audit }: AdminExportParts): Router {
  const routes = Router()

  routes.get('/api/admin/export/:list.csv', ...administratorsOnly(tokens, users), async (request, response) => {
    const { list } = request.params
    const kind = typeof list === 'string' && Object.hasOwn(exportKinds, list) ? exportKinds[list as keyof typeof exportKinds] : undefined
    if (kind === undefined) return refuse(response, 'unparseable', { status: 404, title: 'No such list' })
    const asked = readFields(request.query, { election: electionField })
    if (!asked.ok) return refuse(response, 'malformed', { title: `Not as it should be: ${asked.error}` })
    const election = await elections.find(asked.value.election)
    if (election === undefined) return refuse(response, 'unparseable', { status: 404, title: 'No such election' })
    const [committees, logins] = await Promise.all([names.committees(election), names.logins()])

    audit.record({ kind: 'export', ...actorOf(request, response), subject: String(list), details: { filter: { election } } })
    response.setHeader('Content-Disposition', `attachment; filename="${list}.csv"`)
    response.type('text/csv')
    response.write(csvHead(kind.columns))
    for (const committee of committees) {
      if (response.destroyed) return
      const doc = await readDocument(store, committee.id)
      const lines = kind.lines(doc, await names.of(committee), logins).map(csvLine)
      doc.destroy()
      if (lines.length > 0 && !response.write(lines.join(''))) await Promise.race([once(response, 'drain'), once(response, 'close')])
      await breathe()
    }
    response.end()
  })

  return routes
}
