import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Check, checkCommittee, isPlausible, sidesOf } from './checks.ts'
import { type CountedBallot, countBallots, type Log, tallyBallots } from './document/ballots.ts'
import { compareSheets } from './document/compare.ts'
import type { CandidateNumber, ClientId, Sheet, UserId } from './ids.ts'

// Golden vectors of what is worked out from counts and figures: stories told by hand, expectations written by hand. Another client
// must come to the same. `UPDATE=1 vitest run contract/counts` writes the files anew.

type Called = readonly [n: number, choices: readonly number[] | null | 'struck']

type CheckVector = {
  readonly story: string
  /** `<source>/<figure>` → the figure to go by. */
  readonly figures: Readonly<Record<string, number>>
  readonly sheets: Readonly<Record<string, readonly Called[]>>
  /** `<check> <about>: <left> <relation> <right>` of those that fail. */
  readonly fails: readonly string[]
  /** `<check> <about>` of those that hold. */
  readonly holds: readonly string[]
}

type CompareVector = {
  readonly story: string
  readonly one: readonly Called[]
  readonly other: readonly Called[]
  readonly expected: {
    readonly parts: readonly string[]
    readonly candidates: readonly string[]
    readonly first: number | null
    readonly repeated: readonly (readonly number[])[]
    readonly missing: readonly (readonly number[])[]
    readonly compared: number
  }
}

const committee = { roll: 100, candidates: [1, 2, 3] as CandidateNumber[], choices_per_ballot: 2 }

const minute = (figures: Record<string, number>) =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [`minute/${name}`, value]))
const whole = { registered: 100, attended: 60, ballots: 60, valid: 50, invalid: 7, blank: 3, v1: 40, v2: 30, v3: 20 }
const wholeHolds = [
  'box-attended minute',
  'attended-registered minute',
  'kinds-box minute',
  'candidate-valid minute',
  'candidate-valid minute',
  'candidate-valid minute',
  'votes-choices minute',
]

const checks: readonly CheckVector[] = [
  { story: 'Nothing is written: nothing holds and nothing fails.', figures: {}, sheets: {}, fails: [], holds: [] },
  { story: 'A whole minute that adds up.', figures: minute(whole), sheets: {}, fails: [], holds: wholeHolds },
  {
    story: 'The kinds of ballots do not make what was in the box.',
    figures: minute({ ...whole, ballots: 58 }),
    sheets: {},
    fails: ['kinds-box minute: 60 = 58'],
    holds: wholeHolds.filter((name) => name !== 'kinds-box minute'),
  },
  {
    story: 'More ballots than people, more people than on the roll, which the minute does not name.',
    figures: { 'announced/attended': 101, 'announced/ballots': 102 },
    sheets: {},
    fails: [
      'box-attended announced: 102 ≤ 101',
      'attended-registered announced: 101 ≤ 100',
      'plausible announced: 101 ≤ 100',
      'plausible announced: 102 ≤ 100',
    ],
    holds: [],
  },
  {
    story: 'A zero is a figure, not a blank field.',
    figures: minute({ valid: 0, invalid: 0, blank: 0, ballots: 0, v1: 1 }),
    sheets: {},
    fails: ['candidate-valid minute: 1 ≤ 0', 'votes-choices minute: 1 ≤ 0'],
    holds: ['kinds-box minute'],
  },
  {
    story: 'Votes may be more than ballots where a ballot has several choices, but not more than choices times ballots.',
    figures: minute({ valid: 10, v1: 10, v2: 10, v3: 1 }),
    sheets: {},
    fails: ['votes-choices minute: 21 ≤ 20'],
    holds: ['candidate-valid minute', 'candidate-valid minute', 'candidate-valid minute'],
  },
  {
    story: 'Too many votes already before the last candidate is read; few enough says nothing before that.',
    figures: { 'minute/valid': 10, 'minute/v1': 10, 'minute/v2': 11, 'announced/valid': 10, 'announced/v1': 9 },
    sheets: {},
    fails: ['candidate-valid minute: 11 ≤ 10', 'votes-choices minute: 21 ≤ 20', 'sources-agree v1: 9 = 10'],
    holds: ['candidate-valid announced', 'candidate-valid minute', 'sources-agree valid'],
  },
  {
    story:
      'Our count, the announcement and the minute, two by two; our marks are no part of it, nor a source whose box we have not counted yet.',
    figures: {
      'minute/ballots': 3,
      'announced/ballots': 4,
      'announced/valid': 2,
      'minute/valid': 3,
      'minute/blank': 1,
      'announced/attended': 4,
      'minute/attended': 4,
      'minute/v2': 1,
      'announced/v1': 3,
    },
    sheets: {
      A: [
        [1, [1]],
        [2, [1, 2]],
        [3, []],
        [4, 'struck'],
      ],
    },
    fails: [
      'candidate-valid announced: 3 ≤ 2',
      'sources-agree ballots: 4 = 3',
      'sources-agree ballots: 3 = 4',
      'sources-agree valid: 2 = 3',
      'sources-agree valid: 2 = 3',
    ],
    holds: [
      'counted-attended announced',
      'box-attended announced',
      'attended-registered announced',
      'counted-attended minute',
      'box-attended minute',
      'attended-registered minute',
      'candidate-valid minute',
      'sources-agree attended',
      'sources-agree ballots',
      'sources-agree blank',
      'sources-agree v2',
    ],
  },
  {
    story: 'Sheet B checks sheet A, candidate by candidate; sheet C has nothing yet.',
    figures: {},
    sheets: {
      A: [
        [1, [1, 2]],
        [2, null],
      ],
      B: [
        [1, [1, 3]],
        [2, null],
      ],
      C: [],
    },
    fails: ['sheets-agree B: 1 = 0', 'sheets-agree B: 0 = 1'],
    holds: [],
  },
  {
    story: 'While a sheet is behind, that alone is said.',
    figures: {},
    sheets: {
      A: [
        [1, [1, 2]],
        [2, null],
      ],
      B: [[1, [1, 3]]],
    },
    fails: ['sheets-agree B: 2 = 1'],
    holds: [],
  },
  {
    story: 'Two sheets that are equal.',
    figures: { 'minute/ballots': 2 },
    sheets: {
      A: [
        [1, [1, 2]],
        [2, null],
      ],
      B: [
        [7, null],
        [8, [1, 2]],
      ],
    },
    fails: [],
    holds: ['sheets-agree B', 'sources-agree ballots'],
  },
  {
    story: 'A typing slip: more registered than half again the roll, kept apart from one that the roll may have missed.',
    figures: { 'announced/registered': 150, 'minute/registered': 151 },
    sheets: {},
    fails: ['plausible minute: 151 ≤ 150', 'sources-agree registered: 150 = 151'],
    holds: [],
  },
]

const none = { parts: [], candidates: [], first: null, repeated: [[], []], missing: [[], []] }

const comparisons: readonly CompareVector[] = [
  { story: 'Two empty sheets.', one: [], other: [], expected: { ...none, compared: 0 } },
  {
    story: 'Equal, though called in another order.',
    one: [
      [1, [1, 2]],
      [2, []],
      [3, null],
    ],
    other: [
      [3, null],
      [1, [1, 2]],
      [2, []],
    ],
    expected: { ...none, compared: 3 },
  },
  {
    story: 'The first of two differences, by number and not by the order of calling.',
    one: [
      [143, [1, 12]],
      [9, [4]],
    ],
    other: [
      [9, [5]],
      [143, [1, 21]],
    ],
    expected: { ...none, candidates: ['4: 1, 0', '5: 0, 1', '12: 1, 0', '21: 0, 1'], first: 9, compared: 2 },
  },
  {
    story: 'Blank is not invalid.',
    one: [[1, []]],
    other: [[1, null]],
    expected: { ...none, parts: ['blank: 1, 0', 'invalid: 0, 1'], first: 1, compared: 1 },
  },
  {
    story: 'Differences that cancel out in the totals still show at their ballots.',
    one: [
      [1, [1]],
      [2, [2]],
    ],
    other: [
      [1, [2]],
      [2, [1]],
    ],
    expected: { ...none, first: 1, compared: 2 },
  },
  {
    story: 'One is ahead: the totals differ, no ballot does.',
    one: [
      [1, [1]],
      [2, [2]],
      [3, [3]],
    ],
    other: [[1, [1]]],
    expected: {
      ...none,
      parts: ['ballots: 3, 1', 'valid: 3, 1'],
      candidates: ['2: 1, 0', '3: 1, 0'],
      missing: [[], [2, 3]],
      compared: 1,
    },
  },
  {
    story: 'A number that stands twice on a sheet is flagged and compared with nothing; a struck one is not there at all.',
    one: [
      [1, [1]],
      [1, [2]],
      [2, [3]],
      [2, 'struck'],
      [3, 'struck'],
    ],
    other: [
      [1, [9]],
      [2, [3]],
      [3, [4]],
    ],
    expected: {
      parts: [],
      candidates: ['1: 1, 0', '2: 1, 0', '4: 0, 1', '9: 0, 1'],
      first: null,
      repeated: [[1], []],
      missing: [[3], []],
      compared: 1,
    },
  },
]

function golden<Vector>(name: string, made: Vector): Vector {
  const file = new URL(`vectors/${name}.json`, import.meta.url)
  if (process.env.UPDATE) writeFileSync(file, `${JSON.stringify(made, null, 2)}\n`)
  return JSON.parse(readFileSync(file, 'utf8'))
}

/** The ballots as one counter's log gives them. */
function ballotsOf(called: readonly Called[]): readonly CountedBallot[] {
  const [user, client] = [1 as UserId, 5 as ClientId]
  const calls = called.map(([n, choices]) => ({ n, at_s: 9, c: choices === 'struck' ? [] : (choices as CandidateNumber[] | null) }))
  const voids = called.flatMap(([, choices], index) =>
    choices === 'struck' ? [{ void: [client, index] as const, at_s: 9, why: 'misheard' }] : [],
  )
  return countBallots([{ sheet: 'A', user, client, entries: [...calls, ...voids] } satisfies Log])
}

function run({ figures, sheets }: CheckVector): readonly Check[] {
  return checkCommittee({
    ...committee,
    figure: (source, name) => figures[`${source}/${name}`],
    sheets: Object.fromEntries(Object.entries(sheets).map(([sheet, called]) => [sheet as Sheet, tallyBallots(ballotsOf(called))])),
  })
}

const written = (made: Check): string => {
  if (made.verdict === 'unknown') return ''
  const { left, right } = sidesOf(made.sum)
  return `${made.id} ${made.about}: ${left} ${made.sum.relation} ${right}`
}

describe('checks on one committee', () => {
  const told = golden('checks', { committee, checks })

  test('the file is what the stories make', () => expect(told).toEqual({ committee, checks }))

  test.each(told.checks)('$story', (vector) => {
    const made = run(vector)
    expect(made.filter(({ verdict }) => verdict === 'fails').map(written)).toEqual(vector.fails)
    expect(made.filter(({ verdict }) => verdict === 'holds').map(({ id, about }) => `${id} ${about}`)).toEqual(vector.holds)
    expect(made.filter(({ verdict }) => verdict === 'unknown').every((one) => !('sum' in one))).toBe(true)
  })

  test('a sum carries its terms, so that it can be written out', () => {
    const [sum] = run({ story: '', figures: minute({ ...whole, ballots: 58 }), sheets: {}, fails: [], holds: [] }).flatMap((one) =>
      one.verdict === 'fails' ? [one.sum] : [],
    )
    expect(sum).toEqual({
      terms: [
        { what: 'valid', from: 'minute', value: 50 },
        { what: 'invalid', from: 'minute', value: 7 },
        { what: 'blank', from: 'minute', value: 3 },
      ],
      relation: '=',
      right: { what: 'ballots', from: 'minute', value: 58 },
    })
  })

  test('without the roll no figure is called impossible', () => {
    expect(isPlausible('ballots', 9_000, 0)).toBe(true)
    expect(isPlausible('ballots', 101, 100)).toBe(false)
    expect(isPlausible('v7', 100, 100)).toBe(true)
  })
})

describe('two sheets of one box', () => {
  const told = golden('comparisons', comparisons)
  const side = ({ of, one, other }: { of: unknown; one: number; other: number }) => `${of}: ${one}, ${other}`

  test('the file is what the stories make', () => expect(told).toEqual(comparisons))

  test.each(told)('$story', ({ one, other, expected }) => {
    const made = compareSheets(ballotsOf(one), ballotsOf(other))
    expect({
      parts: made.parts.map(side),
      candidates: made.candidates.map(side),
      first: made.first?.n ?? null,
      repeated: [made.repeated.one, made.repeated.other],
      missing: [made.missing.one, made.missing.other],
      compared: made.compared,
    }).toEqual(expected)
  })

  test('what the two said at that ballot stands beside it', () => {
    expect(compareSheets(ballotsOf([[7, [1]]]), ballotsOf([[7, null]])).first).toEqual({ n: 7, one: [1], other: null })
  })
})
