import { isSheet, parseElectorSerial, parseUserId } from '#contract/ids.ts'
import { type Claim, type PresenceState, type PresentUser, views } from '#contract/presence.ts'
import type { Result } from '#contract/result.ts'
import { isRole } from '#contract/rights.ts'

/** What a page says of where its person is. */
export type Whereabouts = Omit<PresenceState, 'user'>

const device_characters_max = 64
const typing_characters_max = 200
const whole_max = 1_000_000_000

const parsedOf = <Value>(parsed: Result<Value, unknown>): Value | undefined => (parsed.ok ? parsed.value : undefined)
const wholeFrom = (from: number) => (value: unknown) =>
  typeof value === 'number' && Number.isInteger(value) && value >= from && value <= whole_max ? value : undefined
const textUpTo = (most: number) => (value: unknown) =>
  typeof value === 'string' && value.length > 0 && value.length <= most ? value : undefined
const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined

/** Each field by itself: one that is wrong, or that a newer version means differently, is as if it were not there. */
const parsers: { readonly [Name in keyof Whereabouts]-?: (value: unknown) => Whereabouts[Name] | undefined } = {
  view: (value) => views.find((view) => view === value),
  elector: (value) => parsedOf(parseElectorSerial(value)),
  typing: textUpTo(typing_characters_max),
  // Its positions mean something only beside the text: who resolves them checks them.
  cursor: (value) => {
    const { anchor, head } = fieldsOf(value) ?? {}
    return anchor === undefined || head === undefined ? undefined : { anchor, head }
  },
  claim: parseClaim,
  sheet: (value) => (typeof value === 'string' && isSheet(value) ? value : undefined),
  ballot: wholeFrom(1),
  took: (value) => parsedOf(parseUserId(value)),
  device: textUpTo(device_characters_max),
  unsent: wholeFrom(0),
}

function parseClaim(value: unknown): Claim | undefined {
  const { elector, since_s } = fieldsOf(value) ?? {}
  const serial = parseElectorSerial(elector)
  return serial.ok && typeof since_s === 'number' && Number.isFinite(since_s) ? { elector: serial.value, since_s } : undefined
}

export function parseWhereabouts(value: unknown): Whereabouts {
  const fields = fieldsOf(value) ?? {}
  return Object.fromEntries(
    Object.entries(parsers).flatMap(([name, parse]) => {
      const parsed = parse(fields[name])
      return parsed === undefined ? [] : [[name, parsed]]
    }),
  )
}

/** Undefined where a state does not say who it is of: nobody shows somebody they cannot name. */
export function parsePresentUser(value: unknown): PresentUser | undefined {
  const { id, name, name_en, role } = fieldsOf(value) ?? {}
  const user = parseUserId(id)
  if (!user.ok || typeof name !== 'string' || typeof role !== 'string' || !isRole(role)) return undefined
  return { id: user.value, name, ...(typeof name_en === 'string' ? { name_en } : {}), role }
}
