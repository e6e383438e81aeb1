import { describe, expect, test } from 'vitest'
import type { StoreFault } from '#actors/journal/store.ts'
import { ManualClock } from '#actors/kernel/clock.ts'
import type { CommitteeId, Sequence } from '#contract/ids.ts'
import { err, ok, type Result } from '#contract/result.ts'
import type { CommitteeSummary } from '#contract/summary.ts'
import { makeMemorySummaries, makeMemorySummaryStore } from './memory.ts'
import { Overview } from './overview.ts'
import type { SummaryStore } from './store.ts'
import { summaryOf } from './summary-store.suite.ts'

const [one, two, three] = ['north-1', 'north-2', 'south-1'] as [CommitteeId, CommitteeId, CommitteeId]

/** Processes on one store; each with its own overview. */
function makeWorld() {
  const clock = new ManualClock()
  const shared = makeMemorySummaries([one, two, three])
  const start = ({ held = [] as readonly CommitteeId[], wrap = (store: SummaryStore) => store } = {}) => {
    const workedOut: CommitteeId[] = []
    const told: string[] = []
    const faults: string[] = []
    let answer: (committee: CommitteeId) => Result<CommitteeSummary, StoreFault> = (committee) =>
      ok(summaryOf(committee, shared.heads.get(committee) ?? 0, { attended: 99 }))
    const overview = new Overview({
      store: wrap(makeMemorySummaryStore(shared)),
      clock,
      log: { info: () => {}, warn: () => {}, error: (_fields, text) => void faults.push(text) },
      isHeld: (committee) => held.includes(committee),
      workOut: async (committee) => {
        workedOut.push(committee)
        return answer(committee)
      },
    })
    overview.listen({
      changed: (after, before) => told.push(`${after.committee} ${before?.sequence ?? '-'} ${after.sequence}`),
      lived: () => told.push(`live ${overview.live}`),
    })
    const answering = (next: typeof answer) => {
      answer = next
    }
    return { overview, workedOut, told, faults, answering }
  }
  return { clock, shared, start }
}

/** A store that can be away, and counts its writings. */
function breakable() {
  const state = { away: false, saves: [] as number[] }
  const through = <T>(call: () => Promise<Result<T, StoreFault>>) => (state.away ? Promise.resolve(err('unavailable' as const)) : call())
  const wrap = (store: SummaryStore): SummaryStore => ({
    save: (summaries) =>
      through(() => {
        state.saves.push(summaries.length)
        return store.save(summaries)
      }),
    since: (version, limit) => through(() => store.since(version, limit)),
    behind: (limit) => through(() => store.behind(limit)),
    curve: (committees) => through(() => store.curve(committees)),
  })
  return { state, wrap }
}

describe('the latest of every committee', () => {
  test('[O4] an older one never takes the place of a newer one, in memory or in the store', async () => {
    const { clock, shared, start } = makeWorld()
    const { overview, told } = start()
    await clock.settle()
    overview.summarized(summaryOf(one, 5))
    overview.summarized(summaryOf(one, 4))
    overview.summarized(summaryOf(one, 5))
    await clock.settle()
    expect(overview.latest(one)?.sequence).toBe(5)
    expect(shared.kept.get(one)?.summary.sequence).toBe(5)
    expect(told).toEqual(['live true', `${one} - 5`])
  })

  test('[O5] what one process keeps is heard by the other: at once when told, by the poll at the latest', async () => {
    const { clock, start } = makeWorld()
    const [first, second] = [start(), start()]
    await clock.settle()
    first.overview.summarized(summaryOf(one, 1))
    await clock.settle()
    second.overview.hear()
    await clock.settle()
    expect(second.overview.latest(one)?.sequence).toBe(1)
    first.overview.summarized(summaryOf(one, 2))
    await clock.advance(1_000)
    expect(second.overview.latest(one)).toEqual(first.overview.latest(one))
    expect(second.told).toEqual(['live true', `${one} - 1`, `${one} 1 2`])
  })

  test('[O5] what was kept before a process began is known to it, and is no news', async () => {
    const { clock, start } = makeWorld()
    start().overview.summarized(summaryOf(one, 3))
    await clock.settle()
    const late = start()
    await late.overview.loaded
    expect(late.overview.latest(one)?.sequence).toBe(3)
    expect(late.told.filter((what) => !what.startsWith('live'))).toEqual([])
  })

  test('[O3] while the store is away the latest of each waits, is kept when it is back, and `live` says which', async () => {
    const { clock, shared, start } = makeWorld()
    const { state, wrap } = breakable()
    const { overview, told } = start({ wrap })
    await clock.advance(1_000)
    state.away = true
    for (let sequence = 1; sequence <= 50; sequence += 1) overview.summarized(summaryOf(one, sequence))
    overview.summarized(summaryOf(two, 1))
    await clock.advance(10_000)
    expect([overview.live, shared.kept.size]).toEqual([false, 0])
    state.away = false
    await clock.advance(2_000)
    expect([overview.live, shared.kept.get(one)?.summary.sequence, shared.kept.get(two)?.summary.sequence]).toEqual([true, 50, 1])
    // Fifty of one committee were one row.
    expect(state.saves).toEqual([2])
    expect(told.filter((what) => what.startsWith('live'))).toEqual(['live true', 'live false', 'live true'])
  })

  test('[O6] a committee that is behind at two looks is worked out, once; one that somebody holds, or that moves on, is not', async () => {
    const { clock, shared, start } = makeWorld()
    const { overview, workedOut } = start({ held: [two] })
    shared.heads
      .set(one, 7 as Sequence)
      .set(two, 7 as Sequence)
      .set(three, 7 as Sequence)
    await clock.advance(3_500)
    expect(workedOut).toEqual([])
    // Another process is at it.
    await makeMemorySummaryStore(shared).save([summaryOf(three, 6)])
    await clock.advance(3_000)
    expect(workedOut).toEqual([one])
    expect(overview.latest(one)).toMatchObject({ sequence: 7, attended: 99 })
    await clock.advance(3_000)
    expect(workedOut).toEqual([one, three])
    await clock.advance(20_000)
    expect(workedOut).toEqual([one, three])
  })

  test('[O6] where working out fails for the store it is tried again, for a defect it is given up and logged, and others are not held up', async () => {
    const { clock, shared, start } = makeWorld()
    const { overview, workedOut, faults, answering } = start()
    answering((committee) => {
      if (committee === one) throw new Error('a defect')
      return committee === two && workedOut.length < 3 ? err('unavailable') : ok(summaryOf(committee, 7))
    })
    for (const committee of [one, two, three]) shared.heads.set(committee, 7 as Sequence)
    await clock.advance(30_000)
    expect(workedOut).toEqual([one, two, three, two])
    expect([two, three].map((committee) => overview.latest(committee)?.sequence)).toEqual([7, 7])
    expect(faults).toHaveLength(1)
  })

  test('[O6] a store that has lost what was kept gets it again, though it is known here', async () => {
    const { clock, shared, start } = makeWorld()
    const { overview, workedOut } = start()
    shared.heads.set(one, 7 as Sequence)
    await clock.advance(10_000)
    shared.kept.clear()
    await clock.advance(10_000)
    expect(workedOut).toEqual([one, one])
    expect(shared.kept.get(one)?.summary).toEqual(overview.latest(one))
  })

  test('[O1] where facts change, committees that nobody here follows are worked out again', async () => {
    const { clock, shared, start } = makeWorld()
    const { overview, workedOut } = start({ held: [two] })
    await makeMemorySummaryStore(shared).save([summaryOf(one, 7), summaryOf(two, 7)])
    await clock.advance(1_000)
    overview.factsChanged('any')
    await clock.advance(3_000)
    expect(workedOut).toEqual([one])
  })

  test('[O3] it stops when what waits is kept', async () => {
    const { clock, shared, start } = makeWorld()
    const { overview } = start()
    await clock.settle()
    overview.summarized(summaryOf(one, 1))
    await overview.stop()
    expect(shared.kept.get(one)?.summary.sequence).toBe(1)
  })
})
