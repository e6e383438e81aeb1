import { expect, test } from 'vitest'
import { type CheckId, checkIds, type Term } from '#contract/checks.ts'
import type { FigureRow } from '../../sync/committee-session.ts'
import { type FailedCheck, failsAt, fieldState, figureFrom, figureTyped, isBetween, isForAll, type Place, points } from './field.ts'

const term = (what: string, from: Term['from'], value = 1): Term => ({ what, from, value })
const failed = (id: CheckId, terms: readonly Term[], right: Term): FailedCheck => ({
  id,
  about: '',
  verdict: 'fails',
  sum: { terms, relation: '=', right },
})
const row = (status: FigureRow['status'], value?: number): FigureRow => ({ status, value, statements: [] })
const place = (source: Place['source'], status?: FigureRow['status'], ...fails: FailedCheck[]): Place => ({
  source,
  row: status === undefined ? undefined : row(status),
  fails,
})

const box = failed('kinds-box', [term('valid', 'minute')], term('ballots', 'minute'))
const apart = failed('sources-agree', [term('ballots', 'ours')], term('ballots', 'minute'))
const sheet = failed('sheets-agree', [term('v3', 'A')], term('v3', 'B'))

test('a failed check points at the figure that has to be looked at, in its source, and nowhere else', () => {
  expect(failsAt([box], 'ballots', 'minute')).toEqual([box])
  expect(failsAt([box], 'ballots', 'announced')).toEqual([])
  expect(failsAt([box], 'valid', 'minute')).toEqual([])
  expect(failsAt([apart], 'ballots', 'ours')).toEqual([apart])
  expect(failsAt([apart], 'ballots', 'minute')).toEqual([apart])
  expect(failsAt([sheet], 'v3', 'ours')).toEqual([sheet])
  expect(Object.keys(points).sort()).toEqual([...checkIds].sort())
})

test('the chip says the most urgent: a sum that is wrong, people who differ, sources that differ, waiting, settled, agreed', () => {
  const says = (places: Place[], ours: FailedCheck[] = []) => fieldState(places, ours).state
  expect(says([place('announced'), place('minute')])).toBe('none')
  expect(says([place('announced', 'agreed'), place('minute')])).toBe('agreed')
  expect(says([place('announced', 'agreed'), place('minute', 'resolved')])).toBe('resolved')
  expect(says([place('announced', 'waiting'), place('minute', 'resolved')])).toBe('waiting')
  expect(says([place('announced', 'waiting'), place('minute', 'agreed', apart)])).toBe('apart')
  expect(says([place('announced', 'differ'), place('minute', 'agreed', apart)])).toBe('differ')
  expect(says([place('announced', 'differ'), place('minute', 'agreed', box, apart)])).toBe('checked')
  expect(says([], [sheet])).toBe('apart')
})

test('of two sources equally urgent the minute speaks; of two checks the first of the list', () => {
  const two = [place('announced', 'waiting'), place('minute', 'waiting')]
  expect(fieldState(two, [])).toMatchObject({ state: 'waiting', source: 'minute' })
  expect(fieldState([place('minute', 'agreed', apart)], [sheet])).toEqual({ state: 'apart', id: 'sheets-agree' })
})

test('two accounts that differ stand at their figure; what is wrong in itself stands above', () => {
  expect(checkIds.filter((id) => isBetween({ id }))).toEqual(['sheets-agree', 'sources-agree'])
  expect([box, apart, sheet].map(isForAll)).toEqual([true, false, false])
})

test('a zero can be typed; nothing typed is no figure', () => {
  expect([figureTyped('0'), figureTyped('007'), figureTyped('1-2x'), figureTyped(''), figureTyped('123456789')]).toEqual([
    '0',
    '7',
    '12',
    '',
    '1234567',
  ])
  expect([figureFrom('0'), figureFrom(''), figureFrom('12')]).toEqual([0, undefined, 12])
})
