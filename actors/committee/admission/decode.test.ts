import * as encoding from 'lib0/encoding'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { type Forged, forge } from './bytes.kit.ts'
import { docOf, Room, writerOf } from './histories.kit.ts'

const marker = writerOf(2, 'marker')
const mark: Forged = { parent: 'attendance', key: '1/2', content: { values: [1] } }
const good = forge({ blocks: [{ client: 7, clock: 0, structs: [mark] }] })
const edit = (write: (encoder: encoding.Encoder) => void) => encoding.encode(write)

function reasonsOf(update: Uint8Array, limits: ConstructorParameters<typeof Room>[0] = {}, kind: 'live' | 'merge' = 'live') {
  const verdict = new Room(limits).judge(update, marker, kind)
  return verdict.verdict === 'refused' ? verdict.reasons.map(({ code }) => code) : verdict.verdict
}

/** A value nested so deep. */
const nested = (depth: number): unknown => (depth === 0 ? 1 : { in: nested(depth - 1) })

describe('bytes', () => {
  test('[C1] the twin of all that follows is an update, and accepted', () => {
    expect(reasonsOf(good)).toBe('accepted')
    const yjs = docOf(7)
    yjs.getMap('attendance').set('1/2', 1)
    expect(good).toEqual(Y.encodeStateAsUpdate(yjs))
  })

  test('[C2] cut short at any place, an update is malformed', () => {
    for (let length = 0; length < good.length; length += 1)
      expect(reasonsOf(good.subarray(0, length)), String(length)).toEqual(['malformed'])
  })

  test('[C2] an update is its bytes and no more', () => {
    expect(reasonsOf(new Uint8Array([...good, 0]))).toEqual(['malformed'])
  })

  test.each<[string, Uint8Array]>([
    [
      'two blocks of one client',
      forge({
        blocks: [
          { client: 7, clock: 0, structs: [mark] },
          { client: 7, clock: 1, structs: [mark] },
        ],
      }),
    ],
    [
      'two delete lists of one client',
      forge({
        deletes: [
          [7, [[0, 1]]],
          [7, [[1, 1]]],
        ],
      }),
    ],
    [
      'unsorted deletions',
      forge({
        deletes: [
          [
            7,
            [
              [5, 1],
              [0, 1],
            ],
          ],
        ],
      }),
    ],
    [
      'overlapping deletions',
      forge({
        deletes: [
          [
            7,
            [
              [0, 5],
              [3, 5],
            ],
          ],
        ],
      }),
    ],
    ['a deletion of nothing', forge({ deletes: [[7, [[0, 0]]]] })],
    ['a deletion beyond all clocks', forge({ deletes: [[7, [[Number.MAX_SAFE_INTEGER, 1]]]] })],
    ['more structs promised than there are', forge({ blocks: [{ client: 7, clock: 0, count: 2, structs: [mark] }] })],
    ['an empty struct', forge({ blocks: [{ client: 7, clock: 0, structs: [{ ...mark, content: { values: [] } }] }] })],
    ['an empty GC struct', forge({ blocks: [{ client: 7, clock: 0, structs: [{ content: { gc: 0 } }] }] })],
    ['a struct of endless clock', forge({ blocks: [{ client: 7, clock: 0, structs: [{ content: { gc: 1_000_001 } }] }] })],
    ['a clock beyond all numbers', forge({ blocks: [{ client: 7, clock: Number.MAX_SAFE_INTEGER, structs: [mark] }] })],
    [
      'a hole',
      forge({
        blocks: [{ client: 7, clock: 0, structs: [{ content: { kind: 10, write: (encoder) => encoding.writeVarUint(encoder, 1) } }] }],
      }),
    ],
    ['an unknown kind', forge({ blocks: [{ client: 7, clock: 0, structs: [{ ...mark, content: { kind: 11, write: () => {} } }] }] })],
    ['an unknown shared type', forge({ blocks: [{ client: 7, clock: 0, structs: [{ ...mark, content: { shared: 7 } }] }] })],
    [
      'an unknown value',
      forge({
        blocks: [
          {
            client: 7,
            clock: 0,
            structs: [{ ...mark, content: { kind: 8, write: (encoder) => encoding.writeUint8Array(encoder, new Uint8Array([1, 50])) } }],
          },
        ],
      }),
    ],
    [
      'a text that is not UTF-8',
      forge({
        blocks: [
          {
            client: 7,
            clock: 0,
            structs: [
              { parent: 'note/1', content: { kind: 4, write: (encoder) => encoding.writeVarUint8Array(encoder, new Uint8Array([0xff])) } },
            ],
          },
        ],
      }),
    ],
    ['a number without end', new Uint8Array([...Array.from({ length: 12 }, () => 255), 1])],
    ['a value too deep', forge({ blocks: [{ client: 7, clock: 0, structs: [{ ...mark, content: { values: [nested(7)] } }] }] })],
    [
      'a prototype',
      forge({ blocks: [{ client: 7, clock: 0, structs: [{ ...mark, content: { values: [JSON.parse('{"__proto__":{"x":1}}')] } }] }] }),
    ],
    ['billions of clients', edit((encoder) => encoding.writeVarUint(encoder, 2 ** 40))],
    [
      'billions of deletions',
      edit((encoder) => {
        encoding.writeVarUint(encoder, 0)
        encoding.writeVarUint(encoder, 1)
        encoding.writeVarUint(encoder, 7)
        encoding.writeVarUint(encoder, 2 ** 40)
      }),
    ],
    [
      'an array that promises billions',
      forge({
        blocks: [
          {
            client: 7,
            clock: 0,
            structs: [
              {
                ...mark,
                content: {
                  kind: 8,
                  write: (encoder) => {
                    encoding.writeVarUint(encoder, 1)
                    encoding.writeUint8(encoder, 117)
                    encoding.writeVarUint(encoder, 2 ** 40)
                  },
                },
              },
            ],
          },
        ],
      }),
    ],
  ])('[C2] %s: malformed', (_what, update) => {
    expect(reasonsOf(update)).toEqual(['malformed'])
  })

  test('[C2] a value may nest as deep as the bound, and is then judged as a value', () => {
    expect(reasonsOf(forge({ blocks: [{ client: 7, clock: 0, structs: [{ ...mark, content: { values: [nested(4)] } }] }] }))).toEqual([
      'bad-value',
    ])
  })

  test('[C2] as many structs as the bound, live and in a merge; one more is too many', () => {
    const structs = (count: number) =>
      forge({ blocks: [{ client: 7, clock: 0, structs: Array.from({ length: count }, (_, at) => ({ ...mark, key: `${at + 1}/2` })) }] })
    const limits = { structs_max: 3, offline_structs_max: 5 }
    expect(reasonsOf(structs(3), limits)).toBe('accepted')
    expect(reasonsOf(structs(4), limits)).toEqual(['too-many-structs'])
    expect(reasonsOf(structs(5), limits, 'merge')).toBe('accepted')
    expect(reasonsOf(structs(6), limits, 'merge')).toEqual(['too-many-structs'])
  })

  test('[C2] ten times as many deletions as structs; one more is too many', () => {
    const ranges = (count: number) => forge({ deletes: [[7, Array.from({ length: count }, (_, at) => [2 * at, 1] as const)]] })
    expect(reasonsOf(ranges(20), { structs_max: 2 })).toBe('missing')
    expect(reasonsOf(ranges(21), { structs_max: 2 })).toEqual(['too-many-structs'])
  })

  test('[C2] as many bytes as the bound, live and in a merge; one more is too large', () => {
    const limits = { update_bytes_max: good.length, offline_bytes_max: good.length + 1 }
    expect(reasonsOf(good, limits)).toBe('accepted')
    expect(reasonsOf(new Uint8Array([...good, 0]), limits)).toEqual(['too-large'])
    expect(reasonsOf(new Uint8Array([...good, 0]), limits, 'merge')).toEqual(['malformed'])
    expect(reasonsOf(new Uint8Array([...good, 0, 0]), limits, 'merge')).toEqual(['too-large'])
  })
})
