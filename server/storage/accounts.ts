import type { Knex } from 'knex'
import type { Account } from '#contract/api.ts'
import type { UserId } from '#contract/ids.ts'
import { err, ok, type Result } from '#contract/result.ts'
import type { Role } from '#contract/rights.ts'
import { type Actor, inTheNameOf } from './in-the-name-of.ts'

/** A hash is made before: it takes a core for 20 ms, in which others would wait for the transaction. */
type AccountChange = {
  readonly name?: string
  readonly name_en?: string | null
  readonly role?: Role
  readonly disabled?: boolean
  readonly password_hash?: string
}
type NewAccount = { readonly login: string; readonly name: string; readonly role: Role } & AccountChange

/** People who may log in, as administrators see and change them. Each change is one transaction in the name of `by`. */
export type Accounts = {
  /** Ordered by id, after the one given; `search` finds in login and names. */
  list(asked: {
    readonly search: string
    readonly role?: Role
    readonly after: number
    readonly limit: number
  }): Promise<readonly Account[]>
  add(by: Actor, account: NewAccount): Promise<Result<Account, 'taken'>>
  change(by: Actor, id: UserId, change: AccountChange): Promise<Result<Account, 'unknown'>>
  /** Ends all their sessions and every token given until now. False where there is no such person. */
  signOut(by: Actor, id: UserId): Promise<boolean>
}

type AccountRow = Omit<Account, 'name_en' | 'disabled'> & { readonly name_en: string | null; readonly disabled: boolean }
const columns = 'id, login, name, name_en, role, disabled_at is not null as disabled'

/** No argon2 hash, so no password is right: the person cannot log in by one until it is set. */
const noPassword = '!'

export function makeAccounts(database: Knex): Accounts {
  const ask = async (within: Knex, sql: string, values: readonly (string | number | boolean | null)[]): Promise<readonly Account[]> =>
    (await within.raw<{ rows: AccountRow[] }>(sql, values)).rows.map(accountOf)
  return {
    list({ search, role, after, limit }) {
      const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`
      return ask(database, listSql, [after, pattern, pattern, pattern, role ?? null, role ?? null, limit])
    },

    add: (by, { login, name, name_en = null, role, disabled = false, password_hash = noPassword }) =>
      inTheNameOf(database, by, async (transaction) => {
        const [account] = await ask(transaction, insertSql, [login, name, name_en, role, password_hash, disabled])
        return account === undefined ? err('taken') : ok(account)
      }),

    change: (by, id, { name = null, name_en, role = null, disabled = null, password_hash = null }) =>
      inTheNameOf(database, by, async (transaction) => {
        const values = [name, name_en !== undefined, name_en ?? null, role, password_hash, disabled, id]
        const [account] = await ask(transaction, updateSql, values)
        if (account === undefined) return err('unknown')
        // Whoever knew the old password, or was let in before, comes in with the new one or not at all.
        if (password_hash !== null || disabled === true) await endSessions(transaction, id)
        return ok(account)
      }),

    signOut: (by, id) => inTheNameOf(database, by, (transaction) => endSessions(transaction, id)),
  }
}

const listSql = `
  select ${columns} from users
   where id > ? and (login ilike ? or name ilike ? or name_en ilike ?)
     and (?::user_role is null or role = ?::user_role)
   order by id limit ?`

const insertSql = `
  insert into users (login, name, name_en, role, password_hash, disabled_at)
  values (?, ?, ?, ?, ?, case when ?::boolean then now() end)
  on conflict ((lower(login))) do nothing
  returning ${columns}`

const updateSql = `
  update users
     set name = coalesce(?, name),
         name_en = case when ?::boolean then ? else name_en end,
         role = coalesce(?::user_role, role),
         password_hash = coalesce(?, password_hash),
         disabled_at = case ?::boolean when true then coalesce(disabled_at, now()) when false then null else disabled_at end
   where id = ?
   returning ${columns}`

/** The count last in the transaction is what others hear: by then no refresh token is left. */
async function endSessions(transaction: Knex, user: UserId): Promise<boolean> {
  await transaction('refresh_tokens').where('user_id', user).whereNull('revoked_at').update({ revoked_at: transaction.fn.now() })
  return (await transaction('users').where('id', user).increment('sign_outs', 1)) > 0
}

const accountOf = ({ name_en, ...row }: AccountRow): Account => ({ ...row, ...(name_en === null ? {} : { name_en }) })
