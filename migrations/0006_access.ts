import type { Knex } from 'knex'

/**
 * Rights that change in place: every process hears, at the commit, whose access has changed. And the devices that a committee's
 * closing has to ask after.
 *
 * Why like this
 * - Triggers and not the code that writes: an import, the page of users and an operator's own SQL are all heard.
 * - `versions` is the floor below NOTIFY, which a half-open connection swallows: a poll of one row finds what was not heard. Each
 *   notice carries the version it made, so that who hears 7 and then 9 knows that 8 was lost.
 * - The triggers are deferred to the commit: there the row of `versions` is the last lock that is taken, so nobody waits for each
 *   other in a circle, and nobody waits for a long import. Until the commit it is held, so versions are notified in their order.
 * - By column and only where a value differs: `committees` is written by every append to the journal, and no trigger may run there.
 * - Whoever is new has no seat yet and needs no notice. So many names a transaction and no more; then `*`, everybody.
 * - A device is known by what its browser calls itself, not by its Yjs client: that one is another after each reload, and a phone
 *   that has sent everything would be asked after for ever.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(versions)
  await knex.raw(devices)
}

export function down(): Promise<void> {
  return Promise.reject(new Error('migrations go forward only: restore a backup instead'))
}

const trigger = (name: string, when: string, on: string, condition: string, call: string) => `
  create constraint trigger ${name} after ${when} on ${on} deferrable initially deferred for each row
    ${condition === '' ? '' : `when (${condition})`} execute function access_changed(${call});`

const versions = `
  create table versions (
    only_row boolean primary key default true check (only_row),
    -- Grows by one with every transaction that changes what people may do; and what values are judged by.
    access bigint not null default 0,
    facts bigint not null default 0
  );
  insert into versions default values;

  -- What is told: the first argument and the column the second names; or '*'. Notifies '<version>:user 7', '<version>:committee u01'
  -- or '<version>:*'.
  create function access_changed() returns trigger language plpgsql as $$
    declare
      -- Of this transaction: its version and how many notices it has given. The setting is gone at its end.
      told text := nullif(current_setting('lajna.access_told', true), '');
      version bigint := split_part(told, ' ', 1);
      notices integer := coalesce(split_part(told, ' ', 2)::integer, 0);
      who text;
    begin
      if notices > 20 then
        return null;
      end if;
      if told is null then
        update versions set access = access + 1 returning access into version;
      end if;
      for who in
        select distinct case when tg_argv[0] = '*' then '*' else tg_argv[0] || ' ' || (image.it ->> tg_argv[1]) end
          from unnest(array[to_jsonb(old), to_jsonb(new)]) image (it)
         where image.it is not null
      loop
        notices := notices + 1;
        perform pg_notify('lajna_access', version || ':' || case when notices > 20 then '*' else who end);
      end loop;
      perform set_config('lajna.access_told', version || ' ' || notices, true);
      return null;
    end
  $$;
  ${[
    trigger(
      'users_access',
      'update of role, disabled_at, name, name_en',
      'users',
      `(old.role, old.disabled_at, old.name, old.name_en) is distinct from (new.role, new.disabled_at, new.name, new.name_en)`,
      `'user', 'id'`,
    ),
    trigger('users_gone', 'delete', 'users', '', `'user', 'id'`),
    trigger('assignments_access', 'update', 'assignments', 'old is distinct from new', `'user', 'user_id'`),
    trigger('assignments_come_and_go', 'insert or delete', 'assignments', '', `'user', 'user_id'`),
    trigger('role_rights_access', 'insert or update or delete', 'role_rights', '', `'*'`),
    trigger(
      'committees_access',
      'update of phase, site_id, election_id',
      'committees',
      '(old.phase, old.site_id, old.election_id) is distinct from (new.phase, new.site_id, new.election_id)',
      `'committee', 'id'`,
    ),
    trigger('elections_access', 'update of phase', 'elections', 'old.phase is distinct from new.phase', `'*'`),
  ].join('')}
`

const devices = `
  create table devices (
    committee_id text not null references committees,
    user_id integer not null references users,
    device text not null check (length(device) between 1 and 64),
    client bigint not null,
    unsent integer not null check (unsent >= 0),
    here boolean not null,
    seen_at timestamptz not null,
    primary key (committee_id, user_id, device)
  );
  create index devices_seen on devices (committee_id, seen_at);
`
