import { err, ok, type Result } from './result.ts'

// Ids are branded: a string or number becomes one only through its parser, so what carries the brand was checked once.

/** A polling committee; 1 to 24 of a-z, 0-9 and hyphen. Short, because the document's name is in every message. */
export type CommitteeId = string & { readonly committeeId: unique symbol }
/** A person who can log in; 1 to 2^31 - 1, a key segment of the document. */
export type UserId = number & { readonly userId: unique symbol }
/** The elector's serial number on the committee's roll; 1 to 999,999, unique within the committee only. */
export type ElectorSerial = number & { readonly electorSerial: unique symbol }
/** The candidate's number on the ballot; 1 to 9,999. */
export type CandidateNumber = number & { readonly candidateNumber: unique symbol }
/** Yjs's `clientID`: one running copy of a document; 32 bits for phones, above that for the server itself. */
export type ClientId = number & { readonly clientId: unique symbol }
/** The place of a row in its committee's journal: 1, 2, 3 … without gaps. 0 is the empty journal. */
export type Sequence = number & { readonly sequence: unique symbol }

/** The sheets a box can be counted on: A counts unless ruled otherwise, the others check it. */
export const sheets = ['A', 'B', 'C', 'D'] as const
export type Sheet = (typeof sheets)[number]

const committeePattern = /^[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?$/

export function parseCommitteeId(text: unknown): Result<CommitteeId, 'not a committee id'> {
  return typeof text === 'string' && committeePattern.test(text) ? ok(text as CommitteeId) : err('not a committee id')
}

/** Name of the committee's document on the wire: `committee:<id>`. */
export function documentName(committee: CommitteeId): string {
  return `committee:${committee}`
}

export function parseDocumentName(name: string): Result<CommitteeId, 'not a committee id'> {
  return name.startsWith('committee:') ? parseCommitteeId(name.slice('committee:'.length)) : err('not a committee id')
}

/** Whole number in a range, from a number or from the canonical decimal form: no sign, no leading zero, no exponent. */
function wholeIn(value: unknown, from: number, to: number): number | undefined {
  const number = typeof value === 'string' ? canonical(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= from && number <= to ? number : undefined
}

const zero = 48
const nine = 57

/** Digit by digit: every key of every edit comes through here, and a pattern takes five times as long. */
function canonical(text: string): number | undefined {
  if (text.length === 0 || text.length > 16 || (text.length > 1 && text.charCodeAt(0) === zero)) return undefined
  let number = 0
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at)
    if (digit < zero || digit > nine) return undefined
    number = number * 10 + (digit - zero)
  }
  return number
}

const numberParser =
  <Id extends number>(from: number, to: number) =>
  (value: unknown): Result<Id, 'out of range'> => {
    const number = wholeIn(value, from, to)
    return number === undefined ? err('out of range') : ok(number as Id)
  }

export const parseUserId = numberParser<UserId>(1, 2 ** 31 - 1)
export const parseElectorSerial = numberParser<ElectorSerial>(1, 999_999)
export const parseCandidateNumber = numberParser<CandidateNumber>(1, 9_999)
export const parseSequence = numberParser<Sequence>(0, Number.MAX_SAFE_INTEGER)
/** Clients of people: 32 bits. Ids above are the server's own and refused to everyone else. */
export const parseClientId = numberParser<ClientId>(0, 2 ** 32 - 1)

export function isSheet(text: string): text is Sheet {
  return (sheets as readonly string[]).includes(text)
}
