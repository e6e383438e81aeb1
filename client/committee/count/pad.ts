import { type Choices, sameChoices } from '#contract/document/compare.ts'
import type { CandidateNumber } from '#contract/ids.ts'

/**
 * The ballot on the table, before it is saved. Pure: the screen sends events and shows what comes back.
 *
 *   marks ──blank──► blank ──blank──► marks (as they were)
 *     ▲ └──invalid─► invalid ─invalid─► marks (as they were)
 *     └── a tap on a candidate leaves blank or invalid and adds the candidate to the marks as they were
 *   save: any kind but empty marks gives a ballot and an empty pad; for 600 ms after that a save is ignored
 *   correct: a saved ballot comes on the table, what was there lies under it and comes back by save or cancel
 */
export type Pad = {
  readonly kind: 'marks' | 'blank' | 'invalid'
  /** Kept under blank and invalid, so that a slip on those buttons costs nothing. Ascending. */
  readonly marks: readonly CandidateNumber[]
  /** Until then a save is the second half of a double tap. Milliseconds of the caller's clock. */
  readonly deaf_until_ms: number
  /** The saved ballot on the table, and what lies under it. */
  readonly correcting?: { readonly of: Correction; readonly beneath: Pick<Pad, 'kind' | 'marks'> }
}

/** A saved ballot to be corrected: `id`, `n` and what it says now, and why that is wrong. */
export type Correction = { readonly id: string; readonly n: number; readonly choices: Choices; readonly why: string }

export type PadEvent =
  | { readonly type: 'tap'; readonly candidate: CandidateNumber }
  | { readonly type: 'list'; readonly candidates: readonly CandidateNumber[] }
  | { readonly type: 'kind'; readonly kind: 'blank' | 'invalid' }
  /** `by` a key: whoever has typed the next ballot within 600 ms means it; nobody taps one that fast. */
  | { readonly type: 'save'; readonly now_ms: number; readonly by?: 'key' }
  /** A ballot that was taken back, to be called again. */
  | { readonly type: 'restore'; readonly choices: Choices }
  | { readonly type: 'correct'; readonly ballot: Correction }
  | { readonly type: 'cancel' }

/** Why a tap changed nothing, or what to write: a new ballot, or what is to count instead of a saved one. */
export type PadAnswer =
  | { readonly says: 'full' | 'list too long' | 'nothing chosen' | 'nothing changed' }
  | { readonly save: Choices }
  | { readonly correct: Correction; readonly instead: Choices }
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
      return save(pad, event.now_ms, event.by === 'key')
    case 'restore':
      return [isIdle(pad) ? { ...pad, ...laidOut(event.choices) } : pad, undefined] // nobody's marks are replaced
    case 'correct':
      return [correct(pad, event.ballot), undefined]
    case 'cancel':
      return [withoutCorrection(pad), undefined]
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

const isIdle = (pad: Pad): boolean => pad.kind === 'marks' && pad.marks.length === 0 && pad.correcting === undefined

function save(pad: Pad, now_ms: number, byKey: boolean): readonly [Pad, PadAnswer] {
  const nothing = pad.kind === 'marks' && pad.marks.length === 0
  if (now_ms < pad.deaf_until_ms && (nothing || !byKey)) return [pad, undefined]
  if (nothing) return [pad, { says: 'nothing chosen' }]
  const choices = pad.kind === 'invalid' ? null : pad.kind === 'blank' ? [] : pad.marks
  const deaf_until_ms = now_ms + deaf_ms
  if (pad.correcting === undefined) return [{ ...emptyPad, deaf_until_ms }, { save: choices }]
  const { of } = pad.correcting
  if (sameChoices(of.choices, choices)) return [pad, { says: 'nothing changed' }]
  return [
    { ...withoutCorrection(pad), deaf_until_ms },
    { correct: of, instead: choices },
  ]
}

function laidOut(choices: Choices): Pick<Pad, 'kind' | 'marks'> {
  if (choices === null) return { kind: 'invalid', marks: [] }
  return choices.length === 0 ? { kind: 'blank', marks: [] } : { kind: 'marks', marks: ascending(choices) }
}

/** One correction at a time: a second one takes the first's place, and beneath stays what was called last. */
function correct(pad: Pad, of: Correction): Pad {
  const beneath = pad.correcting?.beneath ?? { kind: pad.kind, marks: pad.marks }
  return { ...laidOut(of.choices), deaf_until_ms: pad.deaf_until_ms, correcting: { of, beneath } }
}

function withoutCorrection({ correcting, ...pad }: Pad): Pad {
  return correcting === undefined ? pad : { ...pad, ...correcting.beneath }
}
