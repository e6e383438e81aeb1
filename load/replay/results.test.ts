import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { boxOf } from './replay.ts'
import { choose, parseResults, votesTogether } from './results.ts'

const header = 'committee_code,committee_name,candidate,party,votes'
const delaware = parseResults(readFileSync(join(import.meta.dirname, '../../server/demo/data/delaware-2018-us-senate.csv'), 'utf8'))

test('Delaware: 436 committees, and the totals of the state', () => {
  expect(delaware.committees).toHaveLength(436)
  const totals = delaware.candidates.map(({ number, name }) => [
    name,
    delaware.committees.reduce((sum, { votes }) => sum + (votes.get(number) ?? 0), 0),
  ])
  expect(totals).toEqual([
    ['Carper T', 217_385],
    ['Arlett R', 137_127],
    ['Theodoropo', 4_170],
    ['Frost N', 3_910],
  ])
  expect(delaware.committees.reduce((sum, committee) => sum + votesTogether(committee), 0)).toBe(362_592)
})

test('semicolons, quotes, a BOM, other columns and another order read the same', () => {
  const plain = parseResults(`${header}\nA,"Hall, east",Ann,Reds,3\nA,"Hall, east",Bob "B",Blues,0\n`)
  const other = parseResults(
    '\uFEFFvotes;party;committee_code;remark;committee_name;candidate\r\n3;Reds;A;x;Hall, east;Ann\r\n0;Blues;A;;"Hall, east";"Bob ""B"""\r\n\r\n',
  )
  expect(other).toEqual(plain)
  expect(plain.committees[0]).toEqual({
    code: 'A',
    name: 'Hall, east',
    votes: new Map([
      [1, 3],
      [2, 0],
    ]),
  })
})

test('every faulty line is named, and nothing of the file is used', () => {
  const text = `${header}\nA,a,Ann,Reds,3\nA,a,Ann,Reds,4\nA,a,Bob,Blues,-1\n,a,Bob,Blues,1\nB,b,Bob,Blues,two\nB,b,"Bob,Blues,2`
  expect(() => parseResults(text)).toThrow(
    [
      'line 3: Ann stands twice in A',
      'line 4: votes must be a whole number, not "-1"',
      'line 5: committee_code and candidate must not be empty',
      'line 6: votes must be a whole number, not "two"',
      'line 7: a quote does not end where its field does',
    ].join('\n'),
  )
  expect(() => parseResults('code,votes\nA,1')).toThrow('line 1: no column committee_code, committee_name, candidate, party')
  expect(() => parseResults(header)).toThrow('no results')
})

test('committees are chosen by number or by code, and an unknown code is said', () => {
  expect(choose(delaware, undefined).committees).toHaveLength(436)
  expect(choose(delaware, '3').committees.map(({ code }) => code)).toEqual(['NE-01-01', 'NE-02-01', 'NE-03-01'])
  expect(choose(delaware, 'KE-01-28, NE-02-01').committees.map(({ code }) => code)).toEqual(['NE-02-01', 'KE-01-28'])
  expect(() => choose(delaware, 'NE-01-01,XX')).toThrow('no committee XX')
})

test('a box holds one ballot a vote, in an order of chance that the seed decides', () => {
  const [committee] = delaware.committees
  if (!committee) throw new Error('the file has committees')
  const box = boxOf(committee, 'seed')
  expect(box).toHaveLength(votesTogether(committee))
  for (const [candidate, votes] of committee.votes) expect(box.filter((one) => one === candidate)).toHaveLength(votes)
  expect(boxOf(committee, 'seed')).toEqual(box)
  expect(boxOf(committee, 'another')).not.toEqual(box)
})
