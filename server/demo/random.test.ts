import { expect, test } from 'vitest'
import { createRandom } from './random.ts'

const drawn = (seed: string, count: number) => {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => random.fraction())
}

test('[D7.1] a seed gives one stream, another seed another', () => {
  expect(drawn('seed', 100)).toEqual(drawn('seed', 100))
  expect(drawn('seed', 100)).not.toEqual(drawn('seed 2', 100))
})

test('[D7.2] fractions stay in [0, 1) and fill it evenly', () => {
  const fractions = drawn('even', 20_000)
  expect(fractions.every((fraction) => fraction >= 0 && fraction < 1)).toBe(true)
  const tenths = Map.groupBy(fractions, (fraction) => Math.floor(fraction * 10))
  expect(tenths.size).toBe(10)
  for (const tenth of tenths.values()) expect(Math.abs(tenth.length - 2_000)).toBeLessThan(200)
})

test('[D7.3] below(n) gives every number from 0 to n - 1 and no other', () => {
  const random = createRandom('below')
  const numbers = new Set(Array.from({ length: 1_000 }, () => random.below(7)))
  expect([...numbers].sort()).toEqual([0, 1, 2, 3, 4, 5, 6])
})

test('[D7.4] pickCommon prefers the early entries, and leaves none out', () => {
  const random = createRandom('common')
  const list = ['first', 'second', 'third', 'last'] as const
  const counts = Map.groupBy(
    Array.from({ length: 4_000 }, () => random.pickCommon(list)),
    (entry) => entry,
  )
  const sizes = list.map((entry) => counts.get(entry)?.length ?? 0)
  expect(sizes).toEqual(sizes.toSorted((a, b) => b - a))
  // The first quarter of the list has half of the draws: that is where x² < 1/4.
  expect(Math.abs((sizes[0] ?? 0) - 2_000)).toBeLessThan(150)
  expect(sizes[3]).toBeGreaterThan(0)
})
