import { expect, test } from 'vitest'
import type { Candidate, CommitteeEntry, Election, MeAnswer } from '#contract/api.ts'
import type { CandidateNumber, CommitteeId, UserId } from '#contract/ids.ts'
import { ballotPaper } from './ballot-paper.ts'

const candidate = (number: number, name: string, constituency?: string): Candidate => ({
  number: number as CandidateNumber,
  name,
  list: '',
  ...(constituency === undefined ? {} : { constituency }),
})
const election = (id: string, candidates: readonly Candidate[]): Election => ({
  id,
  name: id,
  phase: 'counting',
  choices_per_ballot: 1,
  candidates,
})
const entry = (id: string, of: string, constituency?: string): CommitteeEntry => ({
  id: id as CommitteeId,
  code: id,
  name: id,
  site: 'school',
  election: of,
  phase: 'counting',
  rights: ['read'],
  electors: 0,
  ...(constituency === undefined ? {} : { constituency }),
})

const union = election('union', [candidate(1, 'Ann'), candidate(2, 'Bob')])
const country = election('country', [candidate(1, 'Cid', 'east'), candidate(1, 'Dan', 'west'), candidate(2, 'Eve')])
const user = { id: 1 as UserId, login: 'x', name: 'x', role: 'counter' } as const
const me: MeAnswer = { user, election: union, elections: [union, country], committees: [] }
const names = (of: CommitteeEntry) => ballotPaper(me, of).candidates.map(({ name }) => name)

test('a committee has the candidates of its own election, and of its own constituency', () => {
  expect(names(entry('u1', 'union'))).toEqual(['Ann', 'Bob'])
  expect(names(entry('c1', 'country', 'east'))).toEqual(['Cid', 'Eve'])
  expect(names(entry('c2', 'country', 'west'))).toEqual(['Dan', 'Eve'])
  expect(ballotPaper(me, entry('c1', 'country', 'east')).id).toBe('country')
})
