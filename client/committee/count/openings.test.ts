import { expect, test } from 'vitest'
import { sheets } from '#contract/ids.ts'
import { freeSheet, type Opening, openings, type Standing } from './openings.ts'

test('a counter is asked exactly where others are on the sheet and this person has no ballot on it', () => {
  let cells = 0
  for (const ballots of ['none', 'others', 'mine'] as const) {
    for (const live of ['nobody', 'somebody'] as const) {
      for (const link of ['reached', 'away'] as const) {
        const standing: Standing = { ballots, live, link }
        const hasOthers = ballots === 'others' || live === 'somebody'
        const expected: Opening = ballots === 'mine' ? 'go on' : hasOthers ? 'ask' : link === 'reached' ? 'begin' : 'wait'
        expect(openings[ballots][live][link], JSON.stringify(standing)).toBe(expected)
        cells += 1
      }
    }
  }
  expect(cells).toBe(12)
})

test('a check begins on the first free sheet after A; with all taken there is none', () => {
  expect(freeSheet(() => false)).toBe('B')
  expect(freeSheet((sheet) => sheet === 'B')).toBe('C')
  expect(freeSheet((sheet) => sheet !== 'A')).toBeUndefined()
  expect(sheets.map((free) => freeSheet((sheet) => sheet !== free))).toEqual([undefined, 'B', 'C', 'D'])
})
