import { describe, expect, test } from 'vitest'
import type { CandidateNumber } from '#contract/ids.ts'
import { deaf_ms, emptyPad, marksShown, type Pad, type PadAnswer, type PadEvent, padStep } from './pad.ts'

const choices_max = 4
const candidate = (n: number) => n as CandidateNumber
const tap = (n: number): PadEvent => ({ type: 'tap', candidate: candidate(n) })
const list = (...numbers: number[]): PadEvent => ({ type: 'list', candidates: numbers.map(candidate) })
const blank: PadEvent = { type: 'kind', kind: 'blank' }
const invalid: PadEvent = { type: 'kind', kind: 'invalid' }
const save = (now_ms = 10_000): PadEvent => ({ type: 'save', now_ms })

/** The pad after the events, and the answer to the last of them. */
function play(...events: PadEvent[]): { pad: Pad; answer: PadAnswer } {
  let pad = emptyPad
  let answer: PadAnswer
  for (const event of events) [pad, answer] = padStep(pad, event, choices_max)
  return { pad, answer }
}

describe('the ballot on the table', () => {
  test('a tap marks a candidate, another takes the mark away, and a ballot is saved in ascending order', () => {
    expect(play(tap(9), tap(2), tap(5), save()).answer).toEqual({ save: [2, 5, 9] })
    expect(play(tap(9), tap(2), tap(9), save()).answer).toEqual({ save: [2] })
  })

  test('at the limit a tap marks nothing and says why; taking one away makes room', () => {
    const full = play(tap(1), tap(2), tap(3), tap(4), tap(5))
    expect(full.answer).toEqual({ says: 'full' })
    expect(full.pad.marks).toEqual([1, 2, 3, 4])
    expect(play(tap(1), tap(2), tap(3), tap(4), tap(4), tap(5)).pad.marks).toEqual([1, 2, 3, 5])
  })

  test('a whole list is marked at once, or not at all where it does not fit', () => {
    expect(play(tap(2), list(1, 2, 3)).pad.marks).toEqual([1, 2, 3])
    const tooLong = play(tap(7), tap(8), list(1, 2, 3))
    expect(tooLong.answer).toEqual({ says: 'list too long' })
    expect(tooLong.pad.marks).toEqual([7, 8])
  })

  test('a whole list that is marked already is taken away, others stay', () => {
    expect(play(tap(7), list(1, 2, 3), list(1, 2, 3)).pad.marks).toEqual([7])
  })

  test('blank and invalid only choose the kind; save commits', () => {
    expect(play(blank).answer).toBeUndefined()
    expect(play(blank, save()).answer).toEqual({ save: [] })
    expect(play(invalid, save()).answer).toEqual({ save: null })
    expect(play(blank, invalid, save()).answer).toEqual({ save: null })
  })

  test('marks are not shown on a blank ballot, and come back when it is not blank after all', () => {
    const slip = play(tap(1), tap(2), blank)
    expect(marksShown(slip.pad)).toEqual([])
    expect(marksShown(play(tap(1), tap(2), blank, blank).pad)).toEqual([1, 2])
    expect(marksShown(play(tap(1), tap(2), invalid, tap(3)).pad)).toEqual([1, 2, 3])
    expect(marksShown(play(tap(1), tap(2), invalid, tap(2)).pad)).toEqual([1, 2])
  })

  test('a ballot without a mark is not saved as blank: somebody has to say so', () => {
    expect(play(save()).answer).toEqual({ says: 'nothing chosen' })
  })

  test('after a save the pad is empty, and a save within 600 ms is the same tap', () => {
    const saved = play(tap(1), save(10_000))
    expect(saved.pad.marks).toEqual([])
    const [, second] = padStep(padStep(saved.pad, blank, choices_max)[0], save(10_000 + deaf_ms - 1), choices_max)
    expect(second).toBeUndefined()
    const [, later] = padStep(padStep(saved.pad, blank, choices_max)[0], save(10_000 + deaf_ms), choices_max)
    expect(later).toEqual({ save: [] })
  })

  test('whoever types saves as fast as they type, and a key that bounces saves nothing twice', () => {
    const key = (now_ms: number): PadEvent => ({ type: 'save', now_ms, by: 'key' })
    expect(play(tap(1), key(10_000), tap(2), key(10_050)).answer).toEqual({ save: [2] })
    expect(play(tap(1), key(10_000), key(10_050)).answer).toBeUndefined()
    expect(play(tap(1), key(10_000), key(10_000 + deaf_ms)).answer).toEqual({ says: 'nothing chosen' })
    expect(play(tap(1), key(10_000), tap(2), save(10_050)).answer).toBeUndefined()
  })

  const ballot = { id: '5:0', n: 12, choices: [candidate(1), candidate(3)], why: 'heard wrong' }
  const correct: PadEvent = { type: 'correct', ballot }

  test('a correction brings the saved ballot on the table, and writes what is to count instead, with its reason', () => {
    expect(play(correct).pad.marks).toEqual([1, 3])
    expect(play(correct, tap(3), tap(4), save()).answer).toEqual({ correct: ballot, instead: [1, 4] })
    expect(play(correct, invalid, save()).answer).toEqual({ correct: ballot, instead: null })
    expect(play({ type: 'correct', ballot: { ...ballot, choices: null } }, invalid, tap(2), save()).answer).toMatchObject({ instead: [2] })
  })

  test('what was on the table lies under the correction and comes back, by save and by cancel', () => {
    expect(play(tap(9), correct, tap(4), save()).pad).toMatchObject({ kind: 'marks', marks: [9] })
    expect(play(tap(9), blank, correct, { type: 'cancel' }).pad).toEqual({ ...emptyPad, kind: 'blank', marks: [9] })
    const second = { ...ballot, id: '5:1', choices: [] }
    expect(play(tap(9), correct, { type: 'correct', ballot: second }, { type: 'cancel' }).pad.marks).toEqual([9])
    expect(play(tap(9), { type: 'cancel' }).pad.marks).toEqual([9])
  })

  test('a correction that changes nothing is not written, and one that is done is not done twice', () => {
    expect(play(correct, save()).answer).toEqual({ says: 'nothing changed' })
    expect(play(correct, tap(3), tap(3), save()).answer).toEqual({ says: 'nothing changed' })
    expect(play(tap(9), correct, tap(4), save(10_000), save(10_100)).answer).toBeUndefined()
    expect(play(correct, { type: 'restore', choices: [candidate(7)] }).pad.marks).toEqual([1, 3])
  })

  test('a ballot taken back returns to an empty table, and never replaces marks that are on it', () => {
    const choices = [candidate(3), candidate(1)]
    expect(play({ type: 'restore', choices }).pad.marks).toEqual([1, 3])
    expect(play({ type: 'restore', choices: null }).pad.kind).toBe('invalid')
    expect(play({ type: 'restore', choices: [] }).pad.kind).toBe('blank')
    expect(play(tap(8), { type: 'restore', choices }).pad.marks).toEqual([8])
    expect(play(blank, { type: 'restore', choices }).pad.kind).toBe('blank')
  })
})
