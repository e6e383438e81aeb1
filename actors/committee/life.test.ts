import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import type { Sequence, UserId } from '#contract/ids.ts'
import { defaultLimits } from '#contract/limits.ts'
import { at_s } from './admission/histories.kit.ts'
import { committee, coordinator, gated, mark, marker, Phone, type, World } from './committee.kit.ts'
import { publish_ms } from './order.ts'

describe('telling what is durable', () => {
  test('[C25] the author of rows hears of all their clients, once for many, when it is in the document', async () => {
    const world = new World()
    const one = world.start('one')
    await one.open()
    const [phone, tab, other] = [new Phone(7, marker), new Phone(8, marker), new Phone(9, coordinator)]
    for (let elector = 1; elector <= 5; elector += 1) one.send(phone.write(mark(elector)), marker)
    one.send(tab.write(mark(6)), marker)
    one.send(other.write(type('abc')), coordinator)
    await world.clock.settle()
    const erased = one.send(
      other.write((doc) => doc.getText('note/1').delete(0, 1)),
      coordinator,
    )
    await world.clock.settle()
    expect([erased[0]?.answer, one.told]).toEqual(['merged', []])
    await world.clock.advance(publish_ms)
    const rows = await world.rows()
    const receipt = { type: 'durable', sequence: 8, head: rows.at(-1)?.head }
    expect(one.told).toEqual([
      { user: 2, durable: { ...receipt, clocks: { 7: 5, 8: 1 }, deletes: [] } },
      { user: 5, durable: { ...receipt, clocks: { 9: 3 }, deletes: [[9, 0, 1]] } },
    ])
    await world.clock.advance(10 * publish_ms)
    expect(one.told).toHaveLength(2)
  })

  test('[C25] rows of another instance are told to their author here as well; a phone that comes back hears of everything', async () => {
    const world = new World()
    const one = world.start('one')
    const two = world.start('two')
    await one.open()
    await two.open()
    one.send(new Phone(7, marker).write(mark(1)), marker)
    await world.clock.advance(publish_ms + 10)
    expect(two.told.map(({ user, durable }) => [user, durable.clocks])).toEqual([[2, { 7: 1 }]])
    const three = world.start('three')
    await three.open()
    await world.clock.advance(publish_ms + 10)
    expect(three.told).toEqual([])
    const heard: unknown[] = []
    for (const user of [2, 5] as UserId[]) three.tell({ type: 'receipts', user, reply: (durable) => heard.push(durable?.clocks) })
    await world.clock.settle()
    expect(heard).toEqual([{ 7: 1 }, {}])
  })
})

describe('sleeping', () => {
  const idle_ms = defaultLimits.committee_idle_ms

  test('[C26] with anyone there, or a row on its way, it stays; then it closes the document and keeps its snapshot', async () => {
    const world = new World()
    const gate = gated()
    const one = world.start('one', { wrap: gate.wrap })
    await one.open()
    await world.clock.advance(3 * idle_ms)
    expect(one.system.committees.awake()).toEqual([committee])
    one.send(new Phone(7, marker).write(mark(1)), marker)
    one.people = false
    await world.clock.advance(3 * idle_ms)
    expect([one.system.committees.awake(), one.released]).toEqual([[committee], []])
    gate.open()
    await world.clock.advance(3 * idle_ms)
    expect(one.system.committees.awake()).toEqual([])
    expect([one.released, one.snapshots]).toEqual([[one.doc], 1])
    const kept = await world.makeStore('reader').snapshot(committee)
    expect(kept).toMatchObject({ ok: true, value: { sequence: 1 } })
    one.people = true
    await one.open()
    expect(one.doc.getMap('attendance').size).toBe(1)
  })

  test('[C30] the head it has, told every second, does not keep it awake; a row of another instance is followed all the same', async () => {
    const world = new World()
    const [one, two] = [world.start('one'), world.start('two')]
    await one.open()
    await two.open()
    one.people = false
    const pollFor = async (time_ms: number, head: number) => {
      for (let passed_ms = 0; passed_ms < time_ms; passed_ms += 1_000) {
        one.system.committees.tell(committee, { type: 'head', sequence: head as Sequence })
        await world.clock.advance(1_000)
      }
    }
    await pollFor(idle_ms / 2, 0)
    two.send(new Phone(7, marker).write(mark(1)), marker)
    await world.clock.settle()
    await pollFor(idle_ms - 1_000, 1)
    expect([one.doc.getMap('attendance').size, one.system.committees.awake()]).toEqual([1, [committee]])
    await pollFor(2_000, 1)
    expect([one.system.committees.awake(), one.released]).toEqual([[], [one.doc]])
  })

  test('[C26] nothing new since the last snapshot: none is kept again', async () => {
    const world = new World()
    const one = world.start('one', { limits: { snapshot_every_rows: 1 } })
    await one.open()
    one.send(new Phone(7, marker).write(mark(1)), marker)
    one.people = false
    await world.clock.advance(2 * idle_ms)
    expect([one.snapshots, one.released.length]).toEqual([1, 1])
  })

  test('[C26] a drain writes and answers what waits, and everyone sleeps', async () => {
    const world = new World()
    const one = world.start('one')
    await one.open()
    const phone = new Phone(7, marker)
    const answers = [one.send(phone.write(mark(1)), marker), one.send(phone.write(mark(2)), marker)]
    one.people = false
    const left = one.system.drain(1_000)
    await world.clock.advance(500)
    expect(await left).toEqual({ committees: [], entries: 0 })
    expect(answers.map(([answer]) => answer?.answer)).toEqual(['merged', 'merged'])
    const late = one.send(phone.write(mark(3)), marker)
    expect(late).toEqual([{ answer: 'postponed', refusal: { code: 'draining' } }])
  })

  test('[C26] a drain that the store does not let finish answers all the same, and names what it left', async () => {
    const world = new World()
    const one = world.start('one', { wrap: (store) => ({ ...store, append: async () => ({ ok: false, error: 'unavailable' }) }) })
    await one.open()
    const phone = new Phone(7, marker)
    const answers = [one.send(phone.write(mark(1)), marker), one.send(phone.write(mark(2)), marker)]
    one.people = false
    const left = one.system.drain(1_000)
    await world.clock.advance(2_000)
    expect(await left).toEqual({ committees: [committee], entries: 1 })
    await world.clock.advance(10)
    // The second waited for the first, and builds on it.
    expect(answers).toEqual([[{ answer: 'postponed', refusal: { code: 'draining' } }], [{ answer: 'missing' }]])
    expect(one.doc.getMap('attendance').size).toBe(0)
  })
})

describe('snapshots', () => {
  test.each<[string, () => Promise<never>]>([
    ['that is refused', async () => ({ ok: false, error: 'unavailable' }) as never],
    [
      'that throws',
      async () => {
        throw new Error('too large')
      },
    ],
  ])('[C27] one every so many rows; one %s costs no row and no answer, and is not tried at every row', async (_what, fail) => {
    const world = new World()
    let asked = 0
    let broken = true
    const one = world.start('one', {
      limits: { snapshot_every_rows: 5 },
      wrap: (store) => ({
        ...store,
        saveSnapshot: (...args) => {
          asked += 1
          return broken ? fail() : store.saveSnapshot(...args)
        },
      }),
    })
    await one.open()
    const phone = new Phone(7, marker)
    const answers: unknown[] = []
    const edits = async (from: number, to: number) => {
      for (let elector = from; elector <= to; elector += 1) {
        const list = one.send(phone.write(mark(elector)), marker)
        await world.clock.settle()
        answers.push(list[0]?.answer)
      }
    }
    await edits(1, 14)
    expect([asked, one.snapshots, one.evicted]).toEqual([2, 0, []])
    broken = false
    await edits(15, 16)
    expect([asked, one.snapshots]).toEqual([3, 1])
    expect(answers).toEqual(Array.from({ length: 16 }, () => 'merged'))
    expect(await world.makeStore('reader').snapshot(committee)).toMatchObject({ ok: true, value: { sequence: 15 } })
    broken = true
    await edits(17, 17)
    one.people = false
    await world.clock.advance(3 * defaultLimits.committee_idle_ms)
    expect([asked, one.released.length]).toEqual([4, 1])
  })
})

describe('a fault', () => {
  test('[C28] the document is closed for everybody, whoever waits is answered, and the next one starts from the journal', async () => {
    const world = new World()
    const gate = gated()
    let poisoned = false
    const one = world.start('one', {
      wrap: (store) =>
        gate.wrap({
          ...store,
          read: (...asked) => {
            if (poisoned) throw new Error('a defect')
            return store.read(...asked)
          },
        }),
    })
    await one.open()
    const document = one.doc
    const phone = new Phone(7, marker)
    const update = phone.write(mark(1)).slice()
    const pending = one.send(update, marker)
    const held = one.send(phone.write(mark(2)), marker)
    await world.clock.settle()
    poisoned = true
    const gap = new Phone(9, marker)
    gap.write(mark(3))
    const inHand = one.send(gap.write(mark(4)), marker)
    await world.clock.settle()
    const overloaded = { answer: 'postponed', refusal: { code: 'overloaded' } }
    expect([pending[0], held[0], inHand[0]]).toEqual([overloaded, overloaded, overloaded])
    expect(one.evicted).toEqual([document])
    // The server overwrites what it refuses; the entry is still on its way and must not care.
    update.fill(255)
    poisoned = false
    expect(await one.open()).toBeUndefined()
    expect(one.doc.getMap('attendance').size).toBe(0)
    gate.open()
    await world.clock.advance(10)
    expect(one.doc.getMap('attendance').toJSON()).toEqual({ '1/2': at_s })
    const again = one.send(phone.merge(), marker)
    await world.clock.advance(10)
    expect(again[0]?.answer).toBe('merged')
    expect((await world.rows()).flatMap(({ touches }) => touches.map(({ key }) => key))).toEqual(['1/2', '2/2'])
    expect(one.evicted).toHaveLength(1)
  })

  test('[C28] a fault while those who waited are judged again answers every one of them', async () => {
    const world = new World()
    const gate = gated()
    let poisoned = false
    const one = world.start('one', {
      notify: false,
      wrap: (store) =>
        gate.wrap({
          ...store,
          read: (...asked) => {
            if (poisoned) throw new Error('a defect')
            return store.read(...asked)
          },
        }),
    })
    await one.open()
    const phone = new Phone(7, coordinator)
    one.send(phone.write(mark(1, 5)), coordinator)
    await world.clock.settle()
    // Both wait for client 7; the first of them will have to look into the journal.
    const relay = new Phone(8, marker)
    relay.hear(phone.doc)
    relay.doc.getText('note/1')
    const gap = new Phone(9, marker)
    gap.write(mark(1))
    gap.write(mark(2))
    const missing = one.send(Y.mergeUpdates([phone.merge(), Y.encodeStateAsUpdate(gap.doc, new Uint8Array([1, 9, 1]))]), coordinator)
    const behind = one.send(phone.write(mark(3, 5)), coordinator)
    await world.clock.settle()
    expect([missing, behind]).toEqual([[], []])
    poisoned = true
    gate.open()
    await world.clock.advance(10)
    expect([missing.length, behind.length]).toEqual([1, 1])
    expect(one.evicted).toHaveLength(1)
  })

  test('[C28] a fault in telling costs the document, not the rows', async () => {
    const world = new World()
    const one = world.start('one')
    await one.open()
    one.onDurable = () => {
      throw new Error('a socket')
    }
    const answers = one.send(new Phone(7, marker).write(mark(1)), marker)
    await world.clock.advance(publish_ms + 10)
    expect([answers[0]?.answer, one.evicted.length]).toEqual(['merged', 1])
    one.onDurable = undefined
    await one.open()
    expect(one.doc.getMap('attendance').size).toBe(1)
  })
})
