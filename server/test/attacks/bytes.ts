import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import type { Forged, ForgedUpdate } from '#actors/committee/admission/bytes.kit.ts'
import type { RefusalCode } from '#contract/refusals.ts'
import { type Attack, at_s, attack, type Bytes, block, type Ground, honestBytes, mark, raw } from './edits.ts'

const bytes = (code: RefusalCode, what: string, attacking: Bytes, twin: Bytes = honestBytes): Attack =>
  attack(code, '', what, 'coordinator1', { twin, attack: attacking })
const malformed = (what: string, attacking: Bytes, twin?: Bytes): Attack => bytes('malformed', what, attacking, twin)
const forged = (what: string, update: (ground: Ground) => ForgedUpdate, twin?: (ground: Ground) => ForgedUpdate): Attack =>
  malformed(what, raw(update), twin === undefined ? honestBytes : raw(twin))

/** The good mark, made something else. */
const marked = (what: string, more: (ground: Ground) => Partial<Forged>): Attack =>
  forged(what, (ground) => ({ blocks: [block(ground, mark(ground, more(ground)))] }))
/** The same, where the place is found before it is seen that nobody can have written that there. */
const atMark = (what: string, more: (ground: Ground) => Partial<Forged>): Attack => ({ ...marked(what, more), root: 'attendance' })
const deleting = (what: string, deletes: (theirs: number) => ForgedUpdate['deletes']): Attack =>
  forged(what, (ground) => ({ blocks: [block(ground, mark(ground))], deletes: deletes(ground.theirs) ?? [] }))

const many = (count: number): Bytes =>
  raw((ground) => ({ blocks: [block(ground, mark(ground), ...Array.from({ length: count - 1 }, (): Forged => ({ content: { gc: 1 } })))] }))
const textOf = ({ elector }: Ground, more: Partial<Forged>): Forged => ({ parent: `note/${elector}`, content: { text: 'a' }, ...more })

/** Two people's text, each behind the other's; honest where only one is. */
const turns = (isCircle: boolean) => (ground: Ground) => ({
  blocks: [
    block(ground, textOf(ground, isCircle ? { origin: [ground.second, 0] } : {})),
    { client: ground.second, clock: 0, structs: [textOf(ground, { origin: [ground.client, ground.clock] })] },
  ],
})

const deep = (levels: number): unknown => (levels === 0 ? 1 : { x: deep(levels - 1) })
const unknownKind = (kind: number) => marked(`content of kind ${kind}`, () => ({ content: { kind, write: () => {} } }))

export const byteAttacks: readonly Attack[] = [
  malformed('cut off at its end', (ground) => honestBytes(ground).subarray(0, -1)),
  malformed('cut off in the middle', (ground) => honestBytes(ground).subarray(0, -9)),
  malformed('something behind its end', (ground) => new Uint8Array([...honestBytes(ground), 0])),
  malformed('a number without an end', () => new Uint8Array(40).fill(255)),
  malformed('version 2 of the format', (ground) => Y.convertUpdateFormatV1ToV2(honestBytes(ground))),
  forged('two blocks of one client', (ground) => ({
    blocks: [block(ground, mark(ground)), block({ ...ground, clock: ground.clock + 1 }, mark(ground))],
  })),
  forged('two texts each behind the other', turns(true), turns(false)),
  marked('a struct behind one of its own client that is yet to come', ({ client, clock }) => ({ origin: [client, clock + 5] })),
  marked('a struct within one that is yet to come', ({ client, clock }) => ({ parent: [client, clock + 5] })),
  marked('a struct within a value', ({ theirs }) => ({ parent: [theirs, 0] })),
  marked('text that is no UTF-8', () => ({
    content: { kind: 4, write: (encoder) => encoding.writeVarUint8Array(encoder, new Uint8Array([255])) },
  })),
  atMark('a struct before another under a key', ({ client, clock }) => ({ right: [client, clock - 1] })),
  forged('a struct that ties two roots together', (ground) => ({
    blocks: [
      block(
        ground,
        mark(ground),
        textOf(ground, {}),
        textOf(ground, { origin: [ground.client, ground.clock + 1], right: [ground.client, ground.clock] }),
      ),
    ],
  })),
  atMark('two values in one struct of a key', () => ({ content: { values: [at_s, at_s + 1] } })),
  marked('a struct of no length', () => ({ content: { values: [] } })),
  marked('a struct of a million clocks and one', () => ({ content: { gc: 1_000_001 } })),
  marked('a value seven deep', () => ({ content: { values: [deep(7)] } })),
  marked('a value that names a prototype', () => ({ content: { kind: 8, write: (encoder) => writePrototype(encoder) } })),
  marked('nothing, with flags', () => ({ content: { kind: 0, write: (encoder) => encoding.writeVarUint(encoder, 1) } })),
  unknownKind(10),
  unknownKind(31),
  forged('what is there already, told under a root that is not', ({ theirs }) => ({
    blocks: [{ client: theirs, clock: 0, structs: [{ parent: 'votes', key: 'x', content: { values: [1] } }] }],
  })),
  forged('what is there already, told behind what never comes', ({ theirs, client }) => ({
    blocks: [{ client: theirs, clock: 0, structs: [{ origin: [client, 1_000], content: { values: [at_s] } }] }],
  })),
  forged('what is there already, told as an embed', ({ theirs }) => ({
    blocks: [
      {
        client: theirs,
        clock: 0,
        structs: [{ parent: 'attendance', key: '1', content: { kind: 5, write: (encoder) => encoding.writeVarString(encoder, '{}') } }],
      },
    ],
  })),
  deleting('deletions that overlap', (theirs) => [
    [
      theirs,
      [
        [0, 2],
        [1, 2],
      ],
    ],
  ]),
  deleting('deletions out of order', (theirs) => [
    [
      theirs,
      [
        [4, 1],
        [0, 1],
      ],
    ],
  ]),
  deleting('a deletion of nothing', (theirs) => [[theirs, [[0, 0]]]]),
  deleting('two lists of deletions of one client', (theirs) => [
    [theirs, [[0, 1]]],
    [theirs, [[1, 1]]],
  ]),
  bytes('too-many-structs', 'one struct more than an update may have', many(10_001), many(10_000)),
  bytes(
    'too-many-structs',
    'a promise of a billion structs',
    raw((ground) => ({ blocks: [{ ...block(ground, mark(ground)), count: 2 ** 30 }] })),
  ),
  bytes(
    'too-large',
    'a quarter of a megabyte and more',
    raw((ground) => ({ blocks: [block(ground, textOf(ground, { content: { text: 'a'.repeat(262_144) } }))] })),
    raw((ground) => ({ blocks: [block(ground, textOf(ground, { content: { text: 'a'.repeat(4_000) } }))] })),
  ),
]

function writePrototype(encoder: encoding.Encoder): void {
  encoding.writeVarUint(encoder, 1)
  encoding.writeUint8(encoder, 118)
  encoding.writeVarUint(encoder, 1)
  encoding.writeVarString(encoder, '__proto__')
  encoding.writeAny(encoder, { polluted: true })
}
