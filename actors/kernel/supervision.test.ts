import { describe, expect, test } from 'vitest'
import { type Behaviour, NotWoken } from './behaviour.ts'
import { idle_ms, type Message, makeWorld, type State } from './probe.kit.ts'

/** Faults in the turn of every message whose text begins with `bad`. */
const breaking: Partial<Behaviour<string, State, Message>> = {
  receive(state, { text }) {
    if (text.startsWith('bad')) throw new Error(text)
    state.seen.push(text)
  },
}

describe('supervision', () => {
  test.each([
    {
      how: 'throws',
      fail: () => {
        throw new Error('broken')
      },
    },
    { how: 'rejects', fail: () => Promise.reject(new Error('broken')) },
  ])('[K7] a turn that $how costs its message and the state; what waits is handled by a fresh one', async ({ fail }) => {
    const discarded: unknown[] = []
    const world = makeWorld({
      receive(state, { text }) {
        if (text === 'bad') return fail()
        state.seen.push(text)
        world.events.push(`${text} in life ${state.life}`)
      },
      discard: (address, state, fault) => void discarded.push([address, state?.seen, String(fault)]),
    })
    world.tell('1', 'bad', '2', '3')
    await world.clock.settle()
    expect(world.happened()).toEqual(['wake a', '1 in life 1', 'bad refused overloaded', 'wake a', '2 in life 2', '3 in life 2'])
    expect(discarded).toEqual([['a', ['1'], 'Error: broken']])
    expect([world.faults, world.logged]).toEqual([['probe receive restarts'], ['an actor failed']])
  })

  test('[K8] a failed wake refuses what waits, and the next message wakes again', async () => {
    let broken = true
    const discarded: unknown[] = []
    const { clock, directory, tell, happened, faults } = makeWorld({
      async wake() {
        if (broken) throw new Error('no such table')
        return { life: 9, seen: [] }
      },
      discard: (_address, state) => void discarded.push(state),
    })
    tell('1', '2')
    await clock.settle()
    expect(happened()).toEqual(['1 refused overloaded', '2 refused overloaded'])
    expect([directory.has('a'), discarded, faults]).toEqual([false, [undefined], ['probe wake restarts']])
    broken = false
    tell('3')
    await clock.settle()
    expect(happened()).toEqual(['3 in life 9'])
  })

  test('[K9] a wake that expects to fail says why; however often, it is no fault', async () => {
    let away = true
    const { clock, tell, happened, faults, logged } = makeWorld({
      wake: () => (away ? new NotWoken({ code: 'store-unavailable' }) : { life: 1, seen: [] }),
    })
    for (let n = 0; n < 20; n += 1) {
      tell('1', '2')
      await clock.settle()
      expect(happened()).toEqual(['1 refused store-unavailable', '2 refused store-unavailable'])
    }
    expect([faults, logged]).toEqual([[], []])
    away = false
    tell('3')
    await clock.settle()
    expect(happened()).toEqual(['3 in life 1'])
  })

  test('[K10] a fault in sleep keeps the state and is asked again', async () => {
    let broken = true
    const { clock, directory, tell, happened, faults } = makeWorld({
      async sleep() {
        if (broken) throw new Error('cannot save')
        return true
      },
    })
    tell('1')
    for (let n = 0; n < 10; n += 1) await clock.advance(idle_ms)
    tell('2')
    await clock.settle()
    expect(happened()).toEqual(['wake a', '1 in life 1', '2 in life 1'])
    expect(faults).toEqual(Array(10).fill('probe sleep keeps its state'))
    broken = false
    await clock.advance(idle_ms)
    expect(directory.has('a')).toBe(false)
  })

  test('[K11] the sixth restart within a minute stops the address for half a minute', async () => {
    const { clock, directory, tell, answer, happened, faults } = makeWorld(breaking)
    tell('bad1', 'bad2', 'bad3', 'bad4', 'bad5', 'bad6', 'waiting')
    await clock.settle()
    expect(happened().filter((event) => event.startsWith('waiting'))).toEqual(['waiting refused overloaded'])
    expect(faults).toEqual([...Array(5).fill('probe receive restarts'), 'probe receive stops'])
    expect(directory.has('a')).toBe(false)
    await clock.advance(29_999)
    tell('too early')
    answer('too early as well')
    await clock.settle()
    expect(happened()).toEqual(['too early refused overloaded', 'too early as well refused overloaded'])
    await clock.advance(1)
    tell('in time')
    await clock.settle()
    expect(happened()).toEqual(['wake a'])
  })

  test('[K11] five restarts within a minute do not stop it, and a minute later they are forgotten', async () => {
    const { clock, tell, faults } = makeWorld(breaking)
    for (let minute = 0; minute < 3; minute += 1) {
      tell('bad1', 'bad2', 'bad3', 'bad4', 'bad5', 'good')
      await clock.advance(60_000)
    }
    expect(faults).toEqual(Array(15).fill('probe receive restarts'))
  })

  test('[K11] a sender that tells again from inside the refusal is answered, not queued at a stopped address', async () => {
    let again = 1
    const world = makeWorld({
      ...breaking,
      refuse({ text }) {
        world.events.push(`${text} refused`)
        if (text === 'waiting' && again-- > 0) world.tell('again')
      },
    })
    world.tell('bad1', 'bad2', 'bad3', 'bad4', 'bad5', 'bad6', 'waiting')
    await world.clock.settle()
    expect(world.happened().slice(-2)).toEqual(['waiting refused', 'again refused'])
    expect(world.directory.depth().total).toBe(0)
  })

  test('[K12] no fault reaches who tells or becomes an unhandled rejection', async () => {
    const unhandled: unknown[] = []
    const listen = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', listen)
    const reject = () => Promise.reject(new Error('broken'))
    const { clock, tell, logged, faults } = makeWorld({ receive: reject, sleep: reject, refuse: reject, discard: reject }, 2)
    tell('1', '2', '3')
    await clock.advance(idle_ms)
    await new Promise((resume) => setImmediate(resume))
    process.off('unhandledRejection', listen)
    expect(unhandled).toEqual([])
    expect(faults).toEqual(['probe receive restarts', 'probe receive restarts'])
    expect(logged.toSorted()).toEqual([...Array(2).fill('an actor failed'), ...Array(5).fill('an answer failed')])
  })
})
