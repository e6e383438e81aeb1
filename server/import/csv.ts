import { setImmediate as breathe } from 'node:timers/promises'
import { type Parser, parse } from 'csv-parse'

/** One record, at the line of the file it begins in, the first being 1. */
export type CsvRecord =
  | { readonly line: number; readonly fields: readonly string[] }
  /** Quotes do not go together here (`bad-quotes`); or from here on nothing was read, as too many do not (`not-read`). */
  | { readonly line: number; readonly problem: 'bad-quotes' | 'not-read' }

/** A record is a line of a list: what is longer has lost a quote. */
const record_bytes_max = 65_536
/** Between two of these the process does its other work: a list must not make a count wait. */
const slice_bytes = 16_384
const badRecords_max = 100
const newline = 10
const carriageReturn = 13

/**
 * The records of a CSV file in UTF-8, with or without BOM, separated by commas or semicolons, as its first line is; a slice of the file at
 * a time. Blank lines are left out.
 *
 * csv-parse reads it; what is ours is going on after a broken quote. An opening quote that nobody closes swallows what follows, up to the
 * next quote or the end, and with it the other faults of the file. So a record that cannot be read, or that goes over several lines
 * and has the wrong number of fields, is told as one bad line, and reading starts again at the line after it.
 */
export async function* readCsv(bytes: Buffer): AsyncGenerator<readonly CsvRecord[]> {
  const start = startsWithBom(bytes) ? 3 : 0
  const file = { bytes, delimiter: delimiterOf(firstLine(bytes, start)), width: undefined }
  const place: Place = { byte: start, line: 1 }
  skipBlank(bytes, place)
  for (let bad = 0; place.byte < bytes.length; bad += 1) {
    if (bad > badRecords_max) return yield [{ line: place.line, problem: 'not-read' }]
    yield* readUntilBroken(file, place)
    if (place.byte >= bytes.length) return
    yield [{ line: place.line, problem: 'bad-quotes' }]
    const next = bytes.indexOf(newline, place.byte)
    place.byte = next === -1 ? bytes.length : next + 1
    place.line += 1
  }
}

/** `width`: fields of the first record, once it was read. */
type File = { readonly bytes: Buffer; readonly delimiter: string; width: number | undefined }
/** Behind the last good record. */
type Place = { byte: number; line: number }
type Read = { readonly fields: readonly string[]; readonly end: number }

/** Moves the place as far as records can be read: to the end of the file, or before the first that cannot. */
async function* readUntilBroken(file: File, place: Place): AsyncGenerator<readonly CsvRecord[]> {
  const { bytes, delimiter } = file
  const start = place.byte
  let found: Read[] = []
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n'],
    // To it, one of them is a record of the wrong width, and each of those costs 35 µs.
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: record_bytes_max,
    // Taken here and not from the stream, which forgets at a fault what was good before it. (Its own count of lines takes the two
    // characters of a line's end within quotes for two.)
    on_record: (fields: string[], { bytes: end }) => {
      found.push({ fields, end: start + end })
      return null
    },
  })
  parser.on('error', () => {}) // told to `write` and `end` as well
  try {
    for (let at = start, isGood = true; isGood; at += slice_bytes) {
      isGood = at < bytes.length && (await write(parser, bytes.subarray(at, at + slice_bytes)))
      if (at >= bytes.length) await end(parser)
      const records: CsvRecord[] = []
      const isWhole = take(found, file, place, records)
      found = []
      yield records
      if (!isWhole) return
      await breathe()
    }
  } finally {
    parser.destroy()
  }
}

/** False at a record that has swallowed others: the place stays before it. */
function take(found: readonly Read[], file: File, place: Place, into: CsvRecord[]): boolean {
  for (const { fields, end } of found) {
    const lines = countLines(file.bytes, place.byte, end)
    file.width ??= fields.length
    if (lines > 1 && fields.length !== file.width) return false
    if (fields.some((field) => field.trim() !== '')) into.push({ line: place.line, fields })
    place.byte = end
    place.line += lines
    skipBlank(file.bytes, place)
  }
  return true
}

function skipBlank(bytes: Buffer, place: Place): void {
  for (; bytes[place.byte] === newline || (bytes[place.byte] === carriageReturn && bytes[place.byte + 1] === newline); place.byte += 1) {
    if (bytes[place.byte] === newline) place.line += 1
  }
}

const write = (parser: Parser, slice: Buffer): Promise<boolean> =>
  new Promise((resolve) => parser.write(slice, (fault?: Error | null) => resolve(fault === null || fault === undefined)))

const end = (parser: Parser): Promise<void> =>
  new Promise((resolve) => {
    parser.once('error', () => resolve())
    parser.end(() => resolve())
  })

const startsWithBom = (bytes: Buffer): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf

function firstLine(bytes: Buffer, start: number): string {
  const end = bytes.indexOf(newline, start)
  return bytes.toString('utf8', start, end === -1 ? bytes.length : end)
}

/** The names of columns have neither in them. */
const delimiterOf = (header: string): ',' | ';' => (header.split(';').length > header.split(',').length ? ';' : ',')

/** Lines that end between two places of the file. */
function countLines(bytes: Buffer, from: number, to: number): number {
  let lines = 0
  for (let at = bytes.indexOf(newline, from); at !== -1 && at < to; at = bytes.indexOf(newline, at + 1)) lines += 1
  return lines
}
