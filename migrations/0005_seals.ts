import type { Knex } from 'knex'

/**
 * Seals, and what was refused and is kept aside.
 *
 * Why like this
 * - A refused update leaves a hole in its client's clocks, so nothing of that client can follow. The seal makes that final, and the
 *   phone writes anew, under another client, what was good: safe only if the old client can never come again, on any instance. So
 *   the seal is a row here, taken under the lock that orders the journal, and `journal_append` looks for it under the same lock.
 * - `journal_seal` answers `behind` where the journal has rows of these clients that the caller has not seen: the clock it gives
 *   would be wrong, and what it calls refused may be committed.
 * - What is kept comes in the same transaction: a crash leaves neither a seal without what was refused nor the reverse.
 * - `json`, not `jsonb`: what attackers write is in it, and jsonb refuses some of what JSON allows (U+0000), and so do
 *   the operators that read into either: what people wrote goes in and out whole.
 * - One entry a sealed client, so that nothing can be admitted twice. A phone that comes back sends its edits first one by one and then
 *   whole: the first is refused and sealed, and the whole takes the place of what was kept of the same client. Where nothing can be
 *   sealed (not a Yjs update at all), one for the same bytes of the same person.
 * - Admitting is a row of the journal with the entry's own id: the id finds a second try, and the decision is written with the row.
 * - `journal_append` answers a null sequence for what it may not write, and appends the rest. Its new arguments have defaults: a
 *   process of the version before goes on until it is replaced.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(tables)
  await knex.raw(seal)
  await knex.raw('drop function journal_append (text, uuid[], text[], integer[], text[], text[], integer[], bytea)')
  await knex.raw(append)
}

export function down(): Promise<void> {
  return Promise.reject(new Error('migrations go forward only: restore a backup instead'))
}

const tables = `
  create table seals (
    committee_id text not null references committees,
    client bigint not null,
    user_id integer not null references users,
    -- First clock of the client that will never be in the document.
    clock bigint not null check (clock >= 0),
    at timestamptz not null default clock_timestamp(),
    primary key (committee_id, client)
  );

  create table aside (
    id uuid primary key,
    committee_id text not null references committees,
    user_id integer not null references users,
    client bigint,
    clock bigint,
    -- First clock of the client behind what is kept of it.
    clock_end bigint,
    -- Its author has taken over and writes anew what was good: nothing more is kept of the client.
    final boolean not null default false,
    kind text not null check (kind in ('refused', 'late')),
    reasons json not null,
    writes json not null,
    more integer not null check (more >= 0),
    update bytea not null,
    -- What it takes of its author's room.
    bytes bigint not null,
    instance text not null,
    at timestamptz not null default clock_timestamp(),
    decision text check (decision in ('admitted', 'dropped')),
    decided_at timestamptz,
    decided_by integer references users,
    why text,
    -- The row that admitted it.
    sequence bigint,
    check (num_nulls(client, clock, clock_end) in (0, 3)),
    check (num_nulls(decision, decided_at, decided_by) in (0, 3)),
    check ((decision is not distinct from 'admitted') = (sequence is not null))
  );
  create unique index aside_once on aside (committee_id, client, clock) where client is not null;
  create unique index aside_once_unread on aside (committee_id, user_id, sha256(update)) where client is null;
  create index aside_waiting on aside (committee_id, user_id) where decided_at is null;
`

const seal = `
  -- The parts of what is kept as parallel arrays, one element a client; null clients where nothing could be sealed.
  create function journal_seal(
    by_instance text, committee text, after bigint, seal_clients bigint[], seal_users integer[], seal_clocks bigint[], is_final boolean,
    entries_max bigint, bytes_max bigint, author integer, kept_kind text, kept_reasons json, kept_more integer, kept_update bytea,
    part_ids uuid[], part_clients bigint[], part_clocks bigint[], part_ends bigint[], part_writes text[], part_bytes bigint[]
  ) returns json language plpgsql volatile as $$
  #variable_conflict use_column
  declare
    known_clients bigint[];
    said json;
    part record;
    existing record;
    taken record;
    outcomes text[] := '{}';
  begin
    perform from committees where id = committee for no key update;
    if not found then
      raise exception 'unknown committee' using errcode = 'foreign_key_violation';
    end if;
    if exists (select from journal where committee_id = committee and sequence > after and clients && seal_clients) then
      return json_build_object('answer', 'behind');
    end if;

    select json_agg(json_build_object('client', seals.client, 'user', seals.user_id, 'clock', seals.clock)) into said
      from seals
      join unnest(seal_clients, seal_users) asked (client, user_id) on asked.client = seals.client
     where seals.committee_id = committee and seals.user_id <> asked.user_id;
    if said is not null then
      return json_build_object('answer', 'foreign', 'seals', said);
    end if;

    select coalesce(array_agg(client), '{}') into known_clients
      from seals where committee_id = committee and client = any (seal_clients || part_clients);
    insert into seals (committee_id, client, user_id, clock)
      select committee, asked.client, asked.user_id, asked.clock
        from unnest(seal_clients, seal_users, seal_clocks) asked (client, user_id, clock)
      on conflict do nothing;

    for part in
      select * from unnest(part_ids, part_clients, part_clocks, part_ends, part_writes, part_bytes) p (id, client, clock, clock_end, writes, bytes)
    loop
      select id, clock_end, final or decided_at is not null as closed into existing
        from aside
       where committee_id = committee
         and case when part.client is null then client is null and user_id = author and sha256(update) = sha256(kept_update)
                  else client = part.client and clock = part.clock end;
      if existing.id is not null and (existing.closed or part.client is null or part.clock_end <= existing.clock_end)
         or existing.id is null and part.client = any (known_clients) then
        outcomes := outcomes || 'not'::text;
        continue;
      end if;
      select count(*) as entries, coalesce(sum(bytes), 0) as bytes into taken
        from aside where committee_id = committee and user_id = author and decided_at is null and id is distinct from existing.id;
      if taken.entries >= entries_max or taken.bytes + part.bytes > bytes_max then
        outcomes := outcomes || 'no-room'::text;
      elsif existing.id is not null then
        update aside
           set clock_end = part.clock_end, kind = kept_kind, reasons = kept_reasons, writes = part.writes::json, more = kept_more,
               update = kept_update, bytes = part.bytes, instance = by_instance, at = clock_timestamp()
         where id = existing.id;
        outcomes := outcomes || 'grown'::text;
      else
        insert into aside (id, committee_id, user_id, client, clock, clock_end, kind, reasons, writes, more, update, bytes, instance)
          values (part.id, committee, author, part.client, part.clock, part.clock_end, kept_kind, kept_reasons, part.writes::json, kept_more,
                  kept_update, part.bytes, by_instance);
        outcomes := outcomes || 'kept'::text;
      end if;
    end loop;

    if is_final then
      update aside set final = true where committee_id = committee and client = any (seal_clients) and not final;
      select json_agg(reasons) into said from aside where committee_id = committee and client = any (seal_clients);
    end if;
    return json_build_object('answer', 'sealed', 'known', known_clients, 'kept', outcomes, 'reasons', coalesce(said, '[]'), 'seals', (
      select coalesce(json_agg(json_build_object('client', client, 'user', user_id, 'clock', clock) order by client), '[]')
        from seals where committee_id = committee and client = any (seal_clients)
    ));
  end
  $$;
`

const append = `
  -- Parallel arrays, one element an entry; the updates in one piece, cut by their lengths (an array of bytea would travel as hex).
  -- Answers one receipt an entry, in the order given; a null sequence for one that brings structs of a sealed client, or admits what
  -- was kept aside and is decided.
  create function journal_append(
    by_instance text, uuids uuid[], committee_ids text[], user_ids integer[], client_lists text[], touch_lists text[],
    lengths integer[], updates bytea, admitted_by integer[] default null, whys text[] default null
  ) returns table (uuid uuid, sequence bigint, head bytea, at timestamptz)
  language plpgsql volatile set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
  #variable_conflict use_column
  declare
    known_ids text[];
    sealed_ids text[];
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

    select coalesce(array_agg(distinct committee_id), '{}') into sealed_ids from seals where committee_id = any (known_ids);

    for entry in
      select given.*, convert_to(given.committee_id, 'UTF8') as committee_bytes,
             committees.head_sequence, committees.head_hash, substring(updates from given.start for given.length) as update
        from (
          select e.uuid, e.committee_id, e.user_id, e.clients, e.length, e.place::integer, e.admitted_by,
                 (1 + sum(e.length) over (order by e.place) - e.length)::integer as start,
                 row_number() over (partition by e.uuid order by e.place) as time_asked
            from unnest(uuids, committee_ids, user_ids, client_lists, lengths, admitted_by)
                 with ordinality e (uuid, committee_id, user_id, clients, length, admitted_by, place)
        ) given
        join committees on committees.id = given.committee_id
       where given.time_asked = 1
         and not exists (select from journal where journal.uuid = given.uuid)
         and (given.committee_id <> all (sealed_ids) or not exists (
               select from seals where seals.committee_id = given.committee_id and seals.client = any (given.clients::bigint[])
             ))
         and (given.admitted_by is null or exists (
               select from aside where aside.id = given.uuid and aside.committee_id = given.committee_id and aside.decided_at is null
             ))
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

      if cardinality(array_remove(admitted_by, null)) > 0 then
        update aside
           set decision = 'admitted', decided_at = clock_timestamp(), decided_by = e.admitted_by, why = e.why, sequence = n.sequence
          from unnest(places, sequences) n (place, sequence)
          join unnest(uuids, admitted_by, whys) with ordinality e (uuid, admitted_by, why, place) on e.place = n.place
         where e.admitted_by is not null and aside.id = e.uuid;
      end if;

      update committees
         set head_sequence = moved.sequence, head_hash = moved.head
        from unnest(moved_ids, moved_sequences, moved_heads) moved (id, sequence, head)
       where committees.id = moved.id;

      perform pg_notify('lajna_journal', moved.id || ':' || moved.sequence || ':' || by_instance)
         from unnest(moved_ids, moved_sequences) moved (id, sequence);
    end if;

    return query
      select asked.uuid, journal.sequence, journal.head, journal.at
        from unnest(uuids) with ordinality asked (uuid, place)
        left join journal on journal.uuid = asked.uuid
       order by asked.place;
  end
  $$;
`
