import type { Knex } from 'knex'

/**
 * The journal: every accepted update of every committee, in its one order; and `journal_append`, the only way in.
 *
 * Why like this
 * - One statement appends a batch: one round trip and one commit, so that what is acknowledged costs one flush of the disk.
 * - The committees' rows are locked in sorted order, so that two batches never wait for each other in a circle. `for no key
 *   update` and not `for update`: the foreign keys of other tables (an elector, an assignment) need not wait for a commit.
 * - After the locks every statement sees what the holder before us committed: so a uuid that is already there is found, and an
 *   append whose answer was lost can be asked again.
 * - The head is a hash chain over the rows, as documented in actors/journal/store.ts; the database's own sha256 computes it, because
 *   only here, under the lock, the row before is known.
 * - Only append: a trigger forbids everything else, to the superuser too. It is the audit trail.
 * - No foreign keys on the journal itself: they are checked row by row and took 35 of the 95 ms of a batch of 1,000. The function
 *   checks the committees by locking them, and the users once a batch.
 * - `enable_seqscan off` for the function, and plans made once: they are cached when the journal is empty and must not be scans of a
 *   full one.
 * - NOTIFY carries no data, only how far a committee has come: it is dropped where nobody listens, and a poll is the floor below it.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(tables)
  await knex.raw(append)
}

export function down(): Promise<void> {
  return Promise.reject(new Error('migrations go forward only: restore a backup instead'))
}

const tables = `
  create table journal (
    committee_id text not null,
    sequence bigint not null check (sequence > 0),
    uuid uuid not null unique,
    user_id integer,
    clients bigint[] not null,
    instance text not null,
    at timestamptz not null default clock_timestamp(),
    update bytea not null,
    touches jsonb not null,
    head bytea not null,
    primary key (committee_id, sequence)
  );

  create function journal_is_append_only() returns trigger language plpgsql as $$
    begin
      raise exception 'the journal is append-only: % refused', tg_op using errcode = 'integrity_constraint_violation';
    end
  $$;
  create trigger journal_append_only before update or delete or truncate on journal
    for each statement execute function journal_is_append_only();

  -- The newest state of each committee; older ones are in the journal.
  create table snapshots (
    committee_id text primary key references committees,
    sequence bigint not null,
    head bytea not null,
    state bytea not null,
    at timestamptz not null default now()
  );

  -- Which person a Yjs client of a committee belongs to; the first to write under it keeps it.
  create table clients (
    committee_id text not null references committees,
    client bigint not null,
    user_id integer not null references users,
    primary key (committee_id, client)
  );

  -- Client ids of the server's own writes: above the 32 bits of people's.
  create sequence server_clients as bigint minvalue 4294967296 maxvalue 9007199254740991;
`

const append = `
  -- Parallel arrays, one element an entry; the updates in one piece, cut by their lengths (an array of bytea would travel as hex).
  -- Answers one receipt an entry, in the order given.
  create function journal_append(
    by_instance text, uuids uuid[], committee_ids text[], user_ids integer[], client_lists text[], touch_lists text[],
    lengths integer[], updates bytea
  ) returns table (uuid uuid, sequence bigint, head bytea, at timestamptz)
  language plpgsql volatile set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
  #variable_conflict use_column
  declare
    known_ids text[];
    entry record;
    committee text := null;
    last_sequence bigint;
    last_head bytea;
    places integer[] := '{}';
    sequences bigint[] := '{}';
    heads bytea[] := '{}';
    moved_ids text[] := '{}';
    moved_sequences bigint[] := '{}';
    moved_heads bytea[] := '{}';
  begin
    select array_agg(locked.id) into known_ids from (
      select id from committees where id = any (committee_ids) order by id for no key update
    ) locked;
    if exists (select from unnest(committee_ids) asked (id) where asked.id <> all (coalesce(known_ids, '{}'))) then
      raise exception 'unknown committee' using errcode = 'foreign_key_violation';
    end if;
    if exists (
      select from unnest(user_ids) asked (id) where asked.id is not null and not exists (select from users where users.id = asked.id)
    ) then
      raise exception 'unknown user' using errcode = 'foreign_key_violation';
    end if;

    for entry in
      select given.*, convert_to(given.committee_id, 'UTF8') as committee_bytes,
             committees.head_sequence, committees.head_hash, substring(updates from given.start for given.length) as update
        from (
          select e.uuid, e.committee_id, e.user_id, e.length, e.place::integer,
                 (1 + sum(e.length) over (order by e.place) - e.length)::integer as start,
                 row_number() over (partition by e.uuid order by e.place) as time_asked
            from unnest(uuids, committee_ids, user_ids, lengths) with ordinality e (uuid, committee_id, user_id, length, place)
        ) given
        join committees on committees.id = given.committee_id
       where given.time_asked = 1
         and not exists (select from journal where journal.uuid = given.uuid)
       order by given.committee_id, given.place
    loop
      if committee is distinct from entry.committee_id then
        if committee is not null then
          moved_ids := moved_ids || committee;
          moved_sequences := moved_sequences || last_sequence;
          moved_heads := moved_heads || last_head;
        end if;
        committee := entry.committee_id;
        last_sequence := entry.head_sequence;
        last_head := entry.head_hash;
      end if;
      last_sequence := last_sequence + 1;
      last_head := sha256(
        last_head || entry.committee_bytes || int8send(last_sequence) || int8send(coalesce(entry.user_id, 0)) ||
        uuid_send(entry.uuid) || entry.update
      );
      places := places || entry.place;
      sequences := sequences || last_sequence;
      heads := heads || last_head;
    end loop;

    if committee is not null then
      moved_ids := moved_ids || committee;
      moved_sequences := moved_sequences || last_sequence;
      moved_heads := moved_heads || last_head;

      insert into journal (committee_id, sequence, uuid, user_id, clients, instance, update, touches, head)
        select e.committee_id, n.sequence, e.uuid, e.user_id, e.clients::bigint[], by_instance,
               substring(updates from e.start for e.length), e.touches::jsonb, n.head
          from unnest(places, sequences, heads) n (place, sequence, head)
          join (
            select *, (1 + sum(length) over (order by place) - length)::integer as start
              from unnest(uuids, committee_ids, user_ids, client_lists, touch_lists, lengths)
                   with ordinality g (uuid, committee_id, user_id, clients, touches, length, place)
          ) e on e.place = n.place
         order by e.committee_id, n.sequence;

      insert into clients (committee_id, client, user_id)
        select distinct on (e.committee_id, c.client) e.committee_id, c.client, e.user_id
          from unnest(places) n (place)
          join unnest(committee_ids, user_ids, client_lists) with ordinality e (committee_id, user_id, clients, place)
            on e.place = n.place
         cross join unnest(e.clients::bigint[]) c (client)
         where e.user_id is not null
         order by e.committee_id, c.client, n.place
        on conflict do nothing;

      update committees
         set head_sequence = moved.sequence, head_hash = moved.head
        from unnest(moved_ids, moved_sequences, moved_heads) moved (id, sequence, head)
       where committees.id = moved.id;

      perform pg_notify('lajna_journal', moved.id || ':' || moved.sequence || ':' || by_instance)
         from unnest(moved_ids, moved_sequences) moved (id, sequence);
    end if;

    return query
      select journal.uuid, journal.sequence, journal.head, journal.at
        from unnest(uuids) with ordinality asked (uuid, place)
        join journal on journal.uuid = asked.uuid
       order by asked.place;
  end
  $$;
`
