import {
  type CandidateNumber,
  type ClientId,
  type ElectorSerial,
  parseCandidateNumber,
  parseElectorSerial,
  parseUserId,
  type UserId,
} from '#contract/ids.ts'
import type { GuaranteeField, KeyParts } from './keys.ts'

/** What the election and the roll say about a committee: values are judged against it, by the server and by the phone. */
export type Facts = {
  readonly hasElector: (elector: ElectorSerial) => boolean
  readonly hasCandidate: (candidate: CandidateNumber) => boolean
  readonly choices_per_ballot: number
}

export type Strength = 'strong' | 'medium' | 'weak'
export type Confirmation = 'pending' | 'confirmed' | 'unreachable'

/** Value of a guarantee's field; null empties it (a key is never deleted). `follow_up`: unix seconds to call again. */
export type GuaranteeValues = {
  readonly strength: Strength | null
  readonly confirmation: Confirmation | null
  readonly group: string | null
  readonly quick_note: string | null
  readonly follow_up: number | null
  readonly withdrawn: boolean | null
}

/** Unix seconds of the mark, or the mark withdrawn. */
export type AttendanceValue = number | { readonly at_s: 0; readonly why: string }
/** A supervisor's word on statements: it holds while the statements are still those it `saw`. */
export type AttendanceRuling = {
  readonly by: UserId
  readonly at_s: number
  readonly why: string
  readonly saw: Readonly<Record<string, AttendanceValue>>
}

export type WalkinValue = { readonly name: string; readonly serial: number | null; readonly why: string; readonly at_s: number }
export type WalkinRuling = { readonly accepted: boolean; readonly by: UserId; readonly at_s: number }

/** One called ballot. `c`: candidates strictly ascending, [] blank, null invalid. `n`: its number as the counter sees it. */
export type BallotCall = { readonly n: number; readonly at_s: number; readonly c: readonly CandidateNumber[] | null }
/** Strikes the entry `[client, index]` of a log on the same sheet; `instead` is what it should have said. Final. */
export type BallotVoid = {
  readonly void: readonly [client: ClientId, index: number]
  readonly at_s: number
  readonly why: string
  readonly instead?: readonly CandidateNumber[] | null
}
export type LogEntry = BallotCall | BallotVoid

export type FigureRuling = {
  readonly value: number
  readonly by: UserId
  readonly at_s: number
  readonly saw: Readonly<Record<string, number>>
}

export const textCharactersMax = { why: 200, group: 60, quick_note: 200, name: 160 } as const
const secondsMax = 32_503_680_000 // the year 3000: phone clocks lie, but not that much

// Control characters and the marks that override the direction of text: they make one name look like another.
export const forbiddenCharacters = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu

/** What people type, made fit for the document: control and direction characters out, ends trimmed, cut at `max` characters. */
export function cleanText(text: string, max: number): string {
  return text.replace(forbiddenCharacters, ' ').trim().slice(0, max).toWellFormed()
}

type Fields = Record<string, unknown>
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
const isText = (value: unknown, max: number): value is string =>
  typeof value === 'string' && value.length <= max && value.isWellFormed() && value.search(forbiddenCharacters) === -1
const isSeconds = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) > 0 && (value as number) <= secondsMax
const isFigureValue = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= 10_000_000

type FieldCheck = (field: unknown, facts: Facts) => boolean

/** Exactly these fields and no others, each as its check says. Compiled once: every ballot that is called comes through here. */
function shape(checks: Readonly<Record<string, FieldCheck>>, optional: readonly string[] = []) {
  const required = Object.entries(checks).map(([name, check]) => ({ name, check, mayLack: optional.includes(name) }))
  return (value: unknown, facts: Facts): boolean => {
    if (!isFields(value)) return false
    let known = 0
    for (const { name, check, mayLack } of required) {
      if (Object.hasOwn(value, name)) {
        known += 1
        if (!check(value[name], facts)) return false
      } else if (!mayLack) return false
    }
    return Object.keys(value).length === known
  }
}

/** For shapes whose checks ask nothing of the election. */
const noFacts: Facts = { hasElector: () => false, hasCandidate: () => false, choices_per_ballot: 0 }

const sawMax = 64
const isSaw = (isStatement: (value: unknown) => boolean) => (value: unknown) =>
  isFields(value) &&
  Object.keys(value).length <= sawMax &&
  Object.entries(value).every(([user, statement]) => parseUserId(user).ok && isStatement(statement))

const guaranteeChecks: Record<GuaranteeField, (value: unknown) => boolean> = {
  strength: (value) => value === 'strong' || value === 'medium' || value === 'weak',
  confirmation: (value) => value === 'pending' || value === 'confirmed' || value === 'unreachable',
  group: (value) => isText(value, textCharactersMax.group),
  quick_note: (value) => isText(value, textCharactersMax.quick_note),
  follow_up: isSeconds,
  withdrawn: (value) => typeof value === 'boolean',
}

/** Whether a value may stand at a place of the document. Total: any decoded value gets an answer, none throws. */
export type ValueCheck = (value: unknown, place: KeyParts, facts: Facts) => boolean

export const isGuaranteeValue: ValueCheck = (value, place) =>
  place.field !== undefined && (value === null || guaranteeChecks[place.field](value))

const isWithdrawal = shape({ at_s: (at_s) => at_s === 0, why: (why) => isText(why, textCharactersMax.why) })
export const isAttendanceValue = (value: unknown): value is AttendanceValue => isSeconds(value) || isWithdrawal(value, noFacts)

const attendanceRuling = shape({
  by: (by) => parseUserId(by).ok,
  at_s: isSeconds,
  why: (why) => isText(why, textCharactersMax.why),
  saw: isSaw(isAttendanceValue),
})
export const isAttendanceRuling = (value: unknown): value is AttendanceRuling => attendanceRuling(value, noFacts)

const walkin = shape({
  name: (name) => isText(name, textCharactersMax.name) && name.trim() !== '',
  serial: (serial) => serial === null || (typeof serial === 'number' && parseElectorSerial(serial).ok),
  why: (why) => isText(why, textCharactersMax.why),
  at_s: isSeconds,
})
export const isWalkin = (value: unknown): value is WalkinValue => walkin(value, noFacts)

const walkinRuling = shape({ accepted: (accepted) => typeof accepted === 'boolean', by: (by) => parseUserId(by).ok, at_s: isSeconds })
export const isWalkinRuling = (value: unknown): value is WalkinRuling => walkinRuling(value, noFacts)

function areChoices(value: unknown, facts: Facts): boolean {
  if (value === null) return true
  if (!Array.isArray(value) || value.length > facts.choices_per_ballot) return false
  return value.every((candidate, index) => {
    const parsed = typeof candidate === 'number' ? parseCandidateNumber(candidate) : undefined
    return parsed?.ok === true && (index === 0 || candidate > value[index - 1]) && facts.hasCandidate(parsed.value)
  })
}

export const ballotNumberMax = 999_999
const isBallotNumber = (value: unknown): boolean =>
  Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= ballotNumberMax
const isIndex = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0

const ballotCall = shape({ n: isBallotNumber, at_s: isSeconds, c: areChoices })
const ballotVoid = shape(
  {
    void: (target) => Array.isArray(target) && target.length === 2 && target.every(isIndex),
    at_s: isSeconds,
    why: (why) => isText(why, textCharactersMax.why),
    instead: areChoices,
  },
  ['instead'],
)

export const isLogEntry = (value: unknown, facts: Facts): value is LogEntry =>
  isFields(value) && Object.hasOwn(value, 'void') ? ballotVoid(value, facts) : ballotCall(value, facts)

export const isFigure: ValueCheck = (value) => isFigureValue(value)

const figureRuling = shape({ value: isFigureValue, by: (by) => parseUserId(by).ok, at_s: isSeconds, saw: isSaw(isFigureValue) })
export const isFigureRuling = (value: unknown): value is FigureRuling => figureRuling(value, noFacts)
