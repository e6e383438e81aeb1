import { describe, expect, test } from 'vitest'
import type { AsideWrite } from '#contract/api.ts'
import { countBallots, type Log, tallyBallots } from '#contract/document/ballots.ts'
import { groupWrites, tellBallots, withGroup } from './groups.ts'

const late = { code: 'late', admissible: true } as const
const ballot = (index: number, n: number, c: readonly number[] | null, key = 'A/6.77'): AsideWrite => ({
  path: 'ballots',
  key,
  index,
  value: { n, at_s: 1_764_000_000, c },
  ...late,
})
const strike = (index: number, target: readonly [number, number], instead?: readonly number[] | null): AsideWrite => ({
  path: 'ballots',
  key: 'A/6.77',
  index,
  value: { void: target, at_s: 1_764_000_000, why: 'heard wrong', ...(instead === undefined ? {} : { instead }) },
  ...late,
})

const only = (writes: readonly AsideWrite[]) => {
  const [group, ...others] = groupWrites(writes)
  expect(others).toEqual([])
  if (group === undefined) throw new Error('no group')
  return group
}

describe('kept aside, in groups', () => {
  test('forty ballots of one log are one group: how many, from which number to which, and the votes they would add', () => {
    const writes = Array.from({ length: 40 }, (_, at) => ballot(at + 1, at + 2, at === 5 ? null : at === 7 ? [] : [(at % 4) + 1]))
    const told = tellBallots(only(writes))
    expect(told).toMatchObject({ sheet: 'A', first: 2, last: 41, strikes: 0 })
    expect(told.tally).toMatchObject({ ballots: 40, valid: 38, blank: 1, invalid: 1 })
    expect([...told.tally.votes]).toEqual([
      [1, 10],
      [2, 9],
      [3, 10],
      [4, 9],
    ])
  })

  test('a strike within the group takes its ballot out, a correction puts its own choices in; a strike of another is counted apart', () => {
    const told = tellBallots(
      only([ballot(3, 10, [1]), ballot(4, 11, [2]), strike(5, [77, 3]), strike(6, [77, 4], [9]), strike(7, [5, 0]), strike(8, [77, 0])]),
    )
    expect(told.tally).toMatchObject({ ballots: 1, valid: 1 })
    expect([...told.tally.votes]).toEqual([[9, 1]])
    expect(told.strikes).toBe(2)
  })

  test('what can be admitted comes first, what never can next, what its device writes anew last; one answer to a group', () => {
    const writes: AsideWrite[] = [
      { path: 'attendance', key: '4/5', value: 1, admissible: false },
      { path: 'nowhere', key: 'x', value: 1, code: 'unknown-root', admissible: false },
      { path: 'attendance', key: '5/5', value: 1, code: 'bad-value', admissible: false },
      { path: 'figures', key: 'minute/valid/6', value: 7, ...late },
      { path: 'figures', key: 'minute/valid/#', value: {}, code: 'forbidden', admissible: true },
      { path: 'note/7', key: '', value: 'x', ...late },
      { path: 'attendance', key: '6/5', value: 1, ...late },
      { path: 'attendance', key: '7/5', value: 1, ...late },
      ballot(0, 1, [1], 'B/6.77'),
      ballot(0, 1, [1]),
    ]
    expect(groupWrites(writes).map(({ verdict, kind, code, writes: own }) => [verdict, kind, code, own.length])).toEqual([
      ['admissible', 'ballots', 'late', 1],
      ['admissible', 'ballots', 'late', 1],
      ['admissible', 'attendance', 'late', 2],
      ['admissible', 'notes', 'late', 1],
      ['admissible', 'figures', 'late', 1],
      ['admissible', 'rulings', 'forbidden', 1],
      ['never', 'attendance', 'bad-value', 1],
      ['never', 'other', 'unknown-root', 1],
      ['anew', 'attendance', undefined, 1],
    ])
  })

  test('a value that is no ballot, a place that is no log and an index beyond any log are shown as nothing counted', () => {
    const junk = { ...ballot(0, 1, [1]), value: { text: '\u0000' } }
    expect(tellBallots(only([junk]))).toMatchObject({ sheet: 'A', first: undefined, last: undefined, strikes: 0, tally: { ballots: 0 } })
    expect(tellBallots(only([{ ...junk, index: 2 ** 40 }])).tally.ballots).toBe(0)
    expect(tellBallots({ kind: 'other', verdict: 'never', writes: [{ ...junk, key: 'x' }] }).sheet).toBeUndefined()
    expect(tellBallots({ kind: 'other', verdict: 'never', writes: [] }).sheet).toBeUndefined()
  })

  test('admitted, a group is added to the end of its own log and to nothing else; what no longer comes next stays out', () => {
    const entry = (n: number) => ({ n, at_s: 1_764_000_000, c: [1] }) as never
    const logs: Log[] = [
      { sheet: 'A', user: 6 as never, client: 77 as never, entries: [entry(1)] },
      { sheet: 'A', user: 7 as never, client: 5 as never, entries: [entry(1)] },
    ]
    const ballots = (group: Parameters<typeof withGroup>[1], of = logs) => tallyBallots(countBallots(withGroup(of, group))).ballots
    expect(ballots(only([ballot(1, 2, [1]), ballot(2, 3, [2])]))).toBe(4)
    expect(ballots(only([strike(1, [5, 0])]))).toBe(1)
    expect(ballots(only([ballot(3, 2, [1])]))).toBe(2)
    expect(ballots(only([ballot(0, 2, [1])]))).toBe(2)
    expect(ballots(only([ballot(0, 2, [1])]), [])).toBe(1)
    expect(withGroup(logs, { kind: 'ballots', verdict: 'admissible', writes: [] })).toBe(logs)
  })
})
