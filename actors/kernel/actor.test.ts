import { describe, expect, test } from 'vitest'
import { idle_ms, makeGate, makeWorld } from './probe.kit.ts'

describe('turns', () => {
  test('[K1] turns of one address keep the order told and never overlap', async () => {
    const inside: string[] = []
    const overlaps: string[] = []
    const order: string[] = []
    const { clock, tell } = makeWorld({
      async receive(_state, { text }) {
        if (inside.length > 0) overlaps.push(text)
        inside.push(text)
        await new Promise<void>((resume) => clock.after(text === '1' ? 30 : 5, resume))
        order.push(text)
        inside.pop()
      },
    })
    tell('1', '2', '3')
    await clock.advance(10)
    expect(order).toEqual([])
    tell('4')
    await clock.advance(100)
    expect(order).toEqual(['1', '2', '3', '4'])
    expect(overlaps).toEqual([])
  })

  test('[K1] nor do they overlap when one is told just after a turn that used up the slice of K16', async () => {
    let inside = 0
    let inside_max = 0
    const { clock, tell } = makeWorld({
      async receive() {
        inside_max = Math.max(inside_max, ++inside)
        await new Promise<void>((resume) => clock.after(50, resume))
        inside--
        if (inside_max === 1) clock.after(0, () => tell('3', '4'))
      },
    })
    tell('1')
    await clock.advance(1_000)
    expect(inside_max).toBe(1)
  })

  test('[K1] there is no moment in which a message can be told and then lie there', async () => {
    for (let moment = 0; moment < 40; moment += 1) {
      const { clock, tell, events } = makeWorld()
      tell('1')
      if (moment % 2 === 1) await clock.advance(idle_ms - 1)
      if (moment % 2 === 1) void clock.advance(1) // now it is about to sleep
      for (let turn = 0; turn < moment / 2; turn += 1) await undefined
      tell('2')
      await clock.settle()
      expect(events.filter((event) => event.startsWith('2 in life')).length, `after ${moment} promise turns`).toBe(1)
    }
  })

  test('[K1] an address does not wait for another one', async () => {
    const gate = makeGate()
    const seen: string[] = []
    const { clock, directory } = makeWorld({
      async receive(_state, { text }) {
        if (text === 'slow') await gate.passed
        seen.push(text)
      },
    })
    directory.tell('a', { text: 'slow' })
    directory.tell('b', { text: 'quick' })
    await clock.settle()
    expect(seen).toEqual(['quick'])
    gate.open()
    await clock.settle()
    expect(seen).toEqual(['quick', 'slow'])
  })

  test('[K2] telling only queues: not even a turn that never awaits runs inside it', async () => {
    const { clock, tell, happened } = makeWorld()
    tell('1')
    expect(happened()).toEqual([])
    await clock.settle()
    expect(happened()).toEqual(['wake a', '1 in life 1'])
    tell('2') // now it idles with its state in memory
    expect(happened()).toEqual([])
    await clock.settle()
    expect(happened()).toEqual(['2 in life 1'])
  })

  test('[K3] a full mailbox refuses `overloaded`; below its bound it takes everything', async () => {
    const { clock, tell, happened } = makeWorld({}, 2)
    tell('1', '2', '3')
    expect(happened()).toEqual(['3 refused overloaded'])
    await clock.settle()
    expect(happened()).toEqual(['wake a', '1 in life 1', '2 in life 1'])
    tell('4', '5')
    await clock.settle()
    expect(happened()).toEqual(['4 in life 1', '5 in life 1'])
  })

  test('[K16] a long mailbox gives way to timers after 10 ms of turns, and then goes on', async () => {
    let passed_ms = 0
    const order: string[] = []
    const { clock, tell } = makeWorld({
      receive(_state, { text }) {
        passed_ms += 4 // the turn works for 4 ms
        order.push(text)
      },
    })
    const standing_ms = clock.now_ms.bind(clock)
    clock.now_ms = () => standing_ms() + passed_ms
    clock.after(0, () => order.push('timer'))
    tell('1', '2', '3', '4', '5')
    await clock.settle()
    expect(order).toEqual(['1', '2', '3'])
    await clock.advance(0)
    expect(order).toEqual(['1', '2', '3', 'timer', '4', '5'])
  })
})

describe('waking and sleeping', () => {
  test('[K4] what is told while the address wakes waits and keeps its order', async () => {
    const gate = makeGate()
    let wakes = 0
    const seen: string[] = []
    const { clock, tell } = makeWorld({
      async wake() {
        wakes += 1
        await gate.passed
        return { life: wakes, seen }
      },
      receive: (state, { text }) => void state.seen.push(text),
    })
    tell('1')
    await clock.settle()
    tell('2')
    await clock.settle()
    tell('3')
    expect(seen).toEqual([])
    gate.open()
    await clock.settle()
    expect(seen).toEqual(['1', '2', '3'])
    expect(wakes).toBe(1)
  })

  test('[K5] an actor sleeps after idle_ms without a message, counted from the last one, and the next message wakes it', async () => {
    const { clock, directory, tell, happened } = makeWorld()
    tell('1')
    await clock.advance(idle_ms - 1)
    tell('2')
    await clock.advance(idle_ms - 1)
    expect(happened()).toEqual(['wake a', '1 in life 1', '2 in life 1'])
    expect([directory.has('a'), directory.has('b')]).toEqual([true, false])
    await clock.advance(1)
    expect(happened()).toEqual(['sleep'])
    expect(directory.has('a')).toBe(false)
    tell('3')
    await clock.settle()
    expect(happened()).toEqual(['wake a', '3 in life 2'])
  })

  test.each([
    { slept: true, next: ['wake a', 'late in life 2'] },
    { slept: false, next: ['late in life 1'] },
  ])('[K5] a message told while the actor sleeps in is not lost (sleep answers $slept)', async ({ slept, next }) => {
    const gate = makeGate()
    const { clock, tell, happened } = makeWorld({ sleep: () => gate.passed.then(() => slept) })
    tell('1')
    await clock.advance(idle_ms)
    expect(happened()).toEqual(['wake a', '1 in life 1'])
    tell('late')
    await clock.settle()
    expect(happened()).toEqual([])
    gate.open()
    await clock.settle()
    expect(happened()).toEqual(next)
  })

  test('[K19] what a resting state has no use for does not put off its sleep; told to a busy one it is a message like any other', async () => {
    const gate = makeGate()
    const { clock, directory, tell, happened } = makeWorld({
      ignores: (state, { text }) => state.seen.includes(text),
      receive: (state, { text }) => {
        state.seen.push(text)
        return text === 'long' ? gate.passed : undefined
      },
    })
    tell('1', 'long', '1')
    await clock.settle()
    expect(directory.depth().total).toBe(1)
    gate.open()
    await clock.advance(idle_ms - 1)
    tell('1')
    await clock.advance(1)
    expect(happened()).toEqual(['wake a', 'sleep'])
    tell('2')
    await clock.advance(idle_ms - 1)
    tell('3')
    await clock.advance(1)
    expect(happened()).toEqual(['wake a'])
  })

  test('[K6] a vetoed sleep keeps the state and is asked again after another idle_ms', async () => {
    let asked = 0
    const { clock, directory, tell, happened } = makeWorld({ sleep: () => ++asked > 2 })
    tell('1')
    await clock.advance(idle_ms)
    expect(asked).toBe(1)
    await clock.advance(idle_ms - 1)
    expect(asked).toBe(1)
    await clock.advance(1)
    expect(asked).toBe(2)
    tell('2')
    await clock.settle()
    expect(happened()).toEqual(['wake a', '1 in life 1', '2 in life 1'])
    await clock.advance(idle_ms)
    expect([asked, directory.has('a')]).toEqual([3, false])
  })
})
