import type { ClientId, UserId } from '#contract/ids.ts'
import type { RefusalCode } from '#contract/refusals.ts'
import { type Right, type Role, speaksForOthers } from '#contract/rights.ts'
import { type KeyParts, keyParser } from './keys.ts'
import {
  type Facts,
  isAttendanceRuling,
  isAttendanceValue,
  isFigure,
  isFigureRuling,
  isGuaranteeValue,
  isLogEntry,
  isWalkin,
  isWalkinRuling,
  type LogEntry,
  type ValueCheck,
} from './values.ts'

/**
 * The committee's document as data. Admission, the typed accessors, the tables in the docs and the tests read this one table;
 * a root, key or value that no row allows cannot enter a document.
 *
 * Flat keys and plain values: two people who create the same nested map at once would lose one of the two.
 */
export type SchemaRow = {
  /** The root's name, or a pattern of it. */
  readonly root: string
  /** `map`: key → value. `logs`: key → append-only array of entries, one writer each. `text`: one co-edited plain text. */
  readonly kind: 'map' | 'logs' | 'text'
  /** Pattern of the keys, empty for a text. */
  readonly key: string
  /** What a value (of a map), an entry (of a log) may be, in words; for the docs. */
  readonly value: string
  readonly check: ValueCheck
  /** The right a writer needs; `server`: nobody but the server. */
  readonly right: Right | 'server'
  /**
   * Whose key it is. `anyone`: with the right. `self`: the key's user is the author. `self-or-coordinating`: the same, or the
   * author may speak for others. `self-and-client`: and the key's client is the client that wrote the struct.
   */
  readonly author: 'anyone' | 'self' | 'self-or-coordinating' | 'self-and-client'
  readonly merge: string
}

export const documentSchema: readonly SchemaRow[] = [
  {
    root: 'guarantees',
    kind: 'map',
    key: '<elector>/<user>/<field>',
    value:
      'strength strong|medium|weak, confirmation pending|confirmed|unreachable, group and quick_note text, follow_up unix seconds, withdrawn boolean; null empties a field',
    check: (value, place, facts) => isKnownElector(place, facts) && isGuaranteeValue(value, place, facts),
    right: 'guarantees',
    author: 'self-or-coordinating',
    merge: 'last writer wins; what raced is shown to a person',
  },
  {
    root: 'note/<elector>',
    kind: 'text',
    key: '',
    value: 'plain text, no formats, no embeds',
    check: (value, place, facts) => isKnownElector(place, facts) && typeof value === 'string',
    right: 'guarantees',
    author: 'anyone',
    merge: 'by character',
  },
  {
    root: 'attendance',
    kind: 'map',
    key: '<elector>/<user>',
    value: 'unix seconds, or {at_s: 0, why} withdrawn',
    check: (value, place, facts) => isKnownElector(place, facts) && isAttendanceValue(value),
    right: 'attendance',
    author: 'self',
    merge: 'statements: one author a key',
  },
  {
    root: 'attendance',
    kind: 'map',
    key: '<elector>/#',
    value: '{by, at_s, why, saw: {user: value}}',
    check: (value, place, facts) => isKnownElector(place, facts) && isAttendanceRuling(value),
    right: 'rule',
    author: 'anyone',
    merge: 'ruling: holds while the statements are those it saw',
  },
  {
    root: 'walkins',
    kind: 'map',
    key: '<user>.<client>.<n>',
    value: '{name, serial, why, at_s}',
    check: (value) => isWalkin(value),
    right: 'attendance',
    author: 'self-and-client',
    merge: 'statements: one author a key',
  },
  {
    root: 'walkins',
    kind: 'map',
    key: '<user>.<client>.<n>/#',
    value: '{accepted, by, at_s}',
    check: (value) => isWalkinRuling(value),
    right: 'rule',
    author: 'anyone',
    merge: 'ruling: counted only when accepted',
  },
  {
    root: 'ballots',
    kind: 'logs',
    key: '<sheet>/<user>.<client>',
    value: '{n, at_s, c} with c strictly ascending, [] blank, null invalid; or {void: [client, index], at_s, why, instead?}',
    check: (value, _place, facts) => isLogEntry(value, facts),
    right: 'count',
    author: 'self-and-client',
    merge: 'append-only, one writer a log; the logs of a sheet add up, sheets are compared',
  },
  {
    root: 'figures',
    kind: 'map',
    key: '<source>/<figure>/<user>',
    value: 'whole number from 0',
    check: (value, place, facts) => isKnownFigure(place, facts) && isFigure(value, place, facts),
    right: 'figures',
    author: 'self',
    merge: 'statements: two who agree settle it',
  },
  {
    root: 'figures',
    kind: 'map',
    key: '<source>/<figure>/#',
    value: '{value, by, at_s, saw: {user: value}}',
    check: (value, place, facts) => isKnownFigure(place, facts) && isFigureRuling(value),
    right: 'rule',
    author: 'anyone',
    merge: 'ruling: holds while the statements are those it saw',
  },
  {
    root: 'conflicts',
    kind: 'map',
    key: '<any>',
    value: '{values: [{value, by, at_s, id}], resolved?: {by, at_s, value}}',
    check: () => true,
    right: 'server',
    author: 'anyone',
    merge: 'written by the server: a row for each edit that raced, or resolved',
  },
  {
    root: 'meta',
    kind: 'map',
    key: '<any>',
    value: 'schema, phase, code: a mirror, Postgres rules',
    check: () => true,
    right: 'server',
    author: 'anyone',
    merge: 'written by the server',
  },
]

const isKnownElector = (place: KeyParts, facts: Facts): boolean => place.elector !== undefined && facts.hasElector(place.elector)

const isKnownFigure = (place: KeyParts, facts: Facts): boolean =>
  place.figure !== undefined && (!/^v\d/.test(place.figure) || facts.hasCandidate(Number(place.figure.slice(1)) as never))

/** A place of the document that the schema knows: the row that governs it and the parsed parts of its root's name and key. */
export type Place = { readonly row: SchemaRow; readonly parts: KeyParts }

type Compiled = {
  readonly row: SchemaRow
  readonly parseRoot: (root: string) => KeyParts | undefined
  readonly parseKey: (key: string) => KeyParts | undefined
}

const compile = (row: SchemaRow): Compiled => ({
  row,
  parseRoot: row.root.includes('<') ? keyParser(row.root) : () => ({}),
  parseKey: row.key === '' ? (key) => (key === '' ? {} : undefined) : keyParser(row.key),
})

// Roots with one name are found by it; the few that are patterns are tried in turn.
const plainRoots = new Map<string, readonly Compiled[]>()
const patternRoots: Compiled[] = []
for (const compiled of documentSchema.map(compile)) {
  if (compiled.row.root.includes('<')) patternRoots.push(compiled)
  else plainRoots.set(compiled.row.root, [...(plainRoots.get(compiled.row.root) ?? []), compiled])
}

/** Finds the row for a root and key. `unknown-root` and `bad-key` are the two ways there can be none. */
export function findPlace(root: string, key: string): Place | 'unknown-root' | 'bad-key' {
  const named = plainRoots.get(root)
  if (named !== undefined) {
    for (const { row, parseKey } of named) {
      const parts = parseKey(key)
      if (parts !== undefined) return { row, parts }
    }
    return 'bad-key'
  }
  for (const { row, parseRoot, parseKey } of patternRoots) {
    const rootParts = parseRoot(root)
    if (rootParts === undefined) continue
    const keyParts = parseKey(key)
    return keyParts === undefined ? 'bad-key' : { row, parts: { ...rootParts, ...keyParts } }
  }
  return 'unknown-root'
}

/** Who writes: the author of an update, the rights they were given (now, or once), and those they have that the phase leaves open. */
export type Writer = { readonly user: UserId; readonly role: Role; readonly assigned: readonly Right[]; readonly rights: readonly Right[] }

/** May this writer, through this Yjs client, write at this place at all? Undefined means yes. */
export function refuseWriter(place: Place, writer: Writer, client: ClientId): RefusalCode | undefined {
  const { row, parts } = place
  if (row.right === 'server') return 'forbidden'
  if (!writer.rights.includes(row.right)) return writer.assigned.includes(row.right) ? 'late' : 'forbidden'
  switch (row.author) {
    case 'anyone':
      return undefined
    case 'self':
      return parts.user === writer.user ? undefined : 'bad-key'
    case 'self-or-coordinating':
      return parts.user === writer.user || speaksForOthers(writer.role) ? undefined : 'bad-key'
    case 'self-and-client':
      return parts.user === writer.user && parts.client === client ? undefined : 'bad-key'
  }
}

/** May this value stand there? `ownerOf` tells whose client wrote a log, for voids. Undefined means yes. */
export function refuseValue(
  place: Place,
  value: unknown,
  writer: Writer,
  facts: Facts,
  ownerOf: (client: ClientId) => UserId | undefined,
): RefusalCode | undefined {
  const { row, parts } = place
  if (!row.check(value, parts, facts)) return 'bad-value'
  if (row.kind === 'logs') {
    const entry = value as LogEntry
    if ('void' in entry && ownerOf(entry.void[0]) !== writer.user && !writer.rights.includes('rule')) return 'forbidden'
  }
  // A ruling carries its author: nobody rules in another's name.
  if (row.right === 'rule' && (value as { by: UserId }).by !== writer.user) return 'bad-value'
  return undefined
}
