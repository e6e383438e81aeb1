import type { Candidate } from '#contract/api.ts'
import type { CandidateNumber } from '#contract/ids.ts'

export type CandidateList = {
  readonly name: Candidate
  readonly candidates: readonly Candidate[]
  readonly numbers: readonly CandidateNumber[]
}

/** Candidates by list, lists and candidates in the order of the ballot. `name`: any candidate of it, who carries its name. */
export function listsOf(candidates: readonly Candidate[]): readonly CandidateList[] {
  const lists = new Map<string, Candidate[]>()
  for (const candidate of [...candidates].sort((a, b) => a.number - b.number)) {
    const known = lists.get(candidate.list)
    if (known === undefined) lists.set(candidate.list, [candidate])
    else known.push(candidate)
  }
  return [...lists.values()].flatMap((members) => {
    const [name] = members
    return name === undefined ? [] : [{ name, candidates: members, numbers: members.map((member) => member.number) }]
  })
}
