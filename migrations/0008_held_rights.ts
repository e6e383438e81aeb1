import type { Knex } from 'knex'

/**
 * Which rights somebody has ever opened a committee with. A phone may come back with work that was made under a right which has ended
 * since: that is late, for a supervisor to decide on, and not the forbidden act of somebody who never had it.
 *
 * Why like this
 * - Written when a committee is opened, and by who opens it: only a phone that was there can hold such work. So it is one small row
 *   for each person and committee that met, and a write only where a right is new.
 * - Not worked out from the audit log: that one is for people, and may be moved away.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table held_rights (
      user_id integer not null references users,
      committee_id text not null references committees,
      rights text[] not null check (rights <@ '{read,guarantees,attendance,count,figures,rule,contacts,phase}'),
      primary key (user_id, committee_id)
    );
  `)
}

export function down(): Promise<void> {
  return Promise.reject(new Error('migrations go forward only: restore a backup instead'))
}
