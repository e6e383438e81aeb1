import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { markAttendance } from '#contract/document/attendance.ts'
import { appendToLog, tallySheet } from '#contract/document/ballots.ts'
import type { CandidateNumber, ClientId, ElectorSerial, UserId } from '#contract/ids.ts'
import { defaultLimits } from '#contract/limits.ts'
import { at_s, makeRandom, set, writerOf } from './admission/histories.kit.ts'
import { committee, failingEvery, gated, Phone, World } from './committee.kit.ts'
import { publish_ms } from './committee.ts'

const marker = writerOf(2, 'marker')
const coordinator = writerOf(5, 'coordinator')
const mark =
  (elector: number, user = 2) =>
  (doc: Y.Doc) =>
    markAttendance(doc.getMap('attendance'), elector as ElectorSerial, user as UserId, at_s)
const call = (doc: Y.Doc, user: number, candidate = 1) =>
  void appendToLog(doc, 'A', user as UserId, { n: 1, at_s, c: [candidate] as CandidateNumber[] })
const type = (text: string) => (doc: Y.Doc) => doc.getText('note/1').insert(0, text)

describe('opening', () => {
  test('[C20] a document is filled with rows 1 to n in one transaction', async () => {
    const world = new World()
    const one = world.start('one')
    await one.open()
    const phone = new Phone(7, marker)
    for (let elector = 1; elector <= 20; elector += 1) one.send(phone.write(mark(elector)), marker)
    await world.clock.advance(10)
    world.events.length = 0
    const two = world.start('two')
    expect(await two.open()).toBeUndefined()
    expect(world.events).toEqual(['shown by journal'])
    expect(two.doc.getMap('attendance').toJSON()).toEqual(phone.doc.getMap('attendance').toJSON())
  })

  test('[C20] snapshot and tail are the same document as rows alone', async () => {
    const world = new World()
    const one = world.start('one', { limits: { snapshot_every_rows: 7 } })
    await one.open()
    const phones = [new Phone(7, marker), new Phone(900, coordinator)] as const
    const random = makeRandom(1)
    for (let at = 0; at < 60; at += 1) {
      const phone = phones[random(2)] as Phone
      const elector = 1 + random(5)
      one.send(
        phone.write(random(2) === 0 ? mark(elector, phone.writer.user) : set('attendance', `${elector}/${phone.writer.user}`, at_s + at)),
        phone.writer,
      )
      await world.clock.advance(1)
      for (const other of phones) other.hear(one.doc)
    }
    expect(one.snapshots).toBe(8)
    const fromSnapshot = world.start('two')
    await fromSnapshot.open()
    const fromRows = world.start('three', { wrap: (store) => ({ ...store, snapshot: async () => ({ ok: true, value: null }) }) })
    await fromRows.open()
    const bytes = Y.encodeStateAsUpdate(await world.journalled())
    for (const { doc } of [one, fromSnapshot, fromRows]) {
      expect(doc.getMap('attendance').toJSON()).toEqual(one.doc.getMap('attendance').toJSON())
      expect(Y.encodeStateAsUpdate(doc)).toEqual(bytes)
    }
  })

  test('[C20] what cannot be opened is refused with its reason, and the document stays empty', async () => {
    const world = new World()
    const first = world.start('first')
    await first.open()
    first.send(new Phone(7, marker).write(mark(1)), marker)
    await world.clock.advance(1)
    const stranger = world.start('one', { facts: { ok: false, error: 'unknown-committee' } })
    expect(await stranger.open()).toBe('unknown-committee')
    const noFacts = world.start('two', { facts: { ok: false, error: 'unavailable' } })
    expect(await noFacts.open()).toBe('store-unavailable')
    for (const missing of ['owners', 'snapshot', 'read'] as const) {
      const away = world.start(missing, { wrap: (store) => ({ ...store, [missing]: async () => ({ ok: false, error: 'unavailable' }) }) })
      expect(await away.open()).toBe('store-unavailable')
      expect(away.doc.store.clients.size).toBe(0)
    }
    expect(await world.start('three').open()).toBeUndefined()
  })

  test('[C20] before anything is opened nothing is admitted', async () => {
    const world = new World()
    const one = world.start('one')
    const answers = one.send(new Phone(7, marker).write(mark(1)), marker)
    await world.clock.settle()
    expect(answers).toEqual([{ answer: 'postponed', refusal: { code: 'overloaded' } }])
  })
})

describe('one edit', () => {
  test('[C21] it is committed, then shown, then acknowledged; while its COMMIT is blocked nobody sees it and nothing is answered', async () => {
    const world = new World()
    const gate = gated()
    const one = world.start('one', { wrap: gate.wrap })
    const other = world.start('other')
    await one.open()
    await other.open()
    const answers = one.send(new Phone(7, marker).write(mark(1)), marker, 'live')
    await world.clock.advance(2_000)
    expect(gate.waiting()).toBe(1)
    expect([answers, world.events]).toEqual([[], []])
    expect([one.doc.getMap('attendance').size, other.doc.getMap('attendance').size]).toEqual([0, 0])
    gate.open()
    await world.clock.advance(10)
    expect(world.events.slice(0, 3)).toEqual(['committed 1', 'shown by journal', 'answered merged'])
    expect(answers).toEqual([{ answer: 'merged', sequence: 1 }])
    expect([one.doc.getMap('attendance').size, other.doc.getMap('attendance').size]).toEqual([1, 1])
  })

  test('[C21] refused, missing or nothing new: answered at once, and no row', async () => {
    const world = new World()
    const one = world.start('one')
    await one.open()
    const phone = new Phone(7, marker)
    const first = phone.write(mark(1))
    const second = phone.write(mark(2))
    expect(one.send(phone.merge(), coordinator)).toEqual([])
    const answers = [
      one.send(new Phone(8, marker).write(mark(1, 3)), marker),
      one.send(second, marker),
      one.send(new Uint8Array([0, 0]), marker),
      one.send(new Uint8Array([1, 2, 3]), marker),
    ]
    await world.clock.advance(10)
    expect(answers.map(([answer]) => answer?.answer)).toEqual(['refused', 'missing', 'merged', 'refused'])
    expect(await world.rows()).toHaveLength(0)
    const late = [one.send(first, marker), one.send(second, marker)]
    await world.clock.advance(10)
    expect(late.map(([answer]) => answer?.answer)).toEqual(['merged', 'merged'])
    expect(await world.rows()).toHaveLength(2)
  })

  test('[C21] the row is what was judged, whatever becomes of the sender’s buffer', async () => {
    const world = new World()
    const gate = gated()
    const one = world.start('one', { wrap: gate.wrap })
    await one.open()
    const phone = new Phone(7, marker)
    const update = phone.write(mark(1)).slice()
    one.send(update, marker)
    await world.clock.settle()
    update.fill(0)
    gate.open()
    await world.clock.advance(10)
    expect((await world.journalled()).getMap('attendance').toJSON()).toEqual({ '1/2': at_s })
  })

  test('[C9] a client is whose word came first, until a row says otherwise; of too many claims the oldest goes', async () => {
    const world = new World()
    const one = world.start('one', { limits: { clients_per_user_max: 2 } })
    await one.open()
    const answers: unknown[] = []
    const claim = (client: number, user: number) =>
      one.tell({
        type: 'claim',
        client: client as ClientId,
        user: user as UserId,
        reply: (claimed) => answers.push(claimed.ok ? 'ok' : claimed.error.code),
      })
    claim(7, 2)
    claim(7, 2)
    claim(7, 5)
    claim(8, 2)
    claim(9, 2)
    claim(7, 5)
    claim(8, 5)
    await world.clock.settle()
    expect(answers).toEqual(['ok', 'ok', 'foreign-client', 'ok', 'ok', 'ok', 'foreign-client'])
    const taken = one.send(new Phone(7, marker).write(mark(1)), marker)
    const own = one.send(new Phone(7, coordinator).write(mark(1, 5)), coordinator)
    await world.clock.advance(10)
    expect([taken[0]?.answer, own[0]?.answer]).toEqual(['refused', 'merged'])
    // Client 8 was claimed here by 2, but on another instance 5 has written with it.
    const two = world.start('two')
    await two.open()
    const phone = new Phone(8, coordinator)
    two.send(phone.write(mark(2, 5)), coordinator)
    await world.clock.advance(10)
    const next = one.send(phone.write(mark(3, 5)), coordinator)
    await world.clock.advance(10)
    expect(next[0]?.answer).toBe('merged')
    // Client 9 is still 2's, by word alone.
    const third = one.send(new Phone(9, coordinator).write(mark(4, 5)), coordinator)
    await world.clock.advance(10)
    expect(third[0]).toMatchObject({ answer: 'refused', reasons: [{ code: 'foreign-client' }] })
  })
})

describe('one order', () => {
  test('[C22] two instances, 500 edits from both: one order, equal replicas, every edit once', async () => {
    const world = new World()
    const instances = [world.start('one', { limits: { snapshot_every_rows: 90 } }), world.start('two')] as const
    for (const instance of instances) await instance.open()
    const orders: string[][] = [[], []]
    const random = makeRandom(500)
    const phones = [
      new Phone(7, writerOf(1, 'coordinator')),
      new Phone(8, writerOf(2, 'coordinator')),
      new Phone(4_000_000_000, writerOf(3, 'coordinator')),
      new Phone(10, writerOf(4, 'coordinator')),
    ]
    instances.forEach(({ doc }, index) => {
      doc.on('afterTransaction', (transaction) => {
        for (const [client, clock] of transaction.afterState)
          if (clock !== transaction.beforeState.get(client)) orders[index]?.push(`${client}:${clock}`)
      })
    })
    const answers: ReturnType<(typeof instances)[0]['send']>[] = []
    for (let edit = 0; edit < 500; edit += 1) {
      const at = random(phones.length)
      const phone = phones[at] as Phone
      // Two people on each instance; all of them at one note, one pledge and one count.
      const instance = instances[at % 2 === 0 ? 0 : 1]
      const user = phone.writer.user
      const acts = [
        mark(1 + random(9), user),
        type(`${edit} `),
        (doc: Y.Doc) => call(doc, user, 1 + random(9)),
        set('guarantees', '1/1/group', `g${edit}`),
      ]
      answers.push(instance.send(phone.write(acts[random(acts.length)] as (doc: Y.Doc) => void), phone.writer, 'live'))
      if (random(3) === 0) await world.clock.advance(random(3))
      if (random(5) === 0) phone.hear(instance.doc)
    }
    await world.clock.advance(100)
    expect(answers.every((list) => list.length === 1 && list[0]?.answer === 'merged')).toBe(true)
    const rows = await world.rows()
    expect(rows.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 500 }, (_, at) => at + 1))
    expect(new Set(rows.map(({ instance }) => instance)).size).toBe(2)
    const bytes = Y.encodeStateAsUpdate(await world.journalled())
    for (const { doc } of instances) expect(Y.encodeStateAsUpdate(doc)).toEqual(bytes)
    for (const phone of phones) {
      phone.hear(instances[0].doc)
      expect(phone.doc.getText('note/1').toString()).toBe(instances[1].doc.getText('note/1').toString())
    }
    expect(tallySheet(instances[0].doc.getMap('ballots'), 'A').ballots).toBe(
      rows.filter(({ touches }) => touches.some(({ path }) => path === 'ballots')).length,
    )
    expect(orders[0]?.at(-1)).toBe(orders[1]?.at(-1))
  })

  test('[C22] rows of others that come between are read before the own one is shown', async () => {
    const world = new World()
    const one = world.start('one', { notify: false })
    const two = world.start('two', { notify: false })
    await one.open()
    await two.open()
    for (let elector = 1; elector <= 3; elector += 1) one.send(new Phone(100 + elector, coordinator).write(mark(elector, 5)), coordinator)
    await world.clock.settle()
    expect(two.doc.getMap('attendance').size).toBe(0)
    const answers = two.send(new Phone(7, marker).write(mark(4)), marker)
    await world.clock.settle()
    expect(answers).toEqual([{ answer: 'merged', sequence: 4 }])
    expect(two.doc.getMap('attendance').size).toBe(4)
  })

  test('[C12] what looks missing or foreign to a replica that lags is judged again at the journal’s head', async () => {
    const world = new World()
    const one = world.start('one', { notify: false })
    const two = world.start('two', { notify: false })
    await one.open()
    await two.open()
    const [writer, relay] = [new Phone(7, coordinator), new Phone(8, marker)]
    one.send(writer.write(mark(1, 5)), coordinator)
    await world.clock.settle()
    relay.hear(one.doc)
    relay.write(mark(2))
    // It brings the other's committed mark along: client 7 is not its own.
    const answers = two.send(relay.merge(), marker)
    await world.clock.settle()
    expect(answers).toEqual([{ answer: 'merged', sequence: 2 }])
    const [first] = await world.rows()
    expect((await world.rows()).map(({ user, clients }) => [user, clients])).toEqual([
      [first?.user, [7]],
      [2, [8]],
    ])
    // The twin: what is really another's stays refused, and what is nowhere stays missing.
    const thief = new Phone(7, marker)
    thief.write(mark(1))
    const stolen = two.send(thief.write(mark(3)), marker)
    const gap = new Phone(9, marker)
    gap.write(mark(1))
    const missing = two.send(gap.write(mark(2)), marker)
    await world.clock.settle()
    expect([stolen[0]?.answer, missing[0]?.answer]).toEqual(['refused', 'missing'])
  })
})

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
