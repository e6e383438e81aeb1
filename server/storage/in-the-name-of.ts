import type { Knex } from 'knex'
import type { UserId } from '#contract/ids.ts'

/** Who acts, and from where. */
export type Actor = { readonly user: UserId; readonly address?: string }

/**
 * A transaction that somebody answers for. Triggers read who as `current_setting('lajna.actor', true)`: the user's number; '' or null
 * where nobody said; and from where as `lajna.address`. It ends with the transaction, so that a pooled connection carries nobody's
 * name to the next.
 */
export function inTheNameOf<Answer>(
  database: Knex,
  { user, address = '' }: Actor,
  act: (transaction: Knex.Transaction) => Promise<Answer>,
): Promise<Answer> {
  return database.transaction(async (transaction) => {
    await transaction.raw(`select set_config('lajna.actor', ?, true), set_config('lajna.address', ?, true)`, [String(user), address])
    return act(transaction)
  })
}
