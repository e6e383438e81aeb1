import { describe, expect, test } from 'vitest'
import type { CommitteeId, Sequence } from '#contract/ids.ts'
import type { CommitteeSummary } from '#contract/summary.ts'
import { bucket_ms, curvePointsMax, type SummaryStore } from './store.ts'

/** An empty store to run the contract on. The committees exist, `stranger` does not. */
export type SummaryWorld = AsyncDisposable & {
  readonly store: SummaryStore
  /** Another on the same data, as another process has it. */
  readonly second: SummaryStore
  readonly committees: readonly [CommitteeId, CommitteeId, CommitteeId]
  readonly stranger: CommitteeId
  /** The committee's journal has come so far. */
  head(committee: CommitteeId, sequence: number): Promise<void>
}

const none = { waiting: 0, agreed: 0, differ: 0, resolved: 0, values: {} }

export function summaryOf(
  committee: CommitteeId,
  sequence: number,
  over: Partial<CommitteeSummary> & { ballots?: number } = {},
): CommitteeSummary {
  const { ballots = 0, ...rest } = over
  return {
    committee,
    sequence: sequence as Sequence,
    attended: 0,
    walkins: 0,
    guaranteed: 0,
    strike: 0,
    sheets: ballots === 0 ? {} : { A: { ballots, valid: ballots, blank: 0, invalid: 0, votes: { '3': ballots } } },
    figures: { announced: none, minute: none },
    flags: [],
    flags_total: 0,
    conflicts: 0,
    ...rest,
  }
}

async function all(store: SummaryStore, version = 0, limit = 100): Promise<readonly CommitteeSummary[]> {
  const kept = await store.since(version, limit)
  if (!kept.ok) throw new Error(kept.error)
  return kept.value.map(({ summary }) => summary)
}

const at = (bucket: number) => (2_940_000 + bucket) * bucket_ms

/** What every store of summaries has to keep. */
export function describeSummaryStore(name: string, makeWorld: () => Promise<SummaryWorld>): void {
  describe(`summaries kept in ${name}`, () => {
    test('[O4] the latest of each is kept, whoever writes it, in whatever order', async () => {
      await using world = await makeWorld()
      const [one, two] = world.committees
      expect(await world.store.save([summaryOf(one, 5, { attended: 5 }), summaryOf(two, 1)])).toEqual({ ok: true, value: undefined })
      await world.second.save([summaryOf(one, 4, { attended: 4 })])
      expect(await all(world.store)).toEqual([summaryOf(one, 5, { attended: 5 }), summaryOf(two, 1)])
      await world.second.save([summaryOf(one, 6, { attended: 6 })])
      await world.store.save([summaryOf(one, 5, { attended: 5 })])
      expect(await all(world.store)).toEqual([summaryOf(two, 1), summaryOf(one, 6, { attended: 6 })])
    })

    test('[O4] at the same row the later word stands, for facts may have changed; the same word again is no news', async () => {
      await using world = await makeWorld()
      const [one] = world.committees
      await world.store.save([summaryOf(one, 5)])
      const first = await world.store.since(0, 10)
      await world.second.save([summaryOf(one, 5)])
      expect(await world.store.since(0, 10)).toEqual(first)
      await world.second.save([summaryOf(one, 5, { flags_total: 1 })])
      expect(await all(world.store)).toEqual([summaryOf(one, 5, { flags_total: 1 })])
    })

    test('[O5] what was kept above a version is read in the order kept, page by page', async () => {
      await using world = await makeWorld()
      const [one, two, three] = world.committees
      await world.store.save([summaryOf(one, 1), summaryOf(two, 1)])
      const page = await world.second.since(0, 1)
      if (!page.ok) throw new Error(page.error)
      expect(page.value.map(({ summary }) => summary.committee)).toEqual([one])
      await world.second.save([summaryOf(three, 1), summaryOf(one, 2)])
      const rest = await all(world.store, page.value[0]?.version)
      expect(rest[0]).toEqual(summaryOf(two, 1))
      expect(new Set(rest.slice(1).map(({ committee }) => committee))).toEqual(new Set([one, three]))
      const whole = await world.store.since(0, 10)
      expect(await all(world.store, whole.ok ? whole.value.at(-1)?.version : 0)).toEqual([])
    })

    test('[O4] an unknown committee is left out, and the others are kept', async () => {
      await using world = await makeWorld()
      const [one] = world.committees
      expect(await world.store.save([summaryOf(world.stranger, 1, { last_ms: at(0) }), summaryOf(one, 1)])).toMatchObject({ ok: true })
      expect(await all(world.store)).toEqual([summaryOf(one, 1)])
    })

    test('[O6] behind are those with rows above what is kept, also where nothing is', async () => {
      await using world = await makeWorld()
      const [one, two, three] = world.committees
      await world.head(one, 7)
      await world.head(two, 7)
      await world.head(three, 7)
      await world.store.save([summaryOf(one, 7), summaryOf(two, 6)])
      expect(await world.second.behind(10)).toEqual({
        ok: true,
        value: [
          { committee: two, kept: 6 },
          { committee: three, kept: 0 },
        ],
      })
      expect(await world.second.behind(1)).toEqual({ ok: true, value: [{ committee: two, kept: 6 }] })
    })

    test('the curve has what all had said by the end of each ten minutes, by the time of their rows', async () => {
      await using world = await makeWorld()
      const [one, two, three] = world.committees
      await world.store.save([
        summaryOf(one, 1, { attended: 10, last_ms: at(0) + 1 }),
        summaryOf(two, 1, { attended: 5, last_ms: at(0) + 2 }),
      ])
      await world.store.save([summaryOf(one, 2, { attended: 12, last_ms: at(0) + 9 })])
      await world.store.save([summaryOf(two, 2, { attended: 4, ballots: 3, last_ms: at(2) })])
      // An older word on the same ten minutes comes too late.
      await world.second.save([summaryOf(one, 1, { attended: 10, last_ms: at(0) + 1 })])
      await world.store.save([summaryOf(three, 1, { attended: 100, last_ms: at(1) }), summaryOf(one, 3, { attended: 12 })])
      expect(await world.second.curve([one, two])).toEqual({
        ok: true,
        value: [
          { at_ms: at(1), attended: 17, ballots: 0 },
          { at_ms: at(3), attended: 16, ballots: 3 },
        ],
      })
      expect(await world.second.curve([])).toEqual({ ok: true, value: [] })
    })

    test('the curve is bounded: the oldest points go, and what they had said still counts', async () => {
      await using world = await makeWorld()
      const [one] = world.committees
      for (let bucket = 0; bucket < curvePointsMax + 3; bucket += 1) {
        await world.store.save([summaryOf(one, bucket + 1, { attended: bucket, last_ms: at(bucket) })])
      }
      const curve = await world.store.curve([one])
      if (!curve.ok) throw new Error(curve.error)
      expect(curve.value).toHaveLength(curvePointsMax)
      expect(curve.value[0]).toEqual({ at_ms: at(4), attended: 3, ballots: 0 })
      expect(curve.value.at(-1)).toEqual({ at_ms: at(curvePointsMax + 3), attended: curvePointsMax + 2, ballots: 0 })
    })
  })
}
