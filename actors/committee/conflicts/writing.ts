import type { NextRow, Replica } from '#actors/committee/replica.ts'
import { appendAsServer, serverClient } from '#actors/committee/server-rows.ts'
import type { CommitteePorts, CommitteeState } from '#actors/committee/state.ts'
import type { Conflict } from '#contract/document/conflicts.ts'
import type { Sequence } from '#contract/ids.ts'
import type { Branch, Entry } from './book.ts'
import { clientOf } from './detector.ts'
import { encodeEntries } from './encode.ts'
import { entriesUuid } from './uuid.ts'
import { entriesRoot, touchOf } from './watched.ts'

// The server writes down what the book has and the document has not. What is to be written every process knows; who writes is the one
// that brought the row, and the others only where that one does not come to it.

/** Rows were applied: when this process writes what they have made. */
export function noteCauses(state: CommitteeState, replica: Replica, rows: readonly NextRow[], ports: CommitteePorts): void {
  const { book } = replica
  tellOpen(state, book.open, ports)
  if (book.isWritten && state.entriesDue.size === 0) return
  const own = new Set(rows.filter(({ uuid }) => state.pending.has(uuid)).map(({ sequence }) => sequence))
  const causes = new Set(book.causes)
  for (const cause of state.entriesDue.keys()) if (!causes.has(cause)) state.entriesDue.delete(cause)
  for (const cause of causes) {
    if (!state.entriesDue.has(cause))
      state.entriesDue.set(cause, own.has(cause) ? 0 : ports.clock.now_ms() + ports.limits.conflict_takeover_ms)
  }
}

export function tellOpen(state: CommitteeState, open: number, { observe }: Pick<CommitteePorts, 'observe'>): void {
  if (open !== state.openConflicts) observe?.conflicts(open - state.openConflicts)
  state.openConflicts = open
}

/** Writes what is due, a row at a time; for the rest it comes back. */
export async function writeEntries(state: CommitteeState, ports: CommitteePorts): Promise<void> {
  const { replica, entriesDue } = state
  if (replica === undefined || state.writing || entriesDue.size === 0) return
  state.cancelEntries()
  const [first] = [...entriesDue].sort(([a, due_ms], [b, later_ms]) => due_ms - later_ms || a - b)
  if (first === undefined) return
  const [cause, due_ms] = first
  const wait_ms = due_ms - ports.clock.now_ms()
  if (wait_ms > 0) {
    state.cancelEntries = ports.clock.after(wait_ms, () => ports.answer(state.committee, { type: 'entries' }))
    return
  }
  // Once it is in the document it is due no more. Whatever becomes of it otherwise, it is not asked of the journal without a pause.
  entriesDue.set(cause, ports.clock.now_ms() + ports.limits.conflict_takeover_ms)
  const client = await serverClient(state, ports)
  if (client === undefined || !(await askTimes(replica, cause, ports))) return writeEntries(state, ports)
  const entries = replica.book.madeBy(cause).map(([at, entry]) => [at, asWritten(entry)] as const)
  const row = {
    uuid: entriesUuid(state.committee, cause),
    update: encodeEntries(replica.live, client, entries),
    touches: entries.map(([key]) => ({ path: entriesRoot, key })),
  }
  appendAsServer(state, client, row, ports, () => {})
}

/** The times of values whose rows have not been seen here: they stood in the snapshot. False where the store is away. */
async function askTimes(replica: Replica, cause: Sequence, { store }: CommitteePorts): Promise<boolean> {
  for (const [at, { values }] of replica.book.madeBy(cause)) {
    const times = new Map<string, number>()
    for (const { id, at_s, before } of values) {
      if (at_s !== undefined) continue
      const asked = await store.timeOf(replica.committee, clientOf(id), touchOf(at), before)
      if (!asked.ok) return false
      times.set(id, Math.floor((asked.value ?? 0) / 1_000))
    }
    if (times.size > 0) replica.book.learnTimes(at, times)
  }
  return true
}

function asWritten({ values, resolved }: Entry): Conflict {
  const written = values.map(({ value, by, at_s = 0, id }: Branch) => ({ value, by, at_s, id }))
  return resolved === undefined ? { values: written } : { values: written, resolved }
}
