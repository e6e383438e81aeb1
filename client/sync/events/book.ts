import { type Accessor, batch, createMemo, createSignal, type Setter } from 'solid-js'
import { type Alarm, type AlarmKind, alarmsOf, byUrgency, type CommitteeState, stateOf } from '#contract/alarms.ts'
import type { CommitteeOverview, Notice, NoticeCode, OverviewEvent, PresenceEvent } from '#contract/events.ts'
import type { CommitteeId, UserId } from '#contract/ids.ts'
import type { Present } from '#contract/presence.ts'
import { addTotals, noTotals, type Totals, totalsOf } from './totals.ts'

export type Judged = { readonly state: CommitteeState; readonly alarms: readonly Alarm[] }
/** One committee, by signals of its own: what changes in it is nobody else's. */
export type Seat = {
  readonly id: CommitteeId
  readonly line: Accessor<CommitteeOverview>
  readonly judged: Accessor<Judged>
  /** Who is there, by user and client. */
  readonly roster: Accessor<readonly Present[]>
}
/** Committees that add up to something: of one election, of one ballot paper. */
export type Group = { readonly election: string; readonly constituency: string; readonly totals: Accessor<Totals> }

type Kept = Seat & {
  readonly setLine: Setter<CommitteeOverview>
  readonly setJudged: Setter<Judged>
  readonly setRoster: Setter<readonly Present[]>
  totals: Totals
  group: KeptGroup
}
type KeptGroup = Group & { readonly setTotals: Setter<Totals> }

const noticed: Readonly<Partial<Record<NoticeCode, AlarmKind>>> = {
  'sheets-differ': 'difference',
  conflict: 'conflict',
  'figures-differ': 'conflict',
  aside: 'aside',
}

const nobody: readonly Present[] = []
const equal = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/**
 * The last picture the server gave, committee by committee. One committee's change touches its seat and the totals of its group; what came
 * again as it was touches nothing, so that a full picture after a reconnect costs only what is different.
 */
export function createBook(now_ms: () => number) {
  const seats = new Map<CommitteeId, Kept>()
  const groups = new Map<string, KeptGroup>()
  const [ids, setIds] = createSignal<readonly CommitteeId[]>([])
  const [groupList, setGroups] = createSignal<readonly Group[]>([])
  const [alarmed, setAlarmed] = createSignal(0, { equals: false })
  /** Rosters of committees that have no seat yet: the two come in two events. */
  const early = new Map<CommitteeId, readonly Present[]>()
  /** When this page saw an alarm come, by the server's clock; nothing of those that were there before it. */
  const seen = new Map<string, number>()
  const present = new Map<UserId, number>()
  const [presentCount, setPresentCount] = createSignal(0)
  let isFirst = true

  const groupOf = ({ entry }: CommitteeOverview): KeptGroup => {
    const constituency = entry.constituency ?? ''
    const key = JSON.stringify([entry.election, constituency])
    const known = groups.get(key)
    if (known !== undefined) return known
    const [totals, setTotals] = createSignal<Totals>(noTotals)
    const made = { election: entry.election, constituency, totals, setTotals }
    groups.set(key, made)
    setGroups([...groups.values()])
    return made
  }
  const add = (group: KeptGroup, totals: Totals, sign: 1 | -1) => group.setTotals((before) => addTotals(before, totals, sign))

  const judge = (line: CommitteeOverview, before: Judged | undefined): Judged => {
    const now = now_ms()
    const alarms = alarmsOf(line, now)
    const key = ({ kind, committee }: Pick<Alarm, 'kind' | 'committee'>) => `${kind} ${committee}`
    for (const one of before?.alarms ?? []) if (!alarms.some(({ kind }) => kind === one.kind)) seen.delete(key(one))
    for (const one of alarms)
      if (!isFirst && !before?.alarms.some(({ kind }) => kind === one.kind) && !seen.has(key(one))) seen.set(key(one), now)
    const dated = alarms.map((one) => {
      const since_ms = one.since_ms ?? seen.get(key(one))
      const made: Alarm = since_ms === undefined ? one : { ...one, since_ms }
      const same = before?.alarms.find((old) => equal(old, made))
      return same ?? made
    })
    const after = { state: stateOf(line, alarms), alarms: dated }
    const isSame =
      before?.state === after.state && before.alarms.length === dated.length && dated.every((one, at) => one === before.alarms[at])
    return isSame ? before : after
  }
  const rejudge = (seat: Kept) => {
    const before = seat.judged()
    const after = judge(seat.line(), before)
    if (after === before) return
    seat.setJudged(after)
    setAlarmed(0)
  }

  const seatOf = (line: CommitteeOverview): Kept => {
    const id = line.entry.id
    const group = groupOf(line)
    const totals = totalsOf(line)
    const [current, setLine] = createSignal(line)
    const [judged, setJudged] = createSignal(judge(line, undefined))
    const [roster, setRoster] = createSignal<readonly Present[]>(early.get(id) ?? nobody)
    early.delete(id)
    add(group, totals, 1)
    if (judged().alarms.length > 0) setAlarmed(0)
    return { id, line: current, setLine, judged, setJudged, roster, setRoster, totals, group }
  }
  const learn = (line: CommitteeOverview): boolean => {
    const id = line.entry.id
    const seat = seats.get(id)
    if (seat === undefined) {
      seats.set(id, seatOf(line))
      return true
    }
    if (equal(seat.line(), line)) return false
    add(seat.group, seat.totals, -1)
    seat.totals = totalsOf(line)
    seat.group = groupOf(line)
    add(seat.group, seat.totals, 1)
    const isMoved = !equal(seat.line().entry, line.entry)
    seat.setLine(() => line)
    rejudge(seat)
    return isMoved
  }
  const drop = (id: CommitteeId): boolean => {
    const seat = seats.get(id)
    if (seat === undefined) return false
    add(seat.group, seat.totals, -1)
    count(seat.roster(), -1)
    seats.delete(id)
    early.delete(id)
    setAlarmed(0)
    return true
  }

  const count = (people: readonly Present[], sign: 1 | -1) => {
    for (const id of new Set(people.map(({ user }) => user.id))) {
      const n = (present.get(id) ?? 0) + sign
      if (n > 0) present.set(id, n)
      else present.delete(id)
    }
    setPresentCount(present.size)
  }
  const seatPeople = (committee: CommitteeId, people: readonly Present[]) => {
    const seat = seats.get(committee)
    const before = seat?.roster() ?? early.get(committee) ?? nobody
    if (equal(before, people)) return
    count(before, -1)
    count(people, 1)
    if (seat === undefined) early.set(committee, people)
    else seat.setRoster(people)
  }

  return {
    ids,
    seat: (id: CommitteeId): Seat | undefined => seats.get(id),
    groups: groupList,
    /** Different people at work anywhere. */
    people: presentCount,
    /** All alarms, the most urgent first. */
    alarms: createMemo((): readonly Alarm[] => {
      alarmed()
      return [...seats.values()].flatMap(({ judged }) => judged().alarms).sort(byUrgency)
    }),
    overview: ({ full, committees, gone }: OverviewEvent) =>
      batch(() => {
        const now = new Set(committees.map(({ entry }) => entry.id))
        const left = full ? [...seats.keys()].filter((id) => !now.has(id)) : gone
        const changes = [...left.map(drop), ...committees.map(learn)]
        if (changes.includes(true)) setIds([...seats.keys()])
        isFirst = false
      }),
    presence: ({ full, rosters }: PresenceEvent) =>
      batch(() => {
        const now = new Set(rosters.map(({ committee }) => committee))
        if (full) for (const id of [...seats.keys(), ...early.keys()]) if (!now.has(id)) seatPeople(id, nobody)
        for (const { committee, people } of rosters) seatPeople(committee, people)
      }),
    /** A notice dates what it is about: it may come before the figures, or after. */
    notice: ({ code, committee, at_ms }: Notice) => {
      const kind = noticed[code]
      if (kind !== undefined && !seen.has(`${kind} ${committee}`)) seen.set(`${kind} ${committee}`, at_ms)
    },
    /** Time alone makes nobody be at work. */
    tick: () =>
      batch(() => {
        for (const seat of seats.values()) rejudge(seat)
      }),
  }
}
export type Book = ReturnType<typeof createBook>
