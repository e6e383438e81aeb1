import { type Candidate, insertCandidates, readCandidates } from './candidates.ts'
import { code, name, type RowOf, text, votes } from './columns.ts'
import { firstOfEach, inPieces, type Kind, nothingBefore } from './kind.ts'
import { committeeIdOf, insertPlaces, type KeptCommittee, missing, type NewPlaces, type Places, readPlaces } from './places.ts'
import type { Problems } from './problems.ts'

const parsers = { committee_code: code, committee_name: name, candidate: name, party: text(160), votes }
type Row = RowOf<'results', typeof parsers>

type Announced = { readonly committee_id: string; readonly candidate: number; readonly votes: number }
type Known = { readonly places: Places; readonly candidates: readonly Candidate[]; readonly announced: readonly Announced[] }
type Change = { readonly places: NewPlaces; readonly candidates: readonly Candidate[]; readonly announced: readonly Announced[] }

const number_max = 9_999

/** What was announced elsewhere, to compare a count with; also all that is needed to replay an election from its results alone. */
export const results: Kind<'results', typeof parsers, undefined, Known, Change> = {
  kind: 'results',
  parsers,
  before: nothingBefore,

  async known(transaction, { election }) {
    const { rows: announced } = await transaction.raw<{ rows: Announced[] }>(
      `select committee_id, candidate, votes from announced_results
        join committees on committees.id = announced_results.committee_id where committees.election_id = ?`,
      [election],
    )
    return { places: await readPlaces(transaction, election), candidates: await readCandidates(transaction, election), announced }
  },

  plan(rows, known, problems) {
    const rooms = committeesOf(rows, known.places)
    const ballot = new Ballot(known.candidates)
    const kept = new Map(known.announced.map((one) => [keyOf(one), one.votes]))
    const placed = rows.flatMap((row) => {
      const committee = rooms.get(row.committee_code)
      const candidate = committee && ballot.numberOf(row, committee.constituency, problems)
      return committee === undefined || candidate === undefined
        ? []
        : [{ line: row.line, name: row.candidate, committee_id: committee.id, candidate, votes: row.votes }]
    })
    const once = firstOfEach(placed, problems, { column: 'candidate', key: keyOf, shown: (row) => row.name })
    const announced = once
      .filter((row) => kept.get(keyOf(row)) !== row.votes)
      .map(({ committee_id, candidate, votes }) => ({ committee_id, candidate, votes }))
    const created = announced.filter((row) => !kept.has(keyOf(row))).length
    const committees = [...rooms.values()].filter(({ code }) => !known.places.committees.has(code))
    const sites = missing(
      committees.map(({ site }) => site),
      known.places.sites,
    )
    return {
      created,
      updated: announced.length - created,
      unchanged: once.length - announced.length,
      deactivated: 0,
      made: { committees: committees.length, candidates: ballot.added.length, sites: sites.length },
      affects: ballot.added.length > 0 ? 'all' : [],
      change: { places: { sites, constituencies: [], committees }, candidates: ballot.added, announced },
    }
  },

  async apply(transaction, { election }, { places, candidates, announced }) {
    await insertPlaces(transaction, election, places)
    await insertCandidates(transaction, election, candidates)
    await inPieces(transaction, writeSql, [], announced)
  },
}

const keyOf = ({ committee_id, candidate }: Pick<Announced, 'committee_id' | 'candidate'>): string => `${committee_id}/${candidate}`

/** Every committee that a line names, by code: those that are there, and those to be made, in the order they first appear. */
function committeesOf(rows: readonly Row[], places: Places): ReadonlyMap<string, KeptCommittee> {
  const ids = new Set(places.ids)
  const rooms = new Map<string, KeptCommittee>()
  for (const { committee_code: code, committee_name: name } of rows) {
    if (rooms.has(code)) continue
    const there = places.committees.get(code)
    const id = there?.id ?? committeeIdOf(code, ids)
    ids.add(id)
    rooms.set(code, there ?? { id, code, name, site: siteIn(name), sex: null, constituency: null })
  }
  return rooms
}

/** Results say no site. What stands before the number of the room is the nearest: "New Castle 01-01" is in New Castle. */
export const siteIn = (committee: string): string => committee.replace(/[\s\d٠-٩.,:/#-]+$/u, '') || committee

/** Numbers of candidates by the names that results have; a name that no committee's ballot has yet gets the next one. */
class Ballot {
  readonly added: Candidate[] = []
  readonly #known: readonly Candidate[]
  #last: number

  constructor(known: readonly Candidate[]) {
    this.#known = known
    this.#last = Math.max(0, ...known.map(({ number }) => number))
  }

  /** Undefined where the numbers are used up. */
  numberOf(row: Row, constituency: string | null, problems: Problems): number | undefined {
    const there = this.#find(row, constituency)
    if (there !== undefined) return there.number
    if (this.#last >= number_max) {
      problems.add(row.line, 'no-number-left', { column: 'candidate', value: row.candidate })
      return undefined
    }
    this.#last += 1
    this.added.push({ number: this.#last, name: row.candidate, list: row.party ?? '', constituency })
    return this.#last
  }

  /** By name and party, on the committee's own paper. A party may be spelled in another way: one name that only one person there has is enough. */
  #find(row: Row, constituency: string | null): Candidate | undefined {
    const isHere = (one: Candidate) => one.name === row.candidate && (one.constituency === null || one.constituency === constituency)
    const [namesakes, added] = [this.#known.filter(isHere), this.added.filter(isHere)]
    const exact = [...namesakes, ...added].find(({ list }) => list === (row.party ?? ''))
    return exact ?? (namesakes.length === 1 ? namesakes[0] : undefined)
  }
}

const writeSql = `
  insert into announced_results (committee_id, candidate, votes)
  select r.* from json_to_recordset(?) r (committee_id text, candidate integer, votes integer)
  on conflict (committee_id, candidate) do update set votes = excluded.votes, imported_at = now()`
