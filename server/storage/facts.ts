import type { Knex } from 'knex'
import type { CandidateNumber, CommitteeId, ElectorSerial } from '#contract/ids.ts'
import { err, ok, type Result } from '#contract/result.ts'
import type { CommitteeFacts } from '#contract/summary.ts'

export type ReadFacts = (committee: CommitteeId) => Promise<Result<CommitteeFacts, 'unknown-committee' | 'unavailable'>>

type FactsRow = {
  readonly choices_per_ballot: number
  readonly electors: ElectorSerial[]
  readonly candidates: CandidateNumber[]
  readonly roll: number
}

/** Inactive electors count as there: what was written about them stays true. Candidates are those of the committee's own ballot paper. */
const factsSql = `
  select elections.choices_per_ballot,
         array(select serial from electors where committee_id = committees.id) as electors,
         (select count(*)::integer from electors where committee_id = committees.id and active) as roll,
         array(
           select distinct number from candidates
            where candidates.election_id = committees.election_id
              and (candidates.constituency_id is null or candidates.constituency_id = committees.constituency_id)
            order by number
         ) as candidates
    from committees
    join elections on elections.id = committees.election_id
   where committees.id = ?`

/** What a committee's actor judges values by, as the database has it at the moment of the call. */
export function makeReadFacts(database: Knex): ReadFacts {
  return async (committee) => {
    let rows: readonly FactsRow[]
    try {
      rows = (await database.raw<{ rows: FactsRow[] }>(factsSql, [committee])).rows
    } catch {
      return err('unavailable') // the actor waits and asks again: what the fault was changes nothing for it
    }
    const row = rows[0]
    if (!row) return err('unknown-committee')
    const [electors, candidates] = [new Set(row.electors), new Set(row.candidates)]
    return ok({
      hasElector: (elector) => electors.has(elector),
      hasCandidate: (candidate) => candidates.has(candidate),
      choices_per_ballot: row.choices_per_ballot,
      candidates: row.candidates,
      roll: row.roll,
    })
  }
}
