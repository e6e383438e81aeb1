import { expect, test } from 'vitest'
import { type Deed, DeedBook } from './record.ts'

const mark = (client: number, clock_end: number): Deed => ({
  committee: 'c',
  client,
  clock_end,
  done_ms: performance.now(),
  did: { kind: 'mark', elector: clock_end, at_s: 1_763_856_000 },
  acknowledged: false,
})

test('a receipt acknowledges its client up to its clock and nothing else', () => {
  const heard: number[] = []
  const book = new DeedBook((deed) => heard.push(deed.clock_end))
  for (const deed of [mark(1, 1), mark(1, 2), mark(2, 1), mark(1, 4)]) book.add(deed)
  book.receipt(1, 3)
  expect(book.deeds.map(({ acknowledged }) => acknowledged)).toEqual([true, true, false, false])
  expect(heard).toEqual([1, 2])
  expect(book.unacknowledged).toBe(2)
  expect(book.oldest).toBe(book.deeds[2])
  book.receipt(2, 1)
  book.receipt(1, 9)
  expect(book.unacknowledged).toBe(0)
  expect(book.oldest).toBeUndefined()
})

test('who waits goes on when few enough are left, and not before', async () => {
  const book = new DeedBook()
  for (const clock of [1, 2, 3]) book.add(mark(1, clock))
  let went = false
  const waiting = book.downTo(1).then(() => {
    went = true
  })
  book.receipt(1, 1)
  await null
  expect(went).toBe(false)
  book.receipt(1, 2)
  await waiting
  expect(went).toBe(true)
})

test('given up: who waits and who would wait is told why', async () => {
  const book = new DeedBook()
  book.add(mark(1, 1))
  const waiting = expect(book.downTo(0)).rejects.toThrow('sent away')
  book.giveUp(new Error('sent away'))
  await waiting
  await expect(book.downTo(5)).rejects.toThrow('sent away')
})
