import type pg from 'pg'

/** A committee of the day, as far as its people have to know it. */
export type Room = {
  readonly id: string
  readonly electors: number
  readonly candidates: readonly number[]
  readonly choices_max: number
}

/** Where a day takes place, and who can take part. */
export type Ground = { readonly rooms: readonly Room[]; readonly users: readonly number[] }

/** The election that `make demo ELECTION=load` has added, with its people. Throws a sentence where it is not there. */
export async function findGround(sql: pg.Client, election: string): Promise<Ground> {
  const { rows: candidates } = await sql.query<{ number: number }>(
    'select number from candidates where election_id = $1 and constituency_id is null order by number',
    [election],
  )
  const { rows: rooms } = await sql.query<{ id: string; electors: number; choices_max: number }>(
    `select committees.id, count(*)::integer as electors, max(elections.choices_per_ballot)::integer as choices_max
       from committees
       join elections on elections.id = committees.election_id
       join electors on electors.committee_id = committees.id
      where committees.election_id = $1
      group by committees.id
      order by committees.id`,
    [election],
  )
  const { rows: users } = await sql.query<{ id: number }>("select id from users where login ~ '^load[0-9]{4}$' order by login")
  if (rooms.length === 0 || users.length === 0) throw new Error('The people of the day are not there: `make demo ELECTION=load` adds them')
  const numbers = candidates.map(({ number }) => number)
  return { rooms: rooms.map((room) => ({ ...room, candidates: numbers })), users: users.map(({ id }) => id) }
}

/** Opens the day's rooms for a phase. Each room's own, so that the election's stays what it was. */
export async function setPhase(sql: pg.Client, rooms: readonly string[], phase: string): Promise<void> {
  await sql.query('update committees set phase = $2 where id = any ($1)', [rooms, phase])
}

/** What puts the rooms' phases back as they are now. */
export async function keepPhases(sql: pg.Client, rooms: readonly string[]): Promise<() => Promise<void>> {
  const { rows } = await sql.query<{ id: string; phase: string | null }>('select id, phase from committees where id = any ($1)', [rooms])
  return async () => {
    for (const { id, phase } of rows) await sql.query('update committees set phase = $2 where id = $1', [id, phase])
  }
}
