import type { CandidateNumber } from '#contract/ids.ts'

/**
 * The ballot on the table, before it is saved. Pure: the screen sends events and shows what comes back.
 *
 *   marks ──blank──► blank ──blank──► marks (as they were)
 *     ▲ └──invalid─► invalid ─invalid─► marks (as they were)
 *     └── a tap on a candidate leaves blank or invalid and adds the candidate to the marks as they were
 *   save: any kind but empty marks gives a ballot and an empty pad; for 600 ms after that a save is ignored
 */
export type Pad = {
  readonly kind: 'marks' | 'blank' | 'invalid'
  /** Kept under blank and invalid, so that a slip on those buttons costs nothing. Ascending. */
  readonly marks: readonly CandidateNumber[]
  /** Until then a save is the second half of a double tap. Milliseconds of the caller's clock. */
  readonly deaf_until_ms: number
}

export type PadEvent =
  | { readonly type: 'tap'; readonly candidate: CandidateNumber }
  | { readonly type: 'list'; readonly candidates: readonly CandidateNumber[] }
  | { readonly type: 'kind'; readonly kind: 'blank' | 'invalid' }
  | { readonly type: 'save'; readonly now_ms: number }
  /** A ballot that was taken back, to be corrected. */
  | { readonly type: 'restore'; readonly choices: readonly CandidateNumber[] | null }

/** Why a tap changed nothing, or what to write. `save`: null is invalid, [] blank. */
export type PadAnswer =
  | { readonly says: 'full' | 'list too long' | 'nothing chosen' }
  | { readonly save: readonly CandidateNumber[] | null }
  | undefined

export const deaf_ms = 600

export const emptyPad: Pad = { kind: 'marks', marks: [], deaf_until_ms: 0 }

const ascending = (marks: Iterable<CandidateNumber>): readonly CandidateNumber[] => [...new Set(marks)].sort((a, b) => a - b)

/** What the tiles show: nothing is marked on a blank or invalid ballot. */
export const marksShown = (pad: Pad): readonly CandidateNumber[] => (pad.kind === 'marks' ? pad.marks : [])

export function padStep(pad: Pad, event: PadEvent, choices_max: number): readonly [Pad, PadAnswer] {
  switch (event.type) {
    case 'tap':
      return tap(pad, event.candidate, choices_max)
    case 'list':
      return wholeList(pad, event.candidates, choices_max)
    case 'kind':
      return [{ ...pad, kind: pad.kind === event.kind ? 'marks' : event.kind }, undefined]
    case 'save':
      return save(pad, event.now_ms)
    case 'restore':
      return [restored(pad, event.choices), undefined]
  }
}

function tap(pad: Pad, candidate: CandidateNumber, choices_max: number): readonly [Pad, PadAnswer] {
  const marked = pad.marks.includes(candidate)
  if (marked && pad.kind === 'marks') return [{ ...pad, marks: pad.marks.filter((mark) => mark !== candidate) }, undefined]
  if (!marked && pad.marks.length >= choices_max) return [pad, { says: 'full' }]
  return [{ ...pad, kind: 'marks', marks: ascending([...pad.marks, candidate]) }, undefined]
}

/** All of a list, or, where all of it is marked, none of it. Part of a list is never chosen for the counter. */
function wholeList(pad: Pad, candidates: readonly CandidateNumber[], choices_max: number): readonly [Pad, PadAnswer] {
  const all = candidates.every((candidate) => pad.marks.includes(candidate))
  if (all && pad.kind === 'marks') return [{ ...pad, marks: pad.marks.filter((mark) => !candidates.includes(mark)) }, undefined]
  const marks = ascending([...pad.marks, ...candidates])
  return marks.length > choices_max ? [pad, { says: 'list too long' }] : [{ ...pad, kind: 'marks', marks }, undefined]
}

function save(pad: Pad, now_ms: number): readonly [Pad, PadAnswer] {
  if (now_ms < pad.deaf_until_ms) return [pad, undefined]
  if (pad.kind === 'marks' && pad.marks.length === 0) return [pad, { says: 'nothing chosen' }]
  const choices = pad.kind === 'invalid' ? null : pad.kind === 'blank' ? [] : pad.marks
  return [{ ...emptyPad, deaf_until_ms: now_ms + deaf_ms }, { save: choices }]
}

function restored(pad: Pad, choices: readonly CandidateNumber[] | null): Pad {
  const idle = pad.kind === 'marks' && pad.marks.length === 0
  if (!idle) return pad // a ballot is on the table already; nobody's marks are replaced
  if (choices === null) return { ...pad, kind: 'invalid' }
  return choices.length === 0 ? { ...pad, kind: 'blank' } : { ...pad, marks: ascending(choices) }
}
