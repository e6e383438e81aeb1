import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import type { CandidateNumber, ClientId, ElectorSerial, UserId } from '#contract/ids.ts'
import {
  attendanceRoot,
  attendedElectors,
  hasAttended,
  markAttendance,
  readAttendance,
  withdrawAttendance,
  witnesses,
} from './attendance.ts'
import { appendToLog, ballotsRoot, countBallots, readLogs, tallySheet } from './ballots.ts'
import { figuresRoot, judgeFigure, readFigure } from './figures.ts'
import { guaranteesRoot, readGuarantee, readGuarantees, stands, strikeList, writeGuarantee } from './guarantees.ts'
import { keyOf } from './keys.ts'
import { inOrder, sameValue, sawAll, wasSeen } from './statements.ts'

const at_s = 1_764_000_000
const user = (id: number) => id as UserId
const elector = (serial: number) => serial as ElectorSerial
const choices = (...candidates: number[]) => candidates as CandidateNumber[]

describe('statements', () => {
  test('stand in the order of their authors, whatever order they came in', () => {
    const said = [9, 2, 30, 4].map((id) => ({ user: user(id), value: id }))
    expect(inOrder(said).map((statement) => statement.user)).toEqual([2, 4, 9, 30])
  })

  test.each([
    [1, 1, true],
    [1, '1', false],
    [null, null, true],
    [null, {}, false],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [{ a: { b: [1] } }, { a: { b: [1] } }, true],
    [{ a: undefined }, { b: undefined }, false],
  ])('%j and %j are the same: %s', (one, other, same) => {
    expect(sameValue(one, other)).toBe(same)
    expect(sameValue(other, one)).toBe(same)
  })

  test('a ruling saw a statement only with the very value it had then', () => {
    expect(wasSeen({ 2: at_s }, { user: user(2), value: at_s })).toBe(true)
    expect(wasSeen({ 2: at_s }, { user: user(2), value: at_s + 1 })).toBe(false)
    expect(wasSeen({ 2: at_s }, { user: user(3), value: at_s })).toBe(false)
    expect(wasSeen(undefined, { user: user(2), value: at_s })).toBe(false)
  })

  test('a ruling holds while the statements are exactly those it saw', () => {
    const said = [{ user: user(2), value: 5 }]
    expect(sawAll({ 2: 5 }, said)).toBe(true)
    expect(sawAll({ 2: 5, 3: 5 }, said)).toBe(false)
    expect(sawAll({ 2: 6 }, said)).toBe(false)
    expect(sawAll({}, [])).toBe(true)
    expect(sawAll(undefined, [])).toBe(false)
  })
})

describe('attendance', () => {
  const world = () => {
    const root = attendanceRoot(new Y.Doc())
    return { root, rule: (serial: number, saw: object) => root.set(keyOf.attendanceRuling(elector(serial)), { by: 1, at_s, why: '', saw }) }
  }

  test('two marks of one elector are one attendance with two witnesses', () => {
    const { root } = world()
    markAttendance(root, elector(7), user(3), at_s + 1)
    markAttendance(root, elector(7), user(2), at_s)
    markAttendance(root, elector(5), user(2), at_s)
    expect(attendedElectors(root)).toEqual([5, 7])
    expect(witnesses(readAttendance(root).get(elector(7)) ?? { statements: [] })).toEqual([
      { user: 2, value: at_s },
      { user: 3, value: at_s + 1 },
    ])
  })

  test('a mark withdrawn stands no more, another witness’s still does', () => {
    const { root } = world()
    markAttendance(root, elector(7), user(2), at_s)
    withdrawAttendance(root, elector(7), user(2), 'wrong line')
    expect(attendedElectors(root)).toEqual([])
    markAttendance(root, elector(7), user(3), at_s)
    expect(attendedElectors(root)).toEqual([7])
  })

  test('a ruling strikes the marks it saw; a mark made or changed afterwards counts', () => {
    const { root, rule } = world()
    markAttendance(root, elector(7), user(2), at_s)
    rule(7, { 2: at_s })
    expect(attendedElectors(root)).toEqual([])
    markAttendance(root, elector(7), user(2), at_s + 60)
    expect(attendedElectors(root)).toEqual([7])
    rule(7, { 2: at_s + 60 })
    markAttendance(root, elector(7), user(3), at_s)
    expect(attendedElectors(root)).toEqual([7])
  })

  test('a ruling without a statement is no attendance, and what is no statement is not read', () => {
    const { root, rule } = world()
    rule(7, {})
    root.set('08/2', at_s)
    root.set('8/2', 'yes')
    root.set('8/#', { by: 1 })
    expect([...readAttendance(root).keys()]).toEqual([7])
    expect(hasAttended({ statements: [] })).toBe(false)
  })
})

describe('guarantees', () => {
  test.each([
    [{}, false],
    [{ group: 'x' }, false],
    [{ strength: 'weak' }, true],
    [{ confirmation: 'pending' }, true],
    [{ strength: null, confirmation: null }, false],
    [{ strength: 'strong', withdrawn: true }, false],
    [{ strength: 'strong', withdrawn: false }, true],
    [{ strength: 'strong', withdrawn: null }, true],
  ] as const)('%j stands: %s', (fields, standing) => {
    expect(stands({ collector: user(2), ...fields })).toBe(standing)
  })

  test('the strike list: pledged by anyone and not attended, ascending', () => {
    const root = guaranteesRoot(new Y.Doc())
    writeGuarantee(root, elector(9), user(2), 'strength', 'strong')
    writeGuarantee(root, elector(4), user(3), 'confirmation', 'confirmed')
    writeGuarantee(root, elector(5), user(2), 'strength', 'weak')
    writeGuarantee(root, elector(5), user(2), 'withdrawn', true)
    writeGuarantee(root, elector(6), user(2), 'strength', 'weak')
    writeGuarantee(root, elector(6), user(2), 'withdrawn', true)
    writeGuarantee(root, elector(6), user(3), 'strength', 'weak')
    writeGuarantee(root, elector(10), user(2), 'group', 'x')
    const pledges = readGuarantees(root)
    expect(strikeList(pledges, new Set())).toEqual([4, 6, 9])
    expect(strikeList(pledges, new Set([elector(4), elector(9)]))).toEqual([6])
  })

  test('two collectors are two pledges, ascending; a field that is none is not read', () => {
    const root = guaranteesRoot(new Y.Doc())
    writeGuarantee(root, elector(9), user(12), 'strength', 'strong')
    writeGuarantee(root, elector(9), user(3), 'strength', null)
    root.set('9/3/group', 7)
    root.set('9/3/other', 'x')
    expect(readGuarantees(root).get(elector(9))).toEqual([
      { collector: 3, strength: null },
      { collector: 12, strength: 'strong' },
    ])
    expect(readGuarantee(root, elector(1), user(1))).toEqual({ collector: 1 })
  })
})

describe('ballots', () => {
  function counters(...clients: number[]) {
    const docs = clients.map((client) => {
      const doc = new Y.Doc()
      doc.clientID = client
      return doc
    })
    const merged = () => {
      const doc = new Y.Doc()
      for (const part of docs) Y.applyUpdate(doc, Y.encodeStateAsUpdate(part))
      return ballotsRoot(doc)
    }
    return { docs: docs as [Y.Doc, ...Y.Doc[]], merged }
  }

  test('the logs of a sheet add up: valid, blank and invalid, and votes by candidate', () => {
    const { docs, merged } = counters(11, 12)
    const [one, two] = docs as [Y.Doc, Y.Doc]
    expect(appendToLog(one, 'A', user(2), { n: 1, at_s, c: choices(1, 4) })).toBe(0)
    expect(appendToLog(one, 'A', user(2), { n: 2, at_s, c: [] })).toBe(1)
    appendToLog(two, 'A', user(3), { n: 3, at_s, c: null })
    appendToLog(two, 'A', user(3), { n: 4, at_s, c: choices(4) })
    appendToLog(two, 'B', user(3), { n: 1, at_s, c: choices(9) })
    expect(tallySheet(merged(), 'A')).toEqual({
      ballots: 4,
      valid: 2,
      blank: 1,
      invalid: 1,
      votes: new Map([
        [1, 1],
        [4, 2],
      ]),
    })
    expect(tallySheet(merged(), 'B').ballots).toBe(1)
    expect(tallySheet(merged(), 'C').ballots).toBe(0)
  })

  test('a void strikes one ballot, with `instead` it says what it should have been', () => {
    const { docs, merged } = counters(11, 12)
    const [one, two] = docs as [Y.Doc, Y.Doc]
    for (const candidate of [1, 2, 3]) appendToLog(one, 'A', user(2), { n: candidate, at_s, c: choices(candidate) })
    appendToLog(one, 'A', user(2), { void: [11 as ClientId, 0], at_s, why: 'read twice' })
    appendToLog(two, 'A', user(3), { void: [11 as ClientId, 1], at_s, why: 'misheard', instead: choices(5, 6) })
    appendToLog(two, 'A', user(3), { void: [11 as ClientId, 2], at_s, why: 'torn', instead: null })
    expect(tallySheet(merged(), 'A')).toEqual({
      ballots: 2,
      valid: 1,
      blank: 0,
      invalid: 1,
      votes: new Map([
        [5, 1],
        [6, 1],
      ]),
    })
    expect(countBallots(readLogs(merged(), 'A')).map(({ voided }) => voided?.by)).toEqual([2, 3, 3])
  })

  test('voids are final: of two the first by author counts, a void of a void and of nothing does nothing', () => {
    const { docs, merged } = counters(12, 11)
    const [one, two] = docs as [Y.Doc, Y.Doc]
    appendToLog(one, 'A', user(3), { n: 1, at_s, c: choices(1) })
    appendToLog(one, 'A', user(3), { void: [12 as ClientId, 0], at_s, why: '', instead: choices(2) })
    appendToLog(two, 'A', user(2), { void: [12 as ClientId, 0], at_s, why: '', instead: choices(3) })
    appendToLog(two, 'A', user(2), { void: [12 as ClientId, 1], at_s, why: '' })
    appendToLog(two, 'A', user(2), { void: [12 as ClientId, 99], at_s, why: '' })
    expect(tallySheet(merged(), 'A').votes).toEqual(new Map([[3, 1]]))
  })

  test('a void of a sheet strikes nothing on another', () => {
    const { docs, merged } = counters(11)
    appendToLog(docs[0], 'A', user(2), { n: 1, at_s, c: choices(1) })
    appendToLog(docs[0], 'B', user(2), { n: 1, at_s, c: choices(1) })
    appendToLog(docs[0], 'B', user(2), { void: [11 as ClientId, 0], at_s, why: '' })
    expect([tallySheet(merged(), 'A').ballots, tallySheet(merged(), 'B').ballots]).toEqual([1, 0])
  })

  test('an entry that is none counts nothing and keeps its place, so that a void still strikes the right one', () => {
    const { docs, merged } = counters(11)
    appendToLog(docs[0], 'A', user(2), { n: 1, at_s, c: choices(1) })
    const log = ballotsRoot(docs[0]).get('A/2.11') as Y.Array<unknown>
    log.push(['junk'])
    log.push([
      { n: 2, at_s, c: choices(2) },
      { void: [11, 2], at_s, why: '' },
    ])
    ballotsRoot(docs[0]).set('nonsense', new Y.Array())
    ballotsRoot(docs[0]).set('A/3.11', 'not a log')
    expect(readLogs(merged(), 'A').map((read) => read.entries.length)).toEqual([4])
    expect(tallySheet(merged(), 'A').votes).toEqual(new Map([[1, 1]]))
  })
})

describe('figures', () => {
  const ruling = (value: number, saw: Record<string, number>) => ({ value, by: user(1), at_s, saw })

  test.each([
    ['nothing said', [], undefined, 'none', undefined],
    ['one says it', [[2, 40]], undefined, 'waiting', 40],
    [
      'two say the same',
      [
        [3, 40],
        [2, 40],
      ],
      undefined,
      'agreed',
      40,
    ],
    [
      'two differ',
      [
        [2, 40],
        [3, 41],
      ],
      undefined,
      'differ',
      undefined,
    ],
    [
      'three, one of them differs',
      [
        [2, 40],
        [3, 40],
        [4, 41],
      ],
      undefined,
      'differ',
      undefined,
    ],
    [
      'a ruling saw them',
      [
        [2, 40],
        [3, 41],
      ],
      ruling(41, { 2: 40, 3: 41 }),
      'resolved',
      41,
    ],
    ['a ruling before anyone spoke', [], ruling(41, {}), 'resolved', 41],
    [
      'one changed after the ruling',
      [
        [2, 42],
        [3, 41],
      ],
      ruling(41, { 2: 40, 3: 41 }),
      'differ',
      undefined,
    ],
    [
      'one came after the ruling',
      [
        [2, 40],
        [3, 41],
        [4, 41],
      ],
      ruling(41, { 2: 40, 3: 41 }),
      'differ',
      undefined,
    ],
    [
      'they agreed after the ruling',
      [
        [2, 40],
        [3, 40],
      ],
      ruling(41, { 2: 40, 3: 41 }),
      'agreed',
      40,
    ],
    ['zero is a figure', [[2, 0]], undefined, 'waiting', 0],
  ] as const)('%s', (_story, said, ruled, status, value) => {
    const statements = said.map(([id, figure]) => ({ user: user(id), value: figure as number }))
    expect(judgeFigure(statements, ruled)).toMatchObject({ status, value })
  })

  test('read out of the document: this source, this figure, and a ruling only where it is one', () => {
    const root = figuresRoot(new Y.Doc())
    root.set('minute/ballots/2', 40)
    root.set('minute/ballots/3', 'x')
    root.set('minute/valid/3', 41)
    root.set('announced/ballots/3', 42)
    root.set('minute/ballots/#', 40)
    expect(readFigure(root, 'minute', 'ballots')).toEqual({ status: 'waiting', value: 40, statements: [{ user: 2, value: 40 }] })
    root.set('minute/ballots/#', ruling(39, { 2: 40 }))
    expect(readFigure(root, 'minute', 'ballots')).toMatchObject({ status: 'resolved', value: 39 })
  })
})
