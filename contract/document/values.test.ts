import { describe, expect, test } from 'vitest'
import type { ClientId } from '#contract/ids.ts'
import { documentSchema, findPlace } from './schema.ts'
import { cleanText, type Facts, textCharactersMax } from './values.ts'

// Electors 1 to 100, candidates 1 to 9, three choices a ballot.
const facts: Facts = { hasElector: (elector) => elector <= 100, hasCandidate: (candidate) => candidate <= 9, choices_per_ballot: 3 }
const at_s = 1_764_000_000
const client = 4_294_967_295 as ClientId
const long = 'x'.repeat(201)
const tooMany = Object.fromEntries(Array.from({ length: 65 }, (_, user) => [user + 1, at_s]))

/** What no place takes, whatever its row. */
const never = [undefined, '\ud800', { at_s, extra: 1 }, new Uint8Array(2), Number.NaN, [[]], { __proto__: null, x: 1 }]

const places: readonly { at: readonly [root: string, key: string]; good: readonly unknown[]; bad: readonly unknown[] }[] = [
  { at: ['guarantees', '1/2/strength'], good: ['strong', 'medium', 'weak', null], bad: ['Strong', '', 1, true, {}, 'pending'] },
  { at: ['guarantees', '1/2/confirmation'], good: ['pending', 'confirmed', 'unreachable', null], bad: ['strong', '', 0, false, []] },
  { at: ['guarantees', '1/2/group'], good: ['', 'عائلة', 'x'.repeat(60), null], bad: ['x'.repeat(61), 'a\nb', 'a\u202eb', 7, {}] },
  { at: ['guarantees', '1/2/quick_note'], good: ['', 'يعود مساءً', 'x'.repeat(200), null], bad: [long, 'tab\t', '\u200f', 7, []] },
  { at: ['guarantees', '1/2/follow_up'], good: [1, at_s, null], bad: [0, -1, 1.5, 32_503_680_001, '1', true] },
  { at: ['guarantees', '1/2/withdrawn'], good: [true, false, null], bad: [0, 1, 'true', {}] },
  { at: ['guarantees', '101/2/withdrawn'], good: [], bad: [true, null] },
  {
    at: ['attendance', '1/2'],
    good: [1, at_s, { at_s: 0, why: '' }, { at_s: 0, why: 'خطأ' }],
    bad: [0, -1, 1.5, null, '1', true, { at_s: 0 }, { at_s: 1, why: '' }, { at_s: 0, why: long }, { at_s: 0, why: '', by: 2 }, [at_s]],
  },
  { at: ['attendance', '101/2'], good: [], bad: [at_s] },
  {
    at: ['attendance', '1/#'],
    good: [
      { by: 2, at_s, why: '', saw: {} },
      { by: 2, at_s, why: 'x', saw: { 3: at_s, 4: { at_s: 0, why: 'y' } } },
    ],
    bad: [
      at_s,
      null,
      { by: 2, at_s, why: '' },
      { by: 0, at_s, why: '', saw: {} },
      { by: 2, at_s: 0, why: '', saw: {} },
      { by: 2, at_s, why: long, saw: {} },
      { by: 2, at_s, why: '', saw: [] },
      { by: 2, at_s, why: '', saw: { x: at_s } },
      { by: 2, at_s, why: '', saw: { '03': at_s } },
      { by: 2, at_s, why: '', saw: { 3: 'yes' } },
      { by: 2, at_s, why: '', saw: tooMany },
      { by: 2, at_s, why: '', saw: {}, more: 1 },
    ],
  },
  { at: ['attendance', '101/#'], good: [], bad: [{ by: 2, at_s, why: '', saw: {} }] },
  {
    at: ['walkins', '2.7.0'],
    good: [
      { name: 'سالم', serial: null, why: '', at_s },
      { name: 'A', serial: 999_999, why: 'not on the roll', at_s: 1 },
    ],
    bad: [
      null,
      'سالم',
      { name: ' ', serial: null, why: '', at_s },
      { name: 'x'.repeat(161), serial: null, why: '', at_s },
      { name: 'A', serial: '1', why: '', at_s },
      { name: 'A', serial: 0, why: '', at_s },
      { name: 'A', why: '', at_s },
      { name: 'A', serial: null, why: '', at_s: 0 },
      { name: 'A\u0000', serial: null, why: '', at_s },
    ],
  },
  {
    at: ['walkins', '2.7.0/#'],
    good: [
      { accepted: true, by: 2, at_s },
      { accepted: false, by: 2, at_s: 1 },
    ],
    bad: [
      true,
      null,
      { accepted: 1, by: 2, at_s },
      { accepted: true, by: '', at_s },
      { accepted: true, by: 2 },
      { accepted: true, by: 2, at_s, why: '' },
    ],
  },
  {
    at: ['ballots', 'A/2.7'],
    good: [
      { n: 1, at_s, c: [3] },
      { n: 999_999, at_s: 1, c: [1, 4, 9] },
      { n: 2, at_s, c: [] },
      { n: 3, at_s, c: null },
      { void: [client, 0], at_s, why: '' },
      { void: [0, 19_999], at_s, why: 'read twice', instead: [2] },
      { void: [7, 1], at_s, why: '', instead: null },
    ],
    bad: [
      null,
      [3],
      { n: 0, at_s, c: [] },
      { n: 1_000_000, at_s, c: [] },
      { n: 1.5, at_s, c: [] },
      { n: 1, at_s: 0, c: [] },
      { n: 1, at_s },
      { n: 1, at_s, c: undefined },
      { n: 1, at_s, c: 3 },
      { n: 1, at_s, c: ['3'] },
      { n: 1, at_s, c: [4, 1] },
      { n: 1, at_s, c: [4, 4] },
      { n: 1, at_s, c: [10] },
      { n: 1, at_s, c: [0] },
      { n: 1, at_s, c: [1, 2, 3, 4] },
      { n: 1, at_s, c: [], void: [7, 0] },
      { void: [7], at_s, why: '' },
      { void: [7, -1], at_s, why: '' },
      { void: ['7', 0], at_s, why: '' },
      { void: [7, 0], at_s },
      { void: [7, 0], at_s, why: '', instead: [10] },
      { void: [7, 0], at_s, why: '', instead: undefined },
    ],
  },
  { at: ['figures', 'minute/ballots/2'], good: [0, 1, 10_000_000], bad: [-1, 1.5, 10_000_001, null, '1', true, {}] },
  { at: ['figures', 'announced/v9/2'], good: [0, 17], bad: [-1, null] },
  { at: ['figures', 'announced/v10/2'], good: [], bad: [0] },
  {
    at: ['figures', 'minute/ballots/#'],
    good: [
      { value: 0, by: 2, at_s, saw: {} },
      { value: 9, by: 2, at_s, saw: { 3: 9, 4: 8 } },
    ],
    bad: [
      9,
      null,
      { value: -1, by: 2, at_s, saw: {} },
      { value: 9, by: 2, at_s, saw: { 3: '9' } },
      { value: 9, by: 2, at_s },
      { value: 9, by: 2, at_s, why: '', saw: {} },
    ],
  },
  { at: ['figures', 'minute/v10/#'], good: [], bad: [{ value: 0, by: 2, at_s, saw: {} }] },
]

const judge = ([root, key]: readonly [string, string], value: unknown): boolean => {
  const place = findPlace(root, key)
  if (typeof place === 'string') throw new Error(`${root} ${key}: ${place}`)
  return place.row.check(value, place.parts, facts)
}

describe('values', () => {
  test('every row of the schema that people write values to is tried here', () => {
    const rows = new Set(
      places.flatMap(({ at, good }) => {
        const place = findPlace(...at)
        return typeof place === 'string' || good.length < 2 ? [] : [place.row]
      }),
    )
    expect([...rows]).toEqual(documentSchema.filter((row) => row.kind !== 'text' && row.right !== 'server'))
  })

  describe.each(places)('$at', ({ at, good, bad }) => {
    test('takes what it should', () => {
      for (const value of good) expect(judge(at, value), JSON.stringify(value)).toBe(true)
    })

    test('takes nothing else', () => {
      for (const value of [...bad, ...never]) expect(judge(at, value), JSON.stringify(value)).toBe(false)
    })
  })

  test('a note is text, on an elector of the roll', () => {
    expect(judge(['note/101', ''], 'x')).toBe(false)
    expect(judge(['note/1', ''], 'سأتصل غدًا')).toBe(true)
    expect(judge(['note/1', ''], 7)).toBe(false)
  })
})

describe('what people type', () => {
  test.each([
    ['  سالم  ', 'سالم'],
    ['a\u202eb\u0000c', 'a b c'],
    ['line\nbreak', 'line break'],
    ['\u200f', ''],
  ])('%j becomes %j', (typed, text) => {
    expect(cleanText(typed, textCharactersMax.group)).toBe(text)
  })

  test('is always fit for the document, cut through a pair of surrogates as well', () => {
    for (const typed of [long, '😀'.repeat(40), `${'x'.repeat(59)}😀`, '\ud800', '\u061c\u2066', ' '.repeat(300)]) {
      const text = cleanText(typed, textCharactersMax.group)
      expect(text.length).toBeLessThanOrEqual(textCharactersMax.group)
      expect(judge(['guarantees', '1/2/group'], text), JSON.stringify(text)).toBe(true)
    }
  })
})
