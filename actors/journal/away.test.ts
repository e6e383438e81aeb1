import { describe, expect, test } from 'vitest'
import { err, type Result } from '#contract/result.ts'
import { type Cut, failing } from './failing.ts'
import { a, awayUntil, committees, entries, makeWorld, slow, user, uuids } from './journal.kit.ts'
import { entryOf, readAll } from './store.suite.ts'
import type { Entry, Receipt, StoreFault } from './store.ts'

describe('a store that is away', () => {
  test('[J5] everything is held and asked again with growing pauses; nothing is refused or doubled', async () => {
    const { clock, append, asked, refused, committed, rows } = makeWorld({ wrap: awayUntil(10_000) })
    const early = entries(2)
    append(...early)
    await clock.advance(1)
    const late = entries(1)
    append(...late)
    await clock.advance(12_000)
    const pauses = asked.slice(1).map((batch, at) => batch.at_ms - (asked[at]?.at_ms ?? 0))
    expect(pauses).toEqual([50, 100, 200, 400, 800, 1_600, 2_000, 2_000, 2_000, 2_000])
    expect(refused()).toEqual([])
    expect(committed()).toEqual(uuids([...early, ...late]))
    expect(await rows(a)).toEqual(uuids([...early, ...late]))
    const again = entries(1)
    append(...again)
    await clock.settle()
    expect(committed().at(-1)).toBe(again[0]?.uuid) // no pause is left over
  })

  test.each([
    { random: 0, pauses: [25, 50, 100] },
    { random: 0.5, pauses: [37.5, 75, 150] },
  ])('[J5] each pause lies between half and the whole, by chance ($random)', async ({ random, pauses }) => {
    const { clock, append, asked } = makeWorld({ wrap: awayUntil(300), random: () => random })
    append(...entries(1))
    await clock.advance(pauses.reduce((sum, pause) => sum + pause))
    expect(asked.slice(1).map((batch, at) => batch.at_ms - (asked[at]?.at_ms ?? 0))).toEqual(pauses)
  })

  test('[J7] others are told once that it is away and once that it is back, each time', async () => {
    let away = true
    const { clock, append, heard } = makeWorld({
      wrap: (store) => ({ ...store, append: async (batch) => (away ? err('unavailable') : store.append(batch)) }),
    })
    append(...entries(1))
    await clock.advance(5_000)
    expect(heard).toEqual(['away'])
    away = false
    await clock.advance(2_000)
    append(...entries(1))
    await clock.advance(2_000)
    expect(heard).toEqual(['away', 'back'])
    away = true
    append(...entries(1))
    await clock.advance(1_000)
    expect(heard).toEqual(['away', 'back', 'away'])
  })

  test('[J10] a store that throws or miscounts counts as away, and is logged', async () => {
    let call = 0
    const { clock, append, committed, heard, logged, rows } = makeWorld({
      wrap: (store) => ({
        ...store,
        async append(batch): Promise<Result<readonly (Receipt | null)[], StoreFault>> {
          call += 1
          if (call === 1) throw new Error('driver broke')
          const answer = await store.append(batch)
          return call === 2 && answer.ok ? { ok: true, value: answer.value.slice(1) } : answer
        },
      }),
    })
    const list = entries(3)
    append(...list)
    await clock.advance(1_000)
    expect([committed(), await rows(a)]).toEqual([uuids(list), uuids(list)])
    expect([heard, logged]).toEqual([['away', 'back'], Array(2).fill('the journal store broke')])
  })

  test('[J10] a reply that throws hurts nobody else', async () => {
    const { clock, journal, append, committed, logged } = makeWorld()
    const [before, after] = entries(2) as [Entry, Entry]
    append(before)
    journal.append(entryOf(a, user), () => {
      throw new Error('the socket is gone')
    })
    append(after)
    await clock.settle()
    expect([committed(), logged]).toEqual([uuids([before, after]), ['a reply of the journal failed']])
  })
})

describe('[J6] whichever call of the store fails, nothing is lost or doubled and the order stays', () => {
  /** Bursts over three committees, some during a commit; answers how many calls it came to. */
  async function story(nth: number, cut: Cut): Promise<number> {
    const calls: { of: () => number } = { of: () => 0 }
    const world = makeWorld({
      batch_rows_max: 3,
      wrap(store, clock) {
        const failed = failing(slow(store, clock), nth, cut)
        calls.of = failed.calls
        return failed
      },
    })
    const list = Array.from({ length: 25 }, (_, n) => entryOf(committees[(n * n) % 3] ?? a, user))
    for (const [n, entry] of list.entries()) {
      world.append(entry)
      if (n % 4 === 3) await world.clock.advance(7)
    }
    await world.clock.advance(10_000)
    expect(world.refused()).toEqual([])
    expect(world.committed()).toEqual(uuids(list))
    for (const id of committees) {
      const ofCommittee = list.filter((entry) => entry.committee === id)
      const rows = await readAll(world.memory, id)
      expect(rows.map((row) => row.uuid)).toEqual(uuids(ofCommittee))
      const receipts = world.answers.flatMap(({ entry, answer }) => (answer.ok && entry.committee === id ? [answer.value] : []))
      expect(receipts).toEqual(rows.map(({ uuid, sequence, head, at_ms }) => ({ uuid, sequence, head, at_ms })))
    }
    expect(world.heard).toEqual(calls.of() >= nth ? ['away', 'back'] : [])
    return calls.of()
  }

  test.each(['unheard', 'answer lost'] as const)('%s', async (cut) => {
    const calls = await story(Number.POSITIVE_INFINITY, cut)
    expect(calls).toBeGreaterThan(8)
    for (let nth = 1; nth <= calls; nth += 1) expect(await story(nth, cut)).toBeGreaterThan(calls - 1)
  })
})
