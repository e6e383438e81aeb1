import { forbiddenCharacters } from '#contract/document/values.ts'

/** A number is written as it is; a text as something no spreadsheet computes with; nothing as an empty cell. */
export type Cell = string | number | boolean | undefined

/** So that a spreadsheet takes it for UTF-8. */
const byteOrderMark = '\uFEFF'

/**
 * One line of a CSV file. Every text is quoted: a separator, a quote or a semicolon (the separator of other countries) in it ends nothing.
 *
 * A spreadsheet computes what begins with = + - or @, in full width as well, behind spaces and invisible characters as well; and with it
 * somebody's name could fetch an address or show another cell. An apostrophe before it makes it text. The same behind a semicolon,
 * where a program that separates by those would begin a cell. A plain number, `-5`, computes nothing and stays one.
 */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`
}

export const csvHead = (columns: readonly string[]): string => byteOrderMark + csvLine(columns)

function cellOf(cell: Cell): string {
  if (cell === undefined) return ''
  if (typeof cell !== 'string') return String(cell)
  return `"${harmless(cell).replaceAll('"', '""')}"`
}

const plainNumber = /^[+-]?\d+(?:[.,]\d+)?$/
const invisible = '[\\s\\u00AD\\u180E\\u200B-\\u200D\\u2060-\\u2064\\uFEFF]*'
// The signs, their full-width and small forms, and the minus of typesetters.
const sign = '[=+\\-@\\uFF1D\\uFF0B\\uFF0D\\uFF20\\uFE66\\uFE62\\uFE63\\uFE6B\\u2212]'
const formula = new RegExp(`^${invisible}${sign}`)
const formulaBehind = new RegExp(`(;["']*${invisible})(?=${sign})`, 'g')

function harmless(text: string): string {
  const clean = text.replace(forbiddenCharacters, ' ').trim().toWellFormed()
  if (plainNumber.test(clean)) return clean
  return (formula.test(clean) ? `'${clean}` : clean).replace(formulaBehind, "$1'")
}
