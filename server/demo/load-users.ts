import type { Knex } from 'knex'
import { demoPassword } from './logins.ts'

const users_max = 3_000

/**
 * Adds `load0001` to `load3000`, coordinators at every site there is, for load tests that sign their own tokens. All share one hash,
 * unlike the demo logins: 3,000 of them would take a minute, and who runs load tests knows the password anyway. Again: adds what is
 * missing, such as the sites of an election that came later. Answers the users' ids, which a token has to name.
 */
export async function addLoadUsers(
  database: Knex,
  hashPassword: (text: string) => Promise<string>,
): Promise<{ readonly first: number; readonly last: number }> {
  const hash = await hashPassword(demoPassword)
  return database.transaction(async (transaction) => {
    await transaction.raw(
      `insert into users (login, name, role, password_hash)
         select 'load' || lpad(n::text, 4, '0'), 'Load ' || n, 'coordinator', ? from generate_series(1, ?::integer) n
         on conflict do nothing`,
      [hash, users_max],
    )
    // An election at a time: a statement of the whole country and more would come near the time a statement may take.
    for (const { id } of await transaction('elections').select('id')) {
      await transaction.raw(
        `insert into assignments (user_id, site_id)
           select users.id, sites.id from users cross join sites where users.login ~ '^load[0-9]{4}$' and sites.election_id = ?
           on conflict do nothing`,
        [id],
      )
    }
    const [range] = await transaction('users').whereRaw("login ~ '^load[0-9]{4}$'").min('id as first').max('id as last')
    return { first: Number(range?.first), last: Number(range?.last) }
  })
}
