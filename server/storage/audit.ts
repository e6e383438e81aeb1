import type { Knex } from 'knex'
import type { StoreFault } from '#actors/journal/store.ts'
import type { AuditEntry, AuditFilter, Colleague } from '#contract/api.ts'
import type { AuditKind } from '#contract/audit.ts'
import type { CommitteeId, UserId } from '#contract/ids.ts'
import type { ImportKind } from '#contract/imports.ts'
import { err, ok, type Result } from '#contract/result.ts'
import { storeFault } from './faults.ts'
import type { Actor } from './in-the-name-of.ts'

/** An entry on its way into the log. Its uuid is made once and kept over retries; `age_ms`: how long ago, so that no process's clock matters. */
export type AuditRow = {
  readonly uuid: string
  readonly age_ms: number
  readonly kind: AuditKind
  readonly user?: UserId
  readonly login?: string
  readonly address?: string
  readonly committee?: string
  readonly code?: string
  readonly subject?: string
  readonly times: number
  readonly details?: Readonly<Record<string, unknown>>
  readonly instance: string
}

/** The audit log. What is in it stays as it is: there is no other way in than to add. */
export type AuditLog = {
  /** All or none; a row whose uuid is there already is not written again. */
  append(rows: readonly AuditRow[]): Promise<Result<undefined, StoreFault>>
  /** Newest first, below the id `before` where there is one. Rejects when the database does not answer. */
  list(filter: AuditFilter, page: { readonly before?: number; readonly limit: number }): Promise<readonly AuditEntry[]>
}

export function makeAuditLog(database: Knex): AuditLog {
  return {
    async append(rows) {
      try {
        await database.raw(insertSql, [JSON.stringify(rows)])
        return ok()
      } catch (fault) {
        return err(storeFault(fault))
      }
    },

    async list(filter, { before, limit }) {
      const { where, values } = conditions({ ...filter, ...(before === undefined ? {} : { before }) })
      const { rows } = await database.raw<{ rows: EntryRow[] }>(`${listSql} ${where} order by audit.id desc limit ?`, [...values, limit])
      return rows.map(entryOf)
    },
  }
}

/** In the transaction of the import itself: neither is there without the other. */
export async function addImport(
  transaction: Knex,
  { user, address }: Actor,
  kind: ImportKind,
  outcome: Readonly<Record<string, unknown>> & { readonly problems: number },
): Promise<void> {
  await transaction('audit').insert({
    kind: 'import' satisfies AuditKind,
    user_id: user,
    address: address || null,
    code: outcome.problems === 0 ? null : 'malformed',
    subject: kind,
    details: JSON.stringify(outcome),
  })
}

const insertSql = `
  insert into audit (uuid, at, kind, user_id, login, address, committee_id, code, subject, times, details, instance)
  select row.uuid, clock_timestamp() - make_interval(secs => row.age_ms / 1000.0), row.kind, row."user", row.login, row.address,
         row.committee, row.code, row.subject, row.times, coalesce(row.details, '{}'), row.instance
    from json_to_recordset(?) row
         (uuid uuid, age_ms double precision, kind text, "user" integer, login text, address text, committee text, code text,
          subject text, times integer, details jsonb, instance text)
  on conflict (uuid) do nothing`

const listSql = `
  select audit.id, audit.kind, (extract(epoch from audit.at) * 1000)::double precision as at_ms, audit.times, audit.user_id,
         users.login as user_login, users.name, users.name_en, audit.login, audit.address, audit.committee_id, committees.code as committee_code,
         audit.code, audit.subject, audit.details, audit.instance
    from audit
    left join users on users.id = audit.user_id
    left join committees on committees.id = audit.committee_id`

type Asked = AuditFilter & { readonly before?: number }

/** One condition for each part of the filter; a text may stand in any of the texts. */
const tests: { readonly [Name in keyof Required<Asked>]: string } = {
  kind: 'audit.kind = ?',
  user: 'audit.user_id = ?',
  committee: 'audit.committee_id = ?',
  code: 'audit.code = ?',
  text: `concat_ws(' ', users.login, users.name, users.name_en, audit.login, audit.address, audit.code, audit.subject, audit.details) ilike ?`,
  from: 'audit.at >= to_timestamp(? / 1000.0)',
  to: 'audit.at < to_timestamp(? / 1000.0)',
  before: 'audit.id < ?',
}

function conditions(asked: Asked): { readonly where: string; readonly values: readonly (string | number)[] } {
  const given = (Object.keys(tests) as (keyof Asked)[]).flatMap((name) => {
    const value = asked[name]
    return value === undefined
      ? []
      : [{ test: tests[name], value: name === 'text' ? `%${asked.text?.replace(/[\\%_]/g, '\\$&')}%` : value }]
  })
  const where = given.length === 0 ? '' : `where ${given.map(({ test }) => test).join(' and ')}`
  return { where, values: given.map(({ value }) => value) }
}

type EntryRow = {
  readonly id: string
  readonly kind: AuditKind
  readonly at_ms: number
  readonly times: number
  readonly user_id: UserId | null
  readonly user_login: string | null
  readonly name: string | null
  readonly name_en: string | null
  readonly login: string | null
  readonly address: string | null
  readonly committee_id: CommitteeId | null
  readonly committee_code: string | null
  readonly code: string | null
  readonly subject: string | null
  readonly details: Readonly<Record<string, unknown>>
  readonly instance: string
}

function entryOf({ id, kind, at_ms, times, details, instance, login, address, code, subject, ...row }: EntryRow): AuditEntry {
  const { user_id, committee_id } = row
  return {
    id: Number(id),
    kind,
    at_ms: Math.floor(at_ms),
    times,
    ...(user_id === null ? {} : { user: personOf(user_id, row) }),
    ...(login === null ? {} : { login }),
    ...(address === null ? {} : { address }),
    ...(committee_id === null ? {} : { committee: { id: committee_id, code: row.committee_code ?? committee_id } }),
    ...(code === null ? {} : { code }),
    ...(subject === null ? {} : { subject }),
    details,
    instance,
  }
}

/** Somebody who was deleted since is known by their number. */
const personOf = (
  id: UserId,
  { user_login, name, name_en }: Pick<EntryRow, 'user_login' | 'name' | 'name_en'>,
): Colleague & { readonly login: string } => ({
  id,
  login: user_login ?? String(id),
  name: name ?? String(id),
  ...(name_en === null ? {} : { name_en }),
})
