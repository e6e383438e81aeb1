import { describe, expect, test } from 'vitest'
import { ManualClock } from './clock.ts'

describe('the manual clock', () => {
  test('[K18] it runs timers in the order they fall due, equals in the order made, and those that timers make', async () => {
    const clock = new ManualClock()
    const ran: string[] = []
    const note = (name: string) => () => ran.push(`${name} at ${clock.now_ms()}`)
    clock.after(20, note('late'))
    clock.after(10, note('first'))
    clock.after(10, async () => {
      note('second')()
      await undefined
      clock.after(5, note('made by a timer'))
    })
    clock.after(31, note('beyond'))
    await clock.advance(30)
    expect(ran).toEqual(['first at 10', 'second at 10', 'made by a timer at 15', 'late at 20'])
    expect(clock.now_ms()).toBe(30)
  })

  test('[K18] a cancelled timer never runs, and its twin does', async () => {
    const clock = new ManualClock()
    const ran: string[] = []
    const cancel = clock.after(10, () => ran.push('cancelled'))
    clock.after(10, () => ran.push('kept'))
    cancel()
    cancel()
    await clock.advance(10)
    expect(ran).toEqual(['kept'])
  })
})
