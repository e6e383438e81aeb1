import type { Knex } from 'knex'
import { inPieces } from './kind.ts'

export type Sex = 'm' | 'f'

type Committee = {
  readonly code: string
  readonly name: string
  readonly site: string
  readonly sex: Sex | null
  readonly constituency: string | null
}
export type KeptCommittee = Committee & { readonly id: string }

/** Where an election takes place. */
export type Places = {
  readonly sites: ReadonlySet<string>
  readonly constituencies: ReadonlySet<string>
  /** By code. */
  readonly committees: ReadonlyMap<string, KeptCommittee>
  /** Ids of committees of every election: they are in the names of documents. */
  readonly ids: ReadonlySet<string>
}

export type NewPlaces = {
  readonly sites: readonly string[]
  readonly constituencies: readonly string[]
  readonly committees: readonly KeptCommittee[]
}

export async function readPlaces(transaction: Knex, election: string): Promise<Places> {
  const ask = async <Row>(sql: string, values: readonly string[]): Promise<readonly Row[]> =>
    (await transaction.raw<{ rows: Row[] }>(sql, values)).rows
  const committees = await ask<KeptCommittee>(committeesSql, [election])
  const sites = await ask<{ name: string }>('select name from sites where election_id = ?', [election])
  const constituencies = await ask<{ name: string }>('select name from constituencies where election_id = ?', [election])
  const ids = await ask<{ id: string }>('select id from committees', [])
  return {
    sites: new Set(sites.map(({ name }) => name)),
    constituencies: new Set(constituencies.map(({ name }) => name)),
    committees: new Map(committees.map((committee) => [committee.code, committee])),
    ids: new Set(ids.map(({ id }) => id)),
  }
}

const committeesSql = `
  select committees.id, committees.code, committees.name, sites.name as site, committees.sex, constituencies.name as constituency
    from committees
    join sites on sites.id = committees.site_id
    left join constituencies on constituencies.id = committees.constituency_id
   where committees.election_id = ?`

/** Constituencies and sites first: the committees are found by their names. */
export async function insertPlaces(transaction: Knex, election: string, { sites, constituencies, committees }: NewPlaces): Promise<void> {
  for (const [table, names] of [['constituencies', constituencies] as const, ['sites', sites] as const]) {
    const named = `insert into ${table} (election_id, name) select ?, names.name from json_to_recordset(?) names (name text)`
    await inPieces(
      transaction,
      named,
      [election],
      names.map((name) => ({ name })),
    )
  }
  await inPieces(transaction, insertCommitteesSql, [election], committees)
}

const insertCommitteesSql = `
  insert into committees (id, election_id, site_id, constituency_id, code, name, sex)
  select c.id, sites.election_id, sites.id, constituencies.id, c.code, c.name, c.sex
    from (select ?::text as id) election
    join sites on sites.election_id = election.id
    cross join json_to_recordset(?) c (id text, code text, name text, site text, sex text, constituency text)
    left join constituencies on constituencies.election_id = election.id and constituencies.name = c.constituency
   where sites.name = c.site`

/** Names that no set has, each once, in the order they first appear. */
export function missing(names: readonly (string | null)[], known: ReadonlySet<string>): readonly string[] {
  return [...new Set(names)].filter((name): name is string => name !== null && name !== '' && !known.has(name))
}

const id_characters_max = 24

/** A short name for the document, as near to the code as its letters allow: "NE-01-01" is `ne-01-01`, a second "7" `7-2`, "لجنة" `c`. */
export function committeeIdOf(code: string, taken: ReadonlySet<string>): string {
  const near = code
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, id_characters_max)
    .replace(/^-+|-+$/g, '')
  const first = near === '' ? 'c' : near
  for (let number = 1; ; number += 1) {
    const end = number === 1 ? '' : `-${number}`
    const id = `${first.slice(0, id_characters_max - end.length).replace(/-+$/, '')}${end}`
    if (!taken.has(id)) return id
  }
}
