import type { Knex } from 'knex'

/**
 * What every committee says, in figures: the latest summary of each, and what it said by the end of each ten minutes.
 *
 * Why like this
 * - All of it can be worked out from the journal again. It is kept so that every process has the figures of committees that others hold,
 *   and so that a supervisor's page does not open 764 documents.
 * - `version` is given under the lock of `summaries_head`: so versions become visible in their order, and "above the last I have seen"
 *   misses nothing. One saver at a time, over all processes; each takes some milliseconds for hundreds of committees.
 * - `json`, not `jsonb`: what is compared and passed on is the text as the process made it, with its keys in their order.
 * - At the same row a summary may say something else when facts have changed: the later word stands. An older row's never.
 * - The history is by the time of the row and not of the writing: worked out after a crash, it falls where it happened.
 * - Unsent edits and what is kept aside are looked up for all committees together, every few seconds: two small indexes.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(tables)
  await knex.raw(save)
}

export function down(): Promise<void> {
  return Promise.reject(new Error('migrations go forward only: restore a backup instead'))
}

const tables = `
  create table summaries_head (
    only_row boolean primary key default true check (only_row),
    version bigint not null default 0
  );
  insert into summaries_head default values;

  create table summaries (
    committee_id text primary key references committees,
    sequence bigint not null check (sequence >= 0),
    summary json not null,
    version bigint not null unique,
    at timestamptz not null default clock_timestamp()
  );

  -- bucket: unix time in steps of ten minutes.
  create table summary_history (
    committee_id text not null references committees,
    bucket integer not null,
    sequence bigint not null,
    attended integer not null,
    ballots integer not null,
    primary key (committee_id, bucket)
  );

  create index devices_unsent on devices (committee_id) where unsent > 0;
`

const save = `
  -- An array of summaries, each of another committee. Notifies '<version>:<instance>' where anything was kept.
  create function summaries_save(by_instance text, given json) returns void language plpgsql as $$
    declare
      last bigint;
      moved bigint;
    begin
      select version into last from summaries_head for update;

      with said as (
        select one->>'committee' as committee_id, (one->>'sequence')::bigint as sequence, one as summary,
               row_number() over (order by one->>'committee') as place
          from json_array_elements(given) one
      )
      insert into summaries as known (committee_id, sequence, summary, version)
        select said.committee_id, said.sequence, said.summary, last + said.place
          from said
          join committees on committees.id = said.committee_id
      on conflict (committee_id) do update
         set sequence = excluded.sequence, summary = excluded.summary, version = excluded.version, at = clock_timestamp()
       where excluded.sequence > known.sequence
          or excluded.sequence = known.sequence and excluded.summary::text <> known.summary::text;

      insert into summary_history as known (committee_id, bucket, sequence, attended, ballots)
        select one->>'committee', floor((one->>'last_ms')::double precision / 600000)::integer, (one->>'sequence')::bigint,
               (one->>'attended')::integer, coalesce((one->'sheets'->'A'->>'ballots')::integer, 0)
          from json_array_elements(given) one
          join committees on committees.id = one->>'committee'
         where one->>'last_ms' is not null
      on conflict (committee_id, bucket) do update
         set sequence = excluded.sequence, attended = excluded.attended, ballots = excluded.ballots
       where excluded.sequence >= known.sequence;

      select max(version) into moved from summaries where version > last;
      if moved is not null then
        update summaries_head set version = moved;
        perform pg_notify('lajna_summaries', moved || ':' || by_instance);
      end if;
    end
  $$;
`
