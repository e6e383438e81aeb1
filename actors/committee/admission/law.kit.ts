import * as Y from 'yjs'
import type { Writer } from '#contract/document/schema.ts'
import type { Right } from '#contract/rights.ts'

/** Every root of a document as plain values; what has been emptied of a note is no root. */
export type Plain = Readonly<Record<string, unknown>>

export function plainOf(doc: Y.Doc): Plain {
  const plain: Record<string, unknown> = {}
  for (const root of [...doc.share.keys()].sort()) {
    plain[root] = root.startsWith('note/') ? doc.getText(root).toString() : doc.getMap(root).toJSON()
  }
  return plain
}

/** The same structs and the same deletions. */
export const isSame = (one: Y.Doc, other: Y.Doc): boolean => Y.equalSnapshots(Y.snapshot(one), Y.snapshot(other))

type Values = Readonly<Record<string, unknown>>
type Law = (key: string, value: unknown, before: unknown, writer: Writer) => boolean

const isRuling = (key: string): boolean => key.endsWith('/#')
const ruledBy = (value: unknown, { user, rights }: Writer): boolean =>
  rights.includes('rule') && (value as { by?: unknown } | null)?.by === user
const isWhole = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0
const isWithdrawal = (value: unknown): boolean => (value as { at_s?: unknown } | null)?.at_s === 0

/** What may become of a key, said once more and without a word of the schema table. */
const laws: Readonly<Record<string, { readonly right: Right; readonly holds: Law }>> = {
  guarantees: {
    right: 'guarantees',
    holds: (key, _value, _before, { user, role }) => key.split('/')[1] === String(user) || role !== 'collector',
  },
  attendance: {
    right: 'attendance',
    holds: (key, value, _before, writer) =>
      isRuling(key) ? ruledBy(value, writer) : key.split('/')[1] === String(writer.user) && (isWhole(value) || isWithdrawal(value)),
  },
  walkins: {
    right: 'attendance',
    holds: (key, value, _before, writer) =>
      isRuling(key) ? ruledBy(value, writer) : key.startsWith(`${writer.user}.`) && typeof (value as { name?: unknown }).name === 'string',
  },
  ballots: {
    right: 'count',
    holds: (key, value, before = [], { user }) =>
      /^[A-D]\//.test(key) &&
      key.slice(2).startsWith(`${user}.`) &&
      Array.isArray(value) &&
      Array.isArray(before) &&
      JSON.stringify(value.slice(0, before.length)) === JSON.stringify(before) &&
      value.every((entry) => 'c' in entry !== 'void' in entry),
  },
  figures: {
    right: 'figures',
    holds: (key, value, _before, writer) =>
      isRuling(key) ? ruledBy(value, writer) : key.split('/')[2] === String(writer.user) && isWhole(value),
  },
}

/** Where a writer has done what nobody may, or what they may not: told from the values before and after, and from nothing else. */
export function brokenLaws(before: Plain, after: Plain, writer: Writer): string[] {
  const broken: string[] = []
  for (const [root, value] of Object.entries(after)) {
    const old = before[root]
    if (JSON.stringify(old) === JSON.stringify(value)) continue
    if (/^note\/([1-9]|[1-9]\d|100)$/.test(root)) {
      if (!writer.rights.includes('guarantees')) broken.push(`${root} without the right`)
      if (String(value).length > 4_000) broken.push(`${root} too long`)
      continue
    }
    const law = laws[root]
    if (law === undefined) broken.push(`a root ${root}`)
    else broken.push(...brokenIn(root, law, (old ?? {}) as Values, value as Values, writer))
  }
  for (const root of Object.keys(before)) if (!(root in after)) broken.push(`${root} is gone`)
  return broken
}

function* brokenIn(root: string, { right, holds }: (typeof laws)[string], before: Values, after: Values, writer: Writer): Iterable<string> {
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) yield `${root} ${key} is gone`
  for (const [key, value] of Object.entries(after)) {
    if (JSON.stringify(value) === JSON.stringify(before[key])) continue
    if (!isRuling(key) && !writer.rights.includes(right)) yield `${root} ${key} without the right`
    if (!holds(key, value, before[key], writer)) yield `${root} ${key}: ${JSON.stringify(value)}`
  }
}
