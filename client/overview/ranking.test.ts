import { expect, test } from 'vitest'
import type { Candidate } from '#contract/api.ts'
import type { CandidateNumber } from '#contract/ids.ts'
import { noTotals } from '../sync/events/totals.ts'
import { rankCandidates } from './ranking.ts'

const candidates = [1, 2, 3, 4].map((number): Candidate => ({ number: number as CandidateNumber, name: `n${number}`, list: 'l' }))
const totals = (votes: Readonly<Record<string, number>>, valid: number, in_boxes = 0) => ({
  ...noTotals,
  votes,
  valid,
  counted: valid,
  in_boxes,
})
const numbers = (ranking: ReturnType<typeof rankCandidates>) => ranking.rows.map(({ candidate }) => candidate.number)

test('candidates stand by votes, of equal ones the lower number first; with empty boxes nothing is open', () => {
  const ranking = rankCandidates(candidates, totals({ 2: 50, 3: 50, 4: 80 }, 100), 2)
  expect(numbers(ranking)).toEqual([4, 2, 3, 1])
  expect(ranking.rows.map(({ low, high }) => [low, high])).toEqual([
    [0.8, 0.8],
    [0.5, 0.5],
    [0.5, 0.5],
    [0, 0],
  ])
  expect(ranking.line).toBe(0.5)
  expect(
    ranking.rows.map(({ open }) => open),
    'a tie at the last seat is open, and nothing else',
  ).toEqual([false, true, true, false])
})

test('what is in the boxes opens those near the last seat, and never goes beyond what can be', () => {
  const votes = { 1: 90, 2: 52, 3: 48, 4: 1 }
  const ranking = rankCandidates(candidates, totals(votes, 100, 100), 2)
  expect(ranking.rows.filter(({ open }) => open).map(({ candidate }) => candidate.number)).toEqual([2, 3])
  for (const { votes: n, low, high } of ranking.rows) {
    expect(low).toBeGreaterThanOrEqual(n / 200)
    expect(high).toBeLessThanOrEqual((n + 100) / 200)
    expect(high).toBeGreaterThan(low)
  }
  const later = rankCandidates(candidates, totals(votes, 100, 1), 2)
  expect(later.rows.every(({ open }) => !open)).toBe(true)
})

test('there is no last seat where all have one, or nothing is counted', () => {
  expect(rankCandidates(candidates, totals({ 1: 2 }, 2), 4).line).toBeUndefined()
  const nothing = rankCandidates(candidates, totals({}, 0, 500), 1)
  expect(nothing.line).toBeUndefined()
  expect(nothing.rows.every(({ low, high, open }) => low === 0 && high === 0 && !open)).toBe(true)
})
