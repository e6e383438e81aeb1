import { expect, test } from 'vitest'
import { figureAxis, timeAxis } from '../design/axes.ts'
import { turnoutPoints } from './turnout-points.ts'

const hour_ms = 3_600_000
const eight = new Date(2026, 10, 23, 8).getTime()
const point = (hours: number, attended: number) => ({ at_ms: eight + hours * hour_ms, attended, ballots: 0 })

test('the curve begins with nothing, ends with what the figures say now, and leaves yesterday out', () => {
  const now_ms = eight + 2.5 * hour_ms
  const points = turnoutPoints([point(1, 40), point(2, 90)], 100, now_ms)
  expect(points.map(({ n }) => n)).toEqual([0, 40, 90, 100])
  expect(points.at(-1)?.at_ms).toBe(now_ms)
  expect(turnoutPoints([point(-20, 7), point(2, 90)], 100, now_ms).map(({ n }) => n)).toEqual([90, 100])
  expect(turnoutPoints([], 0, now_ms)).toEqual([])
  expect(turnoutPoints([], 3, now_ms).map(({ n }) => n)).toEqual([0, 3])
})

test('axes have round figures and whole hours, never more than seven', () => {
  expect(figureAxis(6_156).ticks).toEqual([2_000, 4_000, 6_000, 8_000])
  expect(figureAxis(3).ticks).toEqual([1, 2, 3])
  expect(figureAxis(0)).toEqual({ min: 0, max: 1, ticks: [1] })
  const { ticks } = timeAxis([
    { at_ms: eight + 60_000, n: 0 },
    { at_ms: eight + 9 * hour_ms, n: 9 },
  ])
  expect(ticks.map((at) => new Date(at).getMinutes()).every((minute) => minute === 0)).toBe(true)
  expect(ticks.length).toBeLessThanOrEqual(7)
  expect(ticks.length).toBeGreaterThan(2)
})
