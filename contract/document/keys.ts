import {
  type ClientId,
  type ElectorSerial,
  isSheet,
  parseCandidateNumber,
  parseClientId,
  parseElectorSerial,
  parseUserId,
  type Sheet,
  type UserId,
} from '#contract/ids.ts'

/** Fields of a guarantee, each its own key so that two people editing two fields never meet. */
export const guaranteeFields = ['strength', 'confirmation', 'group', 'quick_note', 'follow_up', 'withdrawn'] as const
export type GuaranteeField = (typeof guaranteeFields)[number]

/** Where figures come from: read out by the judge, or written on the signed form. */
export const figureSources = ['announced', 'minute'] as const
export type FigureSource = (typeof figureSources)[number]

/** Figures every form has; votes of a candidate are `v<number>`. */
export const figureNames = ['registered', 'attended', 'ballots', 'valid', 'invalid', 'blank'] as const

/** Parts of a parsed key. Which of them are there depends on the key's pattern. */
export type KeyParts = {
  elector?: ElectorSerial
  user?: UserId
  client?: ClientId
  sheet?: Sheet
  field?: GuaranteeField
  source?: FigureSource
  figure?: string
  n?: number
}

type Segment = (text: string, parts: KeyParts) => boolean

function keep<Name extends keyof KeyParts>(name: Name, parse: (text: string) => { ok: boolean; value?: KeyParts[Name] }): Segment {
  return (text, parts) => {
    const parsed = parse(text)
    if (!parsed.ok || parsed.value === undefined) return false
    parts[name] = parsed.value
    return true
  }
}

const oneOf =
  <Word extends string>(words: readonly Word[]) =>
  (text: string) =>
    (words as readonly string[]).includes(text) ? { ok: true, value: text as Word } : { ok: false }

function isFigure(text: string): boolean {
  return (figureNames as readonly string[]).includes(text) || (text.startsWith('v') && parseCandidateNumber(text.slice(1)).ok)
}

/** What may stand in angle brackets in a pattern. */
const segments: Record<string, Segment> = {
  elector: keep('elector', parseElectorSerial),
  user: keep('user', parseUserId),
  client: keep('client', parseClientId),
  sheet: keep('sheet', (text) => (isSheet(text) ? { ok: true, value: text } : { ok: false })),
  field: keep('field', oneOf(guaranteeFields)),
  source: keep('source', oneOf(figureSources)),
  figure: keep('figure', (text) => (isFigure(text) ? { ok: true, value: text } : { ok: false })),
  n: keep('n', (text) => (/^(?:0|[1-9]\d{0,6})$/.test(text) ? { ok: true, value: Number(text) } : { ok: false })),
  any: () => true,
}

/** A longer key is refused before it is looked at. */
export const keyCharactersMax = 96

/**
 * Compiles a pattern such as `<elector>/<user>` or `<elector>/#` into a parser. The parser answers the key's parts, or undefined
 * where the key does not fit; numbers must be in canonical form, so no two keys mean the same place.
 */
export function keyParser(pattern: string): (key: string) => KeyParts | undefined {
  const names: string[] = []
  const source = pattern
    .split(/(<[a-z]+>)/)
    .map((piece) => {
      if (!piece.startsWith('<')) return piece.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
      names.push(piece.slice(1, -1))
      return piece === '<any>' ? '(.+)' : '([^/.#]+)'
    })
    .join('')
  const shape = new RegExp(`^${source}$`, 's')
  return (key) => {
    if (key.length > keyCharactersMax) return undefined
    const match = shape.exec(key)
    if (match === null) return undefined
    const parts: KeyParts = {}
    const fits = names.every((name, index) => segments[name]?.(match[index + 1] ?? '', parts) === true)
    return fits ? parts : undefined
  }
}

/** The inverse of the parsers: the only place where keys are put together. */
export const keyOf = {
  attendance: (elector: ElectorSerial, user: UserId) => `${elector}/${user}`,
  attendanceRuling: (elector: ElectorSerial) => `${elector}/#`,
  guarantee: (elector: ElectorSerial, collector: UserId, field: GuaranteeField) => `${elector}/${collector}/${field}`,
  walkin: (user: UserId, client: ClientId, n: number) => `${user}.${client}.${n}`,
  walkinRuling: (user: UserId, client: ClientId, n: number) => `${user}.${client}.${n}/#`,
  log: (sheet: Sheet, user: UserId, client: ClientId) => `${sheet}/${user}.${client}`,
  figure: (source: FigureSource, figure: string, user: UserId) => `${source}/${figure}/${user}`,
  figureRuling: (source: FigureSource, figure: string) => `${source}/${figure}/#`,
  note: (elector: ElectorSerial) => `note/${elector}`,
} as const
