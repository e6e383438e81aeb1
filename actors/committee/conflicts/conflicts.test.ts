import { describe, expect, test } from 'vitest'
import type * as Y from 'yjs'
import { writerOf } from '#actors/committee/admission/histories.kit.ts'
import { Phone } from '#actors/committee/committee.kit.ts'
import { conflictsRoot, readConflicts } from '#contract/document/conflicts.ts'
import { at, collector, committee, entryIn, group, supervisor, valuesIn } from './race.kit.ts'

describe('a race', () => {
  for (const clients of [
    [70, 80],
    [80, 70],
  ] as const) {
    test(`[C50] [C51] [C54] whoever wins, both values stand in one entry, with authors, times and ids (${clients})`, async () => {
      const { world, one, tell, here, away } = await committee({ clients })
      const first_s = Math.floor(world.clock.now_ms() / 1_000)
      await tell(here, 'mine')
      await world.clock.advance(5_000)
      await tell(away, 'theirs', 'merge')
      const then_s = Math.floor(world.clock.now_ms() / 1_000)
      expect(entryIn(one.doc)).toEqual({
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
      expect(entryIn(await world.journalled())).toEqual(entryIn(one.doc))
      expect(one.openConflicts).toBe(1)
    })
  }

  test('[C50] [C51] what was written on top of what stands is none; nor is what says the same; another field is another place', async () => {
    const { world, one, tell, here, away } = await committee()
    await tell(away, 'seen')
    here.hear(one.doc)
    await tell(here, 'seen as well')
    await tell(away, 'seen as well', 'merge')
    one.send(
      away.write((doc) => doc.getMap('guarantees').set('1/4/strength', 'weak')),
      collector,
    )
    await world.clock.advance(10)
    expect(entryIn(one.doc)).toBeUndefined()
    expect(await world.rows()).toHaveLength(5)
  })

  test('[C50] several writes without a network are one branch, in one diff or one by one; what was overwritten in it is not told', async () => {
    const { world, one, tell, here, away } = await committee()
    await tell(here, 'mine')
    for (const value of ['a', 'b', 'c']) away.write(group(value))
    one.send(away.merge(one.doc), collector)
    await world.clock.advance(10)
    expect(valuesIn(one.doc)).toEqual(['mine', 'c'])
    await tell(away, 'd', 'merge')
    expect(entryIn(one.doc)?.values.map(({ value, by }) => [value, by])).toEqual([
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
    await made.race()
    return made
  }

  test('[C52] a branch that goes on takes its own place; a third comes to the others; when all say the same it is resolved', async () => {
    const { one, tell, away } = await open()
    const third = new Phone(60, writerOf(6, 'coordinator'))
    await tell(third, 'other', 'merge')
    expect(entryIn(one.doc)?.values.map(({ value, by }) => [value, by])).toEqual([
      ['mine', 5],
      ['theirs', 4],
      ['other', 6],
    ])
    await tell(away, 'mine', 'merge')
    expect(valuesIn(one.doc)).toEqual(['mine', 'other', 'mine'])
    expect(entryIn(one.doc)?.resolved).toBeUndefined()
    await tell(third, 'mine', 'merge')
    expect(valuesIn(one.doc)).toEqual(['mine', 'other', 'mine'])
    expect(entryIn(one.doc)?.resolved).toMatchObject({ by: 6, value: 'mine' })
    expect(one.openConflicts).toBe(0)
  })

  test('[C53] a coordinator connected, onto what stands, resolves it, with the same value too; all values stay, and who did', async () => {
    for (const value of ['mine', 'theirs', 'a third']) {
      const { world, one, tell } = await open()
      const chief = new Phone(50, supervisor)
      chief.hear(one.doc)
      const values = entryIn(one.doc)?.values
      await tell(chief, value)
      expect(entryIn(one.doc)).toEqual({ values, resolved: { by: 3, at_s: Math.floor(world.clock.now_ms() / 1_000), value } })
      expect([one.doc.getMap('guarantees').get('1/4/group'), one.openConflicts]).toEqual([value, 0])
      expect(await world.rows()).toHaveLength(6)
    }
  })

  test('[C53] who may not decide, was not connected, or has not seen what stands does not resolve it', async () => {
    const { one, tell, away } = await open()
    away.hear(one.doc)
    await tell(away, 'by a collector')
    expect([entryIn(one.doc)?.values.length, entryIn(one.doc)?.resolved]).toEqual([2, undefined])
    const chief = new Phone(50, supervisor)
    chief.hear(one.doc)
    await tell(chief, 'written offline', 'merge')
    expect([entryIn(one.doc)?.values.length, entryIn(one.doc)?.resolved]).toEqual([2, undefined])
    await tell(new Phone(51, supervisor), 'has seen nothing')
    expect([entryIn(one.doc)?.values.length, entryIn(one.doc)?.resolved]).toEqual([3, undefined])
  })

  test('[C53] a new race on the same key begins anew', async () => {
    const { one, tell } = await open()
    const chief = new Phone(50, supervisor)
    const late = new Phone(49, collector)
    chief.hear(one.doc)
    late.hear(one.doc)
    await tell(chief, 'decided')
    await tell(late, 'late', 'merge')
    expect(entryIn(one.doc)?.resolved).toBeUndefined()
    expect(valuesIn(one.doc)).toEqual(['decided', 'late'])
  })

  test('[C56] over the bound the oldest that does not stand is left off', async () => {
    const { tell, one } = await open()
    for (let n = 0; n < 10; n += 1) await tell(new Phone(40 - n, writerOf(10 + n, 'coordinator')), `v${n}`, 'merge')
    const values = valuesIn(one.doc)
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
