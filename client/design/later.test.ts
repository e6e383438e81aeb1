import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLater } from './later.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function ran() {
  const done: string[] = []
  const of = (name: string) => () => {
    done.push(name)
  }
  return { done, a: of('a'), b: of('b'), c: of('c') }
}

test('each runs its own time after it was asked for, over one timer', () => {
  const { later } = createLater(100)
  const { done, a, b } = ran()
  later(a)
  vi.advanceTimersByTime(60)
  later(b)
  expect(vi.getTimerCount()).toBe(1)
  vi.advanceTimersByTime(40)
  expect(done).toEqual(['a'])
  vi.advanceTimersByTime(59)
  expect(done).toEqual(['a'])
  vi.advanceTimersByTime(1)
  expect(done).toEqual(['a', 'b'])
  expect(vi.getTimerCount()).toBe(0)
})

test('who asks again begins to wait anew; who is dropped does not run, and the others do', () => {
  const { later, drop } = createLater(100)
  const { done, a, b, c } = ran()
  later(a)
  later(b)
  later(c)
  vi.advanceTimersByTime(60)
  later(a)
  drop(b)
  vi.advanceTimersByTime(40)
  expect(done).toEqual(['c'])
  vi.advanceTimersByTime(60)
  expect(done).toEqual(['c', 'a'])
})

test('what runs may ask again', () => {
  const { later } = createLater(100)
  let times = 0
  const again = () => {
    times += 1
    if (times < 3) later(again)
  }
  later(again)
  vi.advanceTimersByTime(1_000)
  expect(times).toBe(3)
  expect(vi.getTimerCount()).toBe(0)
})
