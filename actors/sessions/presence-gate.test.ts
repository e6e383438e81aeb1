import { expect, test } from 'vitest'
import { ManualClock } from '../kernel/clock.ts'
import { PresenceGate } from './presence-gate.ts'

function makeGate(per_s: number) {
  const clock = new ManualClock()
  const passed: string[] = []
  let isOpen = true
  const gate = new PresenceGate({
    clock,
    per_s,
    mayPass: () => isOpen,
    pass: (address, frame) => passed.push(`${address}${frame[0]}`),
  })
  const arrive = (address: string, ...states: number[]) => states.map((state) => gate.arrived(address, new Uint8Array([state])))
  return { clock, gate, passed, arrive, open: (now: boolean) => (isOpen = now) }
}

test('[S16] within the rate every state passes at once', async () => {
  const { clock, passed, arrive } = makeGate(10)
  for (let n = 0; n < 50; n += 1) {
    expect(arrive('a', n)).toEqual([true])
    await clock.advance(100)
  }
  expect(passed).toEqual(Array.from({ length: 50 }, (_, n) => `a${n}`))
})

test('[S16] over it, the last of each document passes when it is its turn, and none after it has gone', async () => {
  const { clock, gate, passed, arrive } = makeGate(2)
  arrive('a', 1, 2, 3, 4)
  arrive('b', 5, 6)
  arrive('c', 7)
  expect(passed.splice(0)).toEqual(['a1', 'a2'])
  gate.closed('c')
  await clock.advance(500)
  expect(passed.splice(0)).toEqual(['a4'])
  arrive('b', 8)
  await clock.advance(500)
  expect(passed.splice(0)).toEqual(['b8'])
  await clock.advance(10_000)
  expect(passed).toEqual([])
  arrive('a', 1, 2, 3)
  gate.end()
  await clock.advance(10_000)
  expect(passed).toEqual(['a1', 'a2'])
})

test('[S16] while nothing may pass the last one waits', async () => {
  const { clock, passed, arrive, open } = makeGate(10)
  open(false)
  expect(arrive('a', 1, 2)).toEqual([false, false])
  await clock.advance(60_000)
  expect(passed).toEqual([])
  open(true)
  await clock.advance(200)
  expect(passed).toEqual(['a2'])
})
