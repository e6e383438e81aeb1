import type { Committed } from '#actors/journal/store.ts'
import type { CommitteeId } from '#contract/ids.ts'
import type { Word } from './words.ts'

/** Over it rows are told by number only: who lacks them reads the journal, as they would after an outage. */
const rows_bytes_max = 262_144
/** About what a touch takes: path and key. */
const touch_bytes = 40

type Rows = Extract<Word, { kind: 'rows' }>

/**
 * A commit in words, one a committee. The row of the server's own that this process asked for may be one that another process had
 * written under the same uuid before, with other bytes; a person's uuid is known to one process only.
 */
export function wordsOf(commit: readonly Committed[]): readonly Rows[] {
  const byCommittee = Map.groupBy(commit, ({ committee }) => committee)
  return [...byCommittee].flatMap(([committee, rows]) => wordOf(committee, rows) ?? [])
}

function wordOf(committee: CommitteeId, rows: readonly Committed[]): Rows | undefined {
  const inOrder = rows.toSorted((one, other) => one.sequence - other.sequence)
  const last = inOrder.at(-1)?.sequence
  if (last === undefined) return undefined
  const isPeoples = inOrder.every(({ user, admits }) => user !== null && admits === undefined)
  const bytes = inOrder.reduce((sum, { update, touches }) => sum + update.length + touches.length * touch_bytes, 0)
  return { kind: 'rows', committee, last, rows: isPeoples && bytes <= rows_bytes_max ? inOrder : [] }
}
