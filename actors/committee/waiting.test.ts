import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { at_s, set, writerOf } from './admission/histories.kit.ts'
import { coordinator, failingEvery, gated, mark, marker, Phone, type, World } from './committee.kit.ts'

describe('twice in a moment', () => {
  test('[C23] an update that comes again before its COMMIT makes no second row, and is answered when it is there', async () => {
    const world = new World()
    const gate = gated()
    const one = world.start('one', { wrap: gate.wrap })
    await one.open()
    const phone = new Phone(7, marker)
    const update = phone.write(mark(1))
    const first = one.send(update, marker)
    await world.clock.settle()
    const again = one.send(update, marker)
    const merge = one.send(phone.merge(), marker)
    phone.write(mark(2))
    const more = one.send(phone.merge(), marker)
    await world.clock.settle()
    expect([first, again, merge, more]).toEqual([[], [], [], []])
    gate.open()
    await world.clock.advance(10)
    expect([first, again, merge, more].map(([answer]) => answer)).toEqual([
      { answer: 'merged', sequence: 1 },
      { answer: 'merged', sequence: 1 },
      { answer: 'merged', sequence: 1 },
      { answer: 'merged', sequence: 2 },
    ])
    const rows = await world.rows()
    expect(rows.map(({ touches }) => touches)).toEqual([[{ path: 'attendance', key: '1/2' }], [{ path: 'attendance', key: '2/2' }]])
  })

  test('[C23] a deletion, which has no struct of its own, makes no second row either', async () => {
    const world = new World()
    const gate = gated()
    const one = world.start('one', { wrap: gate.wrap })
    await one.open()
    const phone = new Phone(7, coordinator)
    one.send(phone.write(type('abc')), coordinator)
    gate.open()
    await world.clock.advance(10)
    const second = gated()
    const two = world.start('two', { wrap: second.wrap })
    await two.open()
    const erase = phone.write((doc) => doc.getText('note/1').delete(0, 2))
    const answers = [two.send(erase, coordinator), two.send(erase, coordinator), two.send(phone.merge(), coordinator)]
    await world.clock.settle()
    second.open()
    await world.clock.advance(10)
    expect(answers.map(([answer]) => answer?.answer)).toEqual(['merged', 'merged', 'merged'])
    expect(await world.rows()).toHaveLength(2)
    expect(two.doc.getText('note/1').toString()).toBe('c')
  })

  test('[C23] what waits keeps its order: an update behind one that waits waits as well', async () => {
    const world = new World()
    const gate = gated()
    const one = world.start('one', { wrap: gate.wrap })
    await one.open()
    const [old, young] = [new Phone(7, coordinator), new Phone(8, coordinator)]
    const first = one.send(old.write(type('a')), coordinator)
    await world.clock.settle()
    old.write(type('b'))
    young.hear(old.doc)
    young.write(type('c'))
    const both = one.send(young.merge(), coordinator)
    const last = one.send(young.write(type('d')), coordinator)
    await world.clock.settle()
    expect([first, both, last]).toEqual([[], [], []])
    gate.open()
    await world.clock.advance(10)
    expect([first, both, last].map(([answer]) => answer?.answer)).toEqual(['merged', 'merged', 'merged'])
    expect(one.doc.getText('note/1').toString()).toBe('dcba')
    expect(one.verdicts).not.toContain('missing')
  })

  test('[C23] too many that wait are refused, none is dropped', async () => {
    const world = new World()
    const gate = gated()
    const one = world.start('one', { wrap: gate.wrap, limits: { mailbox_messages_max: 2 } })
    await one.open()
    const update = new Phone(7, marker).write(mark(1))
    const answers: unknown[][] = []
    for (let times = 0; times < 5; times += 1) {
      answers.push(one.send(update, marker))
      await world.clock.settle()
    }
    expect(answers.map((list) => list.length)).toEqual([0, 0, 0, 1, 1])
    gate.open()
    await world.clock.advance(10)
    expect(answers.map((list) => list.length)).toEqual([1, 1, 1, 1, 1])
    expect(answers[4]).toEqual([{ answer: 'postponed', refusal: { code: 'overloaded' } }])
    expect(await world.rows()).toHaveLength(1)
  })
})

describe('a store that fails', () => {
  test.each([2, 3, 4, 5, 7])('[C24] every %i. call: everything acknowledged is in one row, everyone is answered', async (nth) => {
    const world = new World()
    const failing = failingEvery(nth)
    const one = world.start('one', { wrap: failing.wrap, limits: { snapshot_every_rows: 5 } })
    const two = world.start('two')
    await one.open()
    await two.open()
    failing.break()
    const phones = [new Phone(7, marker), new Phone(8, coordinator)] as const
    const pending: { phone: Phone; answers: { readonly answer: string }[] }[] = []
    for (let round = 0; round < 15; round += 1) {
      for (const phone of phones) {
        const update = phone.write((doc) => set('attendance', `${1 + round}/${phone.writer.user}`, at_s + round)(doc))
        pending.push({ phone, answers: one.send(update, phone.writer) })
      }
      two.send(new Phone(1_000 + round, writerOf(9, 'marker')).write(mark(1 + round, 9)), writerOf(9, 'marker'))
      await world.clock.advance(30)
    }
    await world.clock.advance(60_000)
    failing.mend()
    // What was not merged the phones still have.
    for (const phone of phones) pending.push({ phone, answers: one.send(phone.merge(), phone.writer) })
    await world.clock.advance(60_000)
    expect(failing.failed()).toBeGreaterThan(3)
    for (const { answers } of pending) expect(answers).toHaveLength(1)
    expect(pending.filter(({ answers }) => answers[0]?.answer === 'merged').length).toBeGreaterThan(10)
    const rows = await world.rows()
    const written = rows.flatMap(({ touches }) => touches.map(({ key }) => key))
    expect([...new Set(written)].length).toBe(45)
    expect(written).toHaveLength(45)
    const bytes = Y.encodeStateAsUpdate(await world.journalled())
    for (const { doc } of [one, two]) expect(Y.encodeStateAsUpdate(doc)).toEqual(bytes)
  })

  test('[C24] away, nothing is shown or answered; back, all of it is, in order', async () => {
    const world = new World()
    let away = true
    const one = world.start('one', {
      wrap: (store) => ({ ...store, append: async (entries) => (away ? { ok: false, error: 'unavailable' } : store.append(entries)) }),
    })
    await one.open()
    const phones = Array.from({ length: 5 }, (_, at) => new Phone(7 + at, marker))
    const answers = phones.map((phone, at) => one.send(phone.write(mark(1 + at)), marker))
    await world.clock.advance(30_000)
    expect([answers.flat(), one.doc.getMap('attendance').size, world.events]).toEqual([[], 0, ['store away']])
    away = false
    await world.clock.advance(5_000)
    expect(answers.map(([answer]) => answer)).toEqual([1, 2, 3, 4, 5].map((sequence) => ({ answer: 'merged', sequence })))
  })

  test('[C24] an own row that waits behind one that cannot be read is answered by whatever brings it', async () => {
    const world = new World()
    let blind = false
    const one = world.start('one', {
      notify: false,
      wrap: (store) => ({ ...store, read: async (...asked) => (blind ? { ok: false, error: 'unavailable' } : store.read(...asked)) }),
    })
    const other = world.start('other', { notify: false })
    await one.open()
    await other.open()
    other.send(new Phone(8, coordinator).write(mark(1, 5)), coordinator)
    await world.clock.settle()
    blind = true
    const phone = new Phone(7, marker)
    const answers = one.send(phone.write(mark(2)), marker)
    const held = one.send(phone.write(mark(3)), marker)
    await world.clock.advance(1_000)
    expect([answers, held]).toEqual([[], []])
    blind = false
    // A new document is opened; its rows bring it.
    await one.open()
    await world.clock.advance(10)
    expect([answers, held]).toEqual([[{ answer: 'merged', sequence: 2 }], [{ answer: 'merged', sequence: 3 }]])
    expect(one.doc.getMap('attendance').size).toBe(3)
  })
})
