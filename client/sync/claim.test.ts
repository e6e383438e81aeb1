import { expect, test } from 'vitest'
import type { ElectorSerial } from '#contract/ids.ts'
import type { Claim } from '#contract/presence.ts'
import { createClaim } from './claim.ts'
import { handClock } from './hand-clock.ts'

const [one, two] = [1 as ElectorSerial, 2 as ElectorSerial]
const minutes = (n: number) => n * 60_000

function page() {
  const hand = handClock()
  const told: (Claim | undefined)[] = []
  return { ...hand, told, ...createClaim(hand.clock, (claim) => void told.push(claim)) }
}

test('[P8] a claim is said with its time, and taken back by hand, once', () => {
  const { claim, release, elector, told } = page()
  release()
  claim(one)
  expect(elector()).toBe(one)
  release()
  release()
  expect(elector()).toBeUndefined()
  expect(told).toEqual([{ elector: 1, since_s: 1_000 }, undefined])
})

test('[P8] after ten minutes it is taken back by itself, also where it was said again meanwhile', async () => {
  const { claim, elector, told, advance, waiting } = page()
  claim(one)
  await advance(minutes(6))
  claim(one)
  await advance(minutes(4) - 1)
  expect(elector()).toBe(one)
  await advance(1)
  expect(elector()).toBeUndefined()
  expect(told).toEqual([{ elector: 1, since_s: 1_000 }, undefined])
  expect(waiting()).toBe(0)
})

test('a claim on another elector takes its place, with ten minutes of its own', async () => {
  const { claim, elector, told, advance } = page()
  claim(one)
  await advance(minutes(6))
  claim(two)
  await advance(minutes(9))
  expect(elector()).toBe(two)
  await advance(minutes(1))
  expect(told).toEqual([{ elector: 1, since_s: 1_000 }, { elector: 2, since_s: 1_360 }, undefined])
})

test('a page that has gone takes nothing back any more: its presence has gone as a whole', async () => {
  const { claim, stop, told, advance } = page()
  claim(one)
  stop()
  await advance(minutes(11))
  expect(told).toHaveLength(1)
})
