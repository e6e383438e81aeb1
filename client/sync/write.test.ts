import { createRoot } from 'solid-js'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { tallySheet } from '#contract/document/ballots.ts'
import type { CandidateNumber, ClientId, ElectorSerial, UserId } from '#contract/ids.ts'
import { type Phase, type Role, rightsOfRole, usableRights } from '#contract/rights.ts'
import { bindAttendance } from './binding/attendance.ts'
import { bindBallots } from './binding/ballots.ts'
import { createPending } from './binding/pending.ts'
import { createCounting } from './counting.ts'
import { createLedger } from './ledger.ts'
import { createWriting } from './write.ts'

const me = 7 as UserId
const serial = (n: number) => n as ElectorSerial
const choices = (...numbers: number[]) => numbers as CandidateNumber[]

function world(options: { role?: Role; phase?: Phase; ready?: boolean } = {}) {
  const { role = 'coordinator', phase = 'counting', ready = true } = options
  const doc = new Y.Doc()
  const ledger = createLedger(
    () => doc,
    () => 1,
  )
  ledger.claim(doc.clientID)
  const ballots = bindBallots(doc)
  const log = { edits: 0, now_ms: 5_000_000 }
  const writing = createWriting({
    doc,
    ballots,
    attendanceOf: bindAttendance(doc, me, createPending(ledger.covers), () => {}).of,
    writer: () => ({ user: me, role, assigned: rightsOfRole[role], rights: usableRights(rightsOfRole[role], phase) }),
    facts: () => ({ hasElector: (n) => n <= 100, hasCandidate: (n) => n <= 9, choices_per_ballot: 3 }),
    now_ms: () => log.now_ms,
    isReady: () => ready,
    onEdit: () => {
      log.edits += 1
    },
  })
  return { doc, ledger, ballots, log, ...writing }
}
const codeOf = (result: { ok: boolean; error?: { code: string } }) => (result.ok ? 'ok' : result.error?.code)

test('a mark is written once; the same again changes nothing', () => {
  const { mark, doc, log } = world()
  expect(codeOf(mark(serial(5)))).toBe('ok')
  log.now_ms += 60_000
  expect(codeOf(mark(serial(5)))).toBe('ok')
  expect(doc.getMap('attendance').toJSON()).toEqual({ '5/7': 5_000 })
  expect(log.edits).toBe(1)
})

test('a withdrawn mark keeps its key and its reason, and can be given again', () => {
  const { mark, unmark, doc } = world()
  expect(codeOf(unmark(serial(5), 'never said'))).toBe('bad-key')
  mark(serial(5))
  unmark(serial(5), ' wrong\u202e line ')
  expect(doc.getMap('attendance').get('5/7')).toEqual({ at_s: 0, why: 'wrong  line' })
  expect(codeOf(unmark(serial(5), 'again'))).toBe('ok')
  mark(serial(5))
  expect(doc.getMap('attendance').get('5/7')).toBe(5_000)
})

test('an elector who is not on the roll is refused', () => {
  const { mark, log } = world()
  expect(codeOf(mark(serial(101)))).toBe('bad-value')
  expect(codeOf(mark(serial(100)))).toBe('ok')
  expect(log.edits).toBe(1)
})

test('who lacks the right is forbidden; whose phase is over is late; neither touches the document', () => {
  for (const [role, phase, code] of [
    ['counter', 'counting', 'forbidden'],
    ['marker', 'canvass', 'late'],
    ['marker', 'closed', 'late'],
    ['marker', 'polling', 'ok'],
  ] as const) {
    const { mark, doc } = world({ role, phase })
    expect(codeOf(mark(serial(1))), `${role} ${phase}`).toBe(code)
    expect(doc.getMap('attendance').size).toBe(code === 'ok' ? 1 : 0)
  }
})

test('before the own client is on the kept list nothing is written', () => {
  const { mark, call, doc } = world({ ready: false })
  expect(codeOf(mark(serial(1)))).toBe('store-unavailable')
  expect(codeOf(call('A', [], 1))).toBe('store-unavailable')
  expect(Y.getState(doc.store, doc.clientID)).toBe(0)
})

test('a ballot has known candidates, strictly ascending, and no more than the election allows', () => {
  const { call, doc } = world()
  for (const wrong of [choices(2, 1), choices(1, 1), choices(10), choices(1, 2, 3, 4)])
    expect(codeOf(call('A', wrong, 1))).toBe('bad-value')
  for (const number of [0, 1_000_000, 1.5]) expect(codeOf(call('A', [], number))).toBe('bad-value')
  expect(tallySheet(doc.getMap('ballots'), 'A').ballots).toBe(0)
  for (const right of [choices(1, 2, 9), choices(), null]) expect(codeOf(call('A', right, 1))).toBe('ok')
  expect(tallySheet(doc.getMap('ballots'), 'A')).toMatchObject({ ballots: 3, valid: 1, blank: 1, invalid: 1 })
})

test('a pledge writes only the fields that change', () => {
  const { pledge, doc, log } = world()
  expect(codeOf(pledge(serial(1), { strength: 'weak', confirmation: null }))).toBe('ok')
  expect(codeOf(pledge(serial(1), { strength: 'weak' }))).toBe('ok')
  expect(doc.getMap('guarantees').toJSON()).toEqual({ '1/7/strength': 'weak' })
  expect(log.edits).toBe(1)
  pledge(serial(1), { strength: null })
  expect(doc.getMap('guarantees').toJSON()).toEqual({ '1/7/strength': null })
})

test('a ballot is struck once, by its own counter, also from the log of a page long closed', () => {
  const before = world()
  const called = before.call('A', choices(1), 1)
  const id = called.ok ? `${called.value.client}:${called.value.index}` : ''
  const after = world()
  Y.applyUpdate(after.doc, Y.encodeStateAsUpdate(before.doc))
  expect(codeOf(after.voidBallot('A', id, 'misheard'))).toBe('ok')
  expect(codeOf(after.voidBallot('A', id, 'misheard'))).toBe('ok')
  expect(after.log.edits).toBe(1)
  expect([...after.doc.getMap('ballots').keys()].sort()).toEqual([`A/7.${after.doc.clientID}`, `A/7.${before.doc.clientID}`].sort())
  expect(tallySheet(after.doc.getMap('ballots'), 'A').ballots).toBe(0)
})

test("another's ballot is struck only with the right to rule; what is no ballot, by nobody", () => {
  const other = new Y.Doc()
  const log = new Y.Array<unknown>()
  other.getMap('ballots').set(`A/8.${other.clientID}`, log)
  log.push([{ n: 1, at_s: 5, c: [] }])
  for (const [role, code] of [
    ['coordinator', 'forbidden'],
    ['supervisor', 'ok'],
  ] as const) {
    const { doc, voidBallot } = world({ role })
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other))
    expect(codeOf(voidBallot('A', `${other.clientID}:0`, 'x'))).toBe(code)
    for (const wrong of [`${other.clientID}:1`, '1:0', 'x']) expect(codeOf(voidBallot('A', wrong, 'x'))).toBe('bad-value')
  }
})

test('a ballot is corrected once: what counts instead has its number, its reason, and is judged like a ballot', () =>
  createRoot((dispose) => {
    const { doc, ledger, ballots, call, voidBallot } = world()
    const counting = createCounting(doc, me, ballots, ledger).A
    const called = call('A', choices(1, 2), 12)
    const id = called.ok ? `${called.value.client}:${called.value.index}` : ''
    for (const wrong of [choices(2, 1), choices(10), choices(1, 2, 3, 4)]) expect(codeOf(voidBallot('A', id, 'x', wrong))).toBe('bad-value')
    expect(codeOf(voidBallot('A', id, 'heard wrong', choices(1, 9)))).toBe('ok')
    expect(tallySheet(doc.getMap('ballots'), 'A')).toMatchObject({
      ballots: 1,
      votes: new Map([
        [1, 1],
        [9, 1],
      ]),
    })
    expect(counting.recent()).toMatchObject([{ n: 12, choices: [1, 9], corrected: true, voided: false }])
    expect(counting.next()).toBe(13)
    const log = doc.getMap('ballots').get(`A/7.${doc.clientID}`) as Y.Array<unknown>
    expect(log.get(1)).toMatchObject({ why: 'heard wrong', instead: [1, 9] })
    expect(codeOf(voidBallot('A', id, 'again', choices(3)))).toBe('bad-value')
    expect(log.length).toBe(2)
    dispose()
  }))

test('the counters of a sheet are those who called a ballot on it, in order', () =>
  createRoot((dispose) => {
    const { doc, ledger, ballots, call } = world()
    const { A, B } = createCounting(doc, me, ballots, ledger)
    expect(A.counters()).toEqual([])
    call('A', [], 1)
    const other = new Y.Doc()
    other.getMap('ballots').set(`A/3.${other.clientID}`, Y.Array.from([{ n: 1, at_s: 5, c: [] }]))
    other.getMap('ballots').set(`B/4.${other.clientID}`, Y.Array.from([{ void: [1, 1], at_s: 5, why: '' }]))
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other))
    expect(A.counters()).toEqual([3, me])
    expect(B.counters()).toEqual([])
    dispose()
  }))

test('a figure is stated in one name, zero is a figure, and the same again is no edit', () => {
  const { state, doc, log } = world({ role: 'counter' })
  expect(codeOf(state('minute', 'blank', 0))).toBe('ok')
  expect(codeOf(state('minute', 'blank', 0))).toBe('ok')
  expect(codeOf(state('announced', 'v9', 4))).toBe('ok')
  expect(codeOf(state('announced', 'v10', 4))).toBe('bad-value')
  expect(codeOf(state('announced', 'votes', 4))).toBe('bad-key')
  for (const wrong of [-1, 1.5, 10_000_001]) expect(codeOf(state('minute', 'valid', wrong))).toBe('bad-value')
  expect(codeOf(world({ role: 'marker' }).state('minute', 'valid', 1))).toBe('forbidden')
  expect(doc.getMap('figures').toJSON()).toEqual({ 'minute/blank/7': 0, 'announced/v9/7': 4 })
  expect(log.edits).toBe(2)
})

test('a ruling carries the statements it saw, of this figure only, and needs the right', () => {
  const { state, rule, doc } = world({ role: 'supervisor' })
  state('minute', 'valid', 30)
  state('minute', 'blank', 2)
  doc.getMap('figures').set('minute/valid/3', 31)
  expect(codeOf(rule('minute', 'valid', 31))).toBe('ok')
  expect(doc.getMap('figures').get('minute/valid/#')).toEqual({ value: 31, by: me, at_s: 5_000, saw: { 3: 31, 7: 30 } })
  expect(codeOf(world({ role: 'coordinator' }).rule('minute', 'valid', 31))).toBe('forbidden')
})

test('my last five are newest first over all my logs, voided marked, durable once the server says so', () =>
  createRoot((dispose) => {
    const before = world()
    for (let n = 1; n <= 3; n += 1) {
      before.log.now_ms += 1_000
      before.call('A', [], n)
    }
    const { doc, ledger, ballots, call, voidBallot, log } = world()
    ledger.claim(before.doc.clientID)
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(before.doc))
    const counting = createCounting(doc, me, ballots, ledger).A
    expect(counting.next()).toBe(4)
    log.now_ms = before.log.now_ms
    for (let n = 4; n <= 7; n += 1) {
      log.now_ms += 1_000
      call('A', [], n)
    }
    expect(counting.recent().map(({ n }) => n)).toEqual([7, 6, 5, 4, 3])
    expect(counting.recent().every(({ durable }) => !durable)).toBe(true)
    ledger.learn({ [before.doc.clientID]: 4, [doc.clientID]: 3 })
    ballots.touch()
    expect(counting.recent().map(({ durable }) => durable)).toEqual([false, false, true, true, true])
    voidBallot('A', counting.recent()[0]?.id ?? '', 'x')
    expect(counting.recent().map(({ voided }) => voided)).toEqual([true, false, false, false, false])
    expect(counting.next()).toBe(7)
    dispose()
  }))

test('the next number follows the tap, goes back with the ballot just struck, and can be set', () =>
  createRoot((dispose) => {
    const { doc, ledger, ballots } = world()
    const counting = createCounting(doc, me, ballots, ledger).A
    expect(counting.next()).toBe(1)
    counting.called(1)
    expect(counting.next()).toBe(2)
    counting.setNext(150)
    counting.called(150)
    counting.voided(150)
    expect(counting.next()).toBe(150)
    counting.voided(3)
    expect(counting.next()).toBe(150)
    counting.setNext(Number.NaN)
    expect(counting.next()).toBe(1)
    dispose()
  }))

test('whoever joins a sheet begins after the highest ballot that stands on it, and then follows their own', () =>
  createRoot((dispose) => {
    const { doc, ledger, ballots, call } = world()
    const { A, B } = createCounting(doc, me, ballots, ledger)
    const other = new Y.Doc()
    const called = [12, 14, 13, 20].map((n, index) => ({ n, at_s: index, c: [] }))
    const struck = { void: [other.clientID, 3], at_s: 9, why: '' }
    other.getMap('ballots').set(`A/3.${other.clientID}`, Y.Array.from<object>([...called, struck]))
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other))
    expect(A.next(), '20 is struck').toBe(15)
    expect(B.next(), 'nobody is there').toBe(1)
    call('A', [], 15)
    expect(A.next()).toBe(16)
    // What the others call from here on moves nobody’s own number.
    other
      .getMap<Y.Array<unknown>>('ballots')
      .get(`A/3.${other.clientID}`)
      ?.push([{ n: 40, at_s: 10, c: [] }])
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other))
    expect(A.next()).toBe(16)
    dispose()
  }))

test('a struck ballot with another in its place still holds its number, for whoever joins', () =>
  createRoot((dispose) => {
    const { doc, ledger, ballots } = world()
    const other = new Y.Doc()
    const corrected = { void: [other.clientID, 0], at_s: 9, why: '', instead: [2] }
    other.getMap('ballots').set(`A/3.${other.clientID}`, Y.Array.from<object>([{ n: 7, at_s: 1, c: [1] }, corrected]))
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other))
    expect(createCounting(doc, me, ballots, ledger).A.next()).toBe(8)
    dispose()
  }))

test('a client of ours is told from its id in a void', () => {
  const { doc, ballots, call } = world()
  call('B', [], 1)
  expect(ballots.ownerOf(doc.clientID as ClientId)).toBe(me)
  expect(ballots.ownerOf(1 as ClientId)).toBeUndefined()
})
