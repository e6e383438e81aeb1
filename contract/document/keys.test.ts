import { describe, expect, test } from 'vitest'
import type { ClientId, ElectorSerial, UserId } from '#contract/ids.ts'
import { keyCharactersMax, keyOf, keyParser } from './keys.ts'
import { documentSchema } from './schema.ts'

const elector = 17 as ElectorSerial
const user = 3 as UserId
const client = 4_294_967_295 as ClientId

/** Every pattern of the schema: keys that fit with what they say, and keys that do not. */
const patterns: Record<string, { good: readonly (readonly [string, object])[]; bad: readonly string[] }> = {
  '<elector>/<user>/<field>': {
    good: [
      [keyOf.guarantee(elector, user, 'strength'), { elector, user, field: 'strength' }],
      ['999999/2147483647/withdrawn', { elector: 999_999, user: 2_147_483_647, field: 'withdrawn' }],
    ],
    bad: ['17/3', '17/3/', '17/3/Strength', '17/3/other', '17/3/strength/', '/17/3/strength', '17//strength', '17/3/#', '1000000/3/group'],
  },
  'note/<elector>': {
    good: [
      [keyOf.note(elector), { elector }],
      ['note/1', { elector: 1 }],
    ],
    bad: ['note', 'note/', 'note/0', 'note/01', 'Note/1', 'note/1/2', 'xnote/1', 'note/1000000', 'note/#'],
  },
  '<elector>/<user>': {
    good: [
      [keyOf.attendance(elector, user), { elector, user }],
      ['1/2147483647', { elector: 1, user: 2_147_483_647 }],
    ],
    bad: [
      '17',
      '17/',
      '/3',
      '17/3/',
      '17/3/4',
      '017/3',
      '17/03',
      '+17/3',
      '17/-3',
      '17/3.0',
      '17/1e3',
      ' 17/3',
      '17/3\n',
      '0/3',
      '17/0',
      '17/2147483648',
      '17/#',
      '17/3#',
    ],
  },
  '<elector>/#': {
    good: [
      [keyOf.attendanceRuling(elector), { elector }],
      ['1/#', { elector: 1 }],
    ],
    bad: ['17', '#', '17/##', '17/#/', '017/#', '17/3', '1000000/#'],
  },
  '<user>.<client>.<n>': {
    good: [
      [keyOf.walkin(user, client, 0), { user, client, n: 0 }],
      ['3.0.9999999', { user: 3, client: 0, n: 9_999_999 }],
    ],
    bad: ['3.4', '3.4.', '.4.5', '3.4.5.6', '3.4.05', '03.4.5', '3.04.5', '3/4/5', '3.4294967296.5', '3.4.10000000', '3.4.-1', '3.4.5/#'],
  },
  '<user>.<client>.<n>/#': {
    good: [
      [`${keyOf.walkin(user, client, 0)}/#`, { user, client, n: 0 }],
      ['1.1.1/#', { user: 1, client: 1, n: 1 }],
    ],
    bad: ['3.4.5', '3.4.5#', '3.4.5/#/', '3.4.5//#', '3.4/#'],
  },
  '<sheet>/<user>.<client>': {
    good: [
      [keyOf.log('A', user, client), { sheet: 'A', user, client }],
      ['D/1.0', { sheet: 'D', user: 1, client: 0 }],
    ],
    bad: ['A', 'A/3', 'E/3.4', 'a/3.4', 'AB/3.4', '/3.4', 'A/3.4/', 'A/3.4.5', 'A/03.4', 'A/3.4294967296', 'A/3.4#', 'A//3.4'],
  },
  '<source>/<figure>/<user>': {
    good: [
      [keyOf.figure('minute', 'ballots', user), { source: 'minute', figure: 'ballots', user }],
      ['announced/v9999/3', { source: 'announced', figure: 'v9999', user }],
    ],
    bad: [
      'minute/ballots',
      'Minute/ballots/3',
      'count/ballots/3',
      'minute/other/3',
      'minute/v/3',
      'minute/v0/3',
      'minute/v01/3',
      'minute/v10000/3',
      'minute/ballots/#',
      'minute/ballots/0',
    ],
  },
  '<source>/<figure>/#': {
    good: [
      [keyOf.figureRuling('announced', 'v4'), { source: 'announced', figure: 'v4' }],
      ['minute/blank/#', { source: 'minute', figure: 'blank' }],
    ],
    bad: ['minute/blank', 'minute/blank/3', 'minute/blank/##', 'minute//#', 'other/blank/#', 'minute/v0/#'],
  },
  '<any>': {
    good: [
      ['attendance/17/3', {}],
      ['x', {}],
    ],
    bad: ['', 'x'.repeat(keyCharactersMax + 1)],
  },
}

describe('keys', () => {
  test('every pattern of the schema is tried here', () => {
    const used = documentSchema.flatMap(({ root, key }) => [root, key]).filter((pattern) => pattern.includes('<'))
    expect(Object.keys(patterns).sort()).toEqual([...new Set(used)].sort())
  })

  describe.each(Object.entries(patterns))('%s', (pattern, { good, bad }) => {
    const parse = keyParser(pattern)

    test.each(good)('%j fits', (key, parts) => {
      expect(parse(key)).toEqual(parts)
    })

    test.each([...bad, ''])('%j does not', (key) => {
      expect(parse(key)).toBeUndefined()
    })

    test('nor does anything longer than a key may be', () => {
      expect(parse(`${good[0]?.[0]}${'0'.repeat(keyCharactersMax)}`)).toBeUndefined()
    })
  })

  test('no key fits two patterns of one root', () => {
    for (const { root, key } of documentSchema) {
      for (const [text] of patterns[key]?.good ?? []) {
        const fitting = documentSchema.filter((row) => row.root === root && row.key !== '' && keyParser(row.key)(text) !== undefined)
        expect(fitting.map((row) => row.key)).toEqual([key])
      }
    }
  })
})
