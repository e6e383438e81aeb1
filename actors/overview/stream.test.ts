import { describe, expect, test } from 'vitest'
import { ManualClock } from '#actors/kernel/clock.ts'
import type { Notice, OverviewEvent } from '#contract/events.ts'
import type { CommitteeId, Sequence, UserId } from '#contract/ids.ts'
import type { CommitteeSummary } from '#contract/summary.ts'
import { type CommonEntry, Lines } from './lines.ts'
import type { Reading } from './notices.ts'
import { noticesOf } from './notices.ts'
import { type Reader, Stream } from './stream.ts'
import { summaryOf } from './summary-store.suite.ts'

const ids = Array.from({ length: 30 }, (_none, n) => `c${n + 1}` as CommitteeId)
const [first, second, third] = ids as unknown as [CommitteeId, CommitteeId, CommitteeId]
const reading: Reading = { rights: ['read', 'count', 'rule'], phase: 'counting' }
const entryOf = (id: CommitteeId): CommonEntry => ({ id, code: id, name: id, site: 'school', election: 'e', electors: 10 })

type Told = { readonly at_ms: number; readonly type: string; readonly data: unknown }

function makeWorld({ access = new Map(ids.map((id) => [id, reading])), stall_ms = 1_000 } = {}) {
  const clock = new ManualClock()
  const summaries = new Map<CommitteeId, CommitteeSummary>()
  let rosters = 0
  const lines = new Lines({
    summary: (id) => summaries.get(id),
    roster: (committee) => {
      rosters += 1
      return { committee, people: [] }
    },
  })
  lines.enter(ids.map(entryOf))
  const told: Told[] = []
  const wire = { hasRoom: true, waiting_bytes: 0, ended: false, cut: false, bytes: 0, beats: 0 }
  const reader: Reader = {
    send(text) {
      wire.bytes += text.length
      for (const [, type, json] of text.matchAll(/event: (\w+)\ndata: (.*)\n\n/g))
        told.push({ at_ms: clock.now_ms(), type: type ?? '', data: JSON.parse(json ?? '') })
      if (text.startsWith(': ')) wire.beats += 1
      return wire.hasRoom
    },
    end: () => {
      wire.ended = true
    },
    cut: () => {
      wire.cut = true
    },
    get waiting_bytes() {
      return wire.waiting_bytes
    },
  }
  const limits = { events_per_s_max: 4, events_stall_ms: stall_ms }
  const stream = new Stream(7 as UserId, access, reader, { clock, limits, lines, isLive: () => true, rosters: () => [first] })
  const summarize = (id: CommitteeId, sequence: number, over = {}) => {
    summaries.set(id, summaryOf(id, sequence, over))
    lines.changed(id)
    stream.changed(id)
  }
  const overviews = () => told.filter(({ type }) => type === 'overview').map(({ data }) => data as OverviewEvent)
  const notices = () => told.filter(({ type }) => type === 'notice').map(({ data }) => data as Notice)
  return { clock, stream, lines, told, wire, summarize, overviews, notices, rosters: () => rosters }
}

const notice = (committee: CommitteeId, subject = '143', code: Notice['code'] = 'sheets-differ'): Notice => ({
  code,
  committee,
  at_ms: 1,
  subject,
})

describe('a stream', () => {
  test('[O7] begins with everything, once, and goes on with what is different', async () => {
    const { clock, told, summarize, overviews } = makeWorld()
    summarize(first, 1)
    await clock.advance(0)
    expect(told.map(({ type }) => type)).toEqual(['overview', 'presence'])
    expect(overviews()[0]).toMatchObject({ full: true, gone: [], live: true })
    expect(overviews()[0]?.committees.map(({ entry }) => entry.id)).toEqual(ids)
    expect(told[1]?.data).toMatchObject({ full: true, rosters: [{ committee: first }] })
    summarize(second, 1)
    await clock.advance(250)
    expect(overviews()[1]).toMatchObject({ full: false, committees: [{ entry: { id: second }, summary: { sequence: 1 } }] })
    await clock.advance(10_000)
    expect(overviews()).toHaveLength(2)
  })

  test('[O7] has at most four events of a type in any second: between two the latest wins, and the last of a burst is there', async () => {
    const { clock, told, summarize, overviews, stream } = makeWorld()
    for (let tick = 1; tick <= 500; tick += 1) {
      summarize(first, tick)
      stream.rosterChanged(second)
      if (tick % 5 === 0) stream.notice(notice(third, String(tick)))
      await clock.advance(10)
    }
    await clock.advance(20_000)
    for (const type of ['overview', 'presence', 'notice']) {
      const times = told.filter((one) => one.type === type).map(({ at_ms }) => at_ms)
      expect(times.length).toBeGreaterThan(18)
      for (const [index, at_ms] of times.entries()) expect((times[index + 4] ?? Infinity) - at_ms).toBeGreaterThanOrEqual(1_000)
    }
    expect(
      overviews()
        .at(-1)
        ?.committees.find(({ entry }) => entry.id === first)?.summary?.sequence,
    ).toBe(500 as Sequence)
  })

  test('[O8] tells what its person may read now: what ended is gone and is written no more, also where it had been waiting', async () => {
    const { clock, stream, summarize, overviews, notices, told } = makeWorld()
    await clock.advance(0)
    summarize(second, 9)
    stream.notice(notice(second))
    stream.rosterChanged(second)
    stream.learn(new Map([[first, reading]]))
    await clock.advance(1_000)
    expect(overviews()[1]).toMatchObject({ full: false, committees: [], gone: ids.slice(1) })
    expect([notices().length, told.filter(({ type }) => type === 'presence').length]).toEqual([0, 1])
    summarize(second, 10)
    await clock.advance(1_000)
    expect(overviews()).toHaveLength(2)
    stream.learn(new Map([first, second].map((id) => [id, reading])))
    await clock.advance(1_000)
    expect(overviews()[2]).toMatchObject({ committees: [{ entry: { id: second }, summary: { sequence: 10 } }], gone: [] })
    expect(notices()).toMatchObject([{ code: 'assigned', committee: second }])
  })

  test('[O8] rights and phase are told with a notice each; a right one has not says nothing of what it is for', async () => {
    const { clock, stream, overviews, notices } = makeWorld({ access: new Map([[first, reading]]) })
    await clock.advance(0)
    stream.learn(new Map([[first, { rights: ['read', 'attendance'], phase: 'closed' }]]))
    stream.notice(notice(first))
    await clock.advance(2_000)
    expect(overviews()[1]?.committees).toMatchObject([{ entry: { phase: 'closed', rights: ['read', 'attendance'] } }])
    expect(overviews()[1]?.committees[0]).not.toHaveProperty('aside')
    expect(overviews()[0]?.committees[0]).toHaveProperty('aside', 0)
    expect(notices().map(({ code, subject }) => [code, subject])).toEqual([
      ['rights', undefined],
      ['phase', 'closed'],
    ])
  })

  test('[O8] revoked, it says so and ends', async () => {
    const { clock, stream, told, wire, summarize } = makeWorld()
    await clock.advance(0)
    stream.revoke('unauthenticated')
    summarize(first, 5)
    await clock.advance(5_000)
    expect(told.at(-1)).toMatchObject({ type: 'revoked', data: { code: 'unauthenticated' } })
    expect(wire).toMatchObject({ ended: true, cut: false })
  })

  test('[O9] who does not read is written nothing, however much happens; with room again the latest of all of it comes at once', async () => {
    const { clock, wire, told, summarize, overviews, stream } = makeWorld({ stall_ms: 60_000 })
    wire.hasRoom = false
    wire.waiting_bytes = 5_000
    await clock.advance(0)
    const { bytes } = wire
    for (let tick = 1; tick <= 300; tick += 1) {
      for (const id of ids) summarize(id, tick)
      stream.beat()
      await clock.advance(100)
    }
    expect([wire.bytes, told.length]).toEqual([bytes, 2])
    wire.hasRoom = true
    stream.drained()
    await clock.advance(0)
    expect(overviews()).toHaveLength(2)
    expect(overviews()[1]?.committees.map(({ summary }) => summary?.sequence)).toEqual(ids.map(() => 300))
  })

  test('[O9] who reads nothing for the time given is cut; who reads slowly is not', async () => {
    const [dead, slow] = [makeWorld(), makeWorld()]
    for (const { wire } of [dead, slow]) {
      wire.hasRoom = false
      wire.waiting_bytes = 100_000
    }
    for (let second = 0; second < 30; second += 1) {
      slow.wire.waiting_bytes -= 1_000
      await Promise.all([dead.clock.advance(500), slow.clock.advance(500)])
    }
    expect([dead.wire.cut, slow.wire.cut]).toEqual([true, false])
    dead.summarize(first, 3)
    await dead.clock.advance(5_000)
    expect(dead.told).toHaveLength(2)
  })

  test('[O9] notices of who does not read are bounded: the oldest go', async () => {
    const { clock, wire, stream, notices } = makeWorld({ stall_ms: 60_000 })
    wire.hasRoom = false
    await clock.advance(0)
    for (let n = 1; n <= 1_000; n += 1) stream.notice(notice(first, String(n)))
    wire.hasRoom = true
    stream.drained()
    await clock.advance(30_000)
    expect(notices().map(({ subject }) => subject)).toEqual(Array.from({ length: 40 }, (_none, n) => String(961 + n)))
  })
})

describe('what is said to many', () => {
  test('[O7] is made once for all who see a committee alike, and apart for who sees it otherwise', () => {
    const { lines, rosters } = makeWorld()
    const before = rosters()
    const made = Array.from({ length: 50 }, () => lines.line(first, reading))
    expect(new Set(made).size).toBe(1)
    expect(rosters() - before).toBe(1)
    expect(lines.line(first, { ...reading, rights: ['read'] })).not.toBe(made[0])
    expect(lines.line('unknown' as CommitteeId, reading)).toBeUndefined()
  })

  test('unsent edits are those of who is here, and of devices that left with some', () => {
    const lines = new Lines({
      summary: () => undefined,
      roster: (committee) => ({
        committee,
        people: [
          { user: { id: 2 as UserId, name: 'a', role: 'counter' }, client: 11 as never, since_ms: 0, unsent: 4 },
          { user: { id: 2 as UserId, name: 'a', role: 'counter' }, client: 12 as never, since_ms: 0 },
        ],
      }),
    })
    lines.enter([entryOf(first)])
    const counts = [
      { client: 11 as never, unsent: 90 },
      { client: 13 as never, unsent: 30 },
    ]
    expect(lines.count({ unsent: new Map([[first, counts]]), aside: new Map([[first, 2]]) })).toEqual({ changed: [first], aside: [first] })
    expect(JSON.parse(lines.line(first, reading) ?? '')).toMatchObject({ people: 1, unsent: 34, aside: 2 })
    expect(lines.count({ unsent: new Map([[first, counts]]), aside: new Map([[first, 1]]) })).toEqual({ changed: [first], aside: [] })
    lines.line(first, reading)
    expect(lines.rosterChanged(first)).toBe(false)
  })
})

describe('notices of a summary', () => {
  const differ = (n: number) => ({ difference: { n, one: 'A', other: 'B' } as const })
  const none = { waiting: 0, agreed: 0, differ: 0, resolved: 0, values: {} }

  test('[O10] say what has begun, and nothing of what goes on or ends', () => {
    expect(noticesOf(summaryOf(first, 1, differ(143)), undefined)).toEqual([{ code: 'sheets-differ', subject: '143' }])
    expect(noticesOf(summaryOf(first, 2, differ(143)), summaryOf(first, 1, differ(143)))).toEqual([])
    expect(noticesOf(summaryOf(first, 2, differ(150)), summaryOf(first, 1, differ(143)))).toEqual([
      { code: 'sheets-differ', subject: '150' },
    ])
    expect(noticesOf(summaryOf(first, 2), summaryOf(first, 1, { ...differ(143), conflicts: 1 }))).toEqual([])
    expect(noticesOf(summaryOf(first, 2, { conflicts: 2 }), summaryOf(first, 1, { conflicts: 1 }))).toEqual([{ code: 'conflict' }])
    expect(noticesOf(summaryOf(first, 2, { conflicts: 1, conflict_elector: 8 as never }), undefined)).toEqual([
      { code: 'conflict', subject: '8' },
    ])
  })

  test('[O10] name the figure people differ on, where it was known before', () => {
    const before = summaryOf(first, 1, { figures: { announced: none, minute: { ...none, waiting: 2, values: { ballots: 5, v3: 1 } } } })
    const differing = (values: Record<string, number>) =>
      summaryOf(first, 2, { figures: { announced: none, minute: { ...none, differ: 1, waiting: 1, values } } })
    expect(noticesOf(differing({ v3: 1 }), before)).toEqual([{ code: 'figures-differ', subject: 'minute/ballots' }])
    expect(noticesOf(differing({}), undefined)).toEqual([{ code: 'figures-differ', subject: 'minute' }])
  })
})
