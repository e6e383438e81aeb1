import type { Knex } from 'knex'
import type { Candidate, CommitteeEntry, Election, Elector } from '#contract/api.ts'
import type { CommitteeId } from '#contract/ids.ts'
import type { Access } from '../auth/access.ts'

/** What the election is made of, as the API shows it. Rejects when the database does not answer. */
export type Elections = {
  /** Descriptions with the rights given; ordered by the election's date, newest first, then by code. */
  committees(allowed: ReadonlyMap<CommitteeId, Access>): Promise<readonly CommitteeEntry[]>
  /** Those of these committees, newest first; the newest there is where there are no committees. Never none. */
  elections(committees: readonly CommitteeId[]): Promise<readonly [Election, ...Election[]]>
  /** Ordered by serial. Mobile numbers are not even read without `contacts`. */
  roll(committee: CommitteeId, options: { readonly contacts: boolean }): Promise<readonly Elector[]>
}

export function makeElections(database: Knex): Elections {
  return {
    async committees(allowed) {
      const { rows } = await database.raw<{ rows: CommitteeRow[] }>(committeesSql, [[...allowed.keys()]])
      return rows.flatMap(({ name_en, site_en, constituency, ...row }) => {
        const access = allowed.get(row.id)
        const maybe = { ...present('name_en', name_en), ...present('site_en', site_en), ...present('constituency', constituency) }
        return access ? [{ ...row, ...maybe, ...access }] : []
      })
    },

    async elections(committees) {
      const { rows } = await database.raw<{ rows: ElectionRow[] }>(electionsSql, [[...committees]])
      const candidates = await database.raw<{ rows: CandidateRow[] }>(candidatesSql, [rows.map(({ id }) => id)])
      const [newest, ...others] = rows.map(({ name_en, ...row }) => ({
        ...row,
        ...present('name_en', name_en),
        candidates: candidates.rows.filter(({ election }) => election === row.id).map(candidateOf),
      }))
      return newest ? [newest, ...others] : [noElection]
    },

    async roll(committee, { contacts }) {
      const { rows } = await database.raw<{ rows: ElectorRow[] }>(rollSql(contacts), [committee])
      return rows.map(({ mobile, ...elector }) => ({ ...elector, ...present('mobile', mobile) }))
    },
  }
}

/** Before anything was imported there are users, but nothing to vote on. */
const noElection: Election = { id: '', name: '', phase: 'setup', choices_per_ballot: 1, candidates: [] }

type CommitteeRow = Omit<CommitteeEntry, 'name_en' | 'site_en' | 'constituency' | 'phase' | 'rights'> & {
  readonly name_en: string | null
  readonly site_en: string | null
  readonly constituency: string | null
}
type ElectionRow = Omit<Election, 'name_en' | 'candidates'> & { readonly name_en: string | null }
type CandidateRow = Omit<Candidate, 'name_en' | 'list_en' | 'constituency'> & {
  readonly election: string
  readonly name_en: string | null
  readonly list_en: string | null
  readonly constituency: string | null
}
type ElectorRow = Omit<Elector, 'mobile'> & { readonly mobile?: string | null }

const committeesSql = `
  select committees.id, committees.code, committees.name, committees.name_en, sites.name as site, sites.name_en as site_en,
         committees.election_id as election, constituencies.name as constituency,
         (select count(*)::integer from electors where electors.committee_id = committees.id and electors.active) as electors
    from committees
    join sites on sites.id = committees.site_id
    join elections on elections.id = committees.election_id
    left join constituencies on constituencies.id = committees.constituency_id
   where committees.id = any (?)
   order by elections.date desc, elections.id, length(committees.code), committees.code, committees.id`

const electionsSql = `
  with own as (
    select id from elections where exists (select from committees where election_id = elections.id and committees.id = any (?))
  )
  select id, name, name_en, phase, choices_per_ballot
    from elections
   where id in (select id from own)
      or not exists (select from own) and id = (select id from elections order by date desc, id limit 1)
   order by date desc, id`

const candidatesSql = `
  select candidates.election_id as election, number, candidates.name, candidates.name_en, list, list_en, constituencies.name as constituency
    from candidates
    left join constituencies on constituencies.id = candidates.constituency_id
   where candidates.election_id = any (?)
   order by number, candidates.constituency_id`

const rollSql = (contacts: boolean) => `
  select serial, name, sex, family, unit, active ${contacts ? ', mobile' : ''} from electors where committee_id = ? order by serial`

const candidateOf = ({ number, name, name_en, list, list_en, constituency }: CandidateRow): Candidate => ({
  number,
  name,
  list,
  ...present('name_en', name_en),
  ...present('list_en', list_en),
  ...present('constituency', constituency),
})

/** A column that may be null as a field that may be absent. */
function present<Name extends string>(name: Name, value: string | null | undefined): { readonly [N in Name]?: string } {
  return value === null || value === undefined ? {} : ({ [name]: value } as { readonly [N in Name]?: string })
}
