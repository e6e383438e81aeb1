import type { ImportKind, ImportReport } from '#contract/imports.ts'
import { err, ok, type Result } from '#contract/result.ts'
import type { FailureCode } from './api.ts'
import { insideOf } from './inside.ts'
import type { Session } from './session.ts'

/** A national roll over a slow line, with a password to hash in every line, takes minutes. */
const answer_ms_max = 600_000

/** Sends an election's list. With problems nothing was imported; the report says which. */
export async function sendList(
  session: Session,
  list: { readonly election: string; readonly kind: ImportKind },
  file: Blob,
  options: { readonly dry_run: boolean },
): Promise<Result<ImportReport, FailureCode>> {
  const inside = insideOf(session)
  const query = new URLSearchParams({ election: list.election, dry_run: options.dry_run ? '1' : '0' })
  const answer = await inside.fetch(`/admin/import/${list.kind}?${query}`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: file,
    signal: AbortSignal.timeout(answer_ms_max),
  })
  if (!answer.ok) return err(answer.error.code)
  try {
    const report = (await answer.value.json()) as ImportReport
    // There may be committees, candidates and rights that were not there before.
    if (!options.dry_run && report.problems_total === 0) inside.refresh()
    return ok(report)
  } catch {
    return err('offline') // cut off in the middle of the body
  }
}
