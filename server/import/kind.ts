import type { Knex } from 'knex'
import type { UserId } from '#contract/ids.ts'
import type { ImportKind, ImportMade } from '#contract/imports.ts'
import type { Parsers, RowOf } from './columns.ts'
import type { Problems } from './problems.ts'

/** Which election, and who imports. */
export type Target = { readonly election: string; readonly by: UserId }

type Counts = { readonly created: number; readonly updated: number; readonly unchanged: number; readonly deactivated: number }

type Plan<Change> = Counts & {
  readonly made: Readonly<Partial<Record<ImportMade, number>>>
  /** Committees whose values are judged by other facts afterwards (see contract/document/values.ts). */
  readonly affects: 'all' | readonly string[]
  readonly change: Change
}

/**
 * A kind of list, as data: what its columns mean, what of the database matters to it, what would change, how that is written. Only `plan`
 * decides, and it is pure: a dry run is the same plan, not applied.
 */
export type Kind<K extends ImportKind, P extends Parsers<K>, Before, Known, Change> = {
  readonly kind: K
  readonly parsers: P
  /** Slow work before the transaction, in which others would wait for it. */
  before(database: Knex, rows: readonly RowOf<K, P>[], dry_run: boolean): Promise<Before>
  /** What is there, and stays until the transaction ends: imports of one election go one after the other. */
  known(transaction: Knex, target: Target, rows: readonly RowOf<K, P>[], before: Before): Promise<Known>
  /** Adds problems of lines that do not go together with what is there, or with each other. */
  plan(rows: readonly RowOf<K, P>[], known: Known, problems: Problems, target: Target): Plan<Change>
  apply(transaction: Knex, target: Target, change: Change): Promise<void>
}

/** Of kinds that have no slow work. */
export const nothingBefore = async (): Promise<undefined> => undefined

/** The first row of each key; every later one is a problem: which of the two is meant nobody can tell. */
export function firstOfEach<Row extends { readonly line: number }>(
  rows: readonly Row[],
  problems: Problems,
  { column, key, shown }: { readonly column: string; readonly key: (row: Row) => string; readonly shown: (row: Row) => string | number },
): readonly Row[] {
  const lines = new Map<string, number>()
  return rows.filter((row) => {
    const first_line = lines.get(key(row))
    if (first_line === undefined) lines.set(key(row), row.line)
    else problems.add(row.line, 'double', { column, value: String(shown(row)), first_line })
    return first_line === undefined
  })
}

/** Rows of one statement: bounds the text that is made of them, not what one import may hold. */
const statement_rows = 5_000

/** One statement for many rows, which it reads by json_to_recordset from its last `?`. */
export async function inPieces<Row>(
  transaction: Knex,
  sql: string,
  values: readonly (string | number)[],
  rows: readonly Row[],
): Promise<void> {
  for (let at = 0; at < rows.length; at += statement_rows) {
    await transaction.raw(sql, [...values, JSON.stringify(rows.slice(at, at + statement_rows))])
  }
}
