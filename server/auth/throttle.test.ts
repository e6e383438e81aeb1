import { expect, test } from 'vitest'
import { LoginThrottle } from './throttle.ts'

function makeWorld() {
  let now_ms = 0
  const throttle = new LoginThrottle({ login_tries_max: 3, login_window_ms: 1_000 }, () => now_ms)
  const take = (login: string, address = '1.1.1.1') => throttle.take(login, address).ok
  return { throttle, take, at: (time_ms: number) => (now_ms = time_ms) }
}

test('so many tries and no more; the answer says how long to wait; after the window it starts anew', () => {
  const { throttle, take, at } = makeWorld()
  expect([take('a'), take('a'), take('a'), take('a')]).toEqual([true, true, true, false])
  at(400)
  expect(throttle.take('a', '1.1.1.1')).toEqual({ ok: false, error: { retry_after_ms: 600 } })
  at(999)
  expect(take('a')).toBe(false)
  at(1_000)
  expect(take('a')).toBe(true)
})

test('it counts a login and an address together, whatever the case of the login', () => {
  const { take } = makeWorld()
  for (const login of ['a', 'A', 'a']) expect(take(login)).toBe(true)
  expect(take('A')).toBe(false)
  expect(take('b')).toBe(true)
  expect(take('a', '2.2.2.2')).toBe(true)
})

test('a login that succeeds is forgotten', () => {
  const { throttle, take } = makeWorld()
  expect([take('a'), take('a'), take('a')]).toEqual([true, true, true])
  throttle.succeeded('a', '1.1.1.1')
  expect([take('a'), take('a'), take('a'), take('a')]).toEqual([true, true, true, false])
})
