import { expect, test } from 'vitest'
import { progressLine } from './progress.ts'

test('a line says how much, how fast, how long still', () => {
  const line = progressLine({ ballots: 150, ballotsTogether: 600, committees: 1, committeesTogether: 4, elapsed_ms: 30_000 })
  expect(line).toBe('███████░░░░░░░░░░░░░░░░░░░░░  25 %  150 of 600 ballots  1 of 4 committees  5/s  1:30 left')
})

test('before the first ballot nothing is foretold; a file without votes is done at once', () => {
  expect(progressLine({ ballots: 0, ballotsTogether: 600, committees: 0, committeesTogether: 4, elapsed_ms: 0 })).toMatch(/ 0 %.* 0\/s$/)
  expect(progressLine({ ballots: 0, ballotsTogether: 0, committees: 1, committeesTogether: 1, elapsed_ms: 5 })).toContain('100 %')
})
