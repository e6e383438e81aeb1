import { describe, expect, test } from 'vitest'
import type { ClientId, UserId } from '#contract/ids.ts'
import { assignedRights, type Phase, type Role, usableRights } from '#contract/rights.ts'
import { documentSchema, findPlace, type Place, refuseValue, refuseWriter, type Writer } from './schema.ts'
import type { Facts } from './values.ts'

const me = 2 as UserId
const client = 7 as ClientId
const at_s = 1_764_000_000
const facts: Facts = { hasElector: () => true, hasCandidate: () => true, choices_per_ballot: 3 }

function writerOf(role: Role, phase: Phase = 'counting'): Writer {
  const assigned = assignedRights(role)
  return { user: me, role, assigned, rights: usableRights(assigned, phase) }
}

function placeOf(root: string, key: string): Place {
  const place = findPlace(root, key)
  if (typeof place === 'string') throw new Error(`${root} ${key}: ${place}`)
  return place
}

describe('finding the row', () => {
  test.each([
    ['guarantees', '1/2/group', 'guarantees', '<elector>/<user>/<field>'],
    ['note/1', '', 'note/<elector>', ''],
    ['attendance', '1/2', 'attendance', '<elector>/<user>'],
    ['attendance', '1/#', 'attendance', '<elector>/#'],
    ['walkins', '2.7.0', 'walkins', '<user>.<client>.<n>'],
    ['walkins', '2.7.0/#', 'walkins', '<user>.<client>.<n>/#'],
    ['ballots', 'B/2.7', 'ballots', '<sheet>/<user>.<client>'],
    ['figures', 'minute/valid/2', 'figures', '<source>/<figure>/<user>'],
    ['figures', 'minute/valid/#', 'figures', '<source>/<figure>/#'],
    ['conflicts', 'attendance/1/#', 'conflicts', '<any>'],
    ['meta', 'phase', 'meta', '<any>'],
  ])('%s %j', (root, key, rowRoot, rowKey) => {
    const { row } = placeOf(root, key)
    expect([row.root, row.key]).toEqual([rowRoot, rowKey])
  })

  test('a place has the parts of its root and of its key', () => {
    expect(placeOf('note/17', '').parts).toEqual({ elector: 17 })
    expect(placeOf('ballots', 'C/2.7').parts).toEqual({ sheet: 'C', user: 2, client: 7 })
  })

  test.each([
    ['', ''],
    ['Guarantees', '1/2/group'],
    ['note', ''],
    ['note/0', ''],
    ['note/01', ''],
    ['__proto__', 'x'],
    ['toString', ''],
    ['default', ''],
  ])('there is no root %j', (root, key) => {
    expect(findPlace(root, key)).toBe('unknown-root')
  })

  test.each([
    ['guarantees', ''],
    ['guarantees', '1/2'],
    ['note/1', 'bold'],
    ['attendance', '1/2/3'],
    ['ballots', 'A'],
    ['figures', 'minute/v0/2'],
    ['meta', ''],
  ])('root %s has no key %j', (root, key) => {
    expect(findPlace(root, key)).toBe('bad-key')
  })
})

describe('who may write', () => {
  const other = client + 1
  test.each([
    // A collector writes their own keys, a coordinator anyone's.
    ['collector', 'guarantees', '1/2/group', client, undefined],
    ['collector', 'guarantees', '1/3/group', client, 'bad-key'],
    ['coordinator', 'guarantees', '1/3/group', client, undefined],
    ['marker', 'guarantees', '1/2/group', client, 'forbidden'],
    ['collector', 'note/1', '', client, undefined],
    ['counter', 'note/1', '', client, 'forbidden'],
    // Statements are one's own, for a supervisor too.
    ['marker', 'attendance', '1/2', client, undefined],
    ['marker', 'attendance', '1/3', client, 'bad-key'],
    ['supervisor', 'attendance', '1/3', client, 'bad-key'],
    ['viewer', 'attendance', '1/2', client, 'forbidden'],
    ['supervisor', 'attendance', '1/#', client, undefined],
    ['coordinator', 'attendance', '1/#', client, 'forbidden'],
    ['marker', 'walkins', '2.7.0', client, undefined],
    ['marker', 'walkins', '2.8.0', client, 'bad-key'],
    ['marker', 'walkins', '3.7.0', client, 'bad-key'],
    ['supervisor', 'walkins', '3.8.0/#', client, undefined],
    ['marker', 'walkins', '2.7.0/#', client, 'forbidden'],
    // One writer a log: the key names the client that writes.
    ['counter', 'ballots', 'A/2.7', client, undefined],
    ['counter', 'ballots', 'A/2.7', other, 'bad-key'],
    ['counter', 'ballots', 'A/3.7', client, 'bad-key'],
    ['supervisor', 'ballots', 'A/3.7', client, 'bad-key'],
    ['marker', 'ballots', 'A/2.7', client, 'forbidden'],
    ['counter', 'figures', 'minute/valid/2', client, undefined],
    ['counter', 'figures', 'minute/valid/3', client, 'bad-key'],
    ['counter', 'figures', 'minute/valid/#', client, 'forbidden'],
    ['supervisor', 'figures', 'minute/valid/#', client, undefined],
    ['collector', 'figures', 'minute/valid/2', client, 'forbidden'],
    // Nobody writes what the server writes.
    ['administrator', 'conflicts', 'x', client, 'forbidden'],
    ['administrator', 'meta', 'phase', client, 'forbidden'],
  ] as const)('a %s at %s %j through client %i: %s', (role, root, key, through, code) => {
    expect(refuseWriter(placeOf(root, key), writerOf(role), through as ClientId)).toBe(code)
  })

  test.each([
    ['setup', 'guarantees', '1/2/group', 'late'],
    ['canvass', 'guarantees', '1/2/group', undefined],
    ['canvass', 'attendance', '1/2', 'late'],
    ['polling', 'attendance', '1/2', undefined],
    ['polling', 'ballots', 'A/2.7', 'late'],
    ['counting', 'ballots', 'A/2.7', undefined],
    ['closed', 'ballots', 'A/2.7', 'late'],
    ['closed', 'figures', 'minute/valid/#', 'late'],
    ['closed', 'meta', 'phase', 'forbidden'],
  ] as const)('in phase %s, with every right, %s %j: %s', (phase, root, key, code) => {
    expect(refuseWriter(placeOf(root, key), writerOf('supervisor', phase), client)).toBe(code)
  })

  test('what was never given is forbidden in every phase, not late', () => {
    for (const phase of ['setup', 'canvass', 'polling', 'counting', 'closed'] as const)
      expect(refuseWriter(placeOf('ballots', 'A/2.7'), writerOf('marker', phase), client)).toBe('forbidden')
  })
})

describe('what may be written', () => {
  const owners = new Map([
    [7 as ClientId, me],
    [8 as ClientId, 3 as UserId],
  ])
  const ownerOf = (of: ClientId) => owners.get(of)
  const judge = (role: Role, root: string, key: string, value: unknown) =>
    refuseValue(placeOf(root, key), value, writerOf(role), facts, ownerOf)

  test('a value that does not fit its row', () => {
    expect(judge('marker', 'attendance', '1/2', at_s)).toBeUndefined()
    expect(judge('marker', 'attendance', '1/2', 'yes')).toBe('bad-value')
  })

  test('a void of an own ballot; of another counter’s only with the right to rule', () => {
    const strike = (of: number) => ({ void: [of, 0], at_s, why: '' })
    expect(judge('counter', 'ballots', 'A/2.7', strike(7))).toBeUndefined()
    expect(judge('counter', 'ballots', 'A/2.7', strike(8))).toBe('forbidden')
    expect(judge('counter', 'ballots', 'A/2.7', strike(9))).toBe('forbidden')
    expect(judge('supervisor', 'ballots', 'A/2.7', strike(8))).toBeUndefined()
    expect(judge('supervisor', 'ballots', 'A/2.7', strike(9))).toBeUndefined()
  })

  test.each([
    ['attendance', '1/#', { at_s, why: '', saw: {} }],
    ['walkins', '2.7.0/#', { accepted: true, at_s }],
    ['figures', 'minute/valid/#', { value: 1, at_s, saw: {} }],
  ])('a ruling at %s %j names its author, and nobody rules in another’s name', (root, key, ruling) => {
    expect(judge('supervisor', root, key, { ...ruling, by: me })).toBeUndefined()
    expect(judge('supervisor', root, key, { ...ruling, by: 3 })).toBe('bad-value')
  })
})

test('every row says what it takes and how it merges, and one root is one kind', () => {
  const kinds = new Map<string, string>()
  for (const row of documentSchema) {
    expect(row.value).not.toBe('')
    expect(row.merge).not.toBe('')
    expect(kinds.get(row.root) ?? row.kind).toBe(row.kind)
    kinds.set(row.root, row.kind)
  }
})
