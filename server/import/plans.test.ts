import { describe, expect, test } from 'vitest'
import type { UserId } from '#contract/ids.ts'
import { assignments } from './assignments.ts'
import { candidates } from './candidates.ts'
import { committees } from './committees.ts'
import { committeeIdOf, type Places } from './places.ts'
import { Problems } from './problems.ts'
import { results, siteIn } from './results.ts'
import { roll } from './roll.ts'
import { users } from './users.ts'

const target = { election: 'e', by: 1 as UserId }

/** The plan, and its problems in short. */
function planned<Rows, Known, Plan>(
  kind: { plan: (rows: Rows, known: Known, problems: Problems, into: typeof target) => Plan },
  rows: Rows,
  known: Known,
) {
  const problems = new Problems()
  const plan = kind.plan(rows, known, problems, target)
  return { ...plan, told: problems.shown.map(({ line, code, value, first_line }) => [line, code, value, first_line].join(' ').trim()) }
}

describe('roll', () => {
  const elector = { serial: 1, name: 'Ali', sex: 'm', family: 'F', unit: 'U', mobile: '55555', active: true } as const
  const known = {
    committees: new Map([
      ['7', 'u07'],
      ['8', 'u08'],
    ]),
    rolls: new Map([
      [
        'u07',
        new Map([
          [1, elector],
          [2, { ...elector, serial: 2 }],
          [3, { ...elector, serial: 3, active: false }],
        ]),
      ],
      ['u08', new Map([[1, elector]])],
    ]),
  }
  const { active: _active, serial: _serial, ...same } = elector
  const row = (line: number, serial: number, more = {}) => ({ line, committee_code: '7', serial, ...same, ...more })

  test('new, changed, equal, back again, gone; a committee that the file does not name is not touched', () => {
    const plan = planned(roll, [row(2, 1), row(3, 3), row(4, 4), row(5, 5)], known)
    expect(plan).toMatchObject({ created: 2, updated: 1, unchanged: 1, deactivated: 1, affects: ['u07'], told: [] })
    expect(plan.change.gone).toEqual([{ committee_id: 'u07', serial: 2 }])
    expect(plan.change.written.map(({ serial }) => serial)).toEqual([3, 4, 5])
  })

  test('a column that the file does not have leaves what is there', () => {
    const { mobile: _mobile, ...without } = row(2, 1, { name: 'Said' })
    expect(planned(roll, [without, row(3, 2)], known).change.written).toMatchObject([{ serial: 1, name: 'Said', mobile: '55555' }])
    expect(planned(roll, [row(2, 1, { mobile: null }), row(3, 2)], known).change.written).toMatchObject([{ serial: 1, mobile: null }])
  })

  test('an unknown committee and a serial twice in one committee are problems; once in two committees it is two people', () => {
    const plan = planned(
      roll,
      [row(2, 1), row(3, 2), row(4, 1, { committee_code: '9' }), row(5, 1), row(6, 1, { committee_code: '8' })],
      known,
    )
    expect(plan.told).toEqual(['4 unknown-committee 9', '5 double 1 2'])
  })
})

const places: Places = {
  sites: new Set(['School']),
  constituencies: new Set(['First']),
  committees: new Map([['7', { id: 'u07', code: '7', name: 'Hall', site: 'School', sex: null, constituency: 'First' }]]),
  ids: new Set(['u07', '8']),
}

describe('committees', () => {
  const row = (line: number, code: string, more = {}) => ({ line, code, name: 'Hall', site: 'School', ...more })

  test('make sites and constituencies that a line names; what is there and not named keeps its own', () => {
    const plan = planned(committees, [row(2, '7'), row(3, '8', { site: 'Gym', constituency: 'Second' })], places)
    expect(plan).toMatchObject({ created: 1, updated: 0, unchanged: 1, made: { sites: 1, constituencies: 1 }, affects: [], told: [] })
    expect(plan.change.new).toMatchObject({ sites: ['Gym'], constituencies: ['Second'], committees: [{ id: '8-2', code: '8' }] })
  })

  test('one in another constituency is judged by other candidates', () => {
    expect(planned(committees, [row(2, '7', { constituency: 'Second' })], places).affects).toEqual(['u07'])
    expect(planned(committees, [row(2, '7', { name: 'Room' })], places)).toMatchObject({ updated: 1, affects: [] })
  })

  test.each([
    ['NE-01-01', 'ne-01-01'],
    ['7', '7'],
    ['8', '8-2'],
    ['لجنة', 'c'],
    ['--', 'c'],
    ['A long name of a polling place', 'a-long-name-of-a-polling'],
  ])('the document of committee %s is %s', (code, id) => {
    expect(committeeIdOf(code, places.ids)).toBe(id)
  })

  test('ids are of the form that documents have, and never given twice', () => {
    const taken = new Set<string>()
    for (let number = 0; number < 150; number += 1) taken.add(committeeIdOf('A long name of a polling place', taken))
    expect(taken.size).toBe(150)
    for (const id of taken) expect(id).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?$/)
  })
})

test('candidates: a number is unique on one paper; a list that the file does not have stays', () => {
  const known = {
    candidates: [{ number: 1, name: 'Ali', list: 'Sidra', constituency: null }],
    constituencies: new Set<string>(),
  }
  const rows = [
    { line: 2, number: 1, name: 'Ali' },
    { line: 3, number: 1, name: 'Said', constituency: 'First' },
    { line: 4, number: 2, name: 'Noura', list: 'Marsa' },
  ]
  expect(planned(candidates, rows, known)).toMatchObject({ created: 2, unchanged: 1, affects: 'all', made: { constituencies: 1 } })
  const renamed = planned(candidates, [{ line: 2, number: 1, name: 'Aly' }], known)
  expect(renamed).toMatchObject({ updated: 1, affects: [], change: { updated: [{ name: 'Aly', list: 'Sidra' }] } })
  expect(planned(candidates, [...rows, { line: 5, number: 2, name: 'Noura' }], known).told).toEqual(['5 double 2 4'])
})

describe('users', () => {
  const people = new Map([
    ['admin', { id: 1, login: 'admin', name: 'Noura', role: 'administrator' as const }],
    ['ali', { id: 2, login: 'Ali', name: 'Ali', role: 'marker' as const }],
  ])
  const known = { people, hashes: new Map<number, string>() }

  test('are known by their login in any case of letters; a new password is a change', () => {
    const rows = [{ line: 2, login: 'ALI', name: 'Ali', role: 'marker' as const }]
    expect(planned(users, rows, known)).toMatchObject({ created: 0, updated: 0, unchanged: 1 })
    expect(planned(users, rows, { people, hashes: new Map([[2, 'hash']]) })).toMatchObject({
      updated: 1,
      change: [{ password_hash: 'hash' }],
    })
    expect(planned(users, [...rows, { ...rows[0], line: 3, login: 'ali' } as (typeof rows)[0]], known).told).toEqual(['3 double ali 2'])
  })

  test('an administrator does not take their own role away, but may another’s', () => {
    expect(planned(users, [{ line: 2, login: 'admin', name: 'Noura', role: 'viewer' as const }], known).told).toEqual(['2 own-role viewer'])
    expect(planned(users, [{ line: 2, login: 'ali', name: 'Ali', role: 'viewer' as const }], known)).toMatchObject({ updated: 1, told: [] })
  })
})

describe('assignments', () => {
  const known = {
    users: new Map([['ali', 2]]),
    committees: new Map([['7', 'u07']]),
    sites: new Map([['School', 4]]),
    assignments: [{ user_id: 2, committee_id: 'u07', site_id: null, added: ['count' as const], taken: [] }],
  }
  const none = { added: [], taken: [] }

  test('to a committee or a site; rights that the file says nothing of stay', () => {
    const plan = planned(
      assignments,
      [
        { line: 2, login: 'Ali', committee_code: '7' },
        { line: 3, login: 'ali', site: 'School', committee_code: null, rights: none },
      ],
      known,
    )
    expect(plan).toMatchObject({ created: 1, unchanged: 1, told: [] })
    expect(plan.change).toEqual([{ user_id: 2, committee_id: null, site_id: 4, added: [], taken: [] }])
    expect(planned(assignments, [{ line: 2, login: 'ali', committee_code: '7', rights: none }], known)).toMatchObject({ updated: 1 })
  })

  test('everything unknown is told, and a line for both or neither', () => {
    const rows = [
      { line: 2, login: 'who', committee_code: '9' },
      { line: 3, login: 'ali', site: 'Gym' },
      { line: 4, login: 'ali', site: 'School', committee_code: '7' },
      { line: 5, login: 'ali', site: null, committee_code: null },
      { line: 6, login: 'ali', committee_code: '7' },
      { line: 7, login: 'ali', committee_code: '7' },
    ]
    expect(planned(assignments, rows, known).told).toEqual([
      '2 unknown-login who',
      '2 unknown-committee 9',
      '3 unknown-site Gym',
      '4 one-of-two 7',
      '5 one-of-two',
      '7 double ali 6',
    ])
  })
})

describe('results', () => {
  const row = (line: number, committee_code: string, candidate: string, party: string, votes: number) => ({
    line,
    committee_code,
    committee_name: `North ${committee_code}`,
    candidate,
    party,
    votes,
  })
  const known = { places, candidates: [{ number: 5, name: 'Ali', list: 'Sidra', constituency: null }], announced: [] }

  test('make committees and candidates, numbered as they first appear after those there are', () => {
    const plan = planned(results, [row(2, '9', 'Said', 'B', 3), row(3, '9', 'Noura', 'C', 0), row(4, '10', 'Said', 'B', 4)], known)
    expect(plan.change.candidates.map(({ number, name }) => [number, name])).toEqual([
      [6, 'Said'],
      [7, 'Noura'],
    ])
    expect(plan).toMatchObject({ created: 3, made: { committees: 2, candidates: 2, sites: 1 }, affects: 'all', told: [] })
    expect(plan.change.announced).toEqual([
      { committee_id: '9', candidate: 6, votes: 3 },
      { committee_id: '9', candidate: 7, votes: 0 },
      { committee_id: '10', candidate: 6, votes: 4 },
    ])
  })

  test('a candidate is known by name and party, and by a name that only one has; two of one name are two by their parties', () => {
    const plan = planned(results, [row(2, '7', 'Ali', 'sidra list', 1), row(3, '7', 'Said', 'B', 2), row(4, '7', 'Said', 'C', 3)], known)
    expect(plan.change.announced.map(({ candidate }) => candidate)).toEqual([5, 6, 7])
  })

  test('again it changes nothing; other votes are a change; one candidate twice in a committee is a problem', () => {
    const rows = [row(2, '7', 'Ali', 'Sidra', 1)]
    const again = { ...known, announced: [{ committee_id: 'u07', candidate: 5, votes: 1 }] }
    expect(planned(results, rows, again)).toMatchObject({ created: 0, updated: 0, unchanged: 1, affects: [] })
    expect(planned(results, [row(2, '7', 'Ali', 'Sidra', 2)], again)).toMatchObject({ updated: 1 })
    expect(planned(results, [...rows, row(3, '7', 'Ali', 'Sidra', 1)], known).told).toEqual(['3 double Ali 2'])
  })

  test('numbers end at 9999', () => {
    const full = { ...known, candidates: [{ number: 9_999, name: 'Ali', list: '', constituency: null }] }
    expect(planned(results, [row(2, '7', 'Said', 'B', 1)], full).told).toEqual(['2 no-number-left Said'])
    expect(planned(results, [row(2, '7', 'Ali', '', 1)], full).told).toEqual([])
  })

  test.each([
    ['New Castle 01-01', 'New Castle'],
    ['مدرسة النور ٣', 'مدرسة النور'],
    ['12', '12'],
  ])('%s is at the site %s', (name, site) => {
    expect(siteIn(name)).toBe(site)
  })
})
