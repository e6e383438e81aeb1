import type { Knex } from 'knex'
import { candidateNumber, name, orNull, text } from './columns.ts'
import { firstOfEach, inPieces, type Kind, nothingBefore } from './kind.ts'
import { insertPlaces, missing, readPlaces } from './places.ts'

const parsers = { number: candidateNumber, name, list: text(160), constituency: orNull(text(160)) }

export type Candidate = { readonly number: number; readonly name: string; readonly list: string; readonly constituency: string | null }
type Known = { readonly candidates: readonly Candidate[]; readonly constituencies: ReadonlySet<string> }
type Change = {
  readonly constituencies: readonly string[]
  readonly created: readonly Candidate[]
  readonly updated: readonly Candidate[]
}

/** Who is on which ballot paper. One who is not in the file any more stays: ballots may name them. */
export const candidates: Kind<'candidates', typeof parsers, undefined, Known, Change> = {
  kind: 'candidates',
  parsers,
  before: nothingBefore,

  async known(transaction, { election }) {
    const { constituencies } = await readPlaces(transaction, election)
    return { candidates: await readCandidates(transaction, election), constituencies }
  },

  plan(rows, known, problems) {
    const kept = new Map(known.candidates.map((candidate) => [keyOf(candidate), candidate]))
    const placed = rows.map(({ line, number, name, list, constituency = null }) => ({ line, number, name, list, constituency }))
    const created: Candidate[] = []
    const updated: Candidate[] = []
    const once = firstOfEach(placed, problems, { column: 'number', key: keyOf, shown: ({ number }) => number })
    for (const { line: _line, list, ...row } of once) {
      const there = kept.get(keyOf(row))
      const candidate = { ...row, list: list ?? there?.list ?? '' }
      if (there === undefined) created.push(candidate)
      else if (there.name !== candidate.name || there.list !== candidate.list) updated.push(candidate)
    }
    const constituencies = missing(
      created.map(({ constituency }) => constituency),
      known.constituencies,
    )
    return {
      created: created.length,
      updated: updated.length,
      unchanged: once.length - created.length - updated.length,
      deactivated: 0,
      made: { constituencies: constituencies.length },
      affects: created.length > 0 ? 'all' : [],
      change: { constituencies, created, updated },
    }
  },

  async apply(transaction, { election }, { constituencies, created, updated }) {
    await insertPlaces(transaction, election, { sites: [], constituencies, committees: [] })
    await insertCandidates(transaction, election, created)
    await inPieces(transaction, updateSql, [election], updated)
  },
}

const keyOf = ({ number, constituency }: { readonly number: number; readonly constituency: string | null }): string =>
  `${number}/${constituency ?? ''}`

/** Ascending by number. */
export async function readCandidates(transaction: Knex, election: string): Promise<readonly Candidate[]> {
  const { rows } = await transaction.raw<{ rows: Candidate[] }>(
    `select candidates.number, candidates.name, candidates.list, constituencies.name as constituency
       from candidates
       left join constituencies on constituencies.id = candidates.constituency_id
      where candidates.election_id = ?
      order by candidates.number, candidates.constituency_id`,
    [election],
  )
  return rows
}

export const insertCandidates = (transaction: Knex, election: string, created: readonly Candidate[]): Promise<void> =>
  inPieces(
    transaction,
    `insert into candidates (election_id, constituency_id, number, name, list)
     select election.id, constituencies.id, c.number, c.name, c.list
       from (select ?::text as id) election
       cross join json_to_recordset(?) c (number integer, name text, list text, constituency text)
       left join constituencies on constituencies.election_id = election.id and constituencies.name = c.constituency`,
    [election],
    created,
  )

/** English names were of the old ones. */
const updateSql = `
  update candidates
     set name = c.name, name_en = case when candidates.name = c.name then candidates.name_en end,
         list = c.list, list_en = case when candidates.list = c.list then candidates.list_en end
    from (select ?::text as id) election,
         json_to_recordset(?) c (number integer, name text, list text, constituency text)
   where candidates.election_id = election.id and candidates.number = c.number
     and candidates.constituency_id is not distinct from
         (select id from constituencies where election_id = election.id and constituencies.name = c.constituency)`
