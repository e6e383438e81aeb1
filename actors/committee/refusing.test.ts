import { describe, expect, test } from 'vitest'
import type * as Y from 'yjs'
import type { Seal } from '#actors/journal/store.ts'
import { appendToLog } from '#contract/document/ballots.ts'
import type { CandidateNumber, ClientId, UserId } from '#contract/ids.ts'
import type { Reason } from '#contract/messages.ts'
import type { Refusal } from '#contract/refusals.ts'
import type { Result } from '#contract/result.ts'
import { at_s, set, writerOf } from './admission/histories.kit.ts'
import { committee, coordinator, gated, type Instance, mark, marker, Phone, World } from './committee.kit.ts'
import type { Admission, Ended } from './messages.ts'

const bad = set('attendance', '1/3', at_s)
const codes = (answers: readonly Admission[]) =>
  answers.map((answer) => (answer.answer === 'refused' ? [...new Set(answer.reasons.map(({ code }) => code))].join() : answer.answer))

async function seals(world: World): Promise<readonly Seal[]> {
  const answer = await world.makeStore('reader').seals(committee)
  return answer.ok ? answer.value : []
}

/** Why what is kept of clients that ended was refused. */
const reasons: Reason[] = []

function askSeal(instance: Instance, user: number, ...clients: number[]): unknown[] {
  const answers: unknown[] = []
  const reply = (answer: Result<Ended, Refusal>) => {
    answers.push(answer.ok ? Object.fromEntries(answer.value.clocks) : answer.error.code)
    if (answer.ok) reasons.push(...answer.value.reasons)
  }
  instance.tell({ type: 'seal', user: user as UserId, clients: clients as ClientId[], reply })
  return answers
}

describe('a refusal', () => {
  test('[C40] it seals its clients at the first clock the journal has not, in the store, before the sender hears of it', async () => {
    const world = new World()
    let asked = Promise.withResolvers<void>()
    const one = world.start('one', {
      wrap: (store) => ({ ...store, seal: async (...request) => asked.promise.then(() => store.seal(...request)) }),
    })
    await one.open()
    const phone = new Phone(7, marker)
    one.send(phone.write(mark(1)), marker)
    await world.clock.advance(10)
    const answers = one.send(phone.write(bad), marker)
    const behind = one.send(phone.write(mark(2)), marker)
    const other = one.send(new Phone(8, coordinator).write(mark(1, 5)), coordinator)
    await world.clock.advance(10)
    // The committee's other work goes on; what comes of the client waits.
    expect([codes(answers), codes(behind), codes(other)]).toEqual([[], [], ['merged']])
    asked.resolve()
    await world.clock.advance(10)
    // What it wrote next is asked for with what stands before it.
    expect([codes(answers), codes(behind)]).toEqual([['bad-key'], ['missing']])
    expect(await seals(world)).toEqual([{ client: 7, user: 2, clock: 1 }])
    asked = Promise.withResolvers()
  })

  test('[C40] the clients of an update that cannot be read any further are sealed as well; where none is known there is no seal', async () => {
    const world = new World()
    const one = world.start('one')
    await one.open()
    const circle = new Uint8Array([1, 1, 7, 0, 0xc8 & 0xbf, 7, 1, 1, 0x7d, 1, 0])
    expect(codes(one.send(circle, marker))).toEqual([])
    const junk = one.send(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]), marker)
    await world.clock.advance(10)
    expect(codes(junk)).toEqual(['malformed'])
    expect(await seals(world)).toEqual([{ client: 7, user: 2, clock: 0 }])
    expect(one.refusals).toEqual(['refused kept', 'refused kept'])
  })

  test('[C41] nothing of a sealed client enters from its seal on, on any instance; what is below it stays and costs nothing', async () => {
    const world = new World()
    const [one, two] = [world.start('one'), world.start('two', { notify: false })]
    for (const instance of [one, two]) await instance.open()
    const phone = new Phone(7, marker)
    const good = phone.write(mark(1))
    one.send(good, marker)
    one.send(phone.write(bad), marker)
    await world.clock.advance(10)
    const after = phone.write(mark(2))
    for (const instance of [one, two, world.start('three')]) {
      if (instance.system.committees.awake().length === 0) await instance.open()
      const answers = [good, phone.merge(), after].map((update) => instance.send(update, marker))
      await world.clock.advance(10)
      expect(answers.map((list) => codes(list)[0])).toEqual(['merged', 'sealed,bad-key', 'missing'])
    }
    // Its person goes on with another client, and nobody else notices.
    const [anew, colleague] = [new Phone(9, marker), new Phone(8, coordinator)]
    const honest = [one.send(anew.write(mark(2)), marker), two.send(colleague.write(mark(1, 5)), coordinator)]
    await world.clock.advance(10)
    expect(honest.map((list) => codes(list)[0])).toEqual(['merged', 'merged'])
    expect((await world.journalled()).getMap('attendance').toJSON()).toEqual({ '1/2': at_s, '2/2': at_s, '1/5': at_s })
  })

  test('[C41] a row that was on its way when another instance sealed its client is refused sealed, and is in no journal', async () => {
    const world = new World()
    const gate = gated()
    const [one, two] = [world.start('one', { wrap: gate.wrap }), world.start('two')]
    for (const instance of [one, two]) await instance.open()
    const phone = new Phone(7, marker)
    const answers = one.send(phone.write(mark(1)), marker)
    const innocent = one.send(new Phone(8, coordinator).write(mark(1, 5)), coordinator)
    await world.clock.settle()
    const refused = two.send(new Phone(7, marker).write(bad), marker)
    await world.clock.advance(10)
    expect(codes(refused)).toEqual(['bad-key'])
    gate.open()
    await world.clock.advance(10)
    expect([codes(answers), codes(innocent)]).toEqual([['sealed'], ['merged']])
    expect((await world.journalled()).getMap('attendance').toJSON()).toEqual({ '1/5': at_s })
  })

  test('[C40] rows that another instance has of the client are followed first: the seal stands behind them', async () => {
    const world = new World()
    const [one, two] = [world.start('one', { notify: false }), world.start('two', { notify: false })]
    const phone = new Phone(7, marker)
    const first = phone.write(mark(1))
    for (const instance of [one, two]) {
      await instance.open()
      instance.send(first, marker)
      await world.clock.settle()
    }
    one.send(phone.write(mark(2)), marker)
    await world.clock.settle()
    phone.write(bad)
    const answers = two.send(phone.merge(), marker)
    await world.clock.advance(10)
    expect(codes(answers)).toEqual(['bad-key'])
    expect(await seals(world)).toEqual([{ client: 7, user: 2, clock: 2 }])
    expect(two.doc.getMap('attendance').size).toBe(2)
  })

  test('[C41] an own new client that comes with a sealed one is sealed too', async () => {
    const world = new World()
    const one = world.start('one')
    await one.open()
    const old = new Phone(7, marker)
    one.send(old.write(bad), marker)
    await world.clock.advance(10)
    const reloaded = new Phone(9, marker)
    reloaded.hear(old.doc)
    reloaded.write(mark(1))
    const answers = one.send(reloaded.merge(), marker)
    await world.clock.advance(10)
    expect(codes(answers)).toEqual(['sealed,bad-key'])
    expect((await seals(world)).map(({ client }) => client)).toEqual([7, 9])
    // What is kept of the old one is not kept again.
    expect(one.refusals).toEqual(['refused kept', 'refused kept', 'refused not'])
  })

  test('[C42] somebody else’s client is not sealed by what a sender says of it, whether they wrote with it or announced it', async () => {
    const world = new World()
    const one = world.start('one')
    await one.open()
    const [victim, announced] = [new Phone(8, coordinator), new Phone(10, coordinator)]
    one.send(victim.write(mark(1, 5)), coordinator)
    one.tell({ type: 'claim', client: 10 as ClientId, user: coordinator.user, reply: () => {} })
    await world.clock.advance(10)
    const attacker = new Phone(7, marker)
    attacker.hear(victim.doc)
    for (const client of [8, 10, 7]) {
      attacker.doc.clientID = client
      attacker.write(bad)
    }
    const attack = one.send(attacker.merge(), marker)
    await world.clock.advance(10)
    expect(codes(attack)[0]).toContain('foreign-client')
    expect(await seals(world)).toEqual([{ client: 7, user: 2, clock: 0 }])
    const answers = [victim, announced].map((phone) => one.send(phone.write(mark(2, 5)), coordinator))
    await world.clock.advance(10)
    expect(answers.map((list) => codes(list)[0])).toEqual(['merged', 'merged'])
  })

  test('[C40] nobody seals without end: over the clients a person may have, nothing more is written about them', async () => {
    const world = new World()
    const one = world.start('one', { limits: { clients_per_user_max: 3 } })
    await one.open()
    const flood = new Phone(100, marker)
    for (let client = 100; client < 110; client += 1) {
      flood.doc.clientID = client
      flood.write(bad)
    }
    for (const phone of [flood, new Phone(120, marker), new Phone(121, marker)]) {
      const answers = one.send(phone === flood ? flood.merge() : phone.write(bad), marker)
      await world.clock.advance(10)
      expect(codes(answers)[0]).toContain('bad-key')
    }
    expect(await seals(world)).toHaveLength(3)
    const full = one.send(new Phone(130, marker).write(mark(1)), marker)
    await world.clock.advance(10)
    expect(codes(full)).toEqual(['too-many-connections'])
  })
})

describe('what was refused', () => {
  const counter = writerOf(3, 'counter')
  const closed = writerOf(3, 'counter', 'closed')

  test('[C43] it is kept with every write it would have made: why not, where it stood, and whether a supervisor’s word is all it lacks', async () => {
    const world = new World()
    const one = world.start('one')
    await one.open()
    const phone = new Phone(7, counter)
    const call =
      (n: number, ...candidates: number[]) =>
      (doc: Y.Doc) =>
        void appendToLog(doc, 'A', counter.user, { n, at_s, c: candidates as CandidateNumber[] })
    one.send(phone.write(call(1, 1)), counter)
    await world.clock.advance(10)
    phone.write((doc) => {
      call(2, 2)(doc)
      call(3, 99)(doc)
      call(4, 4)(doc)
      doc.getMap('figures').set('minute/ballots/3', 4)
      doc.getMap('attendance').set('1/3', at_s)
    })
    const answers = one.send(phone.merge(one.doc), counter)
    await world.clock.advance(10)
    // What follows the bad entry is not refused for it: its phone writes it anew.
    expect(answers).toMatchObject([
      {
        answer: 'refused',
        client: 7,
        reasons: [
          { code: 'bad-value', path: 'ballots', key: 'A/3.7', index: 2 },
          { code: 'forbidden', path: 'attendance', key: '1/3' },
        ],
      },
    ])
    expect(one.refusals).toEqual(['refused kept'])
    const [kept] = world.aside()
    expect(kept).toMatchObject({ user: 3, sealed: { client: 7, clock: 2 }, kind: 'refused', more: 0 })
    expect(kept?.writes).toEqual([
      { path: 'ballots', key: 'A/3.7', index: 1, value: { n: 2, at_s, c: [2] }, admissible: false },
      { path: 'ballots', key: 'A/3.7', index: 2, value: { n: 3, at_s, c: [99] }, code: 'bad-value', admissible: false },
      { path: 'ballots', key: 'A/3.7', index: 3, value: { n: 4, at_s, c: [4] }, admissible: false },
      { path: 'figures', key: 'minute/ballots/3', value: 4, admissible: false },
      { path: 'attendance', key: '1/3', value: at_s, code: 'forbidden', admissible: true },
    ])
  })

  test('[C43] nothing but the phase against it: late, and each entry may be admitted at its index', async () => {
    const world = new World()
    const one = world.start('one')
    await one.open()
    const phone = new Phone(7, counter)
    phone.write((doc) => {
      for (let n = 1; n <= 40; n += 1) appendToLog(doc, 'A', counter.user, { n, at_s, c: [1 as CandidateNumber] })
    })
    const answers = one.send(phone.merge(), closed)
    await world.clock.advance(10)
    expect(new Set(codes(answers)[0]?.split(','))).toEqual(new Set(['late']))
    expect(one.refusals).toEqual(['late kept'])
    const [kept] = world.aside()
    expect(kept?.writes.map(({ index, admissible }) => [index, admissible])).toEqual(
      Array.from({ length: 40 }, (_, index) => [index, true]),
    )
  })

  test('[C43] a phone that comes back sends its edits one by one and then whole: the whole is kept, until its person takes over', async () => {
    const world = new World()
    const [one, two] = [world.start('one'), world.start('two')]
    for (const instance of [one, two]) await instance.open()
    const phone = new Phone(7, counter)
    const call = (n: number) => phone.write((doc) => void appendToLog(doc, 'A', counter.user, { n, at_s, c: [1 as CandidateNumber] }))
    const send = async (instance: Instance, update: Uint8Array) => {
      const answers = instance.send(update, closed)
      await world.clock.advance(10)
      return codes(answers)[0]
    }
    const [first, second] = [call(1), call(2)]
    expect(await send(one, first)).toBe('late')
    // It builds on what is not here: its phone is asked for the whole.
    expect(await send(one, second)).toBe('missing')
    expect(world.aside().map(({ writes }) => writes.length)).toEqual([1])
    for (const instance of [one, two]) expect(await send(instance, phone.merge())).toBe('sealed,late')
    expect(await send(two, first)).toBe('sealed,late')
    expect(world.aside().map(({ writes }) => writes.length)).toEqual([2])
    reasons.length = 0
    askSeal(two, 3, 7)
    await world.clock.advance(10)
    expect(reasons).toEqual([{ code: 'late', path: 'ballots', key: 'A/3.7' }])
    call(3)
    expect(await send(one, phone.merge())).toBe('sealed,late')
    expect(world.aside().map(({ writes }) => writes.length)).toEqual([2])
    expect([one.refusals, two.refusals]).toEqual([
      ['late kept', 'late grown', 'late not'],
      ['late not', 'late not', 'late not'],
    ])
  })

  test('[C43] each client of an update is kept by itself, so that none is kept twice however they come again', async () => {
    const world = new World()
    const one = world.start('one')
    await one.open()
    const old = new Phone(7, counter)
    old.write((doc) => void appendToLog(doc, 'A', counter.user, { n: 1, at_s, c: [] }))
    const send = async (phone: Phone) => {
      one.send(phone.merge(), closed)
      await world.clock.advance(10)
      return world.aside().map(({ sealed, writes }) => [sealed?.client, writes.map(({ key }) => key)])
    }
    await send(old)
    const reloaded = new Phone(9, counter)
    reloaded.hear(old.doc)
    reloaded.write((doc) => void appendToLog(doc, 'A', counter.user, { n: 2, at_s, c: [] }))
    const both = [
      [7, ['A/3.7']],
      [9, ['A/3.9']],
    ]
    for (const phone of [reloaded, old, reloaded]) expect(await send(phone)).toEqual(both)
  })

  test('[C43] a person has so much room for it; over it, it is refused and sealed all the same', async () => {
    const world = new World()
    const one = world.start('one', { limits: { aside_entries_max: 2 } })
    await one.open()
    for (const client of [7, 8, 9]) {
      const answers = one.send(new Phone(client, marker).write(bad), marker)
      await world.clock.advance(10)
      expect(codes(answers)).toEqual(['bad-key'])
    }
    expect(one.refusals).toEqual(['refused kept', 'refused kept', 'refused no-room'])
    expect(await seals(world)).toHaveLength(3)
  })

  test('[C44] while the store is away nothing is refused for good: asked again when it is back, it is', async () => {
    const world = new World()
    let away = true
    const one = world.start('one', {
      wrap: (store) => ({ ...store, seal: async (...request) => (away ? { ok: false, error: 'unavailable' } : store.seal(...request)) }),
    })
    await one.open()
    const phone = new Phone(7, marker)
    const update = phone.write(bad)
    const postponed = one.send(update, marker)
    await world.clock.advance(10)
    expect(postponed).toEqual([{ answer: 'postponed', refusal: { code: 'store-unavailable' } }])
    expect(await seals(world)).toEqual([])
    away = false
    const refused = one.send(update, marker)
    await world.clock.advance(10)
    expect(codes(refused)).toEqual(['bad-key'])
  })

  test.each(['unheard', 'answer lost'] as const)('[C44] a seal whose asking is %s is one seal when it comes again', async (cut) => {
    const world = new World()
    let calls = 0
    const one = world.start('one', {
      wrap: (store) => ({
        ...store,
        seal: async (...request) => {
          calls += 1
          if (calls > 1) return store.seal(...request)
          if (cut === 'answer lost') await store.seal(...request)
          throw new Error('cut')
        },
      }),
    })
    await one.open()
    const update = new Phone(7, marker).write(bad)
    const first = one.send(update, marker)
    await world.clock.advance(10)
    const again = one.send(update, marker)
    await world.clock.advance(10)
    expect([codes(first), codes(again)]).toEqual([['postponed'], [cut === 'unheard' ? 'bad-key' : 'sealed,bad-key']])
    expect([await seals(world), world.aside().length]).toEqual([[{ client: 7, user: 2, clock: 0 }], 1])
  })
})

describe('a fault', () => {
  test('[C28] it answers whoever waits for a seal; asked again, there is one seal', async () => {
    const world = new World()
    let asked = Promise.withResolvers<void>()
    let poisoned = false
    const one = world.start('one', {
      wrap: (store) => ({
        ...store,
        seal: async (...request) => asked.promise.then(() => store.seal(...request)),
        read: (...from) => {
          if (poisoned) throw new Error('a defect')
          return store.read(...from)
        },
      }),
    })
    await one.open()
    const update = new Phone(7, marker).write(bad)
    const refused = one.send(update, marker)
    const held = askSeal(one, 2, 7)
    await world.clock.settle()
    poisoned = true
    const gap = new Phone(9, marker)
    gap.write(mark(3))
    one.send(gap.write(mark(4)), marker)
    await world.clock.settle()
    expect([codes(refused), held, one.evicted.length]).toEqual([['postponed'], ['overloaded'], 1])
    poisoned = false
    asked.resolve()
    asked = Promise.withResolvers()
    asked.resolve()
    await one.open()
    const again = one.send(update, marker)
    await world.clock.advance(10)
    expect(codes(again)).toEqual(['sealed,bad-key'])
    expect(await seals(world)).toHaveLength(1)
  })
})

describe('a person ends their own clients', () => {
  test('[C45] answered with the clocks, behind what is on its way, and the same however often it is asked', async () => {
    const world = new World()
    const gate = gated()
    const [one, two] = [world.start('one', { wrap: gate.wrap }), world.start('two')]
    for (const instance of [one, two]) await instance.open()
    const phone = new Phone(7, marker)
    const edit = one.send(phone.write(mark(1)), marker)
    await world.clock.settle()
    const asked = askSeal(one, 2, 7, 9)
    await world.clock.settle()
    expect(asked).toEqual([])
    gate.open()
    await world.clock.advance(10)
    expect([codes(edit), asked]).toEqual([['merged'], [{ 7: 1, 9: 0 }]])
    const again = [askSeal(one, 2, 7, 9), askSeal(two, 2, 7), askSeal(two, 2, 9, 7)]
    await world.clock.advance(10)
    expect(again).toEqual([[{ 7: 1, 9: 0 }], [{ 7: 1 }], [{ 7: 1, 9: 0 }]])
    const late = one.send(phone.write(mark(2)), marker)
    await world.clock.advance(10)
    expect(codes(late)).toEqual(['sealed'])
    expect(world.aside()).toEqual([])
  })

  test('[C45] somebody else’s is foreign-client and none is sealed; nor more than a person may have', async () => {
    const world = new World()
    const one = world.start('one', { limits: { clients_per_user_max: 3 } })
    await one.open()
    one.send(new Phone(8, coordinator).write(mark(1, 5)), coordinator)
    await world.clock.advance(10)
    const answers = [askSeal(one, 2, 7, 8), askSeal(one, 2, 1, 2, 3, 4)]
    await world.clock.advance(10)
    expect(answers).toEqual([['foreign-client'], ['too-many-connections']])
    expect(await seals(world)).toEqual([])
    const good = askSeal(one, 2, 1, 2, 3)
    await world.clock.advance(10)
    expect(good).toEqual([{ 1: 0, 2: 0, 3: 0 }])
  })
})

describe('rights', () => {
  test('[C47] an update is judged by what its author may do when it is judged, however long it waited', async () => {
    const world = new World()
    const gate = gated()
    const one = world.start('one', { wrap: gate.wrap })
    await one.open()
    let now = marker
    const phone = new Phone(7, marker)
    const first = one.send(phone.write(mark(1)), () => now)
    const second = one.send(phone.write(mark(2)), () => now)
    await world.clock.settle()
    now = writerOf(2, 'marker', 'closed')
    gate.open()
    await world.clock.advance(10)
    expect([codes(first), codes(second)]).toEqual([['merged'], ['late']])
    now = marker
    const anew = one.send(new Phone(9, marker).write(mark(2)), () => now)
    await world.clock.advance(10)
    expect(codes(anew)).toEqual(['merged'])
  })
})
