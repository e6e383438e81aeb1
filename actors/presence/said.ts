import { findPlace } from '#contract/document/schema.ts'
import { type ElectorSerial, isSheet, parseElectorSerial, parseUserId, type Sheet, type UserId } from '#contract/ids.ts'
import { type PresenceState, type View, views } from '#contract/presence.ts'

/**
 * What a device says of itself, checked: fields in this order and no others. Who it is, is not its to say, and of a claim only the
 * elector: the time is the server's.
 */
export type Said = Omit<PresenceState, 'user' | 'claim'> & { readonly claim?: ElectorSerial }

type Fields = Required<Said>
type Reader<Value> = (value: unknown) => Value | undefined

const typing_characters_max = 128
const whole_max = 1_000_000

const readers: { readonly [Name in keyof Fields]: Reader<Fields[Name]> } = {
  view: (value) => views.find((view): view is View => view === value),
  elector: readElector,
  typing: (value) => (typeof value === 'string' && isPlace(value) ? value : undefined),
  cursor: readCursor,
  claim: (value) => readElector(fieldsOf(value)?.elector),
  sheet: (value) => (typeof value === 'string' && isSheet(value) ? (value as Sheet) : undefined),
  ballot: readWhole,
  took: (value) => numberBy<UserId>(parseUserId, value),
  device: (value) => (typeof value === 'string' && /^[\w-]{1,64}$/.test(value) ? value : undefined),
  unsent: readWhole,
}

const fieldReaders = Object.entries(readers)

/** Undefined where a field is not of its shape (P5). What is no field of ours is left out. */
export function readSaid(raw: unknown): Said | undefined {
  const fields = fieldsOf(raw)
  if (fields === undefined) return undefined
  const said: Record<string, unknown> = {}
  for (const [name, read] of fieldReaders) {
    const value = fields[name]
    if (value === undefined) continue
    const known = read(value)
    if (known === undefined) return undefined
    said[name] = known
  }
  return said
}

function readElector(value: unknown): ElectorSerial | undefined {
  return numberBy<ElectorSerial>(parseElectorSerial, value)
}

/** The parsers of ids take the decimal form of keys as well; a state holds numbers. */
function numberBy<Id>(
  parse: (value: unknown) => { readonly ok: true; readonly value: Id } | { readonly ok: false },
  value: unknown,
): Id | undefined {
  const parsed = typeof value === 'number' ? parse(value) : undefined
  return parsed?.ok ? parsed.value : undefined
}

function readWhole(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= whole_max ? (value as number) : undefined
}

/** A place of the document: a text is one by its root alone. */
function isPlace(name: string): boolean {
  if (name.length > typing_characters_max) return false
  const end = name.indexOf('/')
  return typeof findPlace(name, '') === 'object' || typeof findPlace(name.slice(0, end), name.slice(end + 1)) === 'object'
}

function readCursor(value: unknown): Fields['cursor'] | undefined {
  const anchor = readPosition(fieldsOf(value)?.anchor)
  const head = readPosition(fieldsOf(value)?.head)
  return anchor === undefined || head === undefined ? undefined : { anchor, head }
}

/** Yjs's relative position as JSON: beside a letter, or at an end of a text. */
function readPosition(value: unknown): object | undefined {
  const fields = fieldsOf(value)
  if (fields === undefined) return undefined
  const position: Record<string, unknown> = {}
  for (const name of ['type', 'item'] as const) {
    const id = fieldsOf(fields[name])
    if (fields[name] === undefined || fields[name] === null) continue
    if (!Number.isSafeInteger(id?.client) || !Number.isSafeInteger(id?.clock)) return undefined
    position[name] = { client: id?.client, clock: id?.clock }
  }
  const { tname, assoc } = fields
  if (typeof tname === 'string' && tname.length <= typing_characters_max) position.tname = tname
  else if (tname !== undefined && tname !== null) return undefined
  if (Number.isSafeInteger(assoc)) position.assoc = assoc
  else if (assoc !== undefined) return undefined
  return position
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
