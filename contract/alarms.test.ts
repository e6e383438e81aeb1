import { expect, test } from 'vitest'
import { type Alarm, alarmsOf, ballotsExpected, byUrgency, nobody_ms, progressOf, stateOf, unsentMin } from './alarms.ts'
import type { CommitteeOverview } from './events.ts'
import type { CommitteeId, Sequence } from './ids.ts'
import type { Phase } from './rights.ts'
import type { CommitteeSummary } from './summary.ts'

const now_ms = 1_790_000_000_000
const source = (parts: Partial<CommitteeSummary['figures']['minute']> = {}) => ({
  waiting: 0,
  agreed: 0,
  differ: 0,
  resolved: 0,
  values: {},
  ...parts,
})
const sheet = (ballots: number) => ({ ballots, valid: ballots, blank: 0, invalid: 0, votes: {} })

const summary = (parts: Partial<CommitteeSummary> = {}): CommitteeSummary => ({
  committee: 'u07' as CommitteeId,
  sequence: 9 as Sequence,
  attended: 0,
  walkins: 0,
  guaranteed: 0,
  strike: 0,
  sheets: {},
  figures: { announced: source(), minute: source() },
  flags: [],
  flags_total: 0,
  conflicts: 0,
  last_ms: now_ms - 1_000,
  ...parts,
})

type Parts = Partial<Omit<CommitteeOverview, 'entry'>> & { readonly phase?: Phase; readonly electors?: number; readonly id?: string }
const committee = ({ phase = 'counting', electors = 600, id = 'u07', ...parts }: Parts = {}): CommitteeOverview => ({
  entry: { id: id as CommitteeId, code: '7', name: 'n', site: 's', election: 'e', phase, rights: ['read'], electors },
  summary: summary(),
  people: 1,
  unsent: 0,
  ...parts,
})
const state = (of: CommitteeOverview) => stateOf(of, alarmsOf(of, now_ms))
const kinds = (of: CommitteeOverview) => alarmsOf(of, now_ms).map(({ kind }) => kind)

const difference = { n: 143, one: 'A', other: 'B' } as const
const flag = { id: 'kinds-box', about: 'minute' } as const

test('[O12] the state is the most urgent thing that holds, and the others are alarms behind it', () => {
  const all = committee({
    people: 0,
    unsent: 2,
    aside: 1,
    summary: summary({
      difference,
      flags: [flag],
      flags_total: 4,
      conflicts: 2,
      last_ms: now_ms - nobody_ms - 1,
      figures: { announced: source(), minute: source({ waiting: 3, differ: 1 }) },
    }),
  })
  expect(alarmsOf(all, now_ms).map(({ kind, n }) => [kind, n])).toEqual([
    ['difference', 1],
    ['nobody', 1],
    ['check', 4],
    ['conflict', 3],
    ['aside', 1],
    ['unsent', 2],
    ['waiting', 3],
  ])
  expect(state(all)).toBe('difference')
})

test.each([
  ['difference', committee({ summary: summary({ difference }) })],
  ['check', committee({ summary: summary({ flags: [flag], flags_total: 1 }) })],
  ['conflict', committee({ summary: summary({ conflicts: 1 }) })],
  ['conflict', committee({ summary: summary({ figures: { announced: source({ differ: 1 }), minute: source() } }) })],
  ['aside', committee({ aside: 1 })],
  ['unsent', committee({ unsent: unsentMin })],
  ['waiting', committee({ summary: summary({ figures: { announced: source({ waiting: 1 }), minute: source() } }) })],
  ['setup', committee({ phase: 'setup', people: 0 })],
  ['canvass', committee({ phase: 'canvass', people: 0 })],
  ['polling', committee({ phase: 'polling' })],
  ['counting', committee()],
  ['closed', committee({ phase: 'closed', people: 0 })],
] as const)('[O12] %s, and that alone', (expected, of) => {
  expect(state(of)).toBe(expected)
})

test('[O13] nobody at work: no one there, open to work, and no row for ten minutes or never; a moment before it is not', () => {
  const quiet = (phase: Phase, age_ms: number) => committee({ phase, people: 0, summary: summary({ last_ms: now_ms - age_ms }) })
  expect(kinds(quiet('polling', nobody_ms))).toEqual([])
  expect(alarmsOf(quiet('polling', nobody_ms + 1), now_ms)).toEqual([
    { kind: 'nobody', committee: 'u07', n: 1, since_ms: now_ms - nobody_ms - 1 },
  ])
  expect(kinds(quiet('counting', nobody_ms + 1))).toEqual(['nobody'])
  for (const phase of ['setup', 'canvass', 'closed'] as const) expect(kinds(quiet(phase, nobody_ms + 1))).toEqual([])
  expect(kinds(committee({ summary: summary({ last_ms: 0 }) }))).toEqual([])
  const { summary: _none, ...never } = committee({ people: 0, phase: 'polling' })
  expect(alarmsOf(never, now_ms)).toEqual([{ kind: 'nobody', committee: 'u07', n: 1 }])
})

test('[O13] a few edits of phones that are connected are on their way; one on a phone that has gone is not', () => {
  expect(kinds(committee({ unsent: unsentMin - 1 }))).toEqual([])
  expect(kinds(committee({ unsent: 1, people: 0 }))).toEqual(['unsent'])
})

test('[O12] complete: every ballot of the minute counted, every figure of it read; then nobody need be there', () => {
  const minute = source({ agreed: 8, values: { ballots: 588 } })
  const done = summary({ sheets: { A: sheet(588) }, figures: { announced: source(), minute }, last_ms: 0 })
  expect(state(committee({ summary: done, people: 0 }))).toBe('complete')
  expect(state(committee({ summary: { ...done, sheets: { A: sheet(587) } } }))).toBe('counting')
  const halfRead = { announced: source(), minute: { ...minute, agreed: 2 } }
  expect(state(committee({ summary: { ...done, figures: halfRead } }))).toBe('counting')
})

test('[O12] progress is of the electors, and once it counts, of the ballots; where nothing is known it is nothing', () => {
  expect(progressOf(committee({ phase: 'polling', summary: summary({ attended: 150 }) }))).toBe(0.25)
  expect(progressOf(committee({ summary: summary({ attended: 98, walkins: 2, sheets: { A: sheet(25) } }) }))).toBe(0.25)
  expect(progressOf(committee({ electors: 0, phase: 'polling' }))).toBe(0)
  const { summary: _none, ...unknown } = committee()
  expect(progressOf(unknown)).toBe(0)
  const said = { announced: source({ values: { ballots: 90 } }), minute: source({ values: { ballots: 80 } }) }
  expect(ballotsExpected(summary({ attended: 70, figures: said }))).toBe(80)
  expect(ballotsExpected(summary({ attended: 70, sheets: { B: sheet(71) } }))).toBe(71)
})

test('[O12] alarms are ordered by urgency, then by age, then by committee, in whatever order they come', () => {
  const alarm = (kind: Alarm['kind'], id: string, since_ms?: number): Alarm => ({
    kind,
    committee: id as CommitteeId,
    n: 1,
    ...(since_ms === undefined ? {} : { since_ms }),
  })
  const ordered = [
    alarm('difference', 'c'),
    alarm('nobody', 'b', 5),
    alarm('nobody', 'a', 9),
    alarm('nobody', 'a'),
    alarm('nobody', 'c'),
    alarm('waiting', 'a'),
  ]
  expect(ordered.toReversed().toSorted(byUrgency)).toEqual(ordered)
})
