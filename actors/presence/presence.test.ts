import { expect, test } from 'vitest'
import { committee, Processes } from './presence.kit.ts'

const flush_ms = 250

test('[P6] what comes within the time goes out as one message of each client’s last state', async () => {
  using processes = new Processes()
  const [watcher, one, two] = [processes.device(1, 1), processes.device(2, 2), processes.device(3, 3)]
  one.say({ ballot: 1 })
  two.say({ ballot: 1 })
  await processes.clock.advance(1_000)
  const before = watcher.messages.length
  for (let ballot = 2; ballot <= 6; ballot += 1) {
    one.say({ ballot })
    two.say({ ballot: ballot * 10 })
    await processes.clock.advance(40)
  }
  expect(watcher.messages).toHaveLength(before)
  await processes.clock.advance(flush_ms)
  expect(watcher.messages.slice(before)).toEqual([[2, 3]])
  expect([2, 3].map((client) => watcher.stateOf(client)?.ballot)).toEqual([6, 60])
  expect(processes.news.at(-1)?.people.map(({ ballot }) => ballot)).toEqual([6, 60])
})

test('[P6] who comes, who leaves and who begins to type go at once; what else waits stays behind', async () => {
  using processes = new Processes()
  const [watcher, waits, typist] = [processes.device(1, 1), processes.device(2, 2), processes.device(3, 3)]
  waits.say({})
  await processes.clock.advance(0)
  expect(watcher.sees).toEqual([2])
  await processes.clock.advance(1_000)
  waits.say({ ballot: 7 })
  typist.say({})
  await processes.clock.advance(0)
  expect(watcher.sees).toEqual([2, 3])
  await processes.clock.advance(50)
  typist.say({ typing: 'note/5' })
  await processes.clock.advance(0)
  expect(watcher.stateOf(3)?.typing).toBe('note/5')
  await processes.clock.advance(50)
  typist.leave()
  await processes.clock.advance(0)
  expect(watcher.sees).toEqual([2])
  expect(watcher.stateOf(2)?.ballot).toBeUndefined()
  await processes.clock.advance(flush_ms)
  expect(watcher.stateOf(2)?.ballot).toBe(7)
})

test('[P6] a thousand who come back within a second are not a million messages', async () => {
  using processes = new Processes()
  const watcher = processes.device(1, 1)
  for (let client = 2; client <= 1_000; client += 1) {
    const link = { ...bare(client), opened_ms: client }
    watcher.presence.enter(link, committee)
    watcher.presence.bind(link, link.client)
    watcher.presence.hear(link, stateBytes(client))
    await processes.clock.advance(1)
  }
  await processes.clock.advance(100)
  expect(watcher.sees).toHaveLength(999)
  expect(watcher.messages.length).toBeLessThan(50)
})

test('[P7] the same again is no news to anybody, and keeps it alive for every receiver; 30 s of silence end it', async () => {
  using processes = new Processes()
  const [watcher, alive, silent] = [processes.device(1, 1), processes.device(2, 2), processes.device(3, 3)]
  let told_ms = 0
  let longest_ms = 0
  watcher.awareness.on('update', ({ added, updated }: Record<string, number[]>) => {
    if (![...(added ?? []), ...(updated ?? [])].includes(2)) return
    longest_ms = Math.max(longest_ms, told_ms === 0 ? 0 : processes.clock.now_ms() - told_ms)
    told_ms = processes.clock.now_ms()
  })
  const changes: unknown[] = []
  alive.say({ view: 'roll' })
  silent.say({ view: 'roll' })
  await processes.clock.advance(1_000)
  watcher.awareness.on('change', (change: unknown) => changes.push(change))
  const news = processes.news.length
  const published = processes.published.length
  for (let round = 0; round < 20; round += 1) {
    await processes.clock.advance(18_000)
    watcher.say({})
    alive.say({ view: 'roll' })
    if (round === 0) expect(watcher.sees).toEqual([2, 3])
  }
  expect(watcher.sees).toEqual([2])
  // The watcher came, the silent one went.
  expect(changes).toHaveLength(1)
  expect(processes.news.length - news).toBe(2)
  expect(processes.published.length - published).toBe(2)
  expect(longest_ms).toBeLessThan(20_000)
})

test('[P7] a silence of our own is nobody’s: where the process stood still, or did not read', async () => {
  using processes = new Processes()
  const [watcher, person] = [processes.device(1, 1), processes.device(2, 2)]
  person.say({})
  await processes.clock.advance(1_000)
  processes.clock.sleep(120_000)
  await processes.clock.advance(5_000)
  expect(watcher.sees).toEqual([2])
  person.isUnread = true
  await processes.clock.advance(120_000)
  expect(watcher.sees).toEqual([2])
  person.isUnread = false
  await processes.clock.advance(29_000)
  expect(watcher.sees).toEqual([2])
  await processes.clock.advance(2_000)
  expect(watcher.sees).toEqual([])
})

test('typing hides when it is not said any more; an edit or the same again prolongs it, and brings back none that has gone', async () => {
  using processes = new Processes()
  const [watcher, typist] = [processes.device(1, 1), processes.device(2, 2)]
  const typing = () => watcher.stateOf(2)?.typing
  const state = { view: 'roll', typing: 'note/5', cursor: { anchor: {}, head: {} } }
  typist.say(state)
  for (const goOn of [() => typist.say(state), () => typist.presence.touched(typist)]) {
    await processes.clock.advance(4_000)
    goOn()
    await processes.clock.advance(4_000)
    goOn()
    expect(typing()).toBe('note/5')
  }
  await processes.clock.advance(6_000)
  expect(watcher.stateOf(2)).toMatchObject({ view: 'roll' })
  expect(watcher.stateOf(2)).not.toHaveProperty('typing')
  expect(watcher.stateOf(2)).not.toHaveProperty('cursor')
  typist.say(state)
  await processes.clock.advance(1_000)
  expect(typing()).toBeUndefined()
  typist.say({ view: 'roll' })
  typist.say(state)
  await processes.clock.advance(0)
  expect(typing()).toBe('note/5')
})

test('[P8] a claim: the server’s time, not prolonged, taken back, gone with its person; another elector’s is a new one', async () => {
  using processes = new Processes()
  const [watcher, caller] = [processes.device(1, 1), processes.device(2, 2)]
  await processes.clock.advance(5_000)
  const claimed = async (state: object) => {
    caller.say(state)
    await processes.clock.advance(1_000)
    return watcher.stateOf(2)?.claim
  }
  expect(await claimed({ claim: { elector: 5, since_s: 99 } })).toEqual({ elector: 5, since_s: 5 })
  expect(await claimed({ view: 'roll', claim: { elector: 5, since_s: 50 } })).toEqual({ elector: 5, since_s: 5 })
  expect(await claimed({ claim: { elector: 6 } })).toEqual({ elector: 6, since_s: 7 })
  expect(await claimed({})).toBeUndefined()
  expect(await claimed({ claim: { elector: 6 } })).toEqual({ elector: 6, since_s: 9 })
  for (let round = 0; round < 40; round += 1) {
    await processes.clock.advance(15_000)
    caller.say({ claim: { elector: 6 } })
  }
  expect(watcher.stateOf(2)?.claim).toBeUndefined()
  expect(await claimed({ view: 'roll', claim: { elector: 6 } })).toBeUndefined()
  expect(await claimed({ claim: { elector: 7 } })).toMatchObject({ elector: 7 })
  caller.leave()
  await processes.clock.advance(0)
  expect(watcher.sees).toEqual([])
})

test('[P9] a device without a state is asked once, when it does something; who had run out gets everybody again', async () => {
  using processes = new Processes()
  const [watcher, person] = [processes.device(1, 1), processes.device(2, 2)]
  watcher.say({ view: 'roll' })
  for (const device of [person, person]) device.presence.touched(device)
  expect(person.asked).toBe(1)
  person.say({})
  person.presence.touched(person)
  expect(person.asked).toBe(1)
  // Its page stands still for a minute: it neither says nor keeps anything.
  for (let round = 0; round < 6; round += 1) {
    await processes.clock.advance(10_000)
    watcher.say({ view: 'roll' })
  }
  expect(watcher.sees).toEqual([])
  const heard = person.messages.length
  person.presence.touched(person)
  expect(person.asked).toBe(2)
  person.say({})
  await processes.clock.advance(0)
  expect(watcher.sees).toEqual([2])
  expect(person.messages.slice(heard)).toContainEqual([1])
  // Who took its state back is known, and left alone.
  person.say(null)
  person.presence.touched(person)
  expect(person.asked).toBe(2)
})

test('a device that reads nothing is told nothing; when it reads again it hears the last of each, and who has gone', async () => {
  using processes = new Processes()
  const [slow, one, two] = [processes.device(1, 1), processes.device(2, 2), processes.device(3, 3)]
  one.say({ ballot: 1 })
  two.say({})
  await processes.clock.advance(1_000)
  slow.isBehind = true
  const heard = slow.messages.length
  for (let ballot = 2; ballot < 20; ballot += 1) {
    one.say({ ballot })
    await processes.clock.advance(1_000)
  }
  two.leave()
  await processes.clock.advance(1_000)
  expect(slow.messages).toHaveLength(heard)
  slow.isBehind = false
  await processes.clock.advance(1_000)
  expect(slow.messages).toHaveLength(heard + 1)
  expect([slow.sees, slow.stateOf(2)?.ballot]).toEqual([[2], 19])
})

test('[P1] [P5] bytes that are no update, states for others and of another shape change nothing, whatever they are', async () => {
  using processes = new Processes()
  const [watcher, person, liar] = [processes.device(1, 1), processes.device(2, 2), processes.device(3, 3)]
  person.say({ ballot: 1 })
  liar.saySome([
    [2, { ballot: 9 }],
    [2, null],
  ])
  for (const bytes of [[], [1], [1, 2], [1, 2, 1, 200], [255, 255, 255, 255, 255, 255, 255, 255, 255], [1, 3, 0, 1, 34]]) {
    expect(liar.presence.hear(liar, new Uint8Array(bytes))).toBeUndefined()
  }
  for (const state of [[], 'text', 7, { view: 'x' }, { cursor: { anchor: 1 } }, { typing: 'guarantees/5/x/y' }, { claim: {} }]) {
    liar.saySome([[3, state as object]])
  }
  await processes.clock.advance(1_000)
  expect([watcher.sees, watcher.stateOf(2)?.ballot]).toEqual([[2], 1])
  liar.say({ typing: 'guarantees/5/3/quick_note', sheet: 'B', took: 2, unsent: 0, device: 'a-b_c' })
  await processes.clock.advance(1_000)
  expect(watcher.stateOf(3)).toMatchObject({ typing: 'guarantees/5/3/quick_note', sheet: 'B', took: 2, unsent: 0, device: 'a-b_c' })
})

function bare(client: number) {
  const device = { client: client as never, user: { id: client as never, name: '', role: 'counter' as const }, address: '' }
  return { ...device, send: () => {}, ask: () => {}, isUnread: false, isBehind: false }
}

/** One state, `{}`, of a client. */
function stateBytes(client: number): Uint8Array {
  const number = client < 128 ? [client] : [(client & 127) | 128, client >> 7]
  return new Uint8Array([1, ...number, 0, 2, 123, 125])
}
