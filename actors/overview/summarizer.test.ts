import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { attendanceRoot, markAttendance, ruleAttendance, withdrawAttendance } from '#contract/document/attendance.ts'
import { appendToLog, ballotsRoot } from '#contract/document/ballots.ts'
import { conflictsRoot } from '#contract/document/conflicts.ts'
import { figuresRoot } from '#contract/document/figures.ts'
import { guaranteesRoot, writeGuarantee } from '#contract/document/guarantees.ts'
import { figureNames, keyOf } from '#contract/document/keys.ts'
import type { GuaranteeValues } from '#contract/document/values.ts'
import { nextWalkin, ruleWalkin, walkinsRoot, writeWalkin } from '#contract/document/walkins.ts'
import type { CandidateNumber, ClientId, CommitteeId, ElectorSerial, Sequence, Sheet, UserId } from '#contract/ids.ts'
import { type SummaryAt, type SummaryFacts, summarize } from '#contract/summary.ts'
import { LeastOf } from './least.ts'
import { Summarizer } from './summarizer.ts'

const facts: SummaryFacts = { roll: 12, candidates: [1, 2, 3, 4] as CandidateNumber[], choices_per_ballot: 2 }
const at: SummaryAt = { committee: 'u01' as CommitteeId, sequence: 7 as Sequence, last_ms: 1_764_000_000_000 }
const at_s = 1_764_000_000

/** A generator of the same numbers for the same seed (mulberry32). */
function diceOf(seed: number) {
  let state = seed
  const roll = (sides: number) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % sides
  }
  return { roll, of: <T>(list: readonly T[]): T => list[roll(list.length)] as T }
}
type Dice = ReturnType<typeof diceOf>

const people = [2, 3, 4] as UserId[]
const electors = [1, 2, 3, 4, 5, 6, 7, 8] as ElectorSerial[]
const choices = (dice: Dice) =>
  dice.of<readonly number[] | null>([[1], [2], [1, 2], [3, 4], [], null, [1], [2]]) as CandidateNumber[] | null
const sheetOf = (dice: Dice): Sheet => dice.of(['A', 'A', 'A', 'B', 'B', 'C', 'D'])

/** Everything a phone or the server may write, by chance. `others`: clients whose ballots may be struck. */
const acts: Readonly<Record<string, (doc: Y.Doc, user: UserId, dice: Dice, others: readonly number[]) => void>> = {
  mark: (doc, user, dice) => markAttendance(attendanceRoot(doc), dice.of(electors), user, at_s + dice.roll(3)),
  withdraw: (doc, user, dice) => withdrawAttendance(attendanceRoot(doc), dice.of(electors), user, 'wrong line'),
  'rule on a mark': (doc, user, dice) => {
    const elector = dice.of(electors)
    const saw = Object.fromEntries(
      people.flatMap((one) => {
        const value = attendanceRoot(doc).get(keyOf.attendance(elector, one))
        return value === undefined || dice.roll(4) === 0 ? [] : [[String(one), value]]
      }),
    ) as never
    ruleAttendance(attendanceRoot(doc), elector, { by: user, at_s, why: 'seen', saw })
  },
  pledge: (doc, user, dice) => {
    const [field, value] = dice.of<readonly [keyof GuaranteeValues, unknown]>([
      ['strength', 'strong'],
      ['strength', null],
      ['confirmation', 'confirmed'],
      ['withdrawn', true],
      ['withdrawn', false],
      ['group', 'family'],
    ])
    writeGuarantee(guaranteesRoot(doc), dice.of(electors), user, field, value as never)
  },
  'walk in': (doc, user) => writeWalkin(walkinsRoot(doc), nextWalkin(doc, user), { name: 'Somebody', serial: null, why: 'moved', at_s }),
  'rule on a walk-in': (doc, user, dice) => {
    const keys = [...walkinsRoot(doc).keys()].filter((key) => !key.endsWith('#'))
    const [by = 2, client = 1, n = 0] = (keys.length === 0 ? '9.9.9' : dice.of(keys)).split('.').map(Number)
    ruleWalkin(walkinsRoot(doc), { user: by as UserId, client: client as ClientId, n }, { accepted: dice.roll(3) > 0, by: user, at_s })
  },
  call: (doc, user, dice) => appendToLog(doc, sheetOf(dice), user, { n: 1 + dice.roll(25), at_s, c: choices(dice) }),
  void: (doc, user, dice, others) => {
    const target = [dice.of(others) as ClientId, dice.roll(6)] as const
    const instead = dice.roll(2) === 0 ? {} : { instead: choices(dice) }
    appendToLog(doc, sheetOf(dice), user, { void: target, at_s, why: 'misread', ...instead })
  },
  figure: (doc, user, dice) =>
    figuresRoot(doc).set(keyOf.figure(dice.of(['announced', 'minute']), dice.of([...figureNames, 'v1', 'v2', 'v9']), user), dice.roll(14)),
  'rule on a figure': (doc, user, dice) => {
    const [source, name] = [dice.of(['announced', 'minute'] as const), dice.of([...figureNames, 'v1'])]
    const saw = Object.fromEntries(
      people.flatMap((one) => {
        const value = figuresRoot(doc).get(keyOf.figure(source, name, one))
        return value === undefined ? [] : [[String(one), value]]
      }),
    )
    figuresRoot(doc).set(keyOf.figureRuling(source, name), { value: dice.roll(14), by: user, at_s, saw })
  },
  conflict: (doc, user, dice) => {
    const key = dice.of([
      'guarantees/3/2/strength',
      'attendance/5/#',
      'walkins/2.1.0/#',
      'figures/minute/ballots/#',
      'guarantees/1/3/group',
    ])
    const values = [
      { value: 'a', by: 2, at_s: at_s + dice.roll(5), id: '1:1' },
      { value: 'b', by: 3, at_s: at_s + dice.roll(9), id: '2:1' },
    ]
    conflictsRoot(doc).set(key, { values, ...(dice.roll(2) === 0 ? {} : { resolved: { by: user, at_s, value: 'a' } }) })
  },
}

/** Several phones that hear of each other now and then, and the server, which applies what they send in the order it comes. */
class Day {
  readonly server = new Y.Doc()
  readonly #phones: readonly Y.Doc[]
  readonly #dice: Dice

  constructor(seed: number) {
    this.#dice = diceOf(seed)
    this.#phones = [11, 12, 13, 14].map((client) => {
      const doc = new Y.Doc()
      doc.clientID = client
      return doc
    })
  }

  /** One act, or one phone coming back; answers what happened. */
  step(): string {
    const index = this.#dice.roll(this.#phones.length)
    const phone = this.#phones[index] as Y.Doc
    if (this.#dice.roll(4) === 0) {
      Y.applyUpdate(phone, Y.encodeStateAsUpdate(this.server, Y.encodeStateVector(phone)))
      Y.applyUpdate(this.server, Y.encodeStateAsUpdate(phone, Y.encodeStateVector(this.server)))
      return `phone ${index} returns`
    }
    const name = this.#dice.of(Object.keys(acts))
    acts[name]?.(phone, people[index % people.length] as UserId, this.#dice, [11, 12, 13, 14])
    // Half the time it is offline: what it writes comes later, and whole.
    if (this.#dice.roll(2) === 0) Y.applyUpdate(this.server, Y.encodeStateAsUpdate(phone, Y.encodeStateVector(this.server)))
    return `phone ${index}: ${name}`
  }
}

describe('a summary followed change by change', () => {
  test.each(Array.from({ length: 12 }, (_none, seed) => seed + 1))(
    '[O1] is what it is from the beginning, after every step (seed %i)',
    (seed) => {
      const day = new Day(seed)
      const summarizer = new Summarizer(day.server)
      for (let step = 0; step < 150; step += 1) {
        const happened = day.step()
        expect(summarizer.summary(at, facts), `${step}: ${happened}`).toEqual(summarize(day.server, at, facts))
      }
    },
  )

  test('[O1] asked seldom, or begun in the middle, it is the same: what was written meanwhile is read once', () => {
    const day = new Day(99)
    const early = new Summarizer(day.server)
    for (let step = 0; step < 600; step += 1) day.step()
    const middle = new Summarizer(day.server)
    for (let step = 0; step < 600; step += 1) day.step()
    const expected = summarize(day.server, at, facts)
    expect(early.summary(at, facts)).toEqual(expected)
    expect(middle.summary(at, facts)).toEqual(expected)
    // The story has something of everything in it.
    expect(expected.attended * expected.walkins * expected.guaranteed * expected.strike * expected.conflicts).toBeGreaterThan(0)
    expect(Object.keys(expected.sheets)).toEqual(['A', 'B', 'C', 'D'])
    expect(expected.difference).toBeDefined()
    expect(expected.flags_total).toBeGreaterThan(0)
  })

  test('[O1] other facts give another summary of the same document', () => {
    const doc = new Y.Doc()
    const summarizer = new Summarizer(doc)
    figuresRoot(doc).set(keyOf.figure('minute', 'attended', 2 as UserId), 13)
    expect(summarizer.summary(at, facts).flags).toEqual([
      { id: 'attended-registered', about: 'minute' },
      { id: 'plausible', about: 'minute' },
    ])
    expect(summarizer.summary(at, { ...facts, roll: 20 }).flags).toEqual([])
  })

  test('[O1] the first ballot at which two sheets differ goes on when it is mended, and a number that stands twice is none', () => {
    const doc = new Y.Doc()
    const summarizer = new Summarizer(doc)
    const call = (sheet: Sheet, n: number, c: readonly number[]) =>
      appendToLog(doc, sheet, 2 as UserId, { n, at_s, c: c as CandidateNumber[] })
    const seen = () => summarizer.summary(at, facts).difference
    for (let n = 1; n <= 200; n += 1) {
      call('A', n, [1])
      call('B', n, n === 143 || n === 150 ? [2] : [1])
    }
    expect(seen()).toEqual({ n: 143, one: 'A', other: 'B' })
    // B strikes its own: the pile says 1.
    appendToLog(doc, 'B', 2 as UserId, { void: [doc.clientID as ClientId, 142], at_s, why: 'misread', instead: [1 as CandidateNumber] })
    expect(seen()).toEqual({ n: 150, one: 'A', other: 'B' })
    call('A', 150, [2])
    expect(seen()).toBeUndefined()
  })

  test('[O2] a change reads its own keys and no others', () => {
    const doc = new Y.Doc()
    const summarizer = new Summarizer(doc)
    for (let elector = 1; elector <= 3_000; elector += 1) markAttendance(attendanceRoot(doc), elector as ElectorSerial, 2 as UserId, at_s)
    for (let n = 1; n <= 3_000; n += 1) appendToLog(doc, 'A', 2 as UserId, { n, at_s, c: [] })
    summarizer.summary(at, facts)
    const read: string[] = []
    for (const root of [attendanceRoot(doc), ballotsRoot(doc), guaranteesRoot(doc), figuresRoot(doc)]) {
      const get = root.get.bind(root)
      root.get = (key: string) => {
        read.push(key)
        return get(key)
      }
      root.keys = root.entries = () => {
        throw new Error('all of it was read')
      }
    }
    markAttendance(attendanceRoot(doc), 5 as ElectorSerial, 3 as UserId, at_s)
    expect(summarizer.summary(at, facts)).toMatchObject({ attended: 3_000, sheets: { A: { ballots: 3_000 } } })
    expect(read).toEqual(['5/#', '5/2', '5/3'])
  })
})

test('[O2] the least of a set is known whatever comes and goes', () => {
  const dice = diceOf(5)
  const least = new LeastOf()
  const members = new Set<number>()
  for (let step = 0; step < 5_000; step += 1) {
    const [member, isIn] = [dice.roll(60), dice.roll(2) === 0]
    least.set(member, isIn)
    if (isIn) members.add(member)
    else members.delete(member)
    expect(least.least).toBe(members.size === 0 ? undefined : Math.min(...members))
  }
})
