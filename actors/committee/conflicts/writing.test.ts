import { describe, expect, test } from 'vitest'
import { writerOf } from '#actors/committee/admission/histories.kit.ts'
import { committee as id, Phone } from '#actors/committee/committee.kit.ts'
import type { JournalStore } from '#actors/journal/store.ts'
import type { UserId } from '#contract/ids.ts'
import { defaultLimits } from '#contract/limits.ts'
import { at, committee, entryIn, group, mute, takeover_ms, valuesIn } from './race.kit.ts'

describe('who writes an entry', () => {
  test('[C54] the process that brought the row, at once; one row, and the same on every process', async () => {
    const { one, others, race, serverRows } = await committee({ others: [{}, {}] })
    await race(others[0])
    const rows = await serverRows()
    expect(rows.map(({ instance, touches }) => [instance, touches])).toEqual([['other 0', [{ path: 'conflicts', key: at }]]])
    for (const { doc, openConflicts } of [one, ...others]) {
      expect(valuesIn(doc)).toEqual(['mine', 'theirs'])
      expect(openConflicts).toBe(1)
    }
  })

  test('[C54] another where that one does not come to it; when it comes after all, it is still one row', async () => {
    const { wrap, speak, asked } = mute()
    const { world, one, others, race, serverRows } = await committee({ others: [{ wrap }, {}] })
    await race(others[0])
    expect(asked()).toBe(1)
    await world.clock.advance(takeover_ms - 100)
    expect(await serverRows()).toEqual([])
    await world.clock.advance(200)
    expect(await serverRows()).toHaveLength(1)
    expect((await serverRows())[0]?.instance).not.toBe('other 0')
    speak()
    await world.clock.advance(2 * takeover_ms)
    expect(await serverRows()).toHaveLength(1)
    const doc = await world.journalled()
    for (const each of [one, ...others]) expect(entryIn(each.doc)).toEqual(entryIn(doc))
    // The one that hung goes on to write the next.
    const third = new Phone(60, writerOf(6, 'coordinator'))
    others[0]?.send(third.write(group('other')), third.writer)
    await world.clock.advance(10)
    expect((await serverRows()).map(({ instance }) => instance)[1]).toBe('other 0')
    expect(valuesIn(one.doc)).toEqual(['mine', 'theirs', 'other'])
  })

  test('[C54] all that knew of it have died: who opens the committee next finds it in the rows, and writes it', async () => {
    const { wrap } = mute()
    const { world, race, serverRows } = await committee({ first: { wrap, limits: { snapshot_every_rows: 2 } } })
    await race()
    await world.clock.advance(2 * takeover_ms)
    expect(await serverRows()).toEqual([])
    const heir = world.start('heir')
    await heir.open()
    expect(heir.openConflicts).toBe(1)
    await world.clock.advance(takeover_ms + 10)
    expect((await serverRows()).map(({ instance }) => instance)).toEqual(['heir'])
    expect(valuesIn(heir.doc)).toEqual(['mine', 'theirs'])
  })

  // Clients of the server's are given in turn, and Yjs lets the higher stand: where the fast one has the lower, the late row covers its own.
  for (const [title, isFastLower] of [
    ['the newer stands', false],
    ['the older would stand, and it is written again', true],
  ] as const) {
    test(`[C54] two rows of entries that cross: ${title}`, async () => {
      const { wrap, speak } = mute()
      const { world, one: fast, others, race, serverRows } = await committee({ others: [{ wrap }] })
      const [slow] = others
      if (slow === undefined) throw new Error('no other')
      const elsewhere = [new Phone(90, writerOf(6, 'coordinator')), new Phone(91, writerOf(7, 'coordinator'))]
      const write = (phone: Phone) => phone.write((doc) => doc.getMap('guarantees').set('9/6/group', `${phone.doc.clientID}`))
      if (isFastLower) for (const phone of elsewhere) fast.send(write(phone), phone.writer)
      await world.clock.advance(10)
      const before = (await serverRows()).length
      await race(slow)
      const third = new Phone(60, writerOf(6, 'coordinator'))
      fast.send(third.write(group('other')), third.writer)
      await world.clock.advance(10)
      expect(valuesIn(fast.doc)).toEqual(['mine', 'theirs', 'other'])
      speak()
      await world.clock.advance(2 * takeover_ms)
      const doc = await world.journalled()
      for (const each of [doc, slow.doc, fast.doc]) expect(valuesIn(each)).toEqual(['mine', 'theirs', 'other'])
      const rows = isFastLower ? 3 : 2
      expect((await serverRows()).length - before).toBe(rows)
      await world.clock.advance(10 * takeover_ms)
      expect((await serverRows()).length - before).toBe(rows)
    })
  }

  test('[C54] where the store is away it is written when that is back', async () => {
    let away = false
    const wrap = (store: JournalStore): JournalStore => ({
      ...store,
      serverClient: async () => (away ? { ok: false, error: 'unavailable' } : store.serverClient()),
    })
    const { world, one, race, serverRows } = await committee({ first: { wrap } })
    away = true
    await race()
    await world.clock.advance(3 * takeover_ms)
    expect([await serverRows(), valuesIn(one.doc)]).toEqual([[], undefined])
    away = false
    await world.clock.advance(takeover_ms + 10)
    expect([(await serverRows()).length, valuesIn(one.doc)]).toEqual([1, ['mine', 'theirs']])
  })

  test('[C51] the time of a value that stood in a snapshot already is that of its row', async () => {
    const { world, here, away, tell } = await committee({ first: { limits: { snapshot_every_rows: 1 } } })
    await tell(here, 'mine')
    const mine_s = Math.floor(world.clock.now_ms() / 1_000)
    await world.clock.advance(60_000)
    const heir = world.start('heir')
    await heir.open()
    await tell(away, 'theirs', 'merge', heir)
    expect(entryIn(heir.doc)?.values.map(({ value, at_s }) => [value, at_s])).toEqual([
      ['mine', mine_s],
      ['theirs', Math.floor(world.clock.now_ms() / 1_000)],
    ])
  })
})

describe('rows of the server', () => {
  test('[C57] entries and what is admitted from aside go one after the other, each on top of the one before', async () => {
    const { world, one, race, serverRows } = await committee()
    const closed = writerOf(9, 'collector', 'closed')
    const late = new Phone(99, closed)
    one.send(
      late.write((doc) => doc.getMap('guarantees').set('2/9/group', 'late')),
      closed,
    )
    await world.clock.advance(10)
    const [aside] = world.aside()
    if (aside === undefined) throw new Error('not kept')
    const answers: unknown[] = []
    const racing = race()
    one.tell({
      type: 'admit-aside',
      id: aside.id,
      author: { user: 9 as UserId, role: 'collector' },
      writes: aside.writes,
      by: 3 as UserId,
      reply: (answer) => answers.push(answer.ok),
    })
    await racing
    await world.clock.advance(10)
    expect(answers).toEqual([true])
    const rows = await serverRows()
    expect(rows.map(({ touches }) => touches[0]?.path).sort()).toEqual(['conflicts', 'guarantees'])
    expect(new Set(rows.flatMap(({ clients }) => clients)).size).toBe(1)
    const doc = await world.journalled()
    expect([doc.getMap('guarantees').get('2/9/group'), valuesIn(doc)]).toEqual(['late', ['mine', 'theirs']])
  })

  test('[C51] a value that the server wrote for somebody is put down to them', async () => {
    const { world, one, serverRows } = await committee()
    const closed = writerOf(9, 'collector', 'closed')
    const late = new Phone(99, closed)
    const coordinating = new Phone(98, writerOf(6, 'coordinator'))
    const write = (value: string) => (doc: Parameters<ReturnType<typeof group>>[0]) => void doc.getMap('guarantees').set('2/9/group', value)
    one.send(late.write(write('late')), closed)
    await world.clock.advance(10)
    const [aside] = world.aside()
    if (aside === undefined) throw new Error('not kept')
    const author = { user: 9 as UserId, role: 'collector' } as const
    one.tell({ type: 'admit-aside', id: aside.id, author, writes: aside.writes, by: 3 as UserId, reply: () => {} })
    await world.clock.advance(10)
    one.send(coordinating.write(write('other')), coordinating.writer)
    await world.clock.advance(10)
    expect(await serverRows()).toHaveLength(2)
    expect(one.doc.getMap('conflicts').get('guarantees/2/9/group')).toMatchObject({
      values: [
        { value: 'late', by: 9 },
        { value: 'other', by: 6 },
      ],
    })
  })
})

describe('keeping', () => {
  test('[C55] no snapshot while an entry is outstanding; the next chance keeps one', async () => {
    const { wrap, speak } = mute()
    const { world, one, here, race, tell } = await committee({ first: { wrap, limits: { snapshot_every_rows: 2 } } })
    await race()
    await tell(here, 'more')
    await tell(here, 'and more')
    const kept = await world.makeStore('reader').snapshot(id)
    expect([one.snapshots, kept.ok && kept.value?.sequence]).toEqual([1, 2])
    speak()
    await world.clock.advance(2 * takeover_ms)
    expect(one.snapshots).toBe(2)
  })

  test('[C26] a drain does not wait for an entry that another process answers for', async () => {
    const { wrap } = mute()
    const { world, one, others, race } = await committee({ others: [{ wrap }] })
    await race(others[0])
    one.people = false
    const left = one.system.drain(1_000)
    await world.clock.advance(500)
    expect(await left).toEqual({ committees: [], entries: 0 })
    await world.clock.advance(2 * takeover_ms)
    expect([one.system.committees.awake(), one.openConflicts]).toEqual([[], 0])
  })

  test('[C26] asleep with an entry on its way no state is left behind that is told of it', async () => {
    const { world, one, race, serverRows } = await committee()
    await race()
    one.people = false
    await world.clock.advance(3 * defaultLimits.committee_idle_ms)
    expect([one.system.committees.awake(), one.openConflicts, one.snapshots]).toEqual([[], 0, 1])
    expect(await serverRows()).toHaveLength(1)
    one.people = true
    await one.open()
    expect([one.openConflicts, valuesIn(one.doc)]).toEqual([1, ['mine', 'theirs']])
  })
})
