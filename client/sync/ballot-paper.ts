import type { CommitteeEntry, Election, MeAnswer } from '#contract/api.ts'

/** A committee's own election, with only the candidates who stand there: numbers begin anew in every constituency. */
export function ballotPaper(me: MeAnswer, { election: id, constituency }: CommitteeEntry): Election {
  const election = me.elections.find((one) => one.id === id) ?? me.election
  const stand = election.candidates.filter((candidate) => candidate.constituency === undefined || candidate.constituency === constituency)
  return { ...election, candidates: stand }
}
