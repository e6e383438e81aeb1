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
  const pieces = pattern.split(/(<[a-z]+>)/).filter((piece) => piece !== '')
  const steps = pieces.map((piece) => (piece.startsWith('<') ? segmentStep(piece.slice(1, -1)) : literalStep(piece)))
  return (key) => {
    if (key.length > keyCharactersMax) return undefined
    const parts: KeyParts = {}
    let at = 0
    for (const step of steps) {
      at = step(key, at, parts)
      if (at === noFit) return undefined
    }
    return at === key.length ? parts : undefined
  }
}

/** Reads on from a place in the key; answers where it ends. By hand and not by a pattern: every edit of everyone comes through here. */
type Step = (key: string, at: number, parts: KeyParts) => number
const noFit = -1

const literalStep =
  (literal: string): Step =>
  (key, at) =>
    key.startsWith(literal, at) ? at + literal.length : noFit

function segmentStep(name: string): Step {
  const segment = segments[name]
  if (segment === undefined) throw new Error(`a pattern with an unknown segment: ${name}`)
  const endOf = name === 'any' ? (key: string) => key.length : endOfSegment
  return (key, at, parts) => {
    const end = endOf(key, at)
    return end > at && segment(key.slice(at, end), parts) ? end : noFit
  }
}

function endOfSegment(key: string, at: number): number {
  let end = at
  while (end < key.length && !separators.has(key.charCodeAt(end))) end += 1
  return end
}

const separators = new Set([...'/.#'].map((character) => character.charCodeAt(0)))

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
