import { describe, expect, test } from 'vitest'
import type * as Y from 'yjs'
import { writerOf } from '#actors/committee/admission/histories.kit.ts'
import { coordinator, Phone, World } from '#actors/committee/committee.kit.ts'
import { conflictsRoot, readConflict, readConflicts } from '#contract/document/conflicts.ts'
import type { Writer } from '#contract/document/schema.ts'

const collector = writerOf(4, 'collector')
const supervisor = writerOf(3, 'supervisor')
const at = 'guarantees/1/4/group'

const group = (value: string | null) => (doc: Y.Doc) => void doc.getMap('guarantees').set('1/4/group', value)

/** A committee in which `first` stands, seen by both phones; the second then goes offline. */
async function committee(options: { first?: string; clients?: readonly [number, number]; instances?: number } = {}) {
  const { first = 'first', clients = [70, 80], instances = 1 } = options
  const world = new World()
  const [one, ...others] = Array.from({ length: instances }, (_, index) => world.start(`i${index}`))
  if (one === undefined) throw new Error('no instance')
  for (const instance of [one, ...others]) await instance.open()
  const here = new Phone(clients[0], coordinator)
  const away = new Phone(clients[1], collector)
  one.send(here.write(group(first)), coordinator, 'live')
  await world.clock.advance(10)
  away.hear(one.doc)
  const tell = async (phone: Phone, value: string | null, kind: 'live' | 'merge' = 'live', writer: Writer = phone.writer) => {
    const answers = one.send(phone.write(group(value)), writer, kind)
    await world.clock.advance(10)
    return answers[0]?.answer
  }
  const entry = (doc: Y.Doc = one.doc) => readConflict(conflictsRoot(doc), at)
  return { world, one, others, here, away, tell, entry }
}

describe('a race', () => {
  for (const clients of [
    [70, 80],
    [80, 70],
  ] as const) {
    test(`[C50] [C51] [C54] whoever wins, both values stand in one entry, with authors, times and ids (${clients})`, async () => {
      const { world, one, tell, entry, here, away } = await committee({ clients })
      const first_s = Math.floor(world.clock.now_ms() / 1_000)
      await tell(here, 'mine')
      await world.clock.advance(5_000)
      await tell(away, 'theirs', 'merge')
      const then_s = Math.floor(world.clock.now_ms() / 1_000)
      expect(entry()).toEqual({
        values: [
          { value: 'mine', by: 5, at_s: first_s, id: `${clients[0]}:1` },
          { value: 'theirs', by: 4, at_s: then_s, id: `${clients[1]}:0` },
        ],
      })
      const rows = await world.rows()
      expect(rows.map(({ user, touches }) => [user, touches[0]?.path])).toEqual([
        [5, 'guarantees'],
        [5, 'guarantees'],
        [4, 'guarantees'],
        [null, 'conflicts'],
      ])
      expect(rows[3]?.clients[0]).toBeGreaterThan(2 ** 32)
      expect(entry(await world.journalled())).toEqual(entry())
      expect(one.openConflicts).toBe(1)
    })
  }

  test('[C50] [C51] what was written on top of what stands is none; nor is what says the same; another field is another place', async () => {
    const { world, one, tell, entry, here, away } = await committee()
    await tell(away, 'seen')
    here.hear(one.doc)
    await tell(here, 'seen as well')
    await tell(away, 'seen as well', 'merge')
    one.send(
      away.write((doc) => doc.getMap('guarantees').set('1/4/strength', 'weak')),
      collector,
    )
    await world.clock.advance(10)
    expect(entry()).toBeUndefined()
    expect(await world.rows()).toHaveLength(5)
  })

  test('[C50] several writes without a network are one branch, in one diff or one by one; what was overwritten in it is not told', async () => {
    const { world, one, tell, entry, here, away } = await committee()
    await tell(here, 'mine')
    for (const value of ['a', 'b', 'c']) away.write(group(value))
    one.send(away.merge(one.doc), collector)
    await world.clock.advance(10)
    expect(entry()?.values.map(({ value }) => value)).toEqual(['mine', 'c'])
    await tell(away, 'd', 'merge')
    expect(entry()?.values.map(({ value, by }) => [value, by])).toEqual([
      ['mine', 5],
      ['d', 4],
    ])
  })

  test('[C50] rulings race as well; statements, notes and ballots never', async () => {
    const { world, one } = await committee()
    const [a, b] = [new Phone(91, supervisor), new Phone(92, writerOf(1, 'administrator'))]
    const rule = (by: number, why: string) => (doc: Y.Doc) => void doc.getMap('attendance').set('2/#', { by, at_s: 5, why, saw: {} })
    one.send(a.write(rule(3, 'x')), a.writer)
    one.send(b.write(rule(1, 'y')), b.writer)
    one.send(
      a.write((doc) => doc.getMap('attendance').set('2/3', 7)),
      a.writer,
    )
    await world.clock.advance(10)
    expect(
      readConflicts(conflictsRoot(one.doc)).map(({ root, key, conflict }) => [root, key, conflict.values.map(({ by }) => by)]),
    ).toEqual([['attendance', '2/#', [3, 1]]])
  })
})

describe('an open conflict', () => {
  async function open() {
    const made = await committee()
    await made.tell(made.here, 'mine')
    await made.tell(made.away, 'theirs', 'merge')
    return made
  }

  test('[C52] a branch that goes on takes its own place; a third comes to the others; when all say the same it is resolved', async () => {
    const { one, tell, entry, away } = await open()
    const third = new Phone(60, writerOf(6, 'coordinator'))
    await tell(third, 'other', 'merge')
    expect(entry()?.values.map(({ value, by }) => [value, by])).toEqual([
      ['mine', 5],
      ['theirs', 4],
      ['other', 6],
    ])
    await tell(away, 'mine', 'merge')
    expect(entry()?.values.map(({ value }) => value)).toEqual(['mine', 'other', 'mine'])
    expect(entry()?.resolved).toBeUndefined()
    await tell(third, 'mine', 'merge')
    expect(entry()?.values.map(({ value }) => value)).toEqual(['mine', 'other', 'mine'])
    expect(entry()?.resolved).toMatchObject({ by: 6, value: 'mine' })
    expect(one.openConflicts).toBe(0)
  })

  test('[C53] a coordinator connected, onto what stands, resolves it, with the same value too; all values stay, and who did', async () => {
    for (const value of ['mine', 'theirs', 'a third']) {
      const { world, one, tell, entry } = await open()
      const chief = new Phone(50, supervisor)
      chief.hear(one.doc)
      const values = entry()?.values
      await tell(chief, value)
      expect(entry()).toEqual({ values, resolved: { by: 3, at_s: Math.floor(world.clock.now_ms() / 1_000), value } })
      expect([one.doc.getMap('guarantees').get('1/4/group'), one.openConflicts]).toEqual([value, 0])
      expect(await world.rows()).toHaveLength(6)
    }
  })

  test('[C53] who may not decide, was not connected, or has not seen what stands does not resolve it', async () => {
    const { one, tell, entry, away } = await open()
    away.hear(one.doc)
    await tell(away, 'by a collector')
    expect([entry()?.values.length, entry()?.resolved]).toEqual([2, undefined])
    const chief = new Phone(50, supervisor)
    chief.hear(one.doc)
    await tell(chief, 'written offline', 'merge')
    expect([entry()?.values.length, entry()?.resolved]).toEqual([2, undefined])
    await tell(new Phone(51, supervisor), 'has seen nothing')
    expect([entry()?.values.length, entry()?.resolved]).toEqual([3, undefined])
  })

  test('[C53] a new race on the same key begins anew', async () => {
    const { one, tell, entry } = await open()
    const chief = new Phone(50, supervisor)
    const late = new Phone(49, collector)
    chief.hear(one.doc)
    late.hear(one.doc)
    await tell(chief, 'decided')
    await tell(late, 'late', 'merge')
    expect(entry()?.resolved).toBeUndefined()
    expect(entry()?.values.map(({ value }) => value)).toEqual(['decided', 'late'])
  })

  test('[C56] over the bound the oldest that does not stand is left off', async () => {
    const { tell, entry, one } = await open()
    for (let n = 0; n < 10; n += 1) await tell(new Phone(40 - n, writerOf(10 + n, 'coordinator')), `v${n}`, 'merge')
    const values = entry()?.values.map(({ value }) => value)
    expect(values).toHaveLength(8)
    expect(values).toContain(one.doc.getMap('guarantees').get('1/4/group'))
    expect(values?.slice(1)).toEqual(['v3', 'v4', 'v5', 'v6', 'v7', 'v8', 'v9'])
  })

  test('nobody else may write an entry', async () => {
    const { world, one } = await committee()
    const chief = new Phone(50, supervisor)
    const answers = one.send(
      chief.write((doc) => doc.getMap('conflicts').set(at, { values: [] })),
      supervisor,
    )
    await world.clock.advance(10)
    expect(answers[0]).toMatchObject({ answer: 'refused', reasons: [{ code: 'forbidden' }] })
  })
})
