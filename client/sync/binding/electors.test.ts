import { createRenderEffect, createRoot } from 'solid-js'
import { unwrap } from 'solid-js/store'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { markAttendance, withdrawAttendance } from '#contract/document/attendance.ts'
import { readGuarantees, strikeList, writeGuarantee } from '#contract/document/guarantees.ts'
import type { ElectorSerial, UserId } from '#contract/ids.ts'
import { handClock } from '../hand-clock.ts'
import { createLedger } from '../ledger.ts'
import { bindAttendance } from './attendance.ts'
import { bindGuarantees } from './guarantees.ts'
import { createPending } from './pending.ts'
import { createStrikeCount } from './strike.ts'

const me = 7 as UserId
const other = 8 as UserId
const serial = (n: number) => n as ElectorSerial

function bound() {
  const doc = new Y.Doc()
  const ledger = createLedger(
    () => doc,
    () => 1,
  )
  ledger.claim(doc.clientID)
  const pending = createPending(ledger.covers)
  const hand = handClock()
  const strike = createStrikeCount(hand.clock)
  const attendance = bindAttendance(doc, me, pending, strike.attended)
  const guarantees = bindGuarantees(doc, me, strike.guaranteed)
  const root = doc.getMap('attendance')
  return { ...hand, doc, ledger, pending, strike, attendance, guarantees, root }
}

test('two witnesses are one attendance; the last to withdraw takes it back', () => {
  const { attendance, root } = bound()
  markAttendance(root, serial(12), me, 100)
  markAttendance(root, serial(12), other, 110)
  expect(attendance.attended()).toBe(1)
  expect(attendance.rows[12]?.witnesses.map(({ user, mine, at_s }) => [user, mine, at_s])).toEqual([
    [7, true, 100],
    [8, false, 110],
  ])
  withdrawAttendance(root, serial(12), me, 'wrong line')
  expect(attendance.rows[12]).toMatchObject({ attended: true, witnesses: [{ user: 8 }] })
  withdrawAttendance(root, serial(12), other, 'wrong line')
  expect(attendance.rows[12]?.attended).toBe(false)
  expect(attendance.attended()).toBe(0)
})

test('a ruling that saw a mark settles it; a later mark stands again', () => {
  const { attendance, root } = bound()
  markAttendance(root, serial(3), me, 100)
  root.set('3/#', { by: 1, at_s: 200, why: 'not here', saw: { 7: 100 } })
  expect(attendance.rows[3]?.attended).toBe(false)
  markAttendance(root, serial(3), me, 300)
  expect(attendance.rows[3]?.attended).toBe(true)
})

test('a row is handed out as it is and replaced whole: to follow its place is enough', () => {
  const { attendance, root } = bound()
  markAttendance(root, serial(12), other, 100)
  const before = attendance.rows[12]
  expect(before).toBe(unwrap(attendance.rows)[12])
  markAttendance(root, serial(12), other, 200)
  expect(before?.witnesses[0]?.at_s).toBe(100)
  expect(attendance.rows[12]?.witnesses[0]?.at_s).toBe(200)
})

test('a change reaches only the row it touches', () => {
  const { attendance, root } = bound()
  const seen = { 1: 0, 2: 0 }
  const dispose = createRoot((end) => {
    for (const n of [1, 2] as const) {
      createRenderEffect(() => {
        void attendance.rows[n]
        seen[n] += 1
      })
    }
    return end
  })
  markAttendance(root, serial(1), me, 100)
  markAttendance(root, serial(3), me, 100)
  expect(seen).toEqual({ 1: 2, 2: 1 })
  dispose()
})

test('my mark is durable once the server says so, without being written again', () => {
  const { attendance, root, ledger, pending, doc } = bound()
  markAttendance(root, serial(1), me, 100)
  markAttendance(root, serial(2), me, 100)
  expect(attendance.rows[1]?.witnesses[0]?.durable).toBe(false)
  ledger.learn({ [doc.clientID]: 1 })
  pending.settle()
  expect(attendance.rows[1]?.witnesses[0]?.durable).toBe(true)
  expect(attendance.rows[2]?.witnesses[0]?.durable).toBe(false)
})

test('values and keys that are none change nothing', () => {
  const { attendance, root } = bound()
  root.set('1/7', 'yes')
  root.set('1/7/9', 100)
  root.set('01/7', 100)
  expect(attendance.attended()).toBe(0)
  root.set('1/7', 100)
  expect(attendance.attended()).toBe(1)
})

test('the strike count is the length of the strike list after every change', () => {
  const { doc, strike, attendance, guarantees, root } = bound()
  const pledges = doc.getMap('guarantees')
  const steps = [
    () => writeGuarantee(pledges, serial(1), me, 'strength', 'strong'),
    () => writeGuarantee(pledges, serial(1), other, 'confirmation', 'pending'),
    () => writeGuarantee(pledges, serial(2), other, 'strength', 'weak'),
    () => markAttendance(root, serial(2), me, 100),
    () => markAttendance(root, serial(9), me, 100),
    () => writeGuarantee(pledges, serial(1), me, 'withdrawn', true),
    () => writeGuarantee(pledges, serial(1), other, 'confirmation', null),
    () => withdrawAttendance(root, serial(2), me, 'x'),
  ]
  const counts = steps.map((step) => {
    step()
    const list = strikeList(readGuarantees(pledges), { has: attendance.hasAttended })
    expect(strike.count()).toBe(list.length)
    return list.length
  })
  expect(counts).toEqual([1, 1, 2, 1, 1, 1, 0, 1])
  expect(guarantees.rows[1]).toEqual([
    { collector: 7, mine: true, strength: 'strong', withdrawn: true },
    { collector: 8, mine: false, withdrawn: false },
  ])
})

test('lists over all rows are made anew once for the changes of a moment, and not in the task that brings them', async () => {
  const { strike, root, advance } = bound()
  for (let n = 1; n <= 50; n += 1) markAttendance(root, serial(n), other, 100)
  expect(strike.revision()).toBe(0)
  await advance(100)
  expect(strike.revision()).toBe(1)
  await advance(1_000)
  expect(strike.revision()).toBe(1)
})
