import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { noteOf } from '#contract/document/notes.ts'
import type { ElectorSerial, UserId } from '#contract/ids.ts'
import { defaultLimits } from '#contract/limits.ts'
import { type Phase, type Role, rightsOfRole, usableRights } from '#contract/rights.ts'
import { bindAttendance } from './binding/attendance.ts'
import { bindBallots } from './binding/ballots.ts'
import { bindGuarantees } from './binding/guarantees.ts'
import { createPending } from './binding/pending.ts'
import { bindWalkins } from './binding/walkins.ts'
import { type ClientRecord, createLedger, noneUnsent } from './ledger.ts'
import { createWriting } from './write.ts'

const me = 7 as UserId
const other = 8 as UserId
const serial = (n: number) => n as ElectorSerial
const serials = (...numbers: number[]) => numbers as ElectorSerial[]

/** A page of one person: the document as it is made there, its ledger, its bindings, and what it may write. */
function page({ user = me, role = 'coordinator' as Role, phase = 'polling' as Phase, records = [] as readonly ClientRecord[] } = {}) {
  const doc: Y.Doc = new Y.Doc({ gcFilter: (item) => !ledger.isOwn(item.id.client) })
  const ledger = createLedger(
    () => doc,
    () => 1,
  )
  ledger.load(records)
  ledger.claim(doc.clientID)
  const pending = createPending(ledger.covers)
  const attendance = bindAttendance(doc, user, pending, () => {})
  const time = { now_ms: 5_000_000 }
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  const writing = createWriting({
    doc,
    ballots: bindBallots(doc),
    attendanceOf: attendance.of,
    writer: () => ({ user, role, assigned: rightsOfRole[role], rights: usableRights(rightsOfRole[role], phase) }),
    facts: () => ({ hasElector: (n) => n <= 7_000, hasCandidate: () => true, choices_per_ballot: 3 }),
    now_ms: () => time.now_ms,
    isReady: () => true,
    onEdit: () => {},
  })
  const walkins = bindWalkins(doc, user, pending)
  return { doc, ledger, pending, attendance, guarantees: bindGuarantees(doc, user, () => {}), walkins, time, updates, ...writing }
}
type Page = ReturnType<typeof page>

const codeOf = (result: { ok: boolean; error?: { code: string } }) => (result.ok ? 'ok' : result.error?.code)
const meet = (...pages: Page[]) => {
  for (const from of pages) for (const to of pages) if (from !== to) Y.applyUpdate(to.doc, Y.encodeStateAsUpdate(from.doc), 'wire')
}
const saved = ({ ledger, doc, pending }: Page) => {
  ledger.learn({ [doc.clientID]: Y.getState(doc.store, doc.clientID) })
  pending.settle()
}

test('a supervisor’s word settles the marks it saw; the witness may give a new one, in the same second too', () => {
  const [marker, supervisor] = [page({ role: 'marker' }), page({ user: other, role: 'supervisor' })]
  marker.mark(serial(3))
  meet(marker, supervisor)
  expect(codeOf(marker.overrule(serial(3), 'not here'))).toBe('forbidden')
  expect(codeOf(supervisor.overrule(serial(3), ' not\u202e here '))).toBe('ok')
  meet(marker, supervisor)
  for (const { attendance } of [marker, supervisor]) {
    expect(attendance.rows[3]).toMatchObject({ attended: false, witnesses: [], overruled: { by: 8, why: 'not  here', users: [7] } })
    expect(attendance.attended()).toBe(0)
  }
  expect(codeOf(marker.mark(serial(3)))).toBe('ok')
  expect(marker.attendance.rows[3]).toMatchObject({ attended: true, witnesses: [{ user: 7, at_s: 5_001 }] })
  expect(marker.attendance.rows[3]?.overruled).toBeUndefined()
  expect(codeOf(marker.mark(serial(3)))).toBe('ok')
  expect(marker.doc.getMap('attendance').get('3/7')).toBe(5_001)
})

test('a supervisor takes that word back, and the marks stand as they were given', () => {
  const supervisor = page({ role: 'supervisor' })
  supervisor.mark(serial(3))
  supervisor.overrule(serial(3), 'x')
  expect(supervisor.attendance.attended()).toBe(0)
  expect(codeOf(supervisor.restore(serial(3), 'undo'))).toBe('ok')
  expect(supervisor.attendance.rows[3]).toMatchObject({ attended: true, witnesses: [{ user: 7, at_s: 5_000 }] })
})

test('a paper marks those that are not marked, each under its own key, and its undo withdraws no other mark', () => {
  const { markAll, unmarkAll, mark, time, doc, attendance } = page()
  mark(serial(2))
  time.now_ms += 60_000
  const done = markAll(serials(1, 2, 3))
  expect(done).toEqual({ ok: true, value: [1, 3] })
  expect(doc.getMap('attendance').toJSON()).toEqual({ '1/7': 5_060, '2/7': 5_000, '3/7': 5_060 })
  expect(codeOf(unmarkAll(serials(1, 3), 'wrong paper'))).toBe('ok')
  expect(attendance.attended()).toBe(1)
  expect(doc.getMap('attendance').get('3/7')).toEqual({ at_s: 0, why: 'wrong paper' })
})

test('a paper with somebody who is not on the roll marks nobody', () => {
  const { markAll, doc } = page()
  expect(codeOf(markAll(serials(1, 7_001)))).toBe('bad-value')
  expect(doc.getMap('attendance').size).toBe(0)
  expect(codeOf(markAll(serials(1, 7_000)))).toBe('ok')
  expect(doc.getMap('attendance').size).toBe(2)
})

test('the paper of the largest committee, and its undo, go in updates that the server takes', () => {
  const { markAll, unmarkAll, updates, doc } = page()
  const all = Array.from({ length: 6_600 }, (_, index) => serial(index + 1))
  markAll(all)
  unmarkAll(all, 'ش'.repeat(200))
  expect(updates).toHaveLength(34)
  for (const update of updates) {
    expect(update.length).toBeLessThan(defaultLimits.update_bytes_max)
    expect(Y.decodeUpdate(update).structs.length).toBeLessThan(defaultLimits.structs_max)
  }
  // Made offline it travels as one.
  const whole = Y.encodeStateAsUpdate(doc)
  expect(whole.length).toBeLessThan(defaultLimits.offline_bytes_max)
  expect(Y.decodeUpdate(whole).structs.length).toBeLessThan(defaultLimits.offline_structs_max)
})

test('a pledge has all its fields; a text is cleaned, and one without words empties its field', () => {
  const { pledge, guarantees, doc } = page({ role: 'collector' })
  const fields = { strength: 'weak', group: ' Diwan\u0007 ', quick_note: 'needs a lift', follow_up: 1_764_000_000 } as const
  expect(codeOf(pledge(serial(1), fields))).toBe('ok')
  expect(guarantees.rows[1]).toEqual([{ ...fields, group: 'Diwan', collector: 7, mine: true, withdrawn: false }])
  expect(codeOf(pledge(serial(1), { group: '  ', follow_up: null }))).toBe('ok')
  expect(guarantees.rows[1]).toEqual([{ collector: 7, mine: true, strength: 'weak', quick_note: 'needs a lift', withdrawn: false }])
  expect(doc.getMap('guarantees').get('1/7/group')).toBeNull()
})

test('a coordinator writes in any collector’s pledge, a collector in their own alone', () => {
  for (const [role, code] of [
    ['collector', 'bad-key'],
    ['coordinator', 'ok'],
  ] as const) {
    const { pledge, doc } = page({ role })
    expect(codeOf(pledge(serial(1), { confirmation: 'confirmed' }, other))).toBe(code)
    expect(doc.getMap('guarantees').has('1/8/confirmation')).toBe(code === 'ok')
  }
})

test('a note holds as much as the server takes, and a full one can still be shortened and typed over', () => {
  const { writeNote, doc } = page({ role: 'collector' })
  const full = 'x'.repeat(defaultLimits.note_characters_max)
  expect(codeOf(writeNote(serial(1), [{ at: 0, removed: 0, inserted: `${full}x` }]))).toBe('too-large')
  expect(codeOf(writeNote(serial(1), [{ at: 0, removed: 0, inserted: full }]))).toBe('ok')
  expect(codeOf(writeNote(serial(1), [{ at: 0, removed: 1, inserted: 'ab' }]))).toBe('too-large')
  expect(codeOf(writeNote(serial(1), [{ at: 0, removed: 1, inserted: 'a' }]))).toBe('ok')
  expect(codeOf(writeNote(serial(1), [{ at: 1, removed: 10, inserted: '' }]))).toBe('ok')
  expect(noteOf(doc, serial(1)).length).toBe(full.length - 10)
  expect(codeOf(page({ role: 'marker' }).writeNote(serial(1), [{ at: 0, removed: 0, inserted: 'x' }]))).toBe('forbidden')
})

test('a deletion is an unsent edit until the server says it is durable, over a reload too, and whatever was written down last', () => {
  const before = page({ role: 'collector' })
  before.writeNote(serial(1), [{ at: 0, removed: 0, inserted: 'some words' }])
  saved(before)
  expect(before.ledger.count()).toEqual(noneUnsent)
  const kept = before.ledger.records() // the tab dies before it writes its record again
  before.writeNote(serial(1), [{ at: 4, removed: 6, inserted: '' }])
  expect(before.ledger.count()).toEqual({ ...noneUnsent, guarantees: 1 })

  const after = page({ role: 'collector', records: kept })
  Y.applyUpdate(after.doc, Y.encodeStateAsUpdate(before.doc), 'kept copy')
  expect(noteOf(after.doc, serial(1)).toString()).toBe('some')
  expect(after.ledger.count()).toEqual({ ...noneUnsent, guarantees: 1 })
  after.ledger.learn({ [before.doc.clientID]: Y.getState(before.doc.store, before.doc.clientID) })
  expect(after.ledger.count()).toEqual(noneUnsent)
})

test('the receipt that covers a deletion never comes for an update without it', () => {
  // The trace and the deletion are one update: whoever has the clock has the deletion.
  const { writeNote, updates, doc } = page({ role: 'collector' })
  writeNote(serial(1), [{ at: 0, removed: 0, inserted: 'some words' }])
  writeNote(serial(1), [{ at: 0, removed: 5, inserted: '' }])
  const server = new Y.Doc()
  for (const update of updates) {
    Y.applyUpdate(server, update)
    const covered = Y.getState(server.store, doc.clientID) === Y.getState(doc.store, doc.clientID)
    expect(noteOf(server, serial(1)).toString() === 'words').toBe(covered)
  }
})

test('a walk-in waits for a supervisor’s word, is counted when accepted, and shows as saved when it is', () => {
  const [marker, supervisor] = [page({ role: 'marker' }), page({ user: other, role: 'supervisor' })]
  expect(codeOf(marker.addWalkin({ name: ' ', serial: null, why: '' }))).toBe('bad-value')
  expect(codeOf(marker.addWalkin({ name: ' Salem\u200f Ali ', serial: 812, why: 'moved here' }))).toBe('ok')
  expect(marker.walkins.counts()).toEqual({ accepted: 0, waiting: 1 })
  expect(marker.walkins.rows()).toMatchObject([{ name: 'Salem  Ali', serial: 812, mine: true, durable: false, accepted: undefined }])
  saved(marker)
  expect(marker.walkins.rows()[0]?.durable).toBe(true)
  meet(marker, supervisor)
  const [place] = supervisor.walkins.rows()
  if (place === undefined) throw new Error('nobody came')
  expect(codeOf(marker.acceptWalkin(place, true))).toBe('forbidden')
  expect(codeOf(supervisor.acceptWalkin(place, true))).toBe('ok')
  meet(marker, supervisor)
  for (const { walkins } of [marker, supervisor]) expect(walkins.counts()).toEqual({ accepted: 1, waiting: 0 })
  expect(marker.walkins.rows()[0]).toMatchObject({ accepted: true, ruledBy: 8, durable: true })
  expect(supervisor.walkins.rows()[0]).toMatchObject({ mine: false, durable: false })
  supervisor.acceptWalkin(place, false)
  expect(supervisor.walkins.counts()).toEqual({ accepted: 0, waiting: 0 })
  expect(marker.attendance.attended()).toBe(0)
})
