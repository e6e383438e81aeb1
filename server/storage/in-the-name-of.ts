import type { Knex } from 'knex'
import type { UserId } from '#contract/ids.ts'

/**
 * A transaction that somebody answers for. Triggers read who as `current_setting('lajna.actor', true)`: the user's number; '' or null
 * where nobody said. It ends with the transaction, so that a pooled connection carries nobody's name to the next.
 */
export function inTheNameOf<Answer>(
  database: Knex,
  { user }: { readonly user: UserId },
  act: (transaction: Knex.Transaction) => Promise<Answer>,
): Promise<Answer> {
  return database.transaction(async (transaction) => {
    await transaction.raw(`select set_config('lajna.actor', ?, true)`, [String(user)])
    return act(transaction)
  })
}
