import type { Knex } from 'knex'

/**
 * The audit log: who did what, when, from where.
 *
 * Why like this
 * - Only append, by trigger, to the superuser too, as the journal is. So it grows, and every way in is bounded (server/observe/audit.ts).
 * - What changes rights and phases is written by triggers, in the transaction of the change: neither is there without the other, and an
 *   operator's own SQL is heard as well. Whoever acts says so by `lajna.actor` and `lajna.address`
 *   (server/storage/in-the-name-of.ts); where nobody said, the details have the session's database user.
 * - What a process writes has a uuid of its own: an insert whose answer was lost is asked again, and finds itself.
 * - No foreign keys: what was written stays, whatever becomes of a person. The reader joins names as they are today.
 * - Pages go by the id, the order of writing. The time is when it happened, which is earlier for what had to wait for the database.
 * - Row triggers with a condition on columns: `committees` is written by every append to the journal, and no trigger may run there.
 * - Of a password only that there is one. Marks that turn the direction of text are taken out here too: an operator's SQL has not
 *   come through the parsers. (Control characters are escaped in jsonb as it is.)
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(tables)
  await knex.raw(changes)
}

export function down(): Promise<void> {
  return Promise.reject(new Error('migrations go forward only: restore a backup instead'))
}

const tables = `
  create table audit (
    id bigint generated always as identity primary key,
    uuid uuid not null default gen_random_uuid() unique,
    at timestamptz not null default clock_timestamp(),
    kind text not null,
    user_id integer,
    login text,
    address text,
    committee_id text,
    code text,
    subject text,
    times integer not null default 1 check (times > 0),
    details jsonb not null default '{}',
    instance text not null default 'database'
  );
  create index audit_at on audit (at);
  create index audit_kind on audit (kind, id);
  create index audit_user on audit (user_id, id);
  create index audit_committee on audit (committee_id, id);

  create function audit_is_append_only() returns trigger language plpgsql as $$
    begin
      raise exception 'the audit log is append-only: % refused', tg_op using errcode = 'integrity_constraint_violation';
    end
  $$;
  create trigger audit_append_only before update or delete or truncate on audit
    for each statement execute function audit_is_append_only();
`

const trigger = (name: string, when: string, on: string, condition: string, call: string) => `
  create trigger ${name} after ${when} on ${on} for each row
    ${condition === '' ? '' : `when (${condition})`} execute function audit_change(${call});`

const userColumns = `'login', 'name', 'name_en', 'role', 'disabled_at', 'password_hash'`

const changes = String.raw`
  create function audit_clean(given text) returns text language sql immutable as $$
    select regexp_replace(given, '[\u0001-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]', ' ', 'g')
  $$;

  -- The named columns of a row, as they may be shown.
  create function audit_fields(image jsonb, columns text[]) returns jsonb language sql immutable as $$
    select coalesce(jsonb_object_agg(
             case name when 'password_hash' then 'password' when 'disabled_at' then 'disabled' else name end,
             case name when 'password_hash' then to_jsonb(image->>name <> '!')
                       when 'disabled_at' then to_jsonb(image->>name is not null)
                       else image->name end
           ), '{}')
      from unnest(columns) column_of (name)
  $$;

  -- One change of one row of a table; of an insert there is no before, of a deletion no after.
  create function audit_write(kind text, of_table text, done text, before jsonb, after jsonb, columns text[])
  returns void language plpgsql as $$
    declare
      image jsonb := coalesce(after, before);
      actor text := nullif(current_setting('lajna.actor', true), '');
      changed text[];
      about text;
      details jsonb;
    begin
      select coalesce(array_agg(name), '{}') into changed
        from unnest(columns) column_of (name)
       where before->name is distinct from after->name
         and coalesce(before->name, 'null') is distinct from coalesce(after->name, 'null');
      if changed = '{}' then
        return;
      end if;
      details := jsonb_build_object('of', of_table, 'done', done)
        || case when before is null then '{}' else jsonb_build_object('old', audit_fields(before, changed)) end
        || case when after is null then '{}' else jsonb_build_object('new', audit_fields(after, changed)) end
        || case when actor is null then jsonb_build_object('session', session_user) else '{}' end;
      about := case of_table
        when 'users' then image->>'login'
        when 'assignments' then coalesce((select login from users where id = (image->>'user_id')::integer), image->>'user_id')
        when 'role_rights' then image->>'role'
        when 'elections' then image->>'id'
      end;
      if image->>'site_id' is not null and of_table = 'assignments' then
        details := details || jsonb_build_object('site', (select name from sites where id = (image->>'site_id')::integer));
      end if;
      insert into audit (kind, user_id, address, committee_id, subject, details)
        values (
          kind, actor::integer, nullif(current_setting('lajna.address', true), ''),
          case of_table when 'committees' then image->>'id' when 'assignments' then image->>'committee_id' end,
          audit_clean(about), audit_clean(details::text)::jsonb
        );
    end
  $$;

  -- Arguments: the kind, then the columns that matter.
  create function audit_change() returns trigger language plpgsql as $$
    begin
      perform audit_write(tg_argv[0], tg_table_name::text, lower(tg_op), to_jsonb(old), to_jsonb(new), tg_argv[1:]);
      return null;
    end
  $$;

  -- Assignments come by the statement, because they may come by the hundred thousand: over a thousand they are one entry.
  create function audit_assignments() returns trigger language plpgsql as $$
    declare
      changes bigint;
      actor text := nullif(current_setting('lajna.actor', true), '');
    begin
      if tg_op = 'INSERT' then
        select count(*) into changes from later;
      else
        select count(*) into changes from earlier;
      end if;
      if changes > 1000 then
        insert into audit (kind, user_id, address, details)
          values (
            'rights', actor::integer, nullif(current_setting('lajna.address', true), ''),
            jsonb_build_object('of', tg_table_name, 'done', lower(tg_op), 'rows', changes)
              || case when actor is null then jsonb_build_object('session', session_user) else '{}' end
          );
      elsif tg_op = 'INSERT' then
        perform audit_write('rights', 'assignments', 'insert', null, to_jsonb(later), tg_argv) from later;
      elsif tg_op = 'DELETE' then
        perform audit_write('rights', 'assignments', 'delete', to_jsonb(earlier), null, tg_argv) from earlier;
      else
        perform audit_write('rights', 'assignments', 'update', to_jsonb(earlier), to_jsonb(later), tg_argv)
           from earlier join later using (id);
      end if;
      return null;
    end
  $$;
  ${[
    ['insert', 'new table as later'],
    ['update', 'old table as earlier new table as later'],
    ['delete', 'old table as earlier'],
  ]
    .map(
      ([when, tables]) => `
  create trigger assignments_${when}_audit after ${when} on assignments referencing ${tables}
    for each statement execute function audit_assignments('committee_id', 'site_id', 'added', 'taken');`,
    )
    .join('')}
  ${[
    trigger('users_audit', 'insert or delete', 'users', '', `'rights', ${userColumns}`),
    trigger(
      'users_change_audit',
      'update of login, name, name_en, role, disabled_at, password_hash',
      'users',
      'old is distinct from new',
      `'rights', ${userColumns}`,
    ),
    trigger('role_rights_audit', 'insert or update or delete', 'role_rights', '', `'rights', 'role', 'right'`),
    trigger('committees_audit', 'update of phase', 'committees', 'old.phase is distinct from new.phase', `'phase', 'phase'`),
    trigger('elections_audit', 'update of phase', 'elections', 'old.phase is distinct from new.phase', `'phase', 'phase'`),
  ].join('')}
`
