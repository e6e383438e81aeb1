import type { Knex } from 'knex'

/**
 * Signing somebody out everywhere, and who is connected, on all processes.
 *
 * Why like this
 * - `users.sign_outs` counts: a token says how often its person had been signed out when it was given, and holds while that is so. No
 *   clock of a process is compared with another's, so none is let in or shut out for being some seconds off.
 * - A refresh token says it as well: one that is rotated while its person is signed out has a successor of before.
 * - The change is told as rights are, by the same trigger: sockets and streams of all processes hear it at the commit. It is audited by a
 *   trigger of its own, in the same transaction.
 * - `processes` is written by each process every few seconds: so every one of them can answer for all, without Redis. One that was not
 *   heard for half a minute is not counted.
 * - The trend is kept by process and ten minutes, the most at once of each; the reader adds up.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(signOuts)
  await knex.raw(connections)
}

export function down(): Promise<void> {
  return Promise.reject(new Error('migrations go forward only: restore a backup instead'))
}

const signOuts = `
  alter table users add column sign_outs integer not null default 0;
  alter table refresh_tokens add column sign_outs integer not null default 0;

  drop trigger users_access on users;
  create constraint trigger users_access after update of role, disabled_at, name, name_en, sign_outs on users
    deferrable initially deferred for each row
    when ((old.role, old.disabled_at, old.name, old.name_en, old.sign_outs)
      is distinct from (new.role, new.disabled_at, new.name, new.name_en, new.sign_outs))
    execute function access_changed('user', 'id');

  create trigger users_sign_out_audit after update of sign_outs on users for each row
    when (old.sign_outs is distinct from new.sign_outs) execute function audit_change('sign-out', 'sign_outs');
`

const connections = `
  -- people: [{user, devices, committees, since_ms}]
  create table processes (
    instance text primary key,
    seen_at timestamptz not null,
    connections integer not null,
    documents integer not null,
    people json not null
  );

  create table connections_trend (
    bucket integer not null,
    instance text not null,
    connections integer not null,
    users integer not null,
    primary key (bucket, instance)
  );
`
