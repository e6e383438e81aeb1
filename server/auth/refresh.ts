import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import type { UserId } from '#contract/ids.ts'
import { err, ok, type Result } from '#contract/result.ts'

/**
 * Refresh tokens: random, kept as their SHA-256. A login begins a family; each use gives a successor and starts the days anew. A
 * token that comes again after its successor was used was stolen, by the one who came first or the one who came second: nobody
 * knows which, so the family ends and both must log in.
 *
 * A used token whose successors nobody has used is no replay yet: on a bad line the answer is lost again and again, and two tabs
 * that wake together send the same cookie. It gets another successor. The first of them to be used closes the others, so a thief
 * in between is found out as surely as ever, at the next use of either.
 */
export type RefreshTokens = {
  /** A new family. */
  issue(user: UserId): Promise<string>
  /** `signOuts`: of the moment in which the token was found good. `reused`: somebody's token that came again; its family has ended. */
  rotate(
    token: string,
  ): Promise<
    Result<{ readonly user: UserId; readonly token: string; readonly signOuts: number }, 'unauthenticated' | { readonly reused: UserId }>
  >
  /** Whose session a token is of, where it could be rotated now; nothing is used up. */
  find(token: string): Promise<{ readonly user: UserId; readonly family: string } | undefined>
  /** Whether that session goes on: nobody has ended it, and its person may come in. */
  isAlive(family: string): Promise<boolean>
  /** Ends the token's family and answers whose it was; an unknown token is nobody's and needs no end. */
  revoke(token: string): Promise<UserId | undefined>
}

export function makeRefreshTokens(database: Knex, refresh_days: number): RefreshTokens {
  const insert = async (
    transaction: Knex,
    user: UserId,
    family: string,
    parent: { readonly id: string; readonly sign_outs: number } | null,
  ) => {
    const token = randomBytes(32).toString('base64url')
    await transaction.raw(insertSql, [family, parent?.id ?? null, hashOf(token), refresh_days, parent?.sign_outs ?? null, user])
    return token
  }

  return {
    async issue(user) {
      // Whoever logs in pays for the sweep of their own past: so the table is bounded by the people, not by the days.
      await database('refresh_tokens').where('user_id', user).andWhere('expires_at', '<', database.fn.now()).delete()
      return insert(database, user, randomUUID(), null)
    },

    rotate: (given) =>
      database.transaction(async (transaction) => {
        await lockFamily(transaction, given)
        const found = await transaction.raw<{ rows: TokenRow[] }>(findSql, [hashOf(given)])
        const row = found.rows[0]
        if (!row || row.state === 'ended') return err('unauthenticated')
        if (row.state === 'reused') {
          await endFamily(transaction, row.family)
          return err({ reused: row.user_id })
        }
        await transaction('refresh_tokens').where('id', row.id).whereNull('used_at').update({ used_at: transaction.fn.now() })
        await transaction.raw(forgetSql, [row.id, successors_max - 1])
        const token = await insert(transaction, row.user_id, row.family, row)
        return ok({ user: row.user_id, token, signOuts: row.sign_outs })
      }),

    async find(token) {
      const { rows } = await database.raw<{ rows: TokenRow[] }>(findSql, [hashOf(token)])
      const [row] = rows
      return row?.state === 'usable' ? { user: row.user_id, family: row.family } : undefined
    },

    async isAlive(family) {
      const { rows } = await database.raw<{ rows: unknown[] }>(aliveSql, [family])
      return rows.length > 0
    },

    revoke: (token) =>
      database.transaction(async (transaction) => {
        await lockFamily(transaction, token)
        const row = await transaction('refresh_tokens')
          .where('hash', hashOf(token))
          .first<{ family: string; user_id: UserId } | undefined>('family', 'user_id')
        if (row) await endFamily(transaction, row.family)
        return row?.user_id
      }),
  }
}

type TokenRow = {
  readonly id: string
  readonly family: string
  readonly user_id: UserId
  readonly sign_outs: number
  readonly state: 'usable' | 'reused' | 'ended'
}

/** One use of a family at a time: or a successor, written while the family ends, would outlive it. Until the transaction's end. */
const lockFamily = (transaction: Knex, token: string) =>
  transaction.raw('select pg_advisory_xact_lock(hashtextextended(family::text, 0)) from refresh_tokens where hash = ?', [hashOf(token)])

/** Successors of one token that are kept while none of them was used; older ones are forgotten. */
const successors_max = 4

// A successor is of the same count as its parent; the first of a family, of its person's now.
const insertSql = `
  insert into refresh_tokens (family, parent_id, user_id, hash, expires_at, sign_outs)
  select ?, ?, id, ?, now() + make_interval(days => ?), coalesce(?::integer, sign_outs) from users where id = ?`

const findSql = `
  select token.id, token.family, token.user_id, token.sign_outs,
         case
           when token.revoked_at is not null or token.expires_at < now() or users.disabled_at is not null
                or token.sign_outs < users.sign_outs then 'ended'
           when exists (
             select from refresh_tokens used
              where used.used_at is not null and (used.parent_id = token.id or (used.parent_id = token.parent_id and used.id <> token.id))
           ) then 'reused'
           else 'usable'
         end as state
    from refresh_tokens token
    join users on users.id = token.user_id
   where token.hash = ?`

const aliveSql = `
  select from refresh_tokens
    join users on users.id = refresh_tokens.user_id and users.disabled_at is null and users.sign_outs = refresh_tokens.sign_outs
   where family = ? and revoked_at is null and expires_at > now()
   limit 1`

const forgetSql = `
  delete from refresh_tokens
   where id in (select id from refresh_tokens where parent_id = ? order by issued_at desc, id offset ?)`

const hashOf = (token: string) => createHash('sha256').update(token).digest()

const endFamily = (database: Knex, family: string) =>
  database('refresh_tokens').where('family', family).whereNull('revoked_at').update({ revoked_at: database.fn.now() })
