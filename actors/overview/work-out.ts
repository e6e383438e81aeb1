import * as Y from 'yjs'
import { lastOfPerson, readAfter } from '#actors/committee/replica.ts'
import type { CommitteePorts } from '#actors/committee/state.ts'
import type { StoreFault } from '#actors/journal/store.ts'
import type { CommitteeId, Sequence } from '#contract/ids.ts'
import { ok, type Result } from '#contract/result.ts'
import { type CommitteeSummary, summarize } from '#contract/summary.ts'

/** The summary of a committee as its journal has it: newest snapshot, the rows behind it. In a document of its own, seen by nobody. */
export async function workOut(
  committee: CommitteeId,
  { store, facts: read }: Pick<CommitteePorts, 'store' | 'facts'>,
): Promise<Result<CommitteeSummary, StoreFault | 'unknown-committee'>> {
  const facts = await read(committee)
  if (!facts.ok) return facts
  const kept = await store.snapshot(committee)
  if (!kept.ok) return kept
  const rows = await readAfter(store, committee, kept.value?.sequence ?? (0 as Sequence))
  if (!rows.ok) return rows
  const sequence = rows.value.at(-1)?.sequence ?? kept.value?.sequence ?? (0 as Sequence)
  const last = await lastOfPerson(store, committee, sequence)
  if (!last.ok) return last

  const doc = new Y.Doc()
  doc.transact(() => {
    if (kept.value !== null) Y.applyUpdate(doc, kept.value.state)
    for (const { update } of rows.value) Y.applyUpdate(doc, update)
  })
  const summary = summarize(doc, { committee, sequence, ...(last.value === undefined ? {} : { last_ms: last.value }) }, facts.value)
  doc.destroy()
  return ok(summary)
}
