import type { Knex } from 'knex'
import type { ImportKind, ImportReport } from '#contract/imports.ts'
import type { Limits } from '#contract/limits.ts'
import { addImport } from '../storage/audit.ts'
import { tellFacts } from '../storage/changes.ts'
import { inTheNameOf } from '../storage/in-the-name-of.ts'
import { assignments } from './assignments.ts'
import { candidates } from './candidates.ts'
import type { Parsers } from './columns.ts'
import { committees } from './committees.ts'
import type { Kind, Target } from './kind.ts'
import { Problems } from './problems.ts'
import { results } from './results.ts'
import { roll } from './roll.ts'
import { readTable } from './table.ts'
import { users } from './users.ts'

type Importing = Target & { readonly bytes: Buffer; readonly dry_run: boolean /** Where it comes from. */; readonly address?: string }

/** Reads a list, and, if every line of it is good and it is no dry run, writes it, all of it at once. Rejects with what the database throws. */
export type Import = (kind: ImportKind, importing: Importing) => Promise<ImportReport>

/** Any number nothing else locks by, of two-number locks. */
const importLock = 4_713

export function makeImport(database: Knex, limits: Pick<Limits, 'import_lines_max'>): Import {
  const of =
    <K extends ImportKind, P extends Parsers<K>, Before, Known, Change>(kind: Kind<K, P, Before, Known, Change>) =>
    (importing: Importing) =>
      run(database, kind, importing, limits.import_lines_max)
  const kinds: Readonly<Record<ImportKind, (importing: Importing) => Promise<ImportReport>>> = {
    committees: of(committees),
    roll: of(roll),
    candidates: of(candidates),
    users: of(users),
    assignments: of(assignments),
    results: of(results),
  }
  return (kind, importing) => kinds[kind](importing)
}

const nothing = { created: 0, updated: 0, unchanged: 0, deactivated: 0, made: {} }

async function run<K extends ImportKind, P extends Parsers<K>, Before, Known, Change>(
  database: Knex,
  kind: Kind<K, P, Before, Known, Change>,
  { bytes, dry_run, election, by, address = '' }: Importing,
  lines_max: number,
): Promise<ImportReport> {
  const problems = new Problems()
  const target = { election, by }
  const { rows, lines, ignored } = await readTable(bytes, kind.kind, kind.parsers, problems, lines_max)
  const before = await kind.before(database, rows, dry_run || problems.total > 0)
  const counts = await inTheNameOf(database, { user: by, address }, async (transaction) => {
    // Two imports of one election at once: the second waits here, then plans with what the first has written. A dry run holds up nobody.
    if (!dry_run) await transaction.raw('select pg_advisory_xact_lock(?, hashtext(?))', [importLock, election])
    const { change, affects, ...planned } = kind.plan(rows, await kind.known(transaction, target, rows, before), problems, target)
    if (dry_run) return problems.total > 0 ? nothing : planned
    await addImport(transaction, { user: by, address }, kind.kind, {
      election,
      lines,
      problems: problems.total,
      ...(problems.total > 0 ? {} : planned),
    })
    if (problems.total > 0) return nothing
    await kind.apply(transaction, target, change)
    await tellFacts(transaction, affects)
    return planned
  })
  return {
    kind: kind.kind,
    dry_run,
    election,
    lines,
    ...counts,
    ignored_columns: ignored,
    problems: problems.shown,
    problems_total: problems.total,
  }
}
