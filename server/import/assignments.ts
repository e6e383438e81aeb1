import type { Right } from '#contract/rights.ts'
import { code, login, orNull, type RowOf, rights, text } from './columns.ts'
import { firstOfEach, inPieces, type Kind, nothingBefore } from './kind.ts'
import type { Problems } from './problems.ts'

const parsers = { login, committee_code: orNull(code), site: orNull(text(160)), rights }
type Row = RowOf<'assignments', typeof parsers>

type Place = { readonly user_id: number; readonly committee_id: string | null; readonly site_id: number | null }
type Assignment = Place & { readonly added: readonly Right[]; readonly taken: readonly Right[] }
type Known = {
  /** Ids by login in small letters, by code, by name. */
  readonly users: ReadonlyMap<string, number>
  readonly committees: ReadonlyMap<string, string>
  readonly sites: ReadonlyMap<string, number>
  readonly assignments: readonly Assignment[]
}

/** Who works where. What the file does not name stays: a right is taken by a line that says so, or on the page of users. */
export const assignments: Kind<'assignments', typeof parsers, undefined, Known, readonly Assignment[]> = {
  kind: 'assignments',
  parsers,
  before: nothingBefore,

  async known(transaction, { election }, rows) {
    const logins = rows.map((row) => row.login.toLowerCase())
    const ask = async <Answer>(sql: string, value: string | readonly string[]): Promise<readonly Answer[]> =>
      (await transaction.raw<{ rows: Answer[] }>(sql, [typeof value === 'string' ? value : [...value]])).rows
    const users = await ask<{ id: number; login: string }>('select id, login from users where lower(login) = any (?)', logins)
    const committees = await ask<{ id: string; code: string }>('select id, code from committees where election_id = ?', election)
    const sites = await ask<{ id: number; name: string }>('select id, name from sites where election_id = ?', election)
    const kept = await ask<Assignment>(
      `select user_id, committee_id, site_id, added, taken from assignments
        join users on users.id = assignments.user_id where lower(users.login) = any (?)`,
      logins,
    )
    return {
      users: new Map(users.map(({ id, login }) => [login.toLowerCase(), id])),
      committees: new Map(committees.map(({ id, code }) => [code, id])),
      sites: new Map(sites.map(({ id, name }) => [name, id])),
      assignments: kept,
    }
  },

  plan(rows, known, problems) {
    const kept = new Map(known.assignments.map((assignment) => [keyOf(assignment), assignment]))
    const placed = rows.flatMap((row) => {
      const place = placeOf(row, known, problems)
      return place === undefined ? [] : [{ line: row.line, login: row.login, rights: row.rights, ...place }]
    })
    const written: Assignment[] = []
    let created = 0
    const once = firstOfEach(placed, problems, { column: 'login', key: keyOf, shown: (row) => row.login })
    for (const { line: _line, login: _login, rights, ...place } of once) {
      const there = kept.get(keyOf(place))
      const { added, taken } = rights ?? there ?? { added: [], taken: [] }
      if (there === undefined) created += 1
      else if (isSame(there.added, added) && isSame(there.taken, taken)) continue
      written.push({ ...place, added, taken })
    }
    return {
      created,
      updated: written.length - created,
      unchanged: once.length - written.length,
      deactivated: 0,
      made: {},
      affects: [],
      change: written,
    }
  },

  apply: (transaction, _target, written) => inPieces(transaction, writeSql, [], written),
}

const keyOf = ({ user_id, committee_id, site_id }: Place): string => `${user_id}/${committee_id ?? ''}/${site_id ?? ''}`

const isSame = (one: readonly Right[], other: readonly Right[]): boolean =>
  one.length === other.length && one.every((right) => other.includes(right))

/** Undefined where somebody or something is not known; told, all of it. */
function placeOf(row: Row, known: Known, problems: Problems): Place | undefined {
  const { line, login, committee_code: code = null, site = null } = row
  const user_id = known.users.get(login.toLowerCase())
  if (user_id === undefined) problems.add(line, 'unknown-login', { column: 'login', value: login })
  if ((code === null) === (site === null)) {
    problems.add(line, 'one-of-two', { column: 'committee_code', value: code ?? '' })
    return undefined
  }
  const committee_id = code === null ? null : (known.committees.get(code) ?? undefined)
  const site_id = site === null ? null : (known.sites.get(site) ?? undefined)
  if (committee_id === undefined) problems.add(line, 'unknown-committee', { column: 'committee_code', value: code ?? '' })
  if (site_id === undefined) problems.add(line, 'unknown-site', { column: 'site', value: site ?? '' })
  return user_id === undefined || committee_id === undefined || site_id === undefined ? undefined : { user_id, committee_id, site_id }
}

const writeSql = `
  insert into assignments (user_id, committee_id, site_id, added, taken)
  select a.* from json_to_recordset(?) a (user_id integer, committee_id text, site_id integer, added text[], taken text[])
  on conflict (user_id, committee_id, site_id) do update set added = excluded.added, taken = excluded.taken`
