import { describe, expect, test } from 'vitest'
import { makeGate, makeWorld } from './probe.kit.ts'

describe('draining', () => {
  test('[K14] a drain handles what waits, refuses what is new and puts everyone to sleep', async () => {
    const { clock, directory, tell, happened } = makeWorld()
    directory.tell('b', { text: 'before' })
    await clock.settle()
    tell('1', '2')
    const left = directory.drain(5_000)
    tell('3')
    directory.tell('stranger', { text: '4' })
    await clock.settle()
    expect(await left).toEqual([])
    const events = happened()
    expect(events.filter((event) => event.includes('refused'))).toEqual(['3 refused draining', '4 refused draining'])
    expect(events.filter((event) => event.includes('in life'))).toEqual(['before in life 1', '1 in life 2', '2 in life 2'])
    expect(events.filter((event) => event === 'sleep')).toHaveLength(2)
    expect(directory.awake()).toEqual([])
  })

  test('[K14] a drain of nobody answers at once', async () => {
    const { directory } = makeWorld()
    expect(await directory.drain(5_000)).toEqual([])
  })

  test('[K14] a vetoed sleep is asked again every 50 ms of a drain', async () => {
    let asked = 0
    const { clock, directory, tell } = makeWorld({ sleep: () => ++asked > 2 })
    tell('1')
    const left = directory.drain(5_000)
    await clock.advance(99)
    expect([asked, directory.awake()]).toEqual([2, ['a']])
    await clock.advance(1)
    expect(await left).toEqual([])
  })

  test('[K13] an answer passes a full mailbox, in its order', async () => {
    const { clock, tell, answer, happened } = makeWorld({}, 1)
    tell('1', 'too many')
    answer('committed')
    await clock.settle()
    expect(happened()).toEqual(['too many refused overloaded', 'wake a', '1 in life 1', 'committed in life 1'])
  })

  test('[K13] an answer reaches an actor that a drain waits for; at an address asleep it is refused', async () => {
    let unsaved = true
    const { clock, directory, tell, answer, happened } = makeWorld({
      receive(_state, { text }) {
        if (text === 'committed') unsaved = false
      },
      sleep: () => !unsaved,
    })
    tell('1')
    const left = directory.drain(5_000)
    await clock.settle()
    expect(directory.awake()).toEqual(['a'])
    answer('committed')
    await clock.settle()
    expect(await left).toEqual([])
    expect(happened()).toEqual(['wake a'])
    answer('too late')
    expect(happened()).toEqual(['too late refused draining'])
  })

  test('[K15] a drain ends at its deadline, names who is left and refuses what waits there', async () => {
    const hanging = makeGate()
    const { clock, directory, tell, happened } = makeWorld({
      receive: (_state, { text }) => (text === 'hangs' ? hanging.passed : undefined),
      sleep: (state) => state.life !== 2,
    })
    tell('hangs', 'waits')
    directory.tell('vetoes', { text: '1' })
    directory.tell('obeys', { text: '2' })
    await clock.settle()
    let left: readonly string[] | undefined
    void directory.drain(500).then((addresses) => {
      left = addresses
    })
    await clock.advance(499)
    expect(left).toBeUndefined()
    happened()
    await clock.advance(1)
    expect(left).toEqual(['a', 'vetoes'])
    expect(happened()).toEqual(['waits refused draining'])
    hanging.open()
    await clock.advance(0)
    expect(directory.awake()).toEqual(['vetoes'])
  })
})

test('[K17] depth, turn time and faults can be observed', async () => {
  const { clock, directory, tell, turns_ms, faults } = makeWorld({
    async receive(_state, { text }) {
      await new Promise<void>((resume) => clock.after(7, resume))
      if (text === 'bad') throw new Error('broken')
    },
  })
  tell('1', 'bad', '3')
  directory.tell('b', { text: '4' })
  expect(directory.depth()).toEqual({ total: 4, deepest: 3 })
  await clock.advance(100)
  expect(turns_ms).toEqual([7, 7, 7, 7])
  expect(faults).toEqual(['probe receive restarts'])
  expect(directory.depth()).toEqual({ total: 0, deepest: 0 })
})
