import * as Y from 'yjs'
import { attempt } from '#actors/kernel/attempt.ts'
import { noteCauses } from './conflicts/writing.ts'
import type { Admission } from './messages.ts'
import { type NextRow, type Replica, readAfter } from './replica.ts'
import type { CommitteePorts, CommitteeState } from './state.ts'
import { summarizeSoon } from './summarizing.ts'

// The document follows the journal, row by row, and only then is anybody told.

/** Authors hear of what has become durable at most once in this time. */
export const publish_ms = 20

/** Reads the journal to its head and applies what is new. False where the store is away: the next head or poll tries again. */
export async function follow(state: CommitteeState, ports: CommitteePorts): Promise<boolean> {
  const { replica } = state
  if (replica === undefined) return false
  const rows = await readAfter(ports.store, state.committee, replica.sequence)
  if (!rows.ok) return false
  advance(state, replica, rows.value, ports)
  return true
}

/** Applies the journal's next rows, then acknowledges those that somebody waits for: in the document before anyone is told. */
export function advance(state: CommitteeState, replica: Replica, rows: readonly NextRow[], ports: CommitteePorts): void {
  if (rows.length === 0) return
  replica.apply(rows)
  noteCauses(state, replica, rows, ports)
  for (const { uuid, sequence } of rows) {
    state.committed.delete(sequence)
    settle(state, uuid, { answer: 'merged', sequence }, ports)
  }
  if (!state.publishing) {
    state.publishing = true
    ports.clock.after(publish_ms, () => ports.answer(state.committee, { type: 'publish' }))
  }
  summarizeSoon(state, ports)
  if (replica.sequence - replica.snapshotAskedAt >= ports.limits.snapshot_every_rows) void saveSnapshot(replica, ports)
}

/** The end of a pending update, with its answer; without one it goes on otherwise. */
export function settle(state: CommitteeState, uuid: string, admission: Admission | undefined, { clock, observe }: CommitteePorts): void {
  const waiting = state.pending.get(uuid)
  if (waiting === undefined) return
  state.pending.delete(uuid)
  state.freed = true
  for (const client of waiting.entry.clients) state.busy.delete(client)
  if (waiting.deletes && waiting.entry.user !== null) state.deleting.delete(waiting.entry.user)
  if (admission === undefined) return
  waiting.reply(admission)
  if (admission.answer === 'merged') observe?.acknowledged(clock.now_ms() - waiting.since_ms)
}

/**
 * A snapshot only makes loading faster, the rows are there: one that fails is tried again with the next, or on falling asleep. None
 * where an entry is outstanding: whoever began with it would not find again what made the entry.
 */
export async function saveSnapshot(replica: Replica, { store, log, observe }: CommitteePorts): Promise<void> {
  const { committee, sequence, head, document, book } = replica
  if (!book.isWritten) return
  replica.snapshotAskedAt = sequence
  const saved = await attempt(() => store.saveSnapshot(committee, { sequence, head, state: Y.encodeStateAsUpdate(document) }))
  if (!saved.ok || !saved.value.ok) return log.warn({ committee, sequence, ...(saved.ok ? {} : { err: saved.error }) }, 'snapshot not kept')
  if (sequence > replica.snapshotAt) replica.snapshotAt = sequence
  observe?.snapshotted()
}
