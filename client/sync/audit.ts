import type { AuditAnswer, AuditFilter } from '#contract/api.ts'
import { err, ok, type Result } from '#contract/result.ts'
import type { FailureCode } from './api.ts'
import { insideOf } from './inside.ts'
import type { Session } from './session.ts'

/** A search of everything has to read all of it. */
const answer_ms_max = 60_000
const export_ms_max = 600_000

const query = (filter: AuditFilter & { readonly before?: number | undefined }): string =>
  new URLSearchParams(Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))).toString()

/** A page of the audit log, the newest first; `before` is the `next` of the page above. */
export async function searchAudit(session: Session, filter: AuditFilter, before?: number): Promise<Result<AuditAnswer, FailureCode>> {
  const answer = await insideOf(session).fetch(`/admin/audit?${query({ ...filter, before })}`, {
    signal: AbortSignal.timeout(answer_ms_max),
  })
  if (!answer.ok) return err(answer.error.code)
  try {
    return ok((await answer.value.json()) as AuditAnswer)
  } catch {
    return err('offline') // cut off in the middle of the body
  }
}

/** All that fits, as the CSV of the server. */
export async function exportAudit(session: Session, filter: AuditFilter): Promise<Result<Blob, FailureCode>> {
  const path = `/admin/export/audit.csv?${query(filter)}`
  const answer = await insideOf(session).fetch(path, { signal: AbortSignal.timeout(export_ms_max) })
  if (!answer.ok) return err(answer.error.code)
  try {
    return ok(await answer.value.blob())
  } catch {
    return err('offline')
  }
}
