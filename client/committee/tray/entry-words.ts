import { type KeyParts, keyOf } from '#contract/document/keys.ts'
import { findPlace } from '#contract/document/schema.ts'
import type { ElectorSerial } from '#contract/ids.ts'
import type { RefusalCode } from '#contract/refusals.ts'
import { shortName } from '../../i18n/names.ts'
import { figure, moment, numeral, text } from '../../i18n/say.tsx'
import type { TrayEntry } from '../../sync/committee-session.ts'
import type { CommitteeView } from '../context.ts'
import { figureName } from '../figures/names.ts'

// An edit that is no longer in any document, said so that a person can do it again by hand.

type Fields = Readonly<Record<string, unknown>>
const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0)

export function electorName(view: CommitteeView, serial: ElectorSerial | undefined): string {
  const name = serial === undefined ? undefined : view.roll().bySerial.get(serial)?.name
  return name === undefined ? numeral(serial ?? '') : `${numeral(serial ?? '')} ${shortName(name)}`
}

const why = (value: unknown): string => {
  const given = textOf(fieldsOf(value).why)
  return given === '' ? '' : `: ${given}`
}

/** What it is about. */
export function titleText(view: CommitteeView, { path, key, value }: TrayEntry): string {
  const place = findPlace(path, key)
  const parts: KeyParts = typeof place === 'string' ? {} : place.parts
  const elector = electorName(view, parts.elector)
  switch (path) {
    case 'attendance':
      return text(parts.user === undefined ? 'tray.ruling' : 'tray.attendance', { who: elector })
    case 'guarantees':
      return text('tray.guarantee', { who: elector })
    case 'walkins':
      return parts.n !== undefined && key.endsWith('#')
        ? text('tray.walkin_ruling')
        : text('tray.walkin', { who: textOf(fieldsOf(value).name) })
    case 'ballots':
      return text('tray.sheet', { sheet: text(`count.letter_${parts.sheet ?? 'A'}`) })
    case 'figures':
      return `${parts.source === undefined ? '' : `${text(`figures.${parts.source}`)} · `}${figureName(view.committee, parts.figure ?? '')}`
    default:
      return path === keyOf.note(parts.elector ?? (0 as ElectorSerial)) ? text('tray.note', { who: elector }) : `${path} ${key}`
  }
}

export const fieldNames = {
  strength: 'elector.strength',
  confirmation: 'elector.confirmation',
  group: 'elector.group',
  quick_note: 'elector.quick_note',
  follow_up: 'elector.follow_up',
  withdrawn: 'elector.withdrawn',
} as const

export function pledged(field: KeyParts['field'], value: unknown): string {
  if (value === null || value === undefined || value === '') return text('tray.empty')
  if (value === 'strong' || value === 'medium' || value === 'weak') return text(`strength.${value}`)
  if (value === 'pending' || value === 'confirmed' || value === 'unreachable') return text(`confirmation.${value}`)
  if (field === 'follow_up') return moment(numberOf(value) * 1_000)
  if (typeof value === 'boolean') return text(value ? 'tray.yes' : 'tray.no')
  return textOf(value)
}

function choices(c: unknown): string {
  if (c === null) return text('count.invalid')
  if (!Array.isArray(c) || c.length === 0) return text('count.blank')
  return c.map((candidate) => numeral(numberOf(candidate))).join(' · ')
}

function called(entry: Fields, struck: Fields): string {
  if (entry.void === undefined) return text('tray.ballot', { n: numeral(numberOf(entry.n)), what: choices(entry.c) })
  const n = numeral(numberOf(struck.n))
  return entry.instead === undefined
    ? `${text('tray.strike', { n })}${why(entry)}`
    : text('tray.correction', { n, what: choices(entry.instead) })
}

/** What a value says there; for the own one and for that of somebody else. */
export function valueText({ path, key, struck, removed }: TrayEntry, value: unknown): string {
  const place = findPlace(path, key)
  const parts: KeyParts = typeof place === 'string' ? {} : place.parts
  const fields = fieldsOf(value)
  switch (path) {
    case 'attendance':
      if (parts.user === undefined)
        return `${text(Object.keys(fieldsOf(fields.saw)).length > 0 ? 'tray.ruled_wrong' : 'tray.ruled_right')}${why(value)}`
      return typeof value === 'number' ? text('tray.marked', { when: moment(value * 1_000) }) : `${text('tray.unmarked')}${why(value)}`
    case 'guarantees':
      return parts.field === undefined ? pledged(undefined, value) : `${text(fieldNames[parts.field])}: ${pledged(parts.field, value)}`
    case 'walkins':
      if (fields.accepted !== undefined) return text(fields.accepted === true ? 'walkin.accepted' : 'walkin.refused')
      return `${fields.serial == null ? '' : `${numeral(numberOf(fields.serial))} · `}${textOf(fields.why)}`
    case 'ballots':
      return called(fields, fieldsOf(struck))
    case 'figures':
      return figure(typeof value === 'number' ? value : numberOf(fields.value))
    default: {
      const taken = removed === undefined ? [] : [text('tray.removed', { n: removed })]
      return [...(textOf(value) === '' ? [] : [textOf(value)]), ...taken].join(' · ')
    }
  }
}

/** Why not, in plain words. */
export function whyNot(code: RefusalCode): 'tray.why_right' | 'tray.why_late' | 'tray.why_value' | 'tray.why_room' | 'tray.why_other' {
  switch (code) {
    case 'forbidden':
    case 'not-assigned':
      return 'tray.why_right'
    case 'late':
      return 'tray.why_late'
    case 'bad-value':
    case 'bad-key':
      return 'tray.why_value'
    case 'too-large':
      return 'tray.why_room'
    default:
      return 'tray.why_other'
  }
}
