import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import type { JournalStore } from '#actors/journal/store.ts'
import { type Instance, mark, marker, Phone, World } from './committee.kit.ts'
import { committee, valuesIn } from './conflicts/race.kit.ts'
import type { NextRow } from './replica.ts'

/** Counts what is read of rows, and can be cut off. */
function watched() {
  const seen = { reads: 0, away: false }
  const wrap = (store: JournalStore): JournalStore => ({
    ...store,
    read: async (...asked) => {
      seen.reads += 1
      return seen.away ? { ok: false, error: 'unavailable' } : store.read(...asked)
    },
  })
  return { seen, wrap }
}

const bytesOf = ({ doc }: Instance) => Y.encodeStateAsUpdate(doc)

/** One process whose phone has marked so many electors, an edit a commit, and another that has heard of nothing yet. */
async function twoProcesses(edits: number) {
  const world = new World()
  const one = world.start('one', { notify: false })
  const { seen, wrap } = watched()
  const two = world.start('two', { notify: false, wrap })
  await one.open()
  await two.open()
  const phone = new Phone(7, marker)
  for (let elector = 1; elector <= edits; elector += 1) {
    one.send(phone.write(mark(elector)), marker)
    await world.clock.advance(1)
  }
  seen.reads = 0
  return { world, one, two, phone, seen, rows: one.sent.flat() as NextRow[] }
}

describe('rows that another process brings', () => {
  test('[N2] rows that follow are applied as they are: nothing is read, and the document is the journal', async () => {
    const { world, one, two, seen, rows } = await twoProcesses(5)
    expect(one.sent.map((commit) => commit.map(({ sequence }) => sequence))).toEqual([[1], [2], [3], [4], [5]])
    two.tell({ type: 'brought', rows: rows.slice(0, 2) })
    two.tell({ type: 'brought', rows: rows.slice(2) })
    await world.clock.advance(1)
    expect([seen.reads, two.arrivals]).toEqual([0, ['redis 2', 'redis 3']])
    expect(bytesOf(two)).toEqual(bytesOf(one))
    expect(bytesOf(two)).toEqual(Y.encodeStateAsUpdate(await world.journalled()))
  })

  test('[N2] twice, overlapping and from the past: applied once', async () => {
    const { world, one, two, seen, rows } = await twoProcesses(5)
    for (const brought of [rows.slice(0, 3), rows.slice(0, 3), rows.slice(1, 5), rows.slice(0, 1)])
      two.tell({ type: 'brought', rows: brought })
    await world.clock.advance(1)
    expect([seen.reads, two.arrivals]).toEqual([0, ['redis 3', 'redis 2']])
    expect(bytesOf(two)).toEqual(bytesOf(one))
  })

  test('[N2] behind a gap they are left, and the journal is read to its head', async () => {
    const { world, one, two, seen, rows } = await twoProcesses(5)
    two.tell({ type: 'brought', rows: rows.slice(3, 4) })
    await world.clock.advance(1)
    expect([seen.reads, two.arrivals]).toEqual([1, ['journal 5']])
    expect(bytesOf(two)).toEqual(bytesOf(one))
  })

  test.each<[string, (row: NextRow) => NextRow]>([
    ['another update under the number', (row) => ({ ...row, update: new Phone(8, marker).write(mark(99)) })],
    ['another author', (row) => ({ ...row, user: null })],
    ['another uuid', (row) => ({ ...row, uuid: '00000000-0000-4000-8000-000000000000' })],
    ['another head', (row) => ({ ...row, head: 'f'.repeat(64) })],
  ])('[N2] %s is not what the chain was made of: the journal is read instead', async (_what, forge) => {
    const { world, one, two, seen, rows } = await twoProcesses(3)
    two.tell({ type: 'brought', rows: rows.map((row, at) => (at === 1 ? forge(row) : row)) })
    await world.clock.advance(1)
    expect([seen.reads, two.arrivals]).toEqual([1, ['journal 3']])
    expect(bytesOf(two)).toEqual(bytesOf(one))
  })

  test('[N2] where the journal cannot be read, what follows is applied all the same, and what does not is left', async () => {
    const { world, one, two, seen, rows } = await twoProcesses(4)
    seen.away = true
    two.tell({ type: 'brought', rows: rows.slice(0, 2) })
    two.tell({ type: 'brought', rows: rows.slice(3) })
    await world.clock.advance(1)
    expect(two.doc.getMap('attendance').size).toBe(2)
    seen.away = false
    two.tell({ type: 'brought', rows: rows.slice(2) })
    await world.clock.advance(1)
    expect(two.arrivals).toEqual(['redis 2', 'redis 2'])
    expect(bytesOf(two)).toEqual(bytesOf(one))
  })

  test('[N2] an own row that waited for them is applied behind them, and acknowledged', async () => {
    const { world, one, two, seen, rows } = await twoProcesses(1)
    seen.away = true
    const phone = new Phone(8, { ...marker, user: 3 as typeof marker.user })
    const answers = two.send(phone.write(mark(2, 3)), phone.writer)
    await world.clock.advance(1)
    expect(answers).toEqual([])
    two.tell({ type: 'brought', rows })
    await world.clock.advance(1)
    expect(answers).toEqual([{ answer: 'merged', sequence: 2 }])
    one.tell({ type: 'brought', rows: two.sent.flat() })
    await world.clock.advance(1)
    expect(bytesOf(two)).toEqual(bytesOf(one))
  })

  test('[N2] [K19] nobody is woken by them, nor kept awake', async () => {
    const { world, two, rows } = await twoProcesses(1)
    const asleep = world.start('three')
    asleep.system.committees.tell('north-1' as never, { type: 'brought', rows })
    await world.clock.advance(1)
    expect(asleep.doc.getMap('attendance').size).toBe(0)
    two.tell({ type: 'brought', rows })
    two.people = false
    for (let second = 0; second < 61; second += 1) {
      two.tell({ type: 'brought', rows })
      await world.clock.advance(1_000)
    }
    expect(two.released).toHaveLength(1)
  })
})

test('[N2] [C54] a race of which the rows came from another process is found here as well, and makes one entry for both', async () => {
  const { world, one, tell, here, away } = await committee({ others: [{ notify: false }], first: { notify: false } })
  const two = world.instances[1] as Instance
  const bring = async (from: Instance, to: Instance) => {
    to.tell({ type: 'brought', rows: from.sent.flat().filter(({ user }) => user !== null) })
    await world.clock.advance(10)
  }
  await bring(one, two)
  await tell(here, 'mine')
  // Judged against what has been brought, and never read.
  await bring(one, two)
  await tell(away, 'theirs', 'merge', two)
  await bring(two, one)
  for (const instance of [one, two]) instance.hear((await world.rows()).length)
  await world.clock.advance(10)
  const rows = await world.rows()
  expect(rows.map(({ user }) => user)).toEqual([5, 5, 4, null])
  expect(valuesIn(one.doc)).toEqual(['mine', 'theirs'])
  expect(bytesOf(two)).toEqual(bytesOf(one))
  expect(two.arrivals[0]).toBe('redis 1')
})
