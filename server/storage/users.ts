import type { Knex } from 'knex'
import type { Me } from '#contract/api.ts'
import type { UserId } from '#contract/ids.ts'

/** People who may log in; disabled ones are as if they did not exist. Rejects when the database does not answer. */
export type Users = {
  byLogin(login: string): Promise<{ readonly user: Me; readonly password_hash: string } | undefined>
  byId(id: UserId): Promise<Me | undefined>
}

type UserRow = Me & { readonly password_hash: string }

export function makeUsers(database: Knex): Users {
  const find = () => database<UserRow>('users').whereNull('disabled_at')
  return {
    async byLogin(login) {
      const row = await find().whereRaw('lower(login) = lower(?)', [login]).first('id', 'login', 'name', 'role', 'password_hash')
      if (!row) return undefined
      const { password_hash, ...user } = row
      return { user, password_hash }
    },
    byId: (id) => find().where('id', id).first('id', 'login', 'name', 'role'),
  }
}
