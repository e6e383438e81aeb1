import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import type { KeptPart } from '#actors/journal/memory.ts'
import type { JournalStore } from '#actors/journal/store.ts'
import { appendToLog, tallySheet } from '#contract/document/ballots.ts'
import type { CandidateNumber, ClientId, UserId } from '#contract/ids.ts'
import { at_s, writerOf } from './admission/histories.kit.ts'
import { coordinator, gated, type Instance, mark, Phone, World } from './committee.kit.ts'

const counter = writerOf(3, 'counter', 'counting', ['attendance', 'guarantees'])
const closed = writerOf(3, 'counter', 'closed', ['attendance', 'guarantees'])
const supervisor = 1 as UserId

const call =
  (...ns: number[]) =>
  (doc: Y.Doc) => {
    for (const n of ns) appendToLog(doc, 'A', counter.user, { n, at_s, c: [((n % 9) + 1) as CandidateNumber] })
  }
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at)

/** A committee that was closed while this was written. */
async function late(write: (doc: Y.Doc) => void, before: (doc: Y.Doc) => void = () => {}, options = {}) {
  const world = new World()
  const one = world.start('one', options)
  await one.open()
  const phone = new Phone(7, counter)
  phone.doc.transact(() => before(phone.doc))
  one.send(phone.merge(), counter)
  await world.clock.advance(10)
  phone.doc.transact(() => write(phone.doc))
  const answers = one.send(phone.merge(one.doc), closed)
  await world.clock.advance(10)
  const [aside] = world.aside()
  if (answers[0]?.answer !== 'refused' || aside === undefined) throw new Error('it was not kept')
  return { world, one, phone, aside }
}

function admit(instance: Instance, { id, writes }: KeptPart, role = counter.role): unknown[] {
  const answers: unknown[] = []
  instance.tell({
    type: 'admit-aside',
    id,
    author: { user: counter.user, role },
    writes,
    by: supervisor,
    reply: (answer) => answers.push(answer.ok ? answer.value : answer.error.code),
  })
  return answers
}

describe('admitting what was kept aside', () => {
  test('[C46] late ballots stand in their own log at their own index, in one row of the server’s, and count', async () => {
    const { world, one, aside } = await late(call(...range(4, 43)), call(1, 2, 3))
    const answers = admit(one, aside)
    await world.clock.advance(10)
    expect(answers).toEqual([{ sequence: 2, left: 0 }])
    const rows = await world.rows()
    expect(rows.map(({ user, touches }) => [user, touches])).toEqual([
      [3, [{ path: 'ballots', key: 'A/3.7' }]],
      [null, [{ path: 'ballots', key: 'A/3.7' }]],
    ])
    expect(rows[1]?.clients[0]).toBeGreaterThan(2 ** 32)
    for (const doc of [one.doc, await world.journalled()]) {
      const log = (doc.getMap('ballots').get('A/3.7') as Y.Array<{ n: number }>).toArray()
      expect(log.map(({ n }) => n)).toEqual(range(1, 43))
      expect(tallySheet(doc.getMap('ballots'), 'A').ballots).toBe(43)
    }
  })

  test('[C46] a log that began late, values over what stands, text behind what is there: all under the keys they had', async () => {
    const write = (doc: Y.Doc) => {
      call(1)(doc)
      mark(1, 3)(doc)
      doc.getMap('guarantees').set('1/3/group', 'late')
      doc.getText('note/1').insert(0, 'late')
    }
    const before = (doc: Y.Doc) => doc.getMap('guarantees').set('1/3/group', 'early')
    const { world, one, aside } = await late(write, before)
    const colleague = new Phone(8, coordinator)
    one.send(
      colleague.write((doc) => doc.getText('note/1').insert(0, 'there. ')),
      coordinator,
    )
    await world.clock.advance(10)
    const answers = admit(one, aside)
    await world.clock.advance(10)
    expect(answers).toEqual([{ sequence: 3, left: 0 }])
    const doc = await world.journalled()
    expect(doc.getMap('guarantees').toJSON()).toEqual({ '1/3/group': 'late' })
    expect(doc.getMap('attendance').toJSON()).toEqual({ '1/3': at_s })
    expect(doc.getText('note/1').toString()).toBe('there. late')
    expect(tallySheet(doc.getMap('ballots'), 'A').ballots).toBe(1)
    // People go on beside it, and so does what the server writes next.
    colleague.hear(one.doc)
    const edit = one.send(
      colleague.write((inner) => inner.getText('note/1').delete(0, 7)),
      coordinator,
    )
    await world.clock.advance(10)
    expect([edit[0]?.answer, one.doc.getText('note/1').toString()]).toEqual(['merged', 'late'])
  })

  test('[C46] asked twice, at once, later, or of two instances: one row', async () => {
    const { world, one, aside } = await late(call(1, 2))
    const two = world.start('two', { notify: false })
    await two.open()
    const answers = [admit(one, aside), admit(two, aside), admit(one, aside)]
    await world.clock.advance(10)
    expect(answers.slice(0, 2)).toEqual([[{ sequence: 1, left: 0 }], [{ sequence: 1, left: 0 }]])
    expect(answers[2]).toHaveLength(1)
    const later = [admit(one, aside), admit(two, aside)]
    await world.clock.advance(10)
    expect(later).toEqual([['bad-value'], ['bad-value']])
    expect(await world.rows()).toHaveLength(1)
    for (const { doc } of [one, two]) expect(tallySheet(doc.getMap('ballots'), 'A').ballots).toBe(2)
  })

  test('[C46] while the COMMIT is blocked nobody sees it; asked of another process meanwhile, both end at its one row', async () => {
    const gate = gated()
    const { world, one, aside } = await late(call(1, 2), undefined, {})
    const two = world.start('two', { wrap: gate.wrap })
    await two.open()
    const answers = admit(two, aside)
    await world.clock.advance(10)
    expect([answers, two.doc.getMap('ballots').size]).toEqual([[], 0])
    // Somebody else is asked meanwhile.
    const again = admit(one, aside)
    await world.clock.advance(10)
    gate.open()
    await world.clock.advance(10)
    expect([again, answers]).toEqual([[{ sequence: 1, left: 0 }], [{ sequence: 1, left: 0 }]])
    expect(Y.encodeStateAsUpdate(two.doc)).toEqual(Y.encodeStateAsUpdate(one.doc))
    expect(await world.rows()).toHaveLength(1)
  })

  test('[C46] place and value have to fit, and only what was refused is written: the rest its own phone writes', async () => {
    const world = new World()
    const one = world.start('one')
    await one.open()
    const phone = new Phone(7, writerOf(3, 'counter'))
    phone.doc.transact(() => {
      call(1)(phone.doc)
      mark(1, 3)(phone.doc)
      mark(2, 9)(phone.doc)
      phone.doc.getMap('meta').set('phase', 'closed')
      phone.doc.getMap('attendance').set('3/3', 'junk')
    })
    one.send(phone.merge(), phone.writer)
    await world.clock.advance(10)
    const [aside] = world.aside() as [KeptPart]
    expect(aside.writes.map(({ key, code, admissible }) => [key, code, admissible])).toEqual([
      ['A/3.7', undefined, false],
      ['1/3', 'forbidden', true],
      ['2/9', 'forbidden', false],
      ['phase', 'forbidden', false],
      ['3/3', 'forbidden', false],
    ])
    // Whatever the list says, it is looked at again.
    const answers = admit(one, { ...aside, writes: aside.writes.map((write) => ({ ...write, admissible: true })) })
    await world.clock.advance(10)
    expect(answers).toEqual([{ sequence: 1, left: 3 }])
    const doc = await world.journalled()
    expect([doc.getMap('attendance').toJSON(), doc.getMap('meta').toJSON()]).toEqual([{ '1/3': at_s }, {}])
    // An entry of a log is at home in a sealed client's own, at its end.
    const [entry] = aside.writes
    expect([entry?.index, doc.getMap('ballots').has('A/3.7')]).toEqual([0, true])
  })

  test('[C46] an entry is never appended to a log whose writer goes on, nor anywhere but at its index', async () => {
    const { world, one, aside } = await late(call(2), call(1))
    const moved = (index: number, key = 'A/3.7') => ({ ...aside, writes: aside.writes.map((write) => ({ ...write, key, index })) })
    const living = new Phone(9, counter)
    one.send(living.write(call(1)), counter)
    await world.clock.advance(10)
    const answers = [moved(0), moved(2), moved(1, 'A/3.9'), moved(0, 'A/4.7')].map((wrong) => admit(one, wrong))
    await world.clock.advance(10)
    expect(answers).toEqual([['bad-value'], ['bad-value'], ['bad-value'], ['bad-value']])
    const right = admit(one, aside)
    await world.clock.advance(10)
    expect(right).toEqual([{ sequence: 3, left: 0 }])
  })

  test('[C46] an admission that waits keeps the actor awake; a store that is away postpones it', async () => {
    let away = false
    const { world, one, aside } = await late(call(1), undefined, {
      wrap: (store: JournalStore) => ({
        ...store,
        serverClient: async () => (away ? { ok: false, error: 'unavailable' } : store.serverClient()),
      }),
    })
    away = true
    const postponed = admit(one, aside)
    await world.clock.advance(10)
    expect(postponed).toEqual(['store-unavailable'])
    away = false
    const admitted = admit(one, aside)
    await world.clock.advance(10)
    expect(admitted).toEqual([{ sequence: 1, left: 0 }])
    expect((await world.rows())[0]?.clients).toEqual([(2 ** 32 + 1) as ClientId])
  })
})
