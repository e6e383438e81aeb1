import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { ballotsIn, documentOf, marksIn } from '#load/driver/oracle.ts'
import { demoUser } from './demo-users.ts'
import { until } from './until.ts'
import { startWorld } from './world.ts'

const at_s = 1_763_856_000
const edits = 500

describe('two processes on one database, without Redis', () => {
  it('500 edits from both are one order and equal replicas', async () => {
    await using world = await startWorld({ instances: 2, demo: true })
    const [first, second] = world.instances
    const user = await demoUser(world.sql)
    const here = await world.person('u01', user('coordinator1'), 'coordinator', { at: first }).synced()
    const there = await world.person('u01', user('coordinator2'), 'coordinator', { at: second ?? first }).synced()
    for (let n = 1; n <= edits / 2; n += 1) {
      here.call('A', n, [(n % 30) + 1], at_s)
      there.mark(n, at_s)
      // Let both sockets breathe, so that the two instances' commits alternate.
      if (n % 10 === 0) await Promise.all([here.book.downTo(5), there.book.downTo(5)])
    }
    await Promise.all([here.book.downTo(0), there.book.downTo(0)])

    const rows = await world.rows('u01')
    expect(rows).toHaveLength(edits)
    expect(rows.map((row) => row.sequence)).toEqual(rows.map((_row, index) => index + 1))
    // Both instances wrote, and in turns: one order was made of two streams.
    const turns = rows.filter((row, index) => index > 0 && row.user !== rows[index - 1]?.user).length
    expect(turns).toBeGreaterThan(10)

    const journal = documentOf(rows.map((row) => row.update))
    for (const person of [here, there]) {
      await until(
        'the replica is at the head',
        () => ballotsIn(person.doc, 'A').length === edits / 2 && marksIn(person.doc).length === edits / 2,
      )
      expect(Y.encodeStateVector(person.doc)).toEqual(Y.encodeStateVector(journal))
      expect(person.doc.getMap('attendance').toJSON()).toEqual(journal.getMap('attendance').toJSON())
      expect(person.doc.getMap('ballots').toJSON()).toEqual(journal.getMap('ballots').toJSON())
    }
  })

  it('a phone that moves to the other process finds its edits there, and is told that they are saved', async () => {
    await using world = await startWorld({ instances: 2, demo: true })
    const [first, second] = world.instances
    const user = await demoUser(world.sql)
    const mover = await world.person('u01', user('counter1'), 'counter', { at: first }).synced()
    for (let n = 1; n <= 20; n += 1) mover.call('A', n, [n], at_s)
    await mover.book.downTo(0)
    await first.kill()
    mover.call('A', 21, [21], at_s)
    mover.leave()
    const moved = world.person('u01', user('counter1'), 'counter', { at: second ?? first, doc: mover.doc, book: mover.book })
    await moved.synced()
    await moved.book.downTo(0)
    expect(ballotsIn(documentOf((await world.rows('u01')).map((row) => row.update)), 'A')).toHaveLength(21)
    expect(moved.refused).toEqual([])
  })
})
