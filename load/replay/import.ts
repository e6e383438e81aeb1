import type pg from 'pg'
import type { Results } from './results.ts'

/** Where a replay takes place. `committees`: code in the file → id. `counters`: ids of users who may count in all of them. */
export type Ground = {
  readonly election: string
  readonly committees: ReadonlyMap<string, string>
  readonly counters: readonly number[]
}

/**
 * Makes an election of the file's committees and candidates, its phase `counting`, and people to count in it. By SQL and not by the
 * HTTP import, so that the replay needs no administrator's password. Each run has an election of its own: what was counted before
 * can not be taken out of a journal. None of the people can log in; the replay signs their tokens.
 */
export async function makeGround(
  sql: pg.Client,
  results: Results,
  { name, counters, run }: { readonly name: string; readonly counters: number; readonly run: string },
): Promise<Ground> {
  const election = `replay-${run}`
  const rooms = results.committees.map(({ code, name: room }, index) => ({ id: `r${run}-${index + 1}`, code, name: room || code }))
  await sql.query('begin')
  try {
    await sql.query(
      `insert into elections (id, name, name_en, date, phase, choices_per_ballot) values ($1, $2, $2, current_date, 'counting', 1)`,
      [election, name],
    )
    await sql.query(
      `insert into candidates (election_id, number, name, name_en, list, list_en)
         select $1, number, name, name, party, party from json_to_recordset($2) c (number smallint, name text, party text)`,
      [election, JSON.stringify(results.candidates)],
    )
    const site = await sql.query<{ id: number }>('insert into sites (election_id, name, name_en) values ($1, $2, $2) returning id', [
      election,
      name,
    ])
    await sql.query(
      `insert into committees (id, election_id, site_id, code, name, name_en)
         select id, $1, $2, code, name, name from json_to_recordset($3) c (id text, code text, name text)`,
      [election, site.rows[0]?.id, JSON.stringify(rooms)],
    )
    const users = await sql.query<{ id: number }>(
      `insert into users (login, name, role, password_hash)
         select $1 || '-' || n, 'Counter ' || n, 'counter', 'none' from generate_series(1, $2::integer) n order by n returning id`,
      [election, counters],
    )
    const ids = users.rows.map(({ id }) => id)
    await sql.query('insert into assignments (user_id, site_id) select unnest($1::integer[]), $2', [ids, site.rows[0]?.id])
    await sql.query('commit')
    return { election, committees: new Map(rooms.map(({ code, id }) => [code, id])), counters: ids }
  } catch (fault) {
    await sql.query('rollback')
    throw fault
  }
}
