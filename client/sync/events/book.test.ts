import { createEffect, createRoot } from 'solid-js'
import { expect, test } from 'vitest'
import type { CommitteeOverview } from '#contract/events.ts'
import type { ClientId, CommitteeId, Sequence, UserId } from '#contract/ids.ts'
import type { Present } from '#contract/presence.ts'
import { createBook } from './book.ts'
import { addTotals, noTotals, totalsOf } from './totals.ts'

const source = { waiting: 0, agreed: 0, differ: 0, resolved: 0, values: {} }
const start_ms = 1_790_000_000_000

type Figures = { readonly attended?: number; readonly votes?: Readonly<Record<string, number>>; readonly conflicts?: number }
function line(id: string, { attended = 0, votes = {}, conflicts = 0 }: Figures = {}, constituency?: string): CommitteeOverview {
  const ballots = Object.values(votes).reduce((sum, n) => sum + n, 0)
  return {
    entry: {
      id: id as CommitteeId,
      code: id,
      name: id,
      site: 's',
      election: 'e',
      phase: 'counting',
      rights: ['read'],
      electors: 100,
      ...(constituency === undefined ? {} : { constituency }),
    },
    summary: {
      committee: id as CommitteeId,
      sequence: 1 as Sequence,
      attended,
      walkins: 0,
      guaranteed: 0,
      strike: 0,
      sheets: ballots === 0 ? {} : { A: { ballots, valid: ballots, blank: 0, invalid: 0, votes } },
      figures: { announced: source, minute: source },
      flags: [],
      flags_total: 0,
      conflicts,
      last_ms: start_ms,
    },
    people: 1,
    unsent: 0,
  }
}
const picture = (full: boolean, committees: readonly CommitteeOverview[], gone: readonly string[] = []) => ({
  full,
  committees,
  gone: gone as readonly CommitteeId[],
  live: true,
})
const somebody = (id: number, client = id): Present => ({
  user: { id: id as UserId, name: `n${id}`, role: 'counter' },
  client: client as ClientId,
  since_ms: start_ms,
})
const roster = (committee: string, ...people: readonly Present[]) => ({ committee: committee as CommitteeId, people })

function inRoot<T>(run: (book: ReturnType<typeof createBook>, clock: { now_ms: number }) => T): T {
  return createRoot((dispose) => {
    const clock = { now_ms: start_ms }
    try {
      return run(
        createBook(() => clock.now_ms),
        clock,
      )
    } finally {
      dispose()
    }
  })
}
const sum = (book: ReturnType<typeof createBook>) => book.groups().reduce((all, group) => addTotals(all, group.totals()), noTotals)

test('[O15] after any changes the totals are those of adding all up from the beginning', () => {
  inRoot((book) => {
    let seed = 7
    const random = (n: number) => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed % n
    }
    const now = new Map<string, CommitteeOverview>()
    for (let step = 0; step < 400; step += 1) {
      const id = `c${random(20)}`
      if (random(10) === 0) {
        now.delete(id)
        book.overview(picture(false, [], [id]))
        continue
      }
      const votes = Object.fromEntries([1, 2, 3].map((candidate) => [candidate, random(4)]).filter(([, n]) => n !== 0))
      now.set(id, line(id, { attended: random(100), votes }, ['north', 'south'][random(2)]))
      if (random(20) === 0) book.overview(picture(true, [...now.values()]))
      else book.overview(picture(false, [now.get(id) as CommitteeOverview]))
    }
    const expected = [...now.values()].map(totalsOf).reduce((all, one) => addTotals(all, one), noTotals)
    expect(sum(book)).toEqual(expected)
    expect(expected.committees).toBeGreaterThan(5)
    expect(book.ids().toSorted()).toEqual([...now.keys()].toSorted())
  })
})

test('[O15] of 764 committees one change runs what shows that one, and nothing of the others; the same picture again runs nothing', async () => {
  const runs = new Map<string, number>()
  const lines = Array.from({ length: 764 }, (_, n) => line(`c${n}`, { attended: n }))
  const [book, dispose] = createRoot((end) => {
    const made = createBook(() => start_ms)
    made.overview(picture(true, lines))
    for (const id of made.ids()) {
      createEffect(() => {
        const seat = made.seat(id)
        seat?.line()
        seat?.judged()
        runs.set(id, (runs.get(id) ?? 0) + 1)
      })
    }
    return [made, end] as const
  })
  await Promise.resolve()
  runs.clear()
  book.overview(picture(false, [line('c5', { attended: 6 })]))
  expect([...runs]).toEqual([['c5', 1]])
  runs.clear()
  book.overview(picture(true, lines.with(5, line('c5', { attended: 6 }))))
  expect([...runs]).toEqual([])
  dispose()
})

test('[O7] a full picture takes away what is not in it, and `gone` what it names, with their alarms and people', () => {
  inRoot((book) => {
    book.overview(picture(true, [line('a', { conflicts: 1 }), line('b', { conflicts: 2 })]))
    book.presence({ full: true, rosters: [roster('a', somebody(1)), roster('b', somebody(2), somebody(1, 9))] })
    expect(book.people()).toBe(2)
    expect(book.alarms().map(({ committee, n }) => [committee, n])).toEqual([
      ['a', 1],
      ['b', 2],
    ])
    book.overview(picture(false, [], ['a']))
    expect(book.ids()).toEqual(['b'])
    expect(book.people()).toBe(2)
    book.overview(picture(true, []))
    expect([book.ids(), book.alarms(), book.people()]).toEqual([[], [], 0])
    expect(sum(book)).toEqual(noTotals)
  })
})

test('[O7] people may come before their committee; a roster without people empties it, a full one empties those it does not name', () => {
  inRoot((book) => {
    book.presence({ full: true, rosters: [roster('a', somebody(1))] })
    book.overview(picture(true, [line('a'), line('b')]))
    const at = (id: string) => book.seat(id as CommitteeId)?.roster().length
    expect([at('a'), at('b'), book.people()]).toEqual([1, 0, 1])
    book.presence({ full: false, rosters: [roster('b', somebody(2))] })
    expect([at('a'), at('b'), book.people()]).toEqual([1, 1, 2])
    book.presence({ full: false, rosters: [roster('a')] })
    expect([at('a'), at('b'), book.people()]).toEqual([0, 1, 1])
    book.presence({ full: true, rosters: [] })
    expect([at('a'), at('b'), book.people()]).toEqual([0, 0, 0])
  })
})

test('[O14] an alarm is dated by its notice, or by when it was seen to come; what was there before this page is not dated', () => {
  inRoot((book, clock) => {
    book.overview(picture(true, [line('a', { conflicts: 1 }), line('b'), line('c')]))
    clock.now_ms += 60_000
    book.notice({ code: 'conflict', committee: 'b' as CommitteeId, at_ms: start_ms + 50_000 })
    book.overview(picture(false, [line('b', { conflicts: 1 }), line('c', { conflicts: 1 })]))
    const since = () => Object.fromEntries(book.alarms().map((alarm) => [alarm.committee, alarm.since_ms]))
    expect(since()).toEqual({ a: undefined, b: start_ms + 50_000, c: start_ms + 60_000 })
    clock.now_ms += 60_000
    book.overview(picture(false, [line('c', { conflicts: 2 })]))
    expect(since()).toMatchObject({ c: start_ms + 60_000 })
    book.overview(picture(false, [line('c')]))
    book.overview(picture(false, [line('c', { conflicts: 1 })]))
    expect(since()).toMatchObject({ c: start_ms + 120_000 })
  })
})

test('[O13] time alone makes nobody be at work', () => {
  inRoot((book, clock) => {
    book.overview(picture(true, [{ ...line('a'), people: 0 }]))
    expect(book.alarms()).toEqual([])
    clock.now_ms += 600_001
    book.tick()
    expect(book.alarms()).toEqual([{ kind: 'nobody', committee: 'a', n: 1, since_ms: start_ms }])
    expect(book.seat('a' as CommitteeId)?.judged().state).toBe('nobody')
  })
})
