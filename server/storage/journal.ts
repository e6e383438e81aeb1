import pg from 'pg'
import {
  asideBytes,
  type Entry,
  type JournalStore,
  type Kept,
  type Receipt,
  type Row,
  type Seal,
  type SealAnswer,
  type SealRequest,
  type Snapshot,
  type StoreFault,
  type Touch,
} from '#actors/journal/store.ts'
import type { Log } from '#actors/kernel/log.ts'
import type { ClientId, CommitteeId, Sequence, UserId } from '#contract/ids.ts'
import type { Reason } from '#contract/messages.ts'
import { err, ok, type Result } from '#contract/result.ts'
import { storeFault } from './faults.ts'

export type JournalOptions = {
  readonly url: string
  /** Written into every row, and into the NOTIFY, so that a process can tell its own. */
  readonly instance: string
  readonly log: Log
}

/** An append runs alone (the journal actor sends the next batch after the answer); the others serve loading and the poll. */
const connections_max = 4
const connect_ms_max = 5_000
/**
 * A commit that waits for a lock simply waits, so this is long; but a database that vanished without closing its sockets must turn
 * into `unavailable` some day. The server gives up first, so that no cancelled append is still waiting when it is asked again.
 */
const statement_ms_max = 25_000
const answer_ms_max = 30_000

/** The journal on Postgres; the SQL that matters is `journal_append` and `journal_seal` in migrations/0005_seals.ts. */
export class PostgresJournal implements JournalStore {
  readonly #pool: pg.Pool
  readonly #instance: string
  readonly #log: Log

  constructor({ url, instance, log }: JournalOptions) {
    this.#instance = instance
    this.#log = log
    this.#pool = new pg.Pool({
      connectionString: url,
      max: connections_max,
      connectionTimeoutMillis: connect_ms_max,
      statement_timeout: statement_ms_max,
      query_timeout: answer_ms_max,
      keepAlive: true,
      application_name: `lajna journal ${instance}`,
      // Whatever the database's own default is: acknowledged means on the disk.
      options: '-c synchronous_commit=on',
    })
    // An idle connection that breaks is dropped by the pool; the next question opens another and meets the fault itself, if it lasts.
    this.#pool.on('error', (fault) => log.warn({ fault: fault.message }, 'a journal connection broke'))
  }

  async append(entries: readonly Entry[]): Promise<Result<readonly (Receipt | null)[], StoreFault>> {
    if (entries.length === 0) return ok([])
    const answer = await this.#ask<{ uuid: string; sequence: string | null; head: Buffer; at: Date }>({
      name: 'append',
      text: `select * from journal_append($1, $2::uuid[], $3::text[], $4::integer[], $5::text[], $6::text[], $7::integer[], $8,
                                           $9::integer[], $10::text[])`,
      values: [
        this.#instance,
        entries.map((entry) => entry.uuid),
        entries.map((entry) => entry.committee),
        entries.map((entry) => entry.user),
        entries.map((entry) => `{${entry.clients.join(',')}}`),
        entries.map((entry) => JSON.stringify(entry.touches)),
        entries.map((entry) => entry.update.byteLength),
        Buffer.concat(entries.map((entry) => entry.update)),
        entries.map((entry) => entry.admits?.by ?? null),
        entries.map((entry) => entry.admits?.why ?? null),
      ],
    })
    if (!answer.ok) return answer
    return ok(
      answer.value.map((row) =>
        row.sequence === null
          ? null
          : { uuid: row.uuid, sequence: Number(row.sequence) as Sequence, head: row.head.toString('hex'), at_ms: row.at.getTime() },
      ),
    )
  }

  async read(committee: CommitteeId, after: Sequence, limit: number): Promise<Result<readonly Row[], StoreFault>> {
    const answer = await this.#ask<JournalRow>({
      name: 'read',
      text: `select sequence, uuid, user_id, clients, instance, at, update, touches, head
               from journal where committee_id = $1 and sequence > $2 order by sequence limit $3`,
      values: [committee, after, limit],
    })
    return answer.ok ? ok(answer.value.map((row) => rowOf(committee, row))) : answer
  }

  async heads(committees: readonly CommitteeId[]): Promise<Result<ReadonlyMap<CommitteeId, Sequence>, StoreFault>> {
    if (committees.length === 0) return ok(new Map())
    const answer = await this.#ask<{ id: CommitteeId; head_sequence: string }>({
      name: 'heads',
      text: 'select id, head_sequence from committees where id = any ($1)',
      values: [committees],
    })
    return answer.ok ? ok(new Map(answer.value.map((row) => [row.id, Number(row.head_sequence) as Sequence]))) : answer
  }

  async snapshot(committee: CommitteeId): Promise<Result<Snapshot | null, StoreFault>> {
    const answer = await this.#ask<{ sequence: string; head: Buffer; state: Buffer }>({
      name: 'snapshot',
      text: 'select sequence, head, state from snapshots where committee_id = $1',
      values: [committee],
    })
    if (!answer.ok) return answer
    const row = answer.value[0]
    return ok(row ? { sequence: Number(row.sequence) as Sequence, head: row.head.toString('hex'), state: bytes(row.state) } : null)
  }

  async saveSnapshot(committee: CommitteeId, snapshot: Snapshot): Promise<Result<undefined, StoreFault>> {
    const answer = await this.#ask({
      name: 'save snapshot',
      text: `insert into snapshots (committee_id, sequence, head, state) values ($1, $2, $3, $4)
             on conflict (committee_id) do update
                set sequence = excluded.sequence, head = excluded.head, state = excluded.state, at = excluded.at
              where snapshots.sequence < excluded.sequence`,
      values: [committee, snapshot.sequence, Buffer.from(snapshot.head, 'hex'), snapshot.state],
    })
    return answer.ok ? ok() : answer
  }

  async owners(committee: CommitteeId): Promise<Result<ReadonlyMap<ClientId, UserId>, StoreFault>> {
    const answer = await this.#ask<{ client: string; user_id: UserId }>({
      name: 'owners',
      text: 'select client, user_id from clients where committee_id = $1',
      values: [committee],
    })
    return answer.ok ? ok(new Map(answer.value.map((row) => [Number(row.client) as ClientId, row.user_id]))) : answer
  }

  async seal(committee: CommitteeId, { after, seals, final, aside, room }: SealRequest): Promise<Result<SealAnswer, StoreFault>> {
    const parts = aside?.parts ?? []
    const answer = await this.#ask<{ journal_seal: SealedRow }>({
      name: 'seal',
      text: `select journal_seal($1, $2, $3, $4::bigint[], $5::integer[], $6::bigint[], $7, $8, $9, $10, $11, $12, $13, $14,
                                 $15::uuid[], $16::bigint[], $17::bigint[], $18::bigint[], $19::text[], $20::bigint[])`,
      values: [
        this.#instance,
        committee,
        after,
        seals.map(({ client }) => client),
        seals.map(({ user }) => user),
        seals.map(({ clock }) => clock),
        final,
        room.entries_max,
        room.bytes_max,
        aside?.user ?? null,
        aside?.kind ?? null,
        aside === undefined ? null : JSON.stringify(aside.reasons),
        aside?.more ?? null,
        aside?.update ?? null,
        parts.map(({ id }) => id),
        parts.map(({ sealed }) => sealed?.client ?? null),
        parts.map(({ sealed }) => sealed?.clock ?? null),
        parts.map(({ sealed }) => sealed?.end ?? null),
        parts.map(({ writes }) => JSON.stringify(writes)),
        parts.map((part) => (aside === undefined ? 0 : asideBytes(aside, part))),
      ],
    })
    if (!answer.ok) return answer
    const said = answer.value[0]?.journal_seal
    if (said === undefined) return err('unavailable')
    if (said.answer !== 'sealed') return ok(said)
    const { known, ...sealed } = said
    return ok({
      ...sealed,
      reasons: sealed.reasons.flat(),
      seals: sealed.seals.map((seal) => ({ ...seal, known: known.includes(seal.client) })),
    })
  }

  async seals(committee: CommitteeId): Promise<Result<readonly Seal[], StoreFault>> {
    const answer = await this.#ask<{ client: string; user_id: UserId; clock: string }>({
      name: 'seals',
      text: 'select client, user_id, clock from seals where committee_id = $1',
      values: [committee],
    })
    if (!answer.ok) return answer
    return ok(answer.value.map((row) => ({ client: Number(row.client) as ClientId, user: row.user_id, clock: Number(row.clock) })))
  }

  async timeOf(committee: CommitteeId, client: ClientId, place: Touch, before: Sequence): Promise<Result<number | null, StoreFault>> {
    const answer = await this.#ask<{ at: Date }>({
      name: 'time of',
      text: `select at from journal
              where committee_id = $1 and sequence < $4 and clients @> array[$2::bigint] and touches @> $3::jsonb
              order by sequence desc limit 1`,
      values: [committee, client, JSON.stringify([place]), before],
    })
    return answer.ok ? ok(answer.value[0]?.at.getTime() ?? null) : answer
  }

  async serverClient(): Promise<Result<ClientId, StoreFault>> {
    const answer = await this.#ask<{ client: string }>({ name: 'server client', text: "select nextval('server_clients') as client" })
    return answer.ok ? ok(Number(answer.value[0]?.client) as ClientId) : answer
  }

  /** After what is running; nothing may be asked any more. */
  async close(): Promise<void> {
    await this.#pool.end()
  }

  /** Every statement is prepared once a connection, under its name. A connection that met a fault is not used again. */
  async #ask<Answer extends pg.QueryResultRow>(query: pg.QueryConfig): Promise<Result<readonly Answer[], StoreFault>> {
    try {
      return ok((await this.#pool.query<Answer>(query)).rows)
    } catch (fault) {
      const kind = storeFault(fault)
      this.#log.warn({ asked: query.name, kind, fault: fault instanceof Error ? fault.message : String(fault) }, 'the journal failed')
      return err(kind)
    }
  }
}

type SealedRow =
  | Exclude<SealAnswer, { answer: 'sealed' }>
  | {
      readonly answer: 'sealed'
      readonly seals: readonly Seal[]
      readonly known: readonly ClientId[]
      readonly kept: readonly Kept[]
      /** A list for each entry. */
      readonly reasons: readonly (readonly Reason[])[]
    }

type JournalRow = {
  readonly sequence: string
  readonly uuid: string
  readonly user_id: UserId | null
  readonly clients: readonly string[]
  readonly instance: string
  readonly at: Date
  readonly update: Buffer
  readonly touches: readonly Touch[]
  readonly head: Buffer
}

function rowOf(committee: CommitteeId, row: JournalRow): Row {
  return {
    uuid: row.uuid,
    committee,
    user: row.user_id,
    clients: row.clients.map((client) => Number(client) as ClientId),
    update: bytes(row.update),
    touches: row.touches,
    sequence: Number(row.sequence) as Sequence,
    instance: row.instance,
    at_ms: row.at.getTime(),
    head: row.head.toString('hex'),
  }
}

/** A plain view of the same bytes: what leaves the store is no Buffer, whose methods (slice) differ. */
const bytes = (buffer: Buffer) => new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
