import type { Knex } from 'knex'
import type { CommitteeId, ElectorSerial, UserId } from '#contract/ids.ts'

/** A committee of an election, and what its document names only by number. */
export type NamedCommittee = {
  readonly id: CommitteeId
  readonly code: string
  readonly electors: ReadonlyMap<ElectorSerial, string>
  readonly candidates: ReadonlyMap<number, string>
}

/** Names for the lists that are taken out. Rejects when the database does not answer. */
export type Names = {
  committees(election: string): Promise<readonly { readonly id: CommitteeId; readonly code: string }[]>
  of(committee: { readonly id: CommitteeId; readonly code: string }): Promise<NamedCommittee>
  /** Everybody's login. */
  logins(): Promise<ReadonlyMap<UserId, string>>
}

export function makeNames(database: Knex): Names {
  return {
    committees: (election) =>
      database('committees')
        .where('election_id', election)
        .orderByRaw('length(code), code, id')
        .select<{ id: CommitteeId; code: string }[]>('id', 'code'),
    async of({ id, code }) {
      const electors = await database('electors')
        .where('committee_id', id)
        .select<{ serial: ElectorSerial; name: string }[]>('serial', 'name')
      const candidates = await database.raw<{ rows: { number: number; name: string }[] }>(
        `select number, candidates.name from candidates
           join committees on committees.election_id = candidates.election_id
                          and (candidates.constituency_id is null or candidates.constituency_id = committees.constituency_id)
          where committees.id = ? order by number`,
        [id],
      )
      return {
        id,
        code,
        electors: new Map(electors.map(({ serial, name }) => [serial, name])),
        candidates: new Map(candidates.rows.map(({ number, name }) => [number, name])),
      }
    },
    async logins() {
      const rows = await database('users').select<{ id: UserId; login: string }[]>('id', 'login')
      return new Map(rows.map(({ id, login }) => [id, login]))
    },
  }
}
