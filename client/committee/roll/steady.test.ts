import { createRoot, createSignal } from 'solid-js'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createSteady } from './steady.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function steady(first: readonly number[]) {
  return createRoot((dispose) => {
    const [live, setLive] = createSignal(first)
    const [asked, setAsked] = createSignal('')
    return { ...createSteady(live, asked), setLive, setAsked, dispose }
  })
}

test('what others change moves rows at once while nobody touches them', () => {
  const { shown, setLive, dispose } = steady([1, 2])
  setLive([2, 1])
  expect(shown()).toEqual([2, 1])
  dispose()
})

test('a touched list keeps its order until it has been left alone', () => {
  const { shown, touch, setLive, dispose } = steady([1, 2, 3])
  touch()
  setLive([3, 1, 2])
  vi.advanceTimersByTime(2_000)
  touch()
  setLive([3, 2])
  vi.advanceTimersByTime(2_500)
  expect(shown()).toEqual([1, 2, 3])
  vi.advanceTimersByTime(600)
  expect(shown()).toEqual([3, 2])
  dispose()
})

test('what the person asks for is shown at once, and what waited with it', () => {
  const { shown, touch, setLive, setAsked, dispose } = steady([1, 2])
  touch()
  setLive([2])
  setAsked('two')
  expect(shown()).toEqual([2])
  dispose()
})

test('an empty list fills at once', () => {
  const { shown, touch, setLive, dispose } = steady([])
  touch()
  setLive([1])
  expect(shown()).toEqual([1])
  dispose()
})
