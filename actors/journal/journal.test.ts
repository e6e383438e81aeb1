import { describe, expect, test } from 'vitest'
import type { ClientId, Sequence } from '#contract/ids.ts'
import { err } from '#contract/result.ts'
import { a, awayUntil, b, committees, entries, makeWorld, slow, stranger, user, uuids } from './journal.kit.ts'
import { entryOf } from './store.suite.ts'
import type { Entry, JournalStore } from './store.ts'

describe('group commit', () => {
  test('[J1] an entry is answered once, and only when its row is committed', async () => {
    const { clock, append, answers, rows } = makeWorld({ wrap: slow })
    const [entry] = entries(1) as [Entry]
    append(entry)
    await clock.advance(9)
    expect([answers, await rows(a)]).toEqual([[], []])
    await clock.advance(1)
    expect(answers).toMatchObject([{ answer: { ok: true, value: { uuid: entry.uuid, sequence: 1 } } }])
    await clock.advance(10_000)
    expect([answers.length, await rows(a)]).toEqual([1, [entry.uuid]])
  })

  test('[J2] idle it asks at once; what comes during a commit goes with the next', async () => {
    const { clock, append, asked, answers } = makeWorld({ wrap: slow })
    const [one, two, three, four, five] = entries(5) as [Entry, Entry, Entry, Entry, Entry]
    append(one, two)
    await clock.advance(5)
    append(three)
    await clock.advance(4)
    append(four)
    await clock.advance(50)
    append(five)
    await clock.advance(50)
    expect(asked).toEqual([
      { at_ms: 0, uuids: uuids([one, two]) },
      { at_ms: 10, uuids: uuids([three, four]) },
      { at_ms: 59, uuids: uuids([five]) },
    ])
    expect(answers).toHaveLength(5)
  })

  test('[J2] a batch has journal_batch_rows_max rows at most, and one commit runs at a time', async () => {
    let inside = 0
    let inside_max = 0
    const { clock, append, asked, committed } = makeWorld({
      batch_rows_max: 4,
      wrap: (store, clock) => ({
        ...store,
        async append(batch) {
          inside_max = Math.max(inside_max, ++inside)
          const answer = await slow(store, clock).append(batch)
          inside--
          return answer
        },
      }),
    })
    const list = entries(10)
    append(...list)
    await clock.advance(100)
    expect(asked.map((batch) => batch.uuids.length)).toEqual([4, 4, 2])
    expect([committed(), inside_max]).toEqual([uuids(list), 1])
  })

  test('[J3] the rows of a committee stand in the order appended, whatever came between', async () => {
    const { clock, append, rows } = makeWorld({ wrap: slow, batch_rows_max: 3 })
    const list = Array.from({ length: 30 }, (_, n) => entryOf(committees[n % 3] ?? a, user))
    for (const entry of list) {
      append(entry)
      await clock.advance(2)
    }
    await clock.advance(1_000)
    for (const id of committees) expect(await rows(id)).toEqual(uuids(list.filter((entry) => entry.committee === id)))
  })

  test('[J4] over journal_waiting_max it refuses `overloaded`; up to it, and after it, it takes', async () => {
    const { clock, append, refused, rows, journal } = makeWorld({ wrap: slow, waiting_max: 3 })
    const list = entries(4)
    append(...list)
    expect(refused()).toEqual([[list[3]?.uuid, 'overloaded']])
    expect(journal.lag_rows).toBe(3)
    await clock.advance(10)
    const more = entries(3)
    append(...more)
    await clock.advance(10)
    expect(refused()).toHaveLength(1)
    expect(await rows(a)).toEqual(uuids([...list.slice(0, 3), ...more]))
  })

  test('[J12] rows and time of a commit, and rows waiting, can be observed', async () => {
    const { clock, append, journal, commits } = makeWorld({ wrap: slow })
    append(...entries(2))
    await clock.advance(1)
    append(...entries(3))
    expect(journal.lag_rows).toBe(5)
    await clock.advance(9)
    expect(journal.lag_rows).toBe(3)
    await clock.advance(10)
    expect([journal.lag_rows, commits]).toEqual([
      0,
      [
        [2, 10],
        [3, 10],
      ],
    ])
  })
})

describe('a store that rejects', () => {
  test.each([0, 1, 41, 98, 99])('[J8] a bad entry among a hundred, at %i, is refused alone; the others commit in order', async (place) => {
    const { clock, append, asked, refused, rows, heard } = makeWorld()
    const list = entries(100)
    const [bad] = entries(1, stranger) as [Entry]
    list.splice(place, 1, bad)
    append(...list)
    await clock.settle()
    expect(refused()).toEqual([[bad.uuid, 'unknown-committee']])
    expect(await rows(a)).toEqual(uuids(list.filter((entry) => entry !== bad)))
    expect(asked.length).toBeLessThan(40)
    expect(heard).toEqual([])
  })

  test('[J8] a bad entry that was asked alone is refused at once, though others gathered meanwhile', async () => {
    const { clock, append, asked, refused, committed } = makeWorld({ wrap: slow })
    const [bad] = entries(1, stranger) as [Entry]
    const good = entries(3)
    append(bad)
    await clock.advance(5)
    append(...good)
    await clock.advance(5)
    expect(refused()).toEqual([[bad.uuid, 'unknown-committee']])
    await clock.advance(10)
    expect(committed()).toEqual(uuids(good))
    expect(asked.map((batch) => batch.uuids.length)).toEqual([1, 3])
  })

  test('[J9] a rejected entry takes what waits of its committee with it, and nothing of others', async () => {
    const poison = entryOf(a, user)
    const { clock, append, refused, rows } = makeWorld({
      wrap: (store) => ({
        ...store,
        append: async (batch) => (batch.some((entry) => entry.uuid === poison.uuid) ? err('rejected') : store.append(batch)),
      }),
    })
    const before = entryOf(a, user)
    const after = entries(2)
    const others = entries(2, b)
    append(before, ...others.slice(0, 1), poison, ...after, ...others.slice(1))
    await clock.settle()
    expect(refused()).toEqual([poison, ...after].map((entry) => [entry.uuid, 'unknown-committee']))
    expect([await rows(a), await rows(b)]).toEqual([[before.uuid], uuids(others)])
    const later = entryOf(a, user) // the committee judged it afresh
    append(later)
    await clock.settle()
    expect(await rows(a)).toEqual([before.uuid, later.uuid])
  })
})

describe('draining', () => {
  test('[J11] a drain refuses `draining`, writes what waits and then answers', async () => {
    const { clock, journal, append, refused, rows } = makeWorld({ wrap: slow, batch_rows_max: 2 })
    const list = entries(5)
    append(...list)
    let left: readonly Entry[] | undefined
    void journal.drain(1_000).then((entries) => {
      left = entries
    })
    const late = entryOf(a, user)
    append(late)
    await clock.advance(29)
    expect([left, refused()]).toEqual([undefined, [[late.uuid, 'draining']]])
    await clock.advance(1)
    expect([left, await rows(a)]).toEqual([[], uuids(list)])
  })

  test('[J11] a drain of nothing answers at once, and every drain the same', async () => {
    const { journal } = makeWorld()
    expect([await journal.drain(1_000), await journal.drain(1_000)]).toEqual([[], []])
  })

  test('[J11] a store that comes back within the deadline has everything written', async () => {
    const { clock, journal, append, rows } = makeWorld({ wrap: awayUntil(700) })
    const list = entries(3)
    append(...list)
    const left = journal.drain(1_000)
    await clock.advance(1_000)
    expect([await left, await rows(a)]).toEqual([[], uuids(list)])
  })

  test.each([
    { what: 'a store that is away', wrap: awayUntil(60_000) },
    { what: 'a commit that hangs', wrap: (store: JournalStore): JournalStore => ({ ...store, append: () => new Promise(() => {}) }) },
  ])('[J11] $what leaves entries at the deadline: named, refused `draining`, not asked again', async ({ wrap }) => {
    const { clock, journal, append, asked, answers, refused } = makeWorld({ wrap })
    const list = entries(3)
    append(...list)
    const left = journal.drain(1_000)
    await clock.advance(1_000)
    expect(await left).toEqual(list)
    expect(refused()).toEqual(uuids(list).map((uuid) => [uuid, 'draining']))
    const times = asked.length
    await clock.advance(100_000)
    expect([asked.length, answers.length, journal.lag_rows]).toEqual([times, 3, 0])
  })

  test('[J1] a commit that comes back after the deadline does not answer again', async () => {
    const { clock, journal, append, answers, rows } = makeWorld({ wrap: slow })
    append(...entries(1))
    const left = journal.drain(5)
    await clock.advance(100)
    expect([(await left).length, answers.length, (await rows(a)).length]).toEqual([1, 1, 1])
  })
})

describe('what the store may not write', () => {
  test('[J13] an entry of a sealed client is refused sealed; the others of its batch get their receipts', async () => {
    const { clock, memory, append, refused, committed } = makeWorld()
    const sealed = { client: 7 as ClientId, user, clock: 0 }
    await memory.seal(a, { after: 0 as Sequence, seals: [sealed], final: true, room: { entries_max: 0, bytes_max: 0 } })
    const batch = [entryOf(a, user), entryOf(a, user, { clients: [sealed.client] }), entryOf(b, user, { clients: [sealed.client] })]
    append(...batch)
    await clock.advance(10)
    expect(refused()).toEqual([[batch[1]?.uuid, 'sealed']])
    expect(committed()).toEqual([batch[0]?.uuid, batch[2]?.uuid])
  })
})
