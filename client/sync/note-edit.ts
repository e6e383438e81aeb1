import type { TextEdit } from '#contract/document/notes.ts'

/** A change of a text as Yjs tells it: keep so many characters, put these in, take so many out. */
export type Delta = readonly { readonly retain?: number; readonly insert?: unknown; readonly delete?: number }[]

const isHigh = (text: string, at: number) => /^[\ud800-\udbff]/.test(text.charAt(at))
const isLow = (text: string, at: number) => /^[\udc00-\udfff]/.test(text.charAt(at))

/**
 * The one edit that makes `after` of `before`, as small as can be; undefined where nothing changed. Where several would do (one
 * more of the same letter), it is the one that ends at the caret. A surrogate pair is never cut: Yjs would write half a character.
 */
export function editBetween(before: string, after: string, caret: number): TextEdit | undefined {
  if (before === after) return undefined
  const common = Math.min(before.length, after.length)
  const sameBehind = (suffix: number) => before[before.length - 1 - suffix] === after[after.length - 1 - suffix]
  let suffix = 0
  while (suffix < Math.min(common, after.length - caret) && sameBehind(suffix)) suffix += 1
  let prefix = 0
  while (prefix < common - suffix && before[prefix] === after[prefix]) prefix += 1
  // The caret only says which of equal edits it was; it must not make one larger.
  while (suffix < common - prefix && sameBehind(suffix)) suffix += 1
  if (prefix > 0 && isHigh(before, prefix - 1)) prefix -= 1
  if (suffix > 0 && isLow(before, before.length - suffix)) suffix -= 1
  return { at: prefix, removed: before.length - suffix - prefix, inserted: after.slice(prefix, after.length - suffix) }
}

/** Pieces of the text that a change leaves standing: `[from, to)` before it, now `by` further on. */
function* standing(delta: Delta): Iterable<{ from: number; to: number; by: number }> {
  let from = 0
  let by = 0
  for (const { retain = 0, insert, delete: removed = 0 } of delta) {
    if (retain > 0) yield { from, to: from + retain, by }
    from += retain + removed
    by += (typeof insert === 'string' ? insert.length : Number(insert !== undefined)) - removed
  }
  yield { from, to: Number.POSITIVE_INFINITY, by }
}

/** Where a place between two characters is after a change by somebody else: what they put in exactly there comes behind it. */
export function placeAfter(delta: Delta, at: number): number {
  let place = 0
  for (const { from, to, by } of standing(delta)) {
    if (at < from) break
    place = Math.min(at, to) + by
    if (at <= to) break
  }
  return place
}

/**
 * An edit of a text that others have changed meanwhile, as edits of the text as it is now. What they took out is gone already,
 * and what they put into the middle of what is to go stays: nobody removed it who had seen it.
 */
export function rebase(edit: TextEdit, deltas: readonly Delta[]): readonly TextEdit[] {
  let at = edit.at
  let ranges = [{ from: edit.at, to: edit.at + edit.removed }]
  for (const delta of deltas) {
    at = placeAfter(delta, at)
    ranges = ranges.flatMap((range) =>
      [...standing(delta)].flatMap(({ from, to, by }) => {
        const piece = { from: Math.max(range.from, from), to: Math.min(range.to, to) }
        return piece.from < piece.to ? [{ from: piece.from + by, to: piece.to + by }] : []
      }),
    )
  }
  const edits = ranges
    .filter(({ from, to }) => from < to)
    .map(({ from, to }) => ({ at: from, removed: to - from, inserted: from === at ? edit.inserted : '' }))
  const placed = edits.some((one) => one.at === at)
  return placed || edit.inserted === '' ? edits : [{ at, removed: 0, inserted: edit.inserted }, ...edits]
}
