import { expect, test } from 'vitest'
import type { UserId } from '#contract/ids.ts'
import type { ConflictRow } from '../../sync/binding/conflicts.ts'
import { byRule, thirdAnswer } from './answers.ts'

type Asked = Pick<ConflictRow, 'root' | 'parts' | 'values'>
const of = (field: NonNullable<ConflictRow['parts']['field']>, ...said: unknown[]): Asked => ({
  root: 'guarantees',
  parts: { field },
  values: said.map((value, index) => ({ value, by: (index + 1) as UserId, at_s: 1, id: `${index}:0` })),
})

test('of strengths the stronger is offered, whoever wrote it and in whatever order; other fields have no rule', () => {
  expect(byRule(of('strength', 'weak', 'strong'))).toBe('strong')
  expect(byRule(of('strength', 'medium', 'weak'))).toBe('medium')
  expect(byRule(of('strength', null, 'weak'))).toBe('weak')
  expect(byRule(of('strength', null))).toBeUndefined()
  expect(byRule(of('confirmation', 'pending', 'confirmed'))).toBeUndefined()
})

test('a third answer is what nobody wrote, given by the control of its field', () => {
  expect(thirdAnswer(of('confirmation', 'confirmed', 'unreachable'))).toEqual({ by: 'choice', values: ['pending'] })
  expect(thirdAnswer(of('strength', 'weak', 'medium', 'strong'))).toBeUndefined()
  expect(thirdAnswer(of('group', 'a', 'b'))).toEqual({ by: 'text', field: 'group' })
  expect(thirdAnswer(of('follow_up', 1, 2))).toEqual({ by: 'time' })
  expect(thirdAnswer(of('withdrawn', true, false))).toBeUndefined()
  expect(thirdAnswer({ ...of('strength', 1, 2), root: 'figures', parts: {} })).toEqual({ by: 'figure' })
  expect(thirdAnswer({ ...of('strength', 1, 2), root: 'walkins', parts: {} })).toBeUndefined()
})
