import { describe, expect, test } from 'vitest'
import { grace_ms } from '#actors/cluster/grace.ts'
import { beat_ms, silent_beats_max, unreturned_beats_max } from '#actors/cluster/pulse.ts'
import type { Committed } from '#actors/journal/store.ts'
import type { CommitteeId, Sequence, UserId } from '#contract/ids.ts'
import { Ether, type Process } from './ether.kit.ts'

const row = (committee: string, sequence: number, more: Partial<Committed> = {}): Committed => ({
  uuid: `00000000-0000-4000-8000-${String(sequence).padStart(12, '0')}`,
  committee: committee as CommitteeId,
  user: 7 as UserId,
  clients: [],
  update: new Uint8Array([0, 0]),
  touches: [],
  sequence: sequence as Sequence,
  head: 'a'.repeat(64),
  at_ms: 0,
  ...more,
})
const commit = (process: Process, ...rows: Committed[]) => process.neighbours.onCommitted(rows)
const othersOf = ({ others }: Process) => Object.fromEntries(others)

/** Two processes that have heard each other. */
async function startTwo(people: { one?: Record<string, string>; two?: Record<string, string> } = {}) {
  const ether = new Ether()
  const one = ether.start('one', people.one)
  const two = ether.start('two', people.two)
  await ether.pass(2 * beat_ms)
  return { ether, one, two }
}

describe('rows', () => {
  test('[N1] [N2] what a commit has written reaches who holds the committee, one word a committee, and nobody else', async () => {
    const { ether, one, two } = await startTwo()
    two.hold('a')
    commit(one, row('a', 1), row('b', 4), row('a', 2))
    await ether.pass(1)
    expect(two.rows).toEqual(['a 1 2'])
    expect(one.rows).toEqual([])
    expect(one.words.filter((word) => word.startsWith('rows'))).toEqual(['rows sent', 'rows sent'])
  })

  test('[N1] rows of the server, admitted ones and too large ones are told by number', async () => {
    const { ether, one, two } = await startTwo()
    two.hold('a')
    commit(one, row('a', 1, { user: null }))
    commit(one, row('a', 2), row('a', 3, { admits: { by: 1 as UserId } }))
    commit(one, row('a', 4, { update: new Uint8Array(300_000) }))
    await ether.pass(1)
    expect([two.rows, two.heads]).toEqual([[], ['a 1', 'a 3', 'a 4']])
  })

  test('[N4] a last word that was lost is missed at the next beat', async () => {
    const { ether, one, two } = await startTwo()
    two.hold('a')
    ether.loses = (_to, word) => word.kind === 'rows'
    commit(one, row('a', 9))
    await ether.pass(beat_ms + 5)
    expect([two.rows, two.heads]).toEqual([[], ['a 9']])
    // Once: the beat has come back.
    await ether.pass(3 * beat_ms)
    expect(two.heads).toEqual(['a 9'])
  })

  test('[N4] also what was told during an outage, however long', async () => {
    const { ether, one, two } = await startTwo()
    ether.state = 'away'
    one.cut()
    two.cut()
    commit(one, row('a', 9))
    await ether.pass(60 * beat_ms)
    expect(one.words).toContain('rows dropped')
    ether.state = 'there'
    two.reconnect()
    one.reconnect()
    await ether.pass(beat_ms)
    expect(two.heads).toEqual(['a 9'])
  })

  test("[N3] the database's word waits for the rows while they can come: not before the committee is held, not while Redis is away", async () => {
    const { ether, two } = await startTwo()
    const hear = (sequence: number) => two.neighbours.head('a' as CommitteeId, sequence as Sequence)
    hear(1)
    two.hold('a')
    hear(2)
    expect(two.heads).toEqual(['a 1'])
    await ether.pass(grace_ms)
    expect(two.heads).toEqual(['a 1', 'a 2'])
    ether.state = 'away'
    two.cut()
    hear(3)
    expect(two.heads).toEqual(['a 1', 'a 2', 'a 3'])
  })

  test('a committee that has gone to sleep is not listened to any more', async () => {
    const { ether, one, two } = await startTwo()
    two.hold('a')
    two.awake.delete('a')
    await ether.pass(beat_ms)
    commit(one, row('a', 1))
    await ether.pass(1)
    expect(two.rows).toEqual([])
  })
})

describe('who is there', () => {
  test('[N5] [P10] a process that was killed is gone within its beats, and its people with it', async () => {
    const { ether, one, two } = await startTwo({ two: { a: 'Salem' } })
    expect(othersOf(one)).toEqual({ 'two a': 'Salem' })
    two.die()
    await ether.pass((silent_beats_max - 1) * beat_ms - 10)
    expect(othersOf(one)).toEqual({ 'two a': 'Salem' })
    await ether.pass(beat_ms + 20)
    expect(othersOf(one)).toEqual({})
    expect(one.logged).toContain('another process has gone without a word')
  })

  test('[N5] [P10] nobody is gone during an outage, away or frozen, nor after it', async () => {
    for (const state of ['away', 'frozen'] as const) {
      const { ether, one, two } = await startTwo({ one: { a: 'Huda' }, two: { a: 'Salem' } })
      ether.state = state
      if (state === 'away') for (const process of [one, two]) process.cut()
      await ether.pass(120 * beat_ms)
      expect(othersOf(one)).toEqual({ 'two a': 'Salem' })
      ether.state = 'there'
      one.reconnect()
      // The other is back later: its silence counts from our return, and is not long enough.
      await ether.pass((silent_beats_max - 2) * beat_ms)
      two.reconnect()
      await ether.pass(3 * beat_ms)
      expect([othersOf(one), othersOf(two)]).toEqual([{ 'two a': 'Salem' }, { 'one a': 'Huda' }])
      expect([...one.logged, ...two.logged]).not.toContain('another process has gone without a word')
    }
  })

  test('[N6] [N7] a frozen Redis is given up and tried again, with one line in the log; nothing is kept for it', async () => {
    const { ether, one } = await startTwo()
    ether.state = 'frozen'
    await ether.pass(30 * beat_ms)
    expect(one.renewed).toBeGreaterThan(0)
    one.show('a', 'Huda')
    commit(one, row('a', 1))
    expect(one.words).toEqual(expect.arrayContaining(['news dropped', 'rows dropped']))
    expect(one.neighbours.figures()).toEqual({ redis_up: 0, neighbours: 1 })
    expect(one.logged.filter((line) => line.startsWith('Redis is away'))).toHaveLength(1)
    expect(unreturned_beats_max).toBeLessThan(silent_beats_max)
  })

  test('[N8] who says goodbye is gone at once', async () => {
    const { ether, one, two } = await startTwo({ two: { a: 'Salem' } })
    await two.neighbours.close()
    await ether.pass(1)
    expect(othersOf(one)).toEqual({})
    expect(one.neighbours.figures().neighbours).toBe(0)
  })

  test('[N9] a restarted process has nobody of its life before, and a late word of that life does nothing', async () => {
    const { ether, one, two } = await startTwo({ two: { a: 'Salem' } })
    two.die()
    await ether.pass(10)
    const reborn = ether.start('two', { b: 'Badr' })
    await ether.pass(2 * beat_ms)
    expect(othersOf(one)).toEqual({ 'two b': 'Badr' })
    expect(one.neighbours.figures().neighbours).toBe(1)
    expect(reborn.logged).not.toContain('another process has the same INSTANCE, or had it a moment ago')
  })

  test('[N9] what is no word of ours does nothing, and is said', async () => {
    const { ether, one } = await startTwo()
    for (const bytes of [[], [99], [1, 2, 3], [0, 3, 116, 119, 111, 1, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1]]) {
      one.receive('lajna1:0:all', new Uint8Array(bytes))
    }
    await ether.pass(beat_ms)
    expect(one.logged.filter((line) => line === 'Redis brought what is no word of ours')).toHaveLength(4)
    expect(one.neighbours.figures()).toEqual({ redis_up: 1, neighbours: 1 })
  })
})

describe('people', () => {
  test('[P10] news reach everybody in order; a process that starts later gets the whole picture by itself', async () => {
    const { ether, one, two } = await startTwo({ one: { a: 'Huda' } })
    one.show('a', 'Huda, Nasser')
    one.show('b', 'Badr')
    await ether.pass(1)
    expect(othersOf(two)).toEqual({ 'one a': 'Huda, Nasser', 'one b': 'Badr' })
    const three = ether.start('three', { a: 'Mona' })
    await ether.pass(2 * beat_ms)
    expect(othersOf(three)).toEqual({ 'one a': 'Huda, Nasser', 'one b': 'Badr' })
    expect(othersOf(two)).toEqual({ 'one a': 'Huda, Nasser', 'one b': 'Badr', 'three a': 'Mona' })
  })

  test('[P10] lost news, the last of all too, are made good by a picture within a beat', async () => {
    const { ether, one, two } = await startTwo({ one: { a: 'Huda', b: 'Badr' } })
    ether.loses = (_to, word) => word.kind === 'news'
    one.show('a', 'Huda, Nasser')
    one.show('b', '') // left: a removal is lost
    await ether.pass(5)
    ether.loses = (to, word) => to === 'two' && word.kind === 'pictures' // and the first answer too
    await ether.pass(beat_ms)
    ether.loses = () => false
    await ether.pass(5 * beat_ms)
    expect(othersOf(two)).toEqual({ 'one a': 'Huda, Nasser' })
  })

  test('[P10] who came and went during an outage is seen after it, with nobody doing anything', async () => {
    const { ether, one, two } = await startTwo({ one: { a: 'Huda', b: 'Badr' }, two: { a: 'Salem' } })
    ether.state = 'away'
    for (const process of [one, two]) process.cut()
    one.show('a', '')
    two.show('c', 'Mona')
    await ether.pass(30 * beat_ms)
    expect(othersOf(two)).toEqual({ 'one a': 'Huda', 'one b': 'Badr' })
    ether.state = 'there'
    for (const process of [one, two]) process.reconnect()
    await ether.pass(2 * beat_ms)
    expect([othersOf(one), othersOf(two)]).toEqual([{ 'two a': 'Salem', 'two c': 'Mona' }, { 'one b': 'Badr' }])
  })

  test('a picture that is too large for one word comes in several', async () => {
    const crowd = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`c${at}`, String(at).repeat(60_000)]))
    const { one, two } = await startTwo({ one: crowd })
    expect(one.words.filter((word) => word.startsWith('pictures')).length).toBeGreaterThan(1)
    expect(othersOf(two)).toEqual(Object.fromEntries(Object.entries(crowd).map(([committee, who]) => [`one ${committee}`, who])))
  })
})

test('[N10] what is announced reaches all others, by its topic, and who has no ear for it is not disturbed', async () => {
  const { ether, one, two } = await startTwo()
  one.neighbours.announce('greeting', Buffer.from('salam'))
  one.neighbours.announce('nobody listens', Buffer.from('x'))
  await ether.pass(1)
  expect([one.announced, two.announced]).toEqual([[], ['one: salam']])
})
