import { expect, test } from 'vitest'
import * as Y from 'yjs'
import type { ElectorSerial, UserId } from '#contract/ids.ts'
import { type Phase, type Role, rightsOfRole, usableRights } from '#contract/rights.ts'
import { bindAttendance } from './binding/attendance.ts'
import { bindBallots } from './binding/ballots.ts'
import { createPending } from './binding/pending.ts'
import { createWriting } from './write.ts'

const me = 7 as UserId
const collector = 5 as UserId
const elector = 12 as ElectorSerial

function world(role: Role = 'coordinator', phase: Phase = 'counting') {
  const doc = new Y.Doc()
  const log = { edits: 0 }
  const writing = createWriting({
    doc,
    ballots: bindBallots(doc),
    attendanceOf: bindAttendance(
      doc,
      me,
      createPending(() => false),
      () => {},
    ).of,
    writer: () => ({ user: me, role, assigned: rightsOfRole[role], rights: usableRights(rightsOfRole[role], phase) }),
    facts: () => ({ hasElector: () => true, hasCandidate: (n) => n <= 9, choices_per_ballot: 3 }),
    now_ms: () => 5_000_000,
    isReady: () => true,
    onEdit: () => {
      log.edits += 1
    },
  })
  return { doc, log, ...writing }
}
const codeOf = (result: { ok: boolean; error?: { code: string } }) => (result.ok ? 'ok' : result.error?.code)
const strength = { root: 'guarantees', key: '12/5/strength' }

test('[C53] deciding writes the value again, also the one that stands; a pledge that says the same writes nothing', () => {
  const { doc, log, settle, pledge } = world()
  pledge(elector, { strength: 'strong' }, collector)
  const root = doc.getMap('guarantees')
  const itemOf = (key: string) => root._map.get(key)?.id
  const before = itemOf(strength.key)
  pledge(elector, { strength: 'strong' }, collector)
  expect(itemOf(strength.key)).toBe(before)
  expect(codeOf(settle(strength, 'strong'))).toBe('ok')
  expect(root.get(strength.key)).toBe('strong')
  expect(itemOf(strength.key)).not.toEqual(before)
  expect(root._map.get(strength.key)?.origin).toEqual(before)
  expect(log.edits).toBe(2)
})

test('what a decision writes is judged like everything that is written', () => {
  const { doc, settle } = world()
  expect(codeOf(settle(strength, 'weak'))).toBe('ok')
  expect(codeOf(settle(strength, 'sure'))).toBe('bad-value')
  expect(codeOf(settle({ root: 'guarantees', key: '12/5/colour' }, 'red'))).toBe('bad-key')
  expect(codeOf(settle({ root: 'guarantees', key: '12/5/group' }, ' Diwan \u202e7 '))).toBe('ok')
  expect(doc.getMap('guarantees').toJSON()).toEqual({ '12/5/strength': 'weak', '12/5/group': 'Diwan  7' })
})

test('a field is decided by who may speak for others, a ruling by who may rule, nothing in a closed committee', () => {
  const ruling = { root: 'figures', key: 'minute/ballots/#' }
  const said = { value: 40, by: 3, at_s: 1, saw: {} }
  for (const [role, phase, field, figure] of [
    ['collector', 'counting', 'forbidden', 'forbidden'],
    ['counter', 'counting', 'forbidden', 'forbidden'],
    ['coordinator', 'counting', 'ok', 'forbidden'],
    ['supervisor', 'counting', 'ok', 'ok'],
    ['supervisor', 'closed', 'forbidden', 'forbidden'],
  ] as const) {
    const { doc, settle } = world(role, phase)
    expect(codeOf(settle(strength, 'weak')), `${role} ${phase}`).toBe(field)
    expect(codeOf(settle(ruling, said)), `${role} ${phase}`).toBe(figure)
    expect(doc.getMap('guarantees').size).toBe(field === 'ok' ? 1 : 0)
  }
})

test('a ruling that is chosen is given anew: by who decides, on what is said now', () => {
  const { doc, settle } = world('supervisor')
  doc.getMap('attendance').set('12/5', 100)
  doc.getMap('figures').set('minute/ballots/5', 41)
  const wrong = { by: 3, at_s: 1, why: 'not here', saw: { 5: 90 } }
  expect(codeOf(settle({ root: 'attendance', key: '12/#' }, wrong))).toBe('ok')
  expect(doc.getMap('attendance').get('12/#')).toEqual({ by: 7, at_s: 5_000, why: 'not here', saw: { 5: 100 } })
  settle({ root: 'attendance', key: '12/#' }, { ...wrong, saw: {}, why: 'undo' })
  expect(doc.getMap('attendance').get('12/#')).toMatchObject({ by: 7, why: 'undo', saw: {} })
  settle({ root: 'figures', key: 'minute/ballots/#' }, { value: 40, by: 3, at_s: 1, saw: {} })
  expect(doc.getMap('figures').get('minute/ballots/#')).toEqual({ value: 40, by: 7, at_s: 5_000, saw: { 5: 41 } })
  settle({ root: 'walkins', key: '5.9.0/#' }, { accepted: true, by: 3, at_s: 1 })
  expect(doc.getMap('walkins').get('5.9.0/#')).toEqual({ accepted: true, by: 7, at_s: 5_000 })
  expect(codeOf(settle({ root: 'walkins', key: '5.9.0/#' }, 'yes'))).toBe('bad-value')
})
