import { expect, test } from 'vitest'
import { inLanes } from './lanes.ts'

test('everything is done once, and never more at once than there are lanes', async () => {
  const done: number[] = []
  const busy = new Set<number>()
  let most = 0
  await inLanes(
    Array.from({ length: 50 }, (_, index) => index),
    4,
    async (item, lane) => {
      expect(busy.has(lane)).toBe(false)
      busy.add(lane)
      most = Math.max(most, busy.size)
      // As many turns as the item says, so that lanes overtake each other.
      for (let turn = 0; turn < item % 7; turn += 1) await null
      busy.delete(lane)
      done.push(item)
    },
  )
  expect(most).toBe(4)
  expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index))
})

test('after a failure nothing new is begun, what was begun ends, and the failure is thrown', async () => {
  const [begun, ended]: [number[], number[]] = [[], []]
  const running = inLanes([0, 1, 2, 3, 4, 5], 2, async (item) => {
    begun.push(item)
    if (item === 1) throw new Error('one failed')
    for (let turn = 0; turn < 5; turn += 1) await null
    ended.push(item)
  })
  await expect(running).rejects.toThrow('one failed')
  expect(begun).toEqual([0, 1])
  expect(ended).toEqual([0])
})
