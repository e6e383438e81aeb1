import type pg from 'pg'

/** Ids of the demo logins in this database. */
export async function demoUser(sql: pg.Client): Promise<(login: string) => number> {
  const { rows } = await sql.query<{ id: number; login: string }>('select id, login from users')
  const ids = new Map(rows.map(({ id, login }) => [login, id]))
  return (login) => {
    const id = ids.get(login)
    if (id === undefined) throw new Error(`no demo login ${login}`)
    return id
  }
}
