import { expect, test } from 'vitest'
import type { CommitteeId, Sequence } from '#contract/ids.ts'
import { Marks, marks_max } from './marks.ts'

const note = (marks: Marks, committee: string, sequence: number) => marks.note(committee as CommitteeId, sequence as Sequence)
const carried = (marks: Marks, beat: number) => marks.carry(beat).map(({ committee, sequence }) => `${committee} ${sequence}`)

test('[N4] a mark is said by every beat until one that said it has come back; what is newer is said on', () => {
  const marks = new Marks()
  note(marks, 'a', 3)
  note(marks, 'a', 2)
  expect(carried(marks, 1)).toEqual(['a 3'])
  note(marks, 'b', 1)
  expect(carried(marks, 2)).toEqual(['a 3', 'b 1'])
  marks.returned(1)
  expect(carried(marks, 3)).toEqual(['b 1'])
  note(marks, 'b', 2) // after beat 3 was sent
  marks.returned(3)
  expect(carried(marks, 4)).toEqual(['b 2'])
  marks.returned(4)
  expect(carried(marks, 5)).toEqual([])
})

test('[N4] so many marks a beat, and the others with the next', () => {
  const marks = new Marks()
  for (let n = 0; n < marks_max + 5; n += 1) note(marks, `c${n}`, 1)
  expect(carried(marks, 1)).toHaveLength(marks_max)
  marks.returned(1)
  expect(carried(marks, 2)).toHaveLength(5)
})
