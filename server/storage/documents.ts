import * as Y from 'yjs'
import type { JournalStore } from '#actors/journal/store.ts'
import type { CommitteeId, Sequence } from '#contract/ids.ts'

const rows_max = 500

/**
 * A committee's document as its journal has it: the newest snapshot and the rows behind it, in one transaction. For reading only; of
 * nobody's session. Rejects when the database does not answer.
 */
export async function readDocument(store: Pick<JournalStore, 'snapshot' | 'read'>, committee: CommitteeId): Promise<Y.Doc> {
  const snapshot = await store.snapshot(committee)
  if (!snapshot.ok) throw away()
  const updates: Uint8Array[] = snapshot.value === null ? [] : [snapshot.value.state]
  let after = snapshot.value?.sequence ?? (0 as Sequence)
  for (;;) {
    const rows = await store.read(committee, after, rows_max)
    if (!rows.ok) throw away()
    updates.push(...rows.value.map(({ update }) => update))
    after = rows.value.at(-1)?.sequence ?? after
    if (rows.value.length < rows_max) break
  }
  const doc = new Y.Doc()
  doc.transact(() => {
    for (const update of updates) Y.applyUpdate(doc, update)
  })
  return doc
}

/** As a socket that broke would say it, so that whoever asked over HTTP hears of the database and not of a bug. */
const away = () => new Error('Connection terminated: the journal does not answer')
