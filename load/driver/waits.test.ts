import { expect, test } from 'vitest'
import { Waits } from './waits.ts'

test('percentiles are exact to 5 percent, over four orders of magnitude', () => {
  const waits = new Waits()
  for (let wait_ms = 1; wait_ms <= 10_000; wait_ms += 1) waits.add(wait_ms)
  for (const percent of [1, 50, 95, 99]) {
    expect(Math.abs(waits.percentile_ms(percent) / (percent * 100) - 1)).toBeLessThan(0.051)
  }
  expect(waits.percentile_ms(100)).toBe(10_000)
  expect(waits.count).toBe(10_000)
})

test('nothing measured is 0, and what is longer than the last step is not lost', () => {
  const waits = new Waits()
  expect(waits.percentile_ms(50)).toBe(0)
  waits.add(1e9)
  expect(waits.count).toBe(1)
  expect(waits.longest_ms).toBe(1e9)
  expect(waits.percentile_ms(50)).toBeGreaterThan(1e6)
})
