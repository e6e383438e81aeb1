import * as Y from 'yjs'
import { type Forged, type ForgedUpdate, forge } from './bytes.kit.ts'

type Random = (below: number) => number
type Block = { client: number; clock: number; structs: Forged[] }
/** An update taken apart, to be put together otherwise. */
type Parts = { blocks: Block[]; deletes: [client: number, ranges: (readonly [clock: number, length: number])[]][] }

/**
 * What a mutation has at hand: the update, others that were sent before it, and a client nobody has. `anew`: the update is known
 * already, and is to be that client's.
 */
export type Material = {
  readonly update: Uint8Array
  readonly others: readonly Uint8Array[]
  readonly fresh: number
  readonly anew: boolean
}

const pick = <T>(random: Random, list: readonly T[]): T | undefined => list[random(list.length)]

/** Taken apart by Yjs: a mutation has nothing of ours in it but the values it puts in. */
function partsOf(update: Uint8Array): Parts {
  const { structs, ds } = Y.decodeUpdate(update)
  const blocks = new Map<number, Block>()
  for (const struct of structs) {
    const { client, clock } = struct.id
    const block = blocks.get(client) ?? { client, clock, structs: [] }
    blocks.set(client, block)
    block.structs.push(struct instanceof Y.Item ? forgedOf(struct) : { content: { gc: struct.length } })
  }
  return {
    blocks: [...blocks.values()],
    deletes: [...ds.clients].map(([client, ranges]) => [client, ranges.map(({ clock, len }) => [clock, len] as const)]),
  }
}

const idOf = ({ client, clock }: Y.ID) => [client, clock] as const

function forgedOf({ origin, rightOrigin, parent, parentSub, content, length }: Y.Item): Forged {
  const within = parent as string | Y.ID | null
  return {
    ...(origin === null ? {} : { origin: idOf(origin) }),
    ...(rightOrigin === null ? {} : { right: idOf(rightOrigin) }),
    ...(within === null ? {} : { parent: typeof within === 'string' ? within : idOf(within) }),
    ...(parentSub === null ? {} : { key: parentSub }),
    content:
      content instanceof Y.ContentAny
        ? { values: content.arr }
        : content instanceof Y.ContentString
          ? { text: content.str }
          : content instanceof Y.ContentType
            ? { shared: 0 }
            : { deleted: length },
  }
}

/** Changes one struct that has what is asked for; nothing where there is none. */
function change(parts: Parts, random: Random, fits: (struct: Forged) => boolean, into: (struct: Forged) => Forged): void {
  const places = parts.blocks.flatMap(({ structs }) => structs.flatMap((struct, at) => (fits(struct) ? [{ structs, at, struct }] : [])))
  const place = pick(random, places)
  if (place !== undefined) place.structs[place.at] = into(place.struct)
}

/** Values of every kind that the schema has somewhere, and some that it has nowhere. */
const values: readonly unknown[] = [
  1_764_000_077,
  7,
  0,
  -1,
  'weak',
  'strong',
  'confirmed',
  'نص',
  '',
  true,
  false,
  null,
  { at_s: 0, why: 'x' },
  { n: 5, at_s: 1_764_000_000, c: [1, 3] },
  { n: 5, at_s: 1_764_000_000, c: [3, 1] },
  { void: [1_001, 0], at_s: 1_764_000_000, why: '' },
  { name: 'x', serial: 1, why: '', at_s: 1_764_000_000 },
  [1, 2],
  { __proto: 1 },
]

/** One that might stand in the same place. */
function valueLike(value: unknown, random: Random): unknown {
  if (typeof value === 'number') return value + random(3)
  if (typeof value === 'boolean') return !value
  if (typeof value === 'string') return pick(random, words.find((list) => list.includes(value)) ?? [`${value}ا`])
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return pick(random, values)
  const name = pick(random, Object.keys(value)) ?? ''
  const field = (value as Record<string, unknown>)[name]
  return { ...value, [name]: name === 'c' ? pick(random, [[], [1], [2, 4, 9], null, [9, 2], [10]]) : valueLike(field, random) }
}

const words: readonly (readonly string[])[] = [
  ['strong', 'medium', 'weak'],
  ['pending', 'confirmed', 'unreachable'],
]

const shiftDigits = (text: string, random: Random): string =>
  text.replace(/\d+/, (digits) => String(Math.max(0, Number(digits) + random(5) - 2)))

type Mutation = (parts: Parts, random: Random, material: Material) => void

/** Mutations that know how an update is built. Most of what they make could have been written by an honest phone, or nearly. */
const wise: Readonly<Record<string, Mutation>> = {
  'another value': (parts, random) =>
    change(
      parts,
      random,
      ({ content }) => 'values' in content,
      (struct) => {
        const old = 'values' in struct.content ? struct.content.values : []
        const at = random(old.length)
        const next = random(3) === 0 ? pick(random, values) : valueLike(old[at], random)
        return { ...struct, content: { values: old.toSpliced(at, 1, next) } }
      },
    ),
  'other text': (parts, random) =>
    change(
      parts,
      random,
      ({ content }) => 'text' in content,
      (struct) => ({ ...struct, content: { text: pick(random, ['x', 'سطر آخر', '😀😀', '\u202e', '']) ?? '' } }),
    ),
  'another key': (parts, random) =>
    change(
      parts,
      random,
      ({ key }) => key !== undefined,
      (struct) => ({ ...struct, key: shiftDigits(struct.key ?? '', random) }),
    ),
  'another root': (parts, random) =>
    change(
      parts,
      random,
      ({ parent }) => typeof parent === 'string',
      (struct) => ({ ...struct, parent: random(2) === 0 ? shiftDigits(String(struct.parent), random) : (pick(random, roots) ?? '') }),
    ),
  'cut between structs': (parts, random) => {
    const block = pick(random, parts.blocks)
    if (block !== undefined) block.structs.length = random(block.structs.length + 1)
    parts.blocks = parts.blocks.filter(({ structs }) => structs.length > 0)
  },
  'without a client': (parts, random) => void parts.blocks.splice(random(parts.blocks.length || 1), 1),
  'clients in another order': (parts) => void parts.blocks.reverse(),
  'without deletions': (parts) => void parts.deletes.splice(0),
  'one deletion less': (parts, random) => void parts.deletes.splice(random(parts.deletes.length || 1), 1),
  'one deletion more': (parts, random) => {
    const block = pick(random, parts.blocks)
    if (block === undefined || parts.deletes.some(([client]) => client === block.client)) return
    parts.deletes.push([block.client, [[Math.max(0, block.clock - 2 + random(4)), 1 + random(2)]]])
  },
  'a deletion moved': (parts, random) => {
    const ranges = pick(random, parts.deletes)?.[1]
    const [clock, length] = ranges?.[0] ?? [0, 0]
    if (ranges !== undefined) ranges[0] = [Math.max(0, clock + random(3) - 1), length]
  },
  'by another client': (parts, _random, { fresh }) => {
    const [block] = parts.blocks
    if (block === undefined) return
    const { client, clock } = block
    const renamed = ([of, at]: readonly [number, number]) =>
      of === client && at >= clock ? ([fresh, at - clock] as const) : ([of, at] as const)
    for (const other of parts.blocks) {
      other.structs = other.structs.map(({ origin, right, parent, key, ...struct }) => ({
        ...struct,
        ...(origin === undefined ? {} : { origin: renamed(origin) }),
        ...(right === undefined ? {} : { right: renamed(right) }),
        ...(parent === undefined ? {} : { parent: typeof parent === 'string' ? parent : renamed(parent) }),
        ...(key === undefined ? {} : { key: key.replace(`.${client}`, `.${fresh}`) }),
      }))
    }
    Object.assign(block, { client: fresh, clock: 0 })
  },
  'a struct twice': (parts, random) => {
    const block = pick(random, parts.blocks)
    const at = random(block?.structs.length || 1)
    const struct = block?.structs[at]
    if (struct !== undefined) block?.structs.splice(at, 0, struct)
  },
  'one more behind it': (parts, random) => {
    const block = pick(random, parts.blocks)
    const like = pick(random, block?.structs ?? [])
    if (like !== undefined) block?.structs.push({ ...like, ...(like.key === undefined ? {} : { key: shiftDigits(like.key, random) }) })
  },
  'behind another': (parts, random, { others }) => {
    // What stood before other things of the same client: another entry of the same log, if there is one.
    const ids = others.flatMap((one) =>
      partsOf(one).blocks.flatMap(({ structs }) => structs.flatMap(({ origin }) => (origin ? [origin] : []))),
    )
    change(
      parts,
      random,
      ({ origin }) => origin !== undefined,
      (struct) => {
        const origin = pick(
          random,
          ids.filter(([client, clock]) => client === struct.origin?.[0] && clock !== struct.origin[1]),
        )
        return origin === undefined ? struct : { ...struct, origin }
      },
    )
  },
  'a log anew': (parts, random, { update, others }) => {
    const logs = [update, ...others].flatMap((one) =>
      partsOf(one).blocks.flatMap(({ structs }) => structs.flatMap(({ key, content }) => ('shared' in content && key ? [key] : []))),
    )
    const key = pick(random, logs)
    const block = parts.blocks.find(({ client }) => key?.endsWith(`.${client}`))
    if (key !== undefined) block?.structs.push({ parent: 'ballots', key, content: { shared: 0 } })
  },
  'gone already': (parts, random) =>
    change(
      parts,
      random,
      ({ content }) => 'values' in content || 'text' in content,
      (struct) => ({ ...struct, content: { deleted: lengthOf(struct) } }),
    ),
  'nothing in its place': (parts, random) =>
    change(
      parts,
      random,
      () => true,
      (struct) => ({ content: { gc: lengthOf(struct) } }),
    ),
  'text in two pieces': (parts, random) => {
    for (const block of parts.blocks) {
      const at = block.structs.findIndex(({ content }) => 'text' in content && content.text.length > 2)
      const struct = block.structs[at]
      if (struct === undefined || !('text' in struct.content)) continue
      const { text } = struct.content
      const cut = 1 + random(text.length - 1)
      const before = block.structs.slice(0, at).reduce((sum, other) => sum + lengthOf(other), block.clock)
      const rest = { ...(struct.right === undefined ? {} : { right: struct.right }), origin: [block.client, before + cut - 1] as const }
      block.structs.splice(at, 1, { ...struct, content: { text: text.slice(0, cut) } }, { ...rest, content: { text: text.slice(cut) } })
    }
  },
}

const roots = ['guarantees', 'attendance', 'walkins', 'ballots', 'figures', 'note/3', 'meta', 'conflicts', 'other']

function lengthOf({ content }: Forged): number {
  if ('values' in content) return content.values.length
  if ('text' in content) return content.text.length
  if ('gc' in content) return content.gc
  return 'deleted' in content ? content.deleted : 1
}

/** Mutations of bytes, as the wire or somebody might break them: nothing is known of what they mean. */
const blind: readonly ((bytes: Uint8Array, random: Random, other: Uint8Array) => Uint8Array)[] = [
  (bytes, random) => bytes.with(random(bytes.length), random(256)),
  (bytes, random) => bytes.map((byte, at) => (at === bytes.length >> 1 ? byte ^ (1 << random(8)) : byte)),
  (bytes, random) => {
    const at = random(bytes.length)
    return bytes.with(at, ((bytes[at] ?? 0) ^ (1 << random(8))) & 255)
  },
  (bytes, random) => {
    const at = random(bytes.length)
    return bytes.with(at, ((bytes[at] ?? 0) + (random(2) === 0 ? 1 : 255)) & 255)
  },
  (bytes, random) => {
    const at = random(bytes.length)
    return new Uint8Array([...bytes.subarray(0, at), ...bytes.subarray(at + 1 + random(6))])
  },
  (bytes, random) => {
    const at = random(bytes.length)
    return new Uint8Array([...bytes.subarray(0, at), ...bytes.subarray(Math.max(0, at - 1 - random(6)))])
  },
  (bytes, random, other) => {
    const at = random(bytes.length)
    const from = random(other.length)
    return new Uint8Array([...bytes.subarray(0, at), ...other.subarray(from, from + 1 + random(6)), ...bytes.subarray(at)])
  },
  (bytes, random, other) => new Uint8Array([...bytes.subarray(0, random(bytes.length)), ...other.subarray(random(other.length))]),
]

const wiseNames = Object.keys(wise)

/** An update like this one that is another; `how` says what was done to it. */
export function mutate(material: Material, random: Random): { readonly bytes: Uint8Array; readonly how: string } {
  const { update, others, anew } = material
  const parts = partsOf(update)
  if (anew) wise['by another client']?.(parts, random, material)
  const base = anew ? forge(parts as ForgedUpdate) : update
  const other = pick(random, others) ?? base
  const kind = random(10)
  if (kind === 0) return { bytes: Y.mergeUpdates([base, other]), how: 'two in one' }
  if (kind < 4) {
    const at = random(blind.length)
    return { bytes: blind[at]?.(base, random, other) ?? base, how: `bytes ${at}` }
  }
  const done: string[] = []
  for (let times = 1 + (random(4) === 0 ? 1 : 0); times > 0; times -= 1) {
    const how = pick(random, wiseNames) ?? ''
    wise[how]?.(parts, random, material)
    done.push(how)
  }
  return { bytes: forge(parts as ForgedUpdate), how: done.join(', ') }
}
