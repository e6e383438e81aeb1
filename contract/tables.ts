import { auditTable } from './audit.ts'
import { documentSchema } from './document/schema.ts'
import { importColumns, importKinds, importRules } from './imports.ts'
import { limitTable } from './limits.ts'
import { refusals } from './refusals.ts'
import { phases, rights, rightsOfPhase, rightsOfRole, roles } from './rights.ts'

// The tables of the documents, rendered from what the code itself reads, so that they cannot drift from it.

const cell = (text: string): string => text.replaceAll('|', '\\|')
const code = (text: string): string => (text === '' ? '' : `\`${text}\``)
const thousands = (count: number): string => count.toString().replace(/\B(?=(?:\d{3})+$)/g, ',')

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

const authors = {
  anyone: 'anyone with the right',
  self: 'the user in the key',
  'self-or-coordinating': 'the user in the key; coordinators and above in any name',
  'self-and-client': 'the user in the key, through the client in the key',
} as const satisfies Record<(typeof documentSchema)[number]['author'], string>

const schema = (): string =>
  table(
    ['root', 'kind', 'key', 'value', 'right', 'who', 'merge'],
    documentSchema.map(({ root, kind, key, value, right, author, merge }) => [
      code(root),
      kind,
      code(key),
      value,
      right === 'server' ? 'the server alone' : code(right),
      right === 'server' ? '' : authors[author],
      merge,
    ]),
  )

const refusalTable = (): string =>
  table(
    ['code', 'socket', 'http', 'try again'],
    Object.entries(refusals).map(([name, row]: [string, { readonly socket?: number; readonly http: number; readonly retry: string }]) => [
      code(name),
      row.socket?.toString() ?? '',
      row.http.toString(),
      row.retry,
    ]),
  )

const limits = (): string =>
  table(
    ['limit', 'default', 'of'],
    Object.entries(limitTable).map(([name, row]) => [code(name), thousands(row.default), row.why]),
  )

const imports = (): string =>
  table(
    ['list', 'columns', 'what becomes of a line'],
    importKinds.map((kind) => [
      code(kind),
      Object.entries(importColumns[kind])
        .map(([column, need]) => (need === 'required' ? code(column) : `(${code(column)})`))
        .join(', '),
      importRules[kind],
    ]),
  )

const audit = (): string =>
  table(
    ['kind', 'says'],
    Object.entries(auditTable).map(([kind, { about }]) => [code(kind), about]),
  )

function crosses<Column extends string>(columns: readonly Column[], has: (column: Column) => readonly string[]): string {
  return table(
    ['right', ...columns],
    rights.map((right) => [code(right), ...columns.map((column) => (has(column).includes(right) ? '×' : ''))]),
  )
}

/** Markdown of each table by the name it has in a document's markers. */
export const tables: Readonly<Record<string, () => string>> = {
  schema,
  refusals: refusalTable,
  limits,
  imports,
  audit,
  roles: () => crosses(roles, (role) => rightsOfRole[role]),
  phases: () => crosses(phases, (phase) => rightsOfPhase[phase]),
}

/**
 * Puts every table between its markers, `<!-- table: name -->` and `<!-- end of table -->`; the rest stays as it is. A name that is
 * none of ours keeps what it has: another generator may own it.
 */
export function fillTables(markdown: string, from: Readonly<Record<string, () => string>> = tables): string {
  return markdown.replace(
    /(<!-- table: ([a-z]+) -->\n)[\s\S]*?(<!-- end of table -->)/g,
    (whole, start: string, name: string, end: string) => (Object.hasOwn(from, name) ? `${start}${from[name]?.()}\n${end}` : whole),
  )
}
