import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { appendToLog, ballotsRoot } from '#contract/document/ballots.ts'
import type { CandidateNumber, ClientId, UserId } from '#contract/ids.ts'
import { forge } from './bytes.kit.ts'
import { at_s, docOf, Room, set, tell, tryOut, writerOf, written } from './histories.kit.ts'

const supervisor = writerOf(1, 'supervisor')
const marker = writerOf(2, 'marker')
const counter = writerOf(3, 'counter')
const coordinator = writerOf(5, 'coordinator')
const ballot = (...candidates: number[]) => ({ n: 1, at_s, c: candidates as CandidateNumber[] })

describe('[C6] logs', () => {
  const counting = () => {
    const room = new Room()
    const verdict = room.receive(
      written(room, 7, (doc) => {
        appendToLog(doc, 'A', 3 as UserId, ballot(1))
        appendToLog(doc, 'A', 3 as UserId, ballot(2))
      }),
      counter,
    )
    expect(verdict.verdict).toBe('accepted')
    return room
  }
  /** The phone whose log it is: it goes on with the same client. */
  const goOn = (room: Room, write: (doc: Y.Doc, log: Y.Array<unknown>) => void) => {
    const doc = new Y.Doc()
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(room.doc))
    // Not before: Yjs takes another id when it hears of its own from elsewhere.
    doc.clientID = 7
    const before = Y.encodeStateVector(doc)
    write(doc, ballotsRoot(doc).get('A/3.7') as Y.Array<unknown>)
    return Y.encodeStateAsUpdate(doc, before)
  }

  test.each<[string, string | string[], (doc: Y.Doc, log: Y.Array<unknown>) => void]>([
    ['an entry at the end', 'accepted', (_doc, log) => log.push([ballot(3)])],
    ['several at the end', 'accepted', (_doc, log) => log.push([ballot(3), ballot(4), ballot()])],
    [
      'two at the end, one by one',
      'accepted',
      (_doc, log) => {
        log.push([ballot(3)])
        log.push([ballot(4)])
      },
    ],
    ['an entry at the beginning', ['not-append-only'], (_doc, log) => log.insert(0, [ballot(3)])],
    ['an entry in the middle', ['not-append-only'], (_doc, log) => log.insert(1, [ballot(3)])],
    ['an entry removed', ['not-append-only'], (_doc, log) => log.delete(0, 1)],
    ['the last one removed', ['not-append-only'], (_doc, log) => log.delete(1, 1)],
    [
      'an entry appended and removed',
      ['not-append-only'],
      (_doc, log) => {
        log.push([ballot(3)])
        log.delete(2, 1)
      },
    ],
    ['the log replaced', ['not-append-only'], (doc) => void ballotsRoot(doc).set('A/3.7', Y.Array.from([ballot(3)]))],
    ['the log deleted', ['not-append-only'], (doc) => void ballotsRoot(doc).delete('A/3.7')],
    ['the log made a value', ['not-append-only', 'bad-value'], (doc) => void ballotsRoot(doc).set('A/3.7', 1)],
    ['a text in the log', ['bad-value'], (_doc, log) => log.push([new Y.Text('x')])],
    ['a map in the log', ['bad-value'], (_doc, log) => log.push([new Y.Map()])],
  ])('%s: %j', (_what, answer, write) => {
    const room = counting()
    expect(tell(room, goOn(room, write), counter)).toEqual(answer)
  })

  test('a supervisor does not write in another’s log either, but may strike from the own one', () => {
    const room = counting()
    expect(tryOut(supervisor, (doc) => (ballotsRoot(doc).get('A/3.7') as Y.Array<unknown>).push([ballot(3)]), room, 8)).toEqual(['bad-key'])
    const strike = { void: [7 as ClientId, 0] as const, at_s, why: '' }
    expect(tryOut(supervisor, (doc) => void appendToLog(doc, 'A', 1 as UserId, strike), room, 8)).toBe('accepted')
    expect(tryOut(coordinator, (doc) => void appendToLog(doc, 'A', 5 as UserId, strike), room, 8)).toEqual(['forbidden'])
  })

  test('the first update of a phone may already strike its own ballot', () => {
    expect(
      tryOut(counter, (doc) => {
        appendToLog(doc, 'A', 3 as UserId, ballot(1))
        appendToLog(doc, 'A', 3 as UserId, { void: [7 as ClientId, 0], at_s, why: '' })
      }),
    ).toBe('accepted')
  })

  test('an entry that says it follows another than the last is refused', () => {
    const room = counting()
    const append = (origin: readonly [number, number]) =>
      forge({ blocks: [{ client: 7, clock: 3, structs: [{ origin, content: { values: [ballot(3)] } }] }] })
    expect(tell(room, append([7, 2]), counter)).toBe('accepted')
    expect(tell(room, append([7, 1]), counter)).toEqual(['not-append-only'])
  })

  test('a hidden entry, deleted on arrival, is refused', () => {
    const room = counting()
    expect(
      tell(room, forge({ blocks: [{ client: 7, clock: 3, structs: [{ origin: [7, 2], content: { deleted: 1 } }] }] }), counter),
    ).toEqual(['not-append-only'])
  })

  test('a log has room for its ballots and no more', () => {
    const room = new Room({ log_ballots_max: 3 })
    const fill = (count: number) => (doc: Y.Doc) => {
      for (let at = 0; at < count; at += 1) appendToLog(doc, 'A', 3 as UserId, ballot(1))
    }
    expect(tryOut(counter, fill(3), room)).toBe('accepted')
    expect(tryOut(counter, fill(4), room)).toEqual(['too-large'])
  })
})

describe('[C7] deletions', () => {
  /** Marker 2 has marked through client 50. */
  const marked = () => {
    const room = new Room()
    room.receive(written(room, 40, set('attendance', '1/2', at_s)), marker)
    room.receive(written(room, 50, set('attendance', '1/2', at_s + 1)), marker)
    return room
  }

  test('a value may be overwritten, again and again, and each takes the one before with it', () => {
    const room = marked()
    const update = written(room, 7, (doc) => {
      for (let at = 2; at < 9; at += 1) doc.getMap('attendance').set('1/2', at_s + at)
    })
    const verdict = room.receive(update, marker)
    expect(verdict).toMatchObject({ verdict: 'accepted' })
    expect(room.doc.getMap('attendance').get('1/2')).toBe(at_s + 8)
  })

  test('values of one phone that are gone come as one struct, with their content where it was kept: accepted', () => {
    for (const gc of [true, false]) {
      const room = marked()
      const doc = docOf(7, gc)
      for (let at = 2; at < 9; at += 1) doc.getMap('attendance').set('1/2', at_s + at)
      expect(tell(room, Y.encodeStateAsUpdate(doc), marker), `gc ${gc}`).toBe('accepted')
    }
  })

  test('two values in one struct that stand are no honest phone’s', () => {
    const structs = [{ parent: 'attendance', key: '1/2', content: { values: [at_s, at_s + 1] } }]
    expect(tell(new Room(), forge({ blocks: [{ client: 7, clock: 0, structs }] }), marker)).toEqual(['malformed'])
    expect(tell(new Room(), forge({ blocks: [{ client: 7, clock: 0, structs }], deletes: [[7, [[0, 2]]]] }), marker)).toBe('accepted')
  })

  test('a key is not deleted, neither by its author nor by anyone else', () => {
    const room = marked()
    const erase = (doc: Y.Doc) => doc.getMap('attendance').delete('1/2')
    expect(tryOut(marker, erase, room)).toEqual(['bad-value'])
    expect(tryOut(supervisor, erase, room)).toEqual(['bad-value'])
  })

  test('nor deleted behind a value that does not take its place', () => {
    const room = marked()
    const other = (root: string, key: string) =>
      forge({ blocks: [{ client: 7, clock: 0, structs: [{ parent: root, key, content: { values: [at_s] } }] }], deletes: [[50, [[0, 1]]]] })
    expect(tell(room, other('attendance', '2/2'), marker)).toEqual(['bad-value'])
    // Under the same key, but beside the old value and losing against it: the key would be empty.
    expect(tell(room, other('attendance', '1/2'), marker)).toEqual(['bad-value'])
    const onTop = forge({
      blocks: [{ client: 7, clock: 0, structs: [{ origin: [50, 0], content: { values: [at_s] } }] }],
      deletes: [[50, [[0, 1]]]],
    })
    expect(tell(room, onTop, marker)).toBe('accepted')
  })

  test('a deleted value built on the one that stands would take it away: refused, unless a value follows', () => {
    const room = marked()
    const tombstone = { origin: [50, 0], content: { deleted: 1 } } as const
    expect(tell(room, forge({ blocks: [{ client: 7, clock: 0, structs: [tombstone] }] }), marker)).toEqual(['bad-value'])
    const replaced = [tombstone, { origin: [7, 0], content: { values: [at_s] } }] as const
    expect(tell(room, forge({ blocks: [{ client: 7, clock: 0, structs: replaced }] }), marker)).toBe('accepted')
  })

  test('a deleted value with a client id that wins from further back would take it away as well', () => {
    const room = marked()
    // Client 50 wrote on 40's value; a later sibling with a higher id goes to the right of it.
    const from = (client: number) => forge({ blocks: [{ client, clock: 0, structs: [{ origin: [40, 0], content: { deleted: 1 } }] }] })
    expect(tell(room, from(60), marker)).toEqual(['bad-value'])
    expect(tell(room, from(30), marker)).toBe('accepted')
    const alive = forge({ blocks: [{ client: 60, clock: 0, structs: [{ origin: [40, 0], content: { values: [at_s] } }] }] })
    expect(tell(room, alive, marker)).toBe('accepted')
  })

  test('what these verdicts say of the key is what Yjs makes of it', () => {
    for (const update of [
      forge({ blocks: [{ client: 60, clock: 0, structs: [{ origin: [40, 0], content: { deleted: 1 } }] }] }),
      forge({ blocks: [{ client: 30, clock: 0, structs: [{ origin: [40, 0], content: { deleted: 1 } }] }] }),
      forge({
        blocks: [{ client: 7, clock: 0, structs: [{ parent: 'attendance', key: '1/2', content: { values: [at_s] } }] }],
        deletes: [[50, [[0, 1]]]],
      }),
      forge({
        blocks: [{ client: 70, clock: 0, structs: [{ parent: 'attendance', key: '1/2', content: { values: [at_s] } }] }],
        deletes: [[50, [[0, 1]]]],
      }),
      forge({
        blocks: [
          { client: 7, clock: 0, structs: [{ origin: [50, 0], content: { deleted: 2 } }] },
          { client: 8, clock: 0, structs: [{ origin: [50, 0], content: { values: [at_s] } }] },
        ],
      }),
      forge({
        blocks: [
          { client: 9, clock: 0, structs: [{ origin: [50, 0], content: { deleted: 2 } }] },
          { client: 8, clock: 0, structs: [{ origin: [50, 0], content: { values: [at_s] } }] },
        ],
      }),
    ]) {
      const room = marked()
      const copy = room.copy()
      Y.applyUpdate(copy, update)
      expect(tell(room, update, marker)).toEqual(copy.getMap('attendance').has('1/2') ? 'accepted' : ['bad-value'])
    }
  })
})
