import * as encoding from 'lib0/encoding'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { appendToLog } from '#contract/document/ballots.ts'
import type { CandidateNumber, UserId } from '#contract/ids.ts'
import { type Forged, type ForgedUpdate, forge } from './bytes.kit.ts'
import { at_s, docOf, Room, set, tell, tryOut, writerOf, written } from './histories.kit.ts'

const marker = writerOf(2, 'marker')
const coordinator = writerOf(5, 'coordinator')
const mark = (elector: number, user = 2) => ({ parent: 'attendance', key: `${elector}/${user}`, content: { values: [at_s] } }) as const
const type =
  (text: string, at = 0) =>
  (doc: Y.Doc) =>
    doc.getText('note/1').insert(at, text)

/** What is accepted can be merged: nothing throws, nothing is left over. */
function merges(room: Room, update: ForgedUpdate, writer = coordinator) {
  const verdict = tell(room, forge(update), writer)
  if (verdict === 'accepted') {
    const copy = room.copy()
    Y.applyUpdate(copy, forge(update))
    expect([copy.store.pendingStructs, copy.store.pendingDs]).toEqual([null, null])
  }
  return verdict
}

describe('[C10] what is there already', () => {
  test('an update that comes again says nothing new, and neither does the whole document', () => {
    const room = new Room()
    const update = written(room, 7, set('attendance', '1/2', at_s))
    expect(room.receive(update, marker).verdict).toBe('accepted')
    expect(tell(room, update, marker)).toBe('nothing-new')
    expect(tell(room, Y.encodeStateAsUpdate(room.doc), marker)).toBe('nothing-new')
    expect(tell(room, new Uint8Array([0, 0]), marker)).toBe('nothing-new')
  })

  test('known structs and deletions are not judged again, whoever brings them back', () => {
    const room = new Room()
    room.receive(written(room, 7, set('attendance', '1/5', at_s)), coordinator)
    room.receive(written(room, 8, set('attendance', '1/5', at_s + 1)), coordinator)
    const doc = docOf(9)
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(room.doc))
    doc.getMap('attendance').set('2/2', at_s)
    expect(tell(room, Y.encodeStateAsUpdate(doc), marker)).toBe('accepted')
  })

  test('the row holds only what was new, cut in the middle of a struct where need be', () => {
    const room = new Room()
    const doc = docOf(7)
    const say = (text: string) => type(text, doc.getText('note/1').length)(doc)
    say('known ')
    room.receive(Y.encodeStateAsUpdate(doc), coordinator)
    say('new')
    const verdict = room.judge(Y.encodeStateAsUpdate(doc), coordinator)
    if (verdict.verdict !== 'accepted') throw new Error(verdict.verdict)
    expect(Y.decodeUpdate(verdict.update).structs.map(({ id, length }) => [id.client, id.clock, length])).toEqual([[7, 6, 3]])
    const rest = new Y.Doc()
    for (const row of [...room.rows, verdict.update]) Y.applyUpdate(rest, row)
    expect(rest.getText('note/1').toString()).toBe('known new')
  })

  test('a deletion half of which is known brings the other half', () => {
    const room = new Room()
    room.receive(written(room, 7, type('abcdef')), coordinator)
    room.receive(
      written(room, 8, (doc) => doc.getText('note/1').delete(0, 3)),
      coordinator,
    )
    const verdict = room.judge(forge({ deletes: [[7, [[1, 4]]]] }), coordinator)
    expect(verdict).toMatchObject({ verdict: 'accepted', clients: [], deletes: [[7, 3, 2]], touches: [{ path: 'note/1', key: '' }] })
  })

  test('what is told again of known structs must not be told with another root or an unreadable content', () => {
    const room = new Room()
    room.receive(written(room, 7, set('attendance', '1/2', at_s)), marker)
    const again = (struct: object) =>
      merges(room, { blocks: [{ client: 7, clock: 0, structs: [{ ...mark(1), ...struct }, mark(2)] }] }, marker)
    expect(again({})).toBe('accepted')
    expect(again({ parent: 'junk' })).toEqual(['malformed'])
    expect(again({ content: { kind: 5, write: (encoder: encoding.Encoder) => encoding.writeVarString(encoder, '{') } })).toEqual([
      'malformed',
    ])
    expect(room.doc.share.has('junk')).toBe(false)
  })
})

describe('[C11] refused whole', () => {
  test('an update with one bad write changes nothing, and the author’s next good one is accepted', () => {
    const room = new Room()
    const bad = written(room, 7, (doc) => {
      doc.getMap('attendance').set('1/2', at_s)
      doc.getMap('attendance').set('1/3', at_s)
    })
    expect(room.receive(bad, marker)).toMatchObject({
      verdict: 'refused',
      client: 7,
      reasons: [{ code: 'bad-key', path: 'attendance', key: '1/3' }],
    })
    expect([room.doc.store.clients.size, room.doc.share.size, room.rows.length, room.owners.size]).toEqual([0, 0, 0, 0])
    expect(tryOut(marker, set('attendance', '1/2', at_s), room, 8)).toBe('accepted')
  })

  test('every bad write is told, each with its place', () => {
    const room = new Room()
    const verdict = room.judge(
      written(room, 7, (doc) => {
        doc.getMap('attendance').set('1/3', at_s)
        doc.getMap('figures').set('minute/valid/2', 1)
      }),
      marker,
    )
    expect(verdict).toMatchObject({
      reasons: [
        { code: 'bad-key', path: 'attendance', key: '1/3' },
        { code: 'forbidden', path: 'figures', key: 'minute/valid/2' },
      ],
    })
  })
})

describe('[C12] what is not there yet', () => {
  test.each<[string, ForgedUpdate]>([
    ['a gap in the own clock', { blocks: [{ client: 7, clock: 1, structs: [mark(1, 5)] }] }],
    ['an origin nobody has', { blocks: [{ client: 7, clock: 0, structs: [{ origin: [9, 0], content: { values: [at_s] } }] }] }],
    ['a right neighbour nobody has', { blocks: [{ client: 7, clock: 0, structs: [{ right: [9, 0], content: { text: 'x' } }] }] }],
    ['a parent nobody has', { blocks: [{ client: 7, clock: 0, structs: [{ parent: [9, 0], content: { values: [1] } }] }] }],
    ['a deletion of what nobody has', { deletes: [[9, [[0, 1]]]] }],
    ['a deletion that reaches too far', { blocks: [{ client: 7, clock: 0, structs: [mark(1, 5)] }], deletes: [[7, [[0, 2]]]] }],
  ])('%s is missing', (_what, update) => {
    expect(merges(new Room(), update)).toBe('missing')
  })

  test('the twin brings what it builds on, in whatever order of blocks', () => {
    const blocks = [
      { client: 7, clock: 0, structs: [{ origin: [9, 0], content: { text: 'x' } }] },
      { client: 9, clock: 0, structs: [{ parent: 'note/1', content: { text: 'y' } }] },
    ] as const
    expect(merges(new Room(), { blocks })).toBe('accepted')
    expect(merges(new Room(), { blocks: blocks.toReversed() })).toBe('accepted')
  })

  test('two own clients that wrote by turns, each building on the other', () => {
    const [one, two] = [docOf(7), docOf(9)]
    for (let turn = 0; turn < 6; turn += 1) {
      type(`${turn}`, turn)(turn % 2 === 0 ? one : two)
      Y.applyUpdate(one, Y.encodeStateAsUpdate(two))
      Y.applyUpdate(two, Y.encodeStateAsUpdate(one))
    }
    const room = new Room()
    expect(room.receive(Y.encodeStateAsUpdate(one), coordinator)).toMatchObject({ verdict: 'accepted', clients: [7, 9] })
    expect(room.doc.getText('note/1').toString()).toBe('012345')
  })

  test.each<[string, ForgedUpdate]>([
    [
      'a circle of two clients',
      {
        blocks: [
          { client: 7, clock: 0, structs: [{ origin: [9, 0], content: { text: 'x' } }] },
          { client: 9, clock: 0, structs: [{ origin: [7, 0], content: { text: 'y' } }] },
        ],
      },
    ],
    [
      'a circle through a later struct',
      {
        blocks: [
          { client: 7, clock: 0, structs: [{ origin: [9, 1], content: { text: 'x' } }] },
          {
            client: 9,
            clock: 0,
            structs: [
              { parent: 'note/1', content: { text: 'y' } },
              { origin: [7, 0], content: { text: 'z' } },
            ],
          },
        ],
      },
    ],
    ['a struct built on itself', { blocks: [{ client: 7, clock: 0, structs: [{ origin: [7, 0], content: { text: 'x' } }] }] }],
    [
      'a struct built on a later one',
      {
        blocks: [
          {
            client: 7,
            clock: 0,
            structs: [
              { right: [7, 1], content: { text: 'x' } },
              { parent: 'note/1', content: { text: 'y' } },
            ],
          },
        ],
      },
    ],
    ['a struct in itself', { blocks: [{ client: 7, clock: 0, structs: [{ parent: [7, 0], content: { shared: 0 } }] }] }],
    [
      'a parent that holds nothing',
      { blocks: [{ client: 7, clock: 0, structs: [mark(1, 5), { parent: [7, 0], content: { values: [1] } }] }] },
    ],
    [
      'neighbours of two lists',
      {
        blocks: [
          {
            client: 7,
            clock: 0,
            structs: [
              { parent: 'note/1', content: { text: 'x' } },
              { parent: 'note/2', content: { text: 'y' } },
              { origin: [7, 0], right: [7, 1], content: { text: 'z' } },
            ],
          },
        ],
      },
    ],
  ])('%s is malformed', (_what, update) => {
    expect(merges(new Room(), update)).toEqual(['malformed'])
  })

  test('the rest of a struct half of which is known stands where that half stands, and its right neighbour too', () => {
    const room = new Room()
    room.receive(written(room, 7, type('ab')), coordinator)
    room.receive(
      written(room, 8, (doc) => doc.getText('note/2').insert(0, 'other')),
      coordinator,
    )
    const rest = (struct: object) =>
      merges(room, { blocks: [{ client: 7, clock: 0, structs: [{ parent: 'note/1', content: { text: 'abc' }, ...struct }] }] })
    expect(rest({})).toBe('accepted')
    // Told with the other note as its parent, and cut: it still stands in the first.
    const elsewhere = room.judge(
      forge({ blocks: [{ client: 7, clock: 0, structs: [{ parent: 'note/2', content: { text: 'abc' } }] }] }),
      coordinator,
    )
    expect(elsewhere).toMatchObject({ verdict: 'accepted', touches: [{ path: 'note/1', key: '' }] })
    expect(rest({ right: [8, 0] })).toEqual(['malformed'])
    expect(rest({ right: [7, 2] })).toEqual(['malformed'])
    // Whoever has its beginning has what it stands before.
    expect(rest({ right: [99, 0] })).toEqual(['malformed'])
  })

  test('what is there already, told beside what is not, would leave the whole of it pending: found by fuzz, seed 806', () => {
    const room = new Room()
    room.receive(
      written(room, 7, (doc) => doc.getText('note/1').insert(0, 'ab')),
      coordinator,
    )
    const retold = (struct: Partial<Forged>): Uint8Array =>
      forge({ blocks: [{ client: 7, clock: 0, structs: [{ parent: 'note/1', content: { text: 'ab' }, ...struct }, mark(1, 5)] }] })
    expect(tell(room, retold({}), coordinator)).toBe('accepted')
    const besides: readonly Partial<Forged>[] = [{ origin: [99, 0] }, { right: [99, 0] }, { parent: [99, 0] }, { origin: [7, 9] }]
    for (const beside of besides) {
      expect(tell(room, retold(beside), coordinator)).toEqual(['malformed'])
      const alone = forge({ blocks: [{ client: 7, clock: 0, structs: [{ parent: 'note/1', content: { text: 'ab' }, ...beside }] }] })
      expect(tell(room, alone, coordinator)).toEqual(['malformed'])
    }
  })

  test('what hangs on something that is gone is merged as gone, but must be readable', () => {
    const room = new Room()
    const array = { ...mark(1, 5), parent: 'ballots', key: 'A/5.7', content: { shared: 0 } } as const
    expect(
      merges(room, {
        blocks: [{ client: 7, clock: 0, structs: [{ content: { gc: 1 } }, { parent: [7, 0], content: { values: ['junk'] } }] }],
      }),
    ).toBe('accepted')
    expect(
      merges(room, { blocks: [{ client: 7, clock: 0, structs: [array, { parent: [7, 0], content: { values: ['junk'] } }] }] }),
    ).toEqual(['bad-value'])
    const unreadable = { kind: 5, write: (encoder: encoding.Encoder) => encoding.writeVarString(encoder, '{') }
    expect(
      merges(room, { blocks: [{ client: 7, clock: 0, structs: [{ content: { gc: 1 } }, { parent: [7, 0], content: unreadable }] }] }),
    ).toEqual(['bad-value'])
  })

  test('a merge of hours is judged in the time it takes to read it', () => {
    const doc = docOf(7)
    for (let at = 0; at < 3_000; at += 1) {
      doc.getMap('attendance').set(`${1 + (at % 100)}/5`, at_s + at)
      appendToLog(doc, 'A', 5 as UserId, { n: 1, at_s, c: [1 + (at % 9)] as CandidateNumber[] })
    }
    const room = new Room()
    expect(room.receive(Y.encodeStateAsUpdate(doc), coordinator).verdict).toBe('accepted')
    expect(room.doc.getMap('attendance').size).toBe(100)
  })
})
