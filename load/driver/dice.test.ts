import { expect, test } from 'vitest'
import { makeDice } from './dice.ts'

const drawn = (seed: string) => {
  const dice = makeDice(seed)
  return Array.from({ length: 1_000 }, () => dice.fraction())
}

test('a seed gives one stream, and a seed that differs in one character another', () => {
  expect(drawn('day 1')).toEqual(drawn('day 1'))
  const other = drawn('day 2')
  expect(drawn('day 1').filter((fraction, index) => fraction === other[index])).toEqual([])
})

test('fractions stay in [0, 1) and fill it evenly', () => {
  const dice = makeDice('even')
  const tenths = Map.groupBy(
    Array.from({ length: 20_000 }, () => dice.fraction()),
    (fraction) => Math.floor(fraction * 10),
  )
  expect([...tenths.keys()].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  for (const tenth of tenths.values()) expect(Math.abs(tenth.length - 2_000)).toBeLessThan(200)
})

test('shuffling loses nothing, adds nothing and leaves the list as it was', () => {
  const list = Array.from({ length: 500 }, (_, index) => index)
  const mixed = makeDice('mix').shuffled(list)
  expect(mixed).not.toEqual(list)
  expect(mixed.toSorted((a, b) => a - b)).toEqual(list)
  expect(list[0]).toBe(0)
})
