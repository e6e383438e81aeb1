import type { Knex } from 'knex'
import type { Colleague, Me } from '#contract/api.ts'
import type { CommitteeId, UserId } from '#contract/ids.ts'

/** People who may log in; disabled ones are as if they did not exist. Rejects when the database does not answer. */
export type Users = {
  byLogin(login: string): Promise<{ readonly user: Me; readonly password_hash: string; readonly signOuts: number } | undefined>
  byId(id: UserId): Promise<Me | undefined>
  /** How often they were signed out everywhere: what a token given now says. */
  signOuts(id: UserId): Promise<number | undefined>
  /** Who may read the committee, and whoever has written in it, also where they may no longer. By id. */
  ofCommittee(committee: CommitteeId): Promise<readonly Colleague[]>
}

type UserRow = Omit<Me, 'name_en'> & { readonly name_en: string | null; readonly password_hash: string; readonly sign_outs: number }

export function makeUsers(database: Knex): Users {
  const find = () => database<UserRow>('users').whereNull('disabled_at')
  return {
    async byLogin(login) {
      const row = await find()
        .whereRaw('lower(login) = lower(?)', [login])
        .first('id', 'login', 'name', 'name_en', 'role', 'password_hash', 'sign_outs')
      if (!row) return undefined
      const { password_hash, sign_outs, ...user } = row
      return { user: named(user), password_hash, signOuts: sign_outs }
    },
    async signOuts(id) {
      const row = await find().where('id', id).first('sign_outs')
      return row?.sign_outs
    },
    async byId(id) {
      const row = await find().where('id', id).first('id', 'login', 'name', 'name_en', 'role')
      return row && named(row)
    },
    async ofCommittee(committee) {
      const { rows } = await database.raw<{ rows: Pick<UserRow, 'id' | 'name' | 'name_en'>[] }>(colleaguesSql, [committee, committee])
      return rows.map(named)
    },
  }
}

const colleaguesSql = `
  select id, name, name_en from users
   where id in (
     select user_id from committee_access where committee_id = ? and 'read' = any (rights)
     union
     select user_id from clients where committee_id = ?
   )
   order by id`

/** A person as the contract names them. */
export function named<Row extends { readonly name_en: string | null }>({
  name_en,
  ...row
}: Row): Omit<Row, 'name_en'> & { readonly name_en?: string } {
  return name_en === null ? row : { ...row, name_en }
}
