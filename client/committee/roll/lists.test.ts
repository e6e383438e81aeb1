import { describe, expect, test } from 'vitest'
import type { Elector } from '#contract/api.ts'
import type { ElectorSerial, UserId } from '#contract/ids.ts'
import { followUpOf, type GuaranteeRow, pledgeToWrite } from './guarantee.ts'
import { absentees, filterRoll, latestMarks, type RollFilter } from './lists.ts'

const elector = (serial: number, active = true): Elector => ({
  serial: serial as ElectorSerial,
  name: '',
  sex: 'm',
  family: '',
  unit: '',
  active,
})
const pledge = (collector: number, fields: Partial<GuaranteeRow> = {}): GuaranteeRow => ({
  collector: collector as UserId,
  mine: collector === 7,
  withdrawn: false,
  strength: 'medium',
  ...fields,
})
const mark = (mine: boolean) => ({ attended: true, witnesses: [{ user: 7 as UserId, at_s: 1, mine, durable: true }] })
const serialsOf = (electors: readonly Elector[]) => electors.map(({ serial }) => serial)

describe('the roll through a filter', () => {
  const electors = [1, 2, 3, 4, 5].map((serial) => elector(serial, serial !== 5))
  const rows = {
    attendance: { 1: mark(true), 2: mark(false), 3: { attended: false, witnesses: [] } },
    guarantees: { 2: [pledge(8)], 3: [pledge(7)], 4: [pledge(7, { withdrawn: true })] },
  }

  test.each<[RollFilter, number[]]>([
    ['all', [1, 2, 3, 4, 5]],
    ['attended', [1, 2]],
    ['absent', [3, 4]],
    ['guaranteed', [2, 3]],
    ['mine', [1, 3]],
  ])('%s: %j', (filter, expected) => {
    expect(serialsOf(filterRoll(electors, filter, rows))).toEqual(expected)
  })

  test('unfiltered it is the same list', () => {
    expect(filterRoll(electors, 'all', rows)).toBe(electors)
  })
})

test('the last marks, newest first; two witnesses of one elector are one, at the later time', () => {
  const marked = (...times_s: number[]) => ({
    attended: times_s.length > 0,
    witnesses: times_s.map((at_s) => ({ user: 7 as UserId, at_s, mine: true, durable: true })),
  })
  const attendance = { 1: marked(50), 2: marked(10, 90), 3: marked(), 4: marked(50), 5: marked(20), 6: marked(80) }
  expect(latestMarks(attendance, 3)).toEqual([2, 6, 4])
  expect(latestMarks(attendance, 10)).toEqual([2, 6, 4, 1, 5])
})

describe('not yet', () => {
  test('the surest first, of those the one to be called soonest, then by number', () => {
    const rows = {
      attendance: {},
      guarantees: {
        1: [pledge(8, { strength: 'weak', follow_up: 5 })],
        2: [pledge(8, { strength: 'strong' })],
        3: [pledge(8, { strength: 'weak' }), pledge(9, { strength: 'strong', follow_up: 90 })],
        4: [pledge(8, { strength: 'strong', follow_up: 20 })],
        5: [pledge(8, { strength: 'strong' })],
        6: [pledge(8, { strength: undefined, confirmation: 'confirmed' } as never)],
      },
    }
    expect(
      serialsOf(
        absentees(
          [1, 2, 3, 4, 5, 6].map((n) => elector(n)),
          rows,
          false,
        ),
      ),
    ).toEqual([4, 3, 2, 5, 1, 6])
  })

  test('who has attended or whose pledges are all withdrawn is not on it; mine has only my own', () => {
    const rows = {
      attendance: { 1: mark(false) },
      guarantees: { 1: [pledge(7)], 2: [pledge(7, { withdrawn: true })], 3: [pledge(8)], 4: [pledge(8), pledge(7)] },
    }
    const electors = [1, 2, 3, 4].map((n) => elector(n))
    expect(serialsOf(absentees(electors, rows, false))).toEqual([3, 4])
    expect(serialsOf(absentees(electors, rows, true))).toEqual([4])
  })
})

test('the outcome of a call goes into one’s own pledge, else into the strongest for those who speak for others', () => {
  const rows = [pledge(7, { strength: 'weak' }), pledge(8, { strength: 'strong' }), pledge(9)]
  expect(pledgeToWrite(rows, true)).toBe(7)
  expect(pledgeToWrite(rows.slice(1), true)).toBe(8)
  expect(pledgeToWrite(rows.slice(1), false)).toBeUndefined()
  expect(pledgeToWrite([pledge(7, { withdrawn: true }), pledge(9)], true)).toBe(9)
  expect(pledgeToWrite(undefined, true)).toBeUndefined()
})

test('to be called again at the earliest time of the pledges that stand', () => {
  expect(followUpOf([pledge(7, { follow_up: 30 }), pledge(8, { follow_up: 20 }), pledge(9, { follow_up: 10, withdrawn: true })])).toBe(20)
  expect(followUpOf([pledge(7)])).toBeUndefined()
})
