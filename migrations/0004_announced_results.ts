import type { Knex } from 'knex'

/**
 * Results that were announced elsewhere, as a file has them: what a replayed or our own count is compared with.
 *
 * Why like this
 * - Beside the committees' documents and not in them: `figures` are statements of people in the room, each with an author; this is a file
 *   about the whole election, which may come months later and may be imported again.
 * - By the candidate's number, as everything else that counts votes. No foreign key on it: a number is unique within a constituency
 *   or the election, and the committee says which.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table announced_results (
      committee_id text not null references committees,
      candidate smallint not null check (candidate between 1 and 9999),
      votes integer not null check (votes >= 0),
      imported_at timestamptz not null default now(),
      primary key (committee_id, candidate)
    );
  `)
}

export function down(): Promise<void> {
  return Promise.reject(new Error('migrations go forward only: restore a backup instead'))
}
