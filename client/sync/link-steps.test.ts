import { expect, test } from 'vitest'
import { backoff_ms, delay_max_ms, delay_min_ms, type LinkEvent, type LinkPhase, linkSteps } from './link-steps.ts'

const phases = Object.keys(linkSteps) as LinkPhase[]
const events = Object.keys(linkSteps.waiting) as LinkEvent[]

test('every way into connecting opens a socket or already has one', () => {
  for (const phase of phases) {
    for (const event of events) {
      const [next, effect] = linkSteps[phase][event]
      if (next === 'connecting' && phase !== 'connecting') expect(effect, `${phase} ${event}`).toBe('connect')
      if (next === 'waiting' && phase !== 'waiting') expect(effect, `${phase} ${event}`).toBe('wait')
      if (next === 'ended' && phase !== 'ended') expect(effect, `${phase} ${event}`).toBe('stop')
    }
  }
})

test('a final no ends the line from every phase, and only the person opens it again', () => {
  for (const phase of phases) expect(linkSteps[phase].barred[0]).toBe('ended')
  const ways = events.filter((event) => linkSteps.ended[event][0] !== 'ended')
  expect(ways).toEqual(['asked'])
})

test('waits grow to ten seconds, are never under half a second, and are spread', () => {
  expect(backoff_ms(0, () => 0)).toBe(delay_min_ms)
  expect(backoff_ms(0, () => 1)).toBe(1_000)
  expect(backoff_ms(2, () => 1)).toBe(4_000)
  for (const attempt of [4, 50, 10_000]) expect(backoff_ms(attempt, () => 1)).toBe(delay_max_ms)
  expect(backoff_ms(3, () => 0.5)).toBe(4_250)
})
