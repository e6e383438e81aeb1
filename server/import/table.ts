import { type ImportKind, type ImportProblemCode, importColumns } from '#contract/imports.ts'
import type { Parse, Parsers, RowOf } from './columns.ts'
import { type CsvRecord, readCsv } from './csv.ts'
import type { Problems } from './problems.ts'

export type Table<Row> = {
  /** Lines in which every cell could be read. */
  readonly rows: readonly Row[]
  /** Lines with something in them, without the header. */
  readonly lines: number
  readonly ignored: readonly string[]
}

type Place = { readonly column: string; readonly at: number; readonly required: boolean; readonly parse: Parse<unknown> }
type Header = { readonly places: readonly Place[]; readonly fields: number; readonly ignored: readonly string[] }

/** A file as a table of its kind. Whatever is wrong with it is added to the problems; then the rows are of use to nobody. */
export async function readTable<Kind extends ImportKind, P extends Parsers<Kind>>(
  bytes: Buffer,
  kind: Kind,
  parsers: P,
  problems: Problems,
  lines_max: number,
): Promise<Table<RowOf<Kind, P>>> {
  const rows: RowOf<Kind, P>[] = []
  let header: Header | undefined
  let lines = 0
  /** False where nothing after it has a meaning. */
  const take = (record: CsvRecord): boolean => {
    if (header === undefined) {
      if ('problem' in record) problems.add(record.line, record.problem)
      else header = headerOf(record.fields, kind, parsers, record.line, problems)
      return problems.total === 0
    }
    lines += 1
    if (lines > lines_max) {
      problems.add(record.line, 'not-read')
      return false
    }
    if ('problem' in record) problems.add(record.line, record.problem)
    else {
      const row = rowOf(record, header, problems)
      if (row !== undefined) rows.push(row as RowOf<Kind, P>)
    }
    return true
  }
  for await (const records of readCsv(bytes)) if (!records.every(take)) break
  if (header === undefined && problems.total === 0) problems.add(1, 'empty-file')
  return { rows, lines, ignored: ignoredIn(header) }
}

const ignoredIn = (header: Header | undefined): readonly string[] => header?.ignored ?? []

/** Names of columns in any order and any case of letters. */
function headerOf<Kind extends ImportKind>(
  fields: readonly string[],
  kind: Kind,
  parsers: Parsers<Kind>,
  line: number,
  problems: Problems,
): Header {
  const names = fields.map((field) => field.trim().toLowerCase())
  const places: Place[] = []
  for (const [column, need] of Object.entries<'required' | 'optional'>(importColumns[kind])) {
    const at = names.indexOf(column)
    const required = need === 'required'
    if (at === -1) {
      if (required) problems.add(line, 'missing-column', { column })
      continue
    }
    if (names.lastIndexOf(column) !== at) problems.add(line, 'double-column', { column })
    places.push({ column, at, required, parse: parsers[column as keyof typeof parsers] })
  }
  const ignored = names.filter((name) => name !== '' && !Object.hasOwn(importColumns[kind], name)).slice(0, 50)
  return { places, fields: names.length, ignored: ignored.map((name) => name.slice(0, 60)) }
}

/** Undefined where any cell is wrong; all of them are told. */
function rowOf(record: Extract<CsvRecord, { readonly fields: unknown }>, header: Header, problems: Problems) {
  const { line, fields } = record
  // Spreadsheets end lines with empty fields; a field that says something has slipped into a place that is not its own.
  if (fields.length < header.fields || fields.slice(header.fields).some((field) => field.trim() !== '')) {
    problems.add(line, 'fields', { value: String(fields.length) })
    return undefined
  }
  const before = problems.total
  const row: Record<string, unknown> = { line }
  for (const { column, at, required, parse } of header.places) {
    const value = fields[at] ?? ''
    const cell = readCell(value, required, parse)
    if (cell.ok) row[column] = cell.value
    else problems.add(line, cell.error, { column, value })
  }
  return problems.total === before ? row : undefined
}

function readCell(value: string, required: boolean, parse: Parse<unknown>): ReturnType<Parse<unknown>> {
  const wrong = (error: ImportProblemCode) => ({ ok: false, error }) as const
  // What stands where bytes were no UTF-8: a file of another encoding would make nonsense of every name.
  if (value.includes('\uFFFD')) return wrong('not-utf8')
  const parsed = parse(value)
  // Asked after it was cleaned: a name of nothing but marks is blank.
  const isBlank = value.trim() === '' || (parsed.ok && parsed.value === '')
  return required && isBlank ? wrong('blank') : parsed
}
