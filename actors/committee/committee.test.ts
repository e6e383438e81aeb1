import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { appendToLog, tallySheet } from '#contract/document/ballots.ts'
import type { CandidateNumber, ClientId, UserId } from '#contract/ids.ts'
import { at_s, makeRandom, set, writerOf } from './admission/histories.kit.ts'
import { coordinator, gated, mark, marker, Phone, type, World } from './committee.kit.ts'

const call = (doc: Y.Doc, user: number, candidate = 1) =>
  void appendToLog(doc, 'A', user as UserId, { n: 1, at_s, c: [candidate] as CandidateNumber[] })

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
    expect(one.send(new Phone(9, marker).write(mark(1)), coordinator)).toEqual([])
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
    expect(rows.map(({ sequence }) => sequence)).toEqual(Array.from({ length: rows.length }, (_, at) => at + 1))
    // All of them wrote one pledge: the rest is what the server has to say of that.
    expect(rows.filter(({ user }) => user !== null)).toHaveLength(500)
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
