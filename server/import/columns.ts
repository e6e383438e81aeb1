import { cleanText, textCharactersMax } from '#contract/document/values.ts'
import { parseCandidateNumber, parseElectorSerial } from '#contract/ids.ts'
import type { ImportKind, ImportProblemCode, importColumns } from '#contract/imports.ts'
import { err, ok, type Result } from '#contract/result.ts'
import { isRight, isRole, type Right, type Role } from '#contract/rights.ts'

/**
 * What a cell means. A required one is never asked about a blank. Texts come in as people and spreadsheets write them: digits of three
 * scripts, spaces of all kinds, marks that nobody sees.
 */
export type Parse<Value> = (text: string) => Result<Value, ImportProblemCode>

type ColumnsOf<Kind extends ImportKind> = (typeof importColumns)[Kind]
/** A meaning for every column of a kind, no more and no fewer. */
export type Parsers<Kind extends ImportKind> = { readonly [Name in keyof ColumnsOf<Kind>]: Parse<unknown> }

type Meaning<P> = P extends Parse<infer Value> ? Value : never
type Needed<Kind extends ImportKind, Need> = {
  [Name in keyof ColumnsOf<Kind>]: ColumnsOf<Kind>[Name] extends Need ? Name : never
}[keyof ColumnsOf<Kind>]

/** A line that could be read. A column that the file does not have is not there: what is kept of it stays as it is. */
export type RowOf<Kind extends ImportKind, P extends Parsers<Kind>> = { readonly line: number } & {
  readonly [Name in Needed<Kind, 'required'>]: Meaning<P[Name]>
} & { readonly [Name in Needed<Kind, 'optional'>]?: Meaning<P[Name]> }

/** One spelling of a text: no control characters, single spaces, composed letters. Two exports of one list come out equal. */
const plain = (text: string): string => cleanText(text.normalize('NFC'), Number.MAX_SAFE_INTEGER).replace(/\s+/g, ' ')

/** ٧ and ۷ are 7. */
const latinDigits = (text: string): string => text.replace(/[٠-٩۰-۹]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 15))

export const text =
  (characters_max: number): Parse<string> =>
  (raw) => {
    const value = plain(raw)
    return value.length <= characters_max ? ok(value) : err('too-long')
  }

export const name = text(textCharactersMax.name)

/** Blank: null. */
export const orNull =
  <Value>(parse: Parse<Value>): Parse<Value | null> =>
  (raw) =>
    raw.trim() === '' ? ok(null) : parse(raw)

/** A committee's number on its door. */
export const code: Parse<string> = (raw) => {
  const value = latinDigits(plain(raw))
  return value.length <= 40 ? ok(value) : err('too-long')
}

/** Leading zeros are the spreadsheet's, and no other number is meant: 007 is 7. */
const whole = (raw: string): string => latinDigits(plain(raw)).replace(/^0+(?=\d)/, '')

export const serial: Parse<number> = (raw) => {
  const parsed = parseElectorSerial(whole(raw))
  return parsed.ok ? parsed : err('not-a-number')
}

export const candidateNumber: Parse<number> = (raw) => {
  const parsed = parseCandidateNumber(whole(raw))
  return parsed.ok ? parsed : err('not-a-number')
}

const votes_max = 10_000_000
export const votes: Parse<number> = (raw) => {
  const text = whole(raw)
  return /^\d{1,8}$/.test(text) && Number(text) <= votes_max ? ok(Number(text)) : err('not-a-number')
}

const sexes: Readonly<Record<string, 'm' | 'f'>> = {
  m: 'm',
  male: 'm',
  ذكر: 'm',
  f: 'f',
  female: 'f',
  أنثى: 'f',
  انثى: 'f',
  أنثي: 'f',
}
export const sex: Parse<'m' | 'f'> = (raw) => {
  const word = plain(raw).toLowerCase()
  const value = Object.hasOwn(sexes, word) ? sexes[word] : undefined
  return value === undefined ? err('unknown-word') : ok(value)
}

export const mobile: Parse<string> = (raw) => {
  const value = latinDigits(plain(raw)).replace(/[\s().-]/g, '')
  return /^\+?\d{5,15}$/.test(value) ? ok(value) : err('bad-mobile')
}

/** As long as the sign-in form takes; no spaces, so that nobody has to guess them. */
export const login: Parse<string> = (raw) => {
  const value = plain(raw)
  return /^[\p{L}\p{N}._@+-]{1,100}$/u.test(value) ? ok(value) : err('bad-login')
}

export const role: Parse<Role> = (raw) => {
  const value = plain(raw).toLowerCase()
  return isRole(value) ? ok(value) : err('unknown-word')
}

const password_characters_max = 1_000
/** As it stands: a space in it may be meant. */
export const password: Parse<string> = (raw) => {
  if (raw.length > password_characters_max) return err('too-long')
  return raw.length >= 8 ? ok(raw) : err('short-password')
}

export type Rights = { readonly added: readonly Right[]; readonly taken: readonly Right[] }

/** `+count -figures`; a right without a sign is added. One that is added and taken says nothing. */
export const rights: Parse<Rights> = (raw) => {
  const words = plain(raw)
    .toLowerCase()
    .split(/[\s,;|]+/)
    .filter((word) => word !== '')
  const signed = words.map((word) => ({ taken: word.startsWith('-'), right: word.replace(/^[+-]/, '') }))
  const sorted = (taken: boolean) => [...new Set(signed.filter((one) => one.taken === taken).map(({ right }) => right))].toSorted()
  const [added, taken] = [sorted(false), sorted(true)]
  const isSense = [...added, ...taken].every(isRight) && !added.some((right) => taken.includes(right))
  return isSense ? ok({ added: added as Right[], taken: taken as Right[] }) : err('unknown-word')
}
