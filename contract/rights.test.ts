import { describe, expect, test } from 'vitest'
import { assignedRights, isPhase, isRight, isRole, phases, rights, roles, speaksForOthers, usableRights } from './rights.ts'

describe('rights', () => {
  test('everybody with a role may read', () => {
    for (const role of roles) expect(assignedRights(role)).toContain('read')
  })

  test.each([
    ['administrator', rights],
    ['supervisor', rights],
    ['coordinator', ['read', 'guarantees', 'attendance', 'count', 'figures', 'contacts']],
    ['collector', ['read', 'guarantees', 'contacts']],
    ['marker', ['read', 'attendance']],
    ['counter', ['read', 'count', 'figures']],
    ['viewer', ['read']],
  ] as const)('a %s has %j', (role, expected) => {
    expect(assignedRights(role)).toEqual(expected)
  })

  test('an assignment adds and takes single rights; equal sets are equal lists', () => {
    expect(assignedRights('marker', ['count', 'guarantees'])).toEqual(['read', 'guarantees', 'attendance', 'count'])
    expect(assignedRights('marker', ['guarantees', 'count'])).toEqual(assignedRights('marker', ['count', 'guarantees']))
    expect(assignedRights('coordinator', [], ['read'])).not.toContain('read')
    expect(assignedRights('viewer', ['rule'], ['rule'])).toEqual(['read'])
  })

  test('a phase opens what is written in it, and reading is always open', () => {
    const all = assignedRights('supervisor')
    expect(usableRights(all, 'setup')).toEqual(['read', 'contacts', 'phase'])
    expect(usableRights(all, 'canvass')).toEqual(['read', 'guarantees', 'rule', 'contacts', 'phase'])
    expect(usableRights(all, 'polling')).toEqual(['read', 'guarantees', 'attendance', 'rule', 'contacts', 'phase'])
    expect(usableRights(all, 'counting')).toEqual(rights)
    expect(usableRights(all, 'closed')).toEqual(['read', 'contacts', 'phase'])
  })

  test('a phase gives nobody a right they were not assigned', () => {
    for (const role of roles) {
      for (const phase of phases)
        for (const right of usableRights(assignedRights(role), phase)) expect(assignedRights(role)).toContain(right)
    }
  })

  test('a collector and below write in their own name only', () => {
    expect(roles.filter(speaksForOthers)).toEqual(['administrator', 'supervisor', 'coordinator'])
  })

  test('words that are none', () => {
    for (const text of ['', 'toString', 'Read', '__proto__']) {
      expect(isRight(text)).toBe(false)
      expect(isRole(text)).toBe(false)
      expect(isPhase(text)).toBe(false)
    }
    expect([isRight('rule'), isRole('viewer'), isPhase('polling')]).toEqual([true, true, true])
  })
})
