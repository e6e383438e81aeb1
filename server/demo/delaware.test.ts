import { expect, test } from 'vitest'
import { parseCandidateNumber, parseCommitteeId } from '#contract/ids.ts'
import { delaware } from './delaware.ts'

const election = delaware()

test('[D10.1] 436 districts at the sites of their representative district, every id fit for a document', () => {
  expect(election.committees).toHaveLength(436)
  expect(new Set(election.committees.map(({ id }) => id)).size).toBe(436)
  for (const { id } of election.committees) expect(parseCommitteeId(id)).toMatchObject({ ok: true })
  expect(new Set(election.committees.map(({ site }) => site))).toEqual(new Set(election.sites.map(({ id }) => id)))
  expect(new Set(election.sites.map(({ name }) => name)).size).toBe(election.sites.length)
  expect(election.committees[0]).toMatchObject({ id: 'de-ne-01-01', code: 'NE-01-01', name: 'New Castle 01-01', site: 'NE-01' })
})

test('[D10.2] four candidates, numbered as they first appear, with their parties as lists', () => {
  expect(election.candidates.map(({ number, name, list }) => [number, name, list])).toEqual([
    [1, 'Carper T', 'DEMOCRATIC'],
    [2, 'Arlett R', 'REPUBLICAN'],
    [3, 'Theodoropo', 'GREEN'],
    [4, 'Frost N', 'LIBERTARIN'],
  ])
  for (const { number } of election.candidates) expect(parseCandidateNumber(number)).toMatchObject({ ok: true })
})

test('[D10.3] it is counting, one choice a ballot, without electors, and the logins are at its first committees', () => {
  expect(election).toMatchObject({ id: 'delaware', phase: 'counting', choices_per_ballot: 1 })
  expect(election.committees.flatMap(({ electors }) => electors)).toEqual([])
  const places = new Set(election.assignments.map((assignment) => ('site' in assignment ? assignment.site : assignment.committee)))
  expect([...places]).toEqual(['NE-01', 'NE-02', ...election.committees.slice(0, 4).map(({ id }) => id)])
})
