import { expect, test } from 'vitest'
import { handClock } from './hand-clock.ts'
import { createTyping } from './typing.ts'

const at = (head: number, anchor = head) => ({ anchor, head })

function field() {
  const hand = handClock()
  /** Where the caret was, or that nobody types; and when, in milliseconds from the beginning. */
  const told: [number | undefined, number][] = []
  const begin_ms = hand.clock.now()
  const typing = createTyping(hand.clock, (now) => void told.push([now?.place?.head, hand.clock.now() - begin_ms]))
  return { ...hand, told, ...typing }
}

test('[P6] the first letter is told at once, the next ones joined, never two within 250 ms', async () => {
  const { typed, told, advance } = field()
  for (let letter = 1; letter <= 9; letter += 1) {
    typed(at(letter))
    await advance(100)
  }
  expect(told).toEqual([
    [1, 0],
    [4, 350],
    [7, 650],
  ])
  await advance(250)
  expect(told.at(-1)).toEqual([9, 950])
})

test('three seconds after the last letter nobody is typing', async () => {
  const { typed, told, advance, waiting } = field()
  typed(at(1))
  await advance(2_999)
  typed(at(2))
  await advance(2_999)
  expect(told.at(-1)).toEqual([2, 3_249])
  await advance(1)
  expect(told.at(-1)).toEqual([undefined, 5_999])
  expect(waiting()).toBe(0)
})

test('who leaves the field rests at once, and what was about to be told is not', async () => {
  const { typed, rest, told, advance } = field()
  typed(at(1))
  typed(at(2))
  rest()
  rest()
  await advance(10_000)
  expect(told).toEqual([
    [1, 0],
    [undefined, 0],
  ])
  typed(at(3))
  expect(told.at(-1)).toEqual([3, 10_000])
})

test('a caret that moves is told while somebody types, keeps nobody typing, and begins nothing', async () => {
  const { typed, moved, told, advance } = field()
  moved(at(5))
  expect(told).toEqual([])
  typed(at(6))
  await advance(2_000)
  moved(at(6))
  moved(at(2, 6))
  await advance(250)
  expect(told).toEqual([
    [6, 0],
    [2, 2_250],
  ])
  await advance(750)
  expect(told.at(-1)).toEqual([undefined, 3_000])
  moved(at(1))
  await advance(1_000)
  expect(told).toHaveLength(3)
})
