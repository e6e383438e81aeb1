import * as encoding from 'lib0/encoding'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { appendToLog } from '#contract/document/ballots.ts'
import { keyCharactersMax } from '#contract/document/keys.ts'
import type { Writer } from '#contract/document/schema.ts'
import type { CandidateNumber, UserId } from '#contract/ids.ts'
import { forge } from './bytes.kit.ts'
import { at_s, Room, set, tell, tryOut, writerOf, written } from './histories.kit.ts'

const supervisor = writerOf(1, 'supervisor')
const marker = writerOf(2, 'marker')
const counter = writerOf(3, 'counter')
const collector = writerOf(4, 'collector')
const coordinator = writerOf(5, 'coordinator')
const ballot = (...candidates: number[]) => ({ n: 1, at_s, c: candidates as CandidateNumber[] })

describe('[C3] places', () => {
  test.each<[string, string | string[], (doc: Y.Doc) => void]>([
    ['a root of another name', ['unknown-root'], set('attendances', '1/2', at_s)],
    ['a key that is none', ['bad-key'], set('attendance', '1-2', at_s)],
    ['a key with a leading zero', ['bad-key'], set('attendance', '01/2', at_s)],
    ['a list in a root that is a map', ['bad-key'], (doc) => doc.getArray('attendance').push([at_s])],
    ['a text in a root that is a map', ['bad-key'], (doc) => doc.getText('attendance').insert(0, 'x')],
    ['a map in a value', ['bad-value'], set('attendance', '2/1', new Y.Map())],
    ['an array in a value', ['bad-value'], set('attendance', '2/1', Y.Array.from([1]))],
    ['a key on a note', ['bad-key'], (doc) => doc.getMap('note/1').set('bold', true)],
  ])('%s: %j', (_what, codes, write) => {
    expect(tryOut(supervisor, write)).toEqual(codes)
  })

  test('their twins are accepted, with what they touch', () => {
    const room = new Room()
    const update = written(room, 7, (doc) => {
      doc.getMap('attendance').set('1/1', at_s)
      doc.getText('note/1').insert(0, 'x')
      appendToLog(doc, 'A', 1 as UserId, ballot(3))
    })
    expect(room.judge(update, supervisor)).toMatchObject({
      verdict: 'accepted',
      clients: [7],
      touches: [
        { path: 'attendance', key: '1/1' },
        { path: 'note/1', key: '' },
        { path: 'ballots', key: 'A/1.7' },
      ],
    })
  })

  test('a refusal says where, no longer than a key may be, and not without end', () => {
    const room = new Room()
    const update = written(room, 7, (doc) => {
      for (let at = 0; at < 400; at += 1) doc.getMap(`${at}${'x'.repeat(10_000)}`).set(`${at}`, 1)
    })
    const verdict = room.judge(update, supervisor)
    if (verdict.verdict !== 'refused') throw new Error(verdict.verdict)
    expect(verdict.client).toBe(7)
    expect(verdict.reasons).toHaveLength(256)
    for (const { path } of [...verdict.reasons, ...verdict.writes.map(({ write }) => write)]) expect(path).toHaveLength(keyCharactersMax)
  })

  test('[C43] every write that was refused is named: where there are too many, root by root; what was good is never', () => {
    const marks = (count: number) => (doc: Y.Doc) => {
      for (let at = 0; at < count; at += 1) doc.getMap('attendance').set(`${1 + (at % 100)}/${2 + Math.floor(at / 100)}`, at_s)
      doc.getMap('figures').set('minute/ballots/3', 4)
    }
    const reasons = (count: number) => {
      const room = new Room()
      const verdict = room.judge(written(room, 7, marks(count)), counter)
      return verdict.verdict === 'refused' ? verdict.reasons : []
    }
    expect(reasons(256)).toHaveLength(256)
    expect(reasons(256)[0]).toEqual({ code: 'forbidden', path: 'attendance', key: '1/2' })
    expect(reasons(257)).toEqual([{ code: 'forbidden', path: 'attendance', key: '' }])
    expect(reasons(0)).toEqual([])
  })

  test('an empty key on a note is no place to put a tombstone', () => {
    expect(
      tell(
        new Room(),
        forge({ blocks: [{ client: 7, clock: 0, structs: [{ parent: 'note/1', key: '', content: { deleted: 1 } }] }] }),
        supervisor,
      ),
    ).toEqual(['bad-value'])
  })
})

describe('[C4] authors', () => {
  test.each<[string, string | string[], Writer, (doc: Y.Doc) => void]>([
    ['a marker’s own mark', 'accepted', marker, set('attendance', '1/2', at_s)],
    ['a mark in another’s name', ['bad-key'], marker, set('attendance', '1/3', at_s)],
    ['a counter’s mark', ['forbidden'], counter, set('attendance', '1/3', at_s)],
    ['a mark before polling', ['late'], writerOf(2, 'marker', 'canvass'), set('attendance', '1/2', at_s)],
    ['a mark after closing', ['late'], writerOf(2, 'marker', 'closed'), set('attendance', '1/2', at_s)],
    ['a collector’s own pledge', 'accepted', collector, set('guarantees', '1/4/strength', 'weak')],
    ['a collector at another’s pledge', ['bad-key'], collector, set('guarantees', '1/2/strength', 'weak')],
    ['a coordinator at another’s pledge', 'accepted', coordinator, set('guarantees', '1/2/strength', 'weak')],
    ['a supervisor’s ruling', 'accepted', supervisor, set('attendance', '1/#', { by: 1, at_s, why: '', saw: {} })],
    ['a coordinator’s ruling', ['forbidden'], coordinator, set('attendance', '1/#', { by: 5, at_s, why: '', saw: {} })],
    ['a note by a collector', 'accepted', collector, (doc) => doc.getText('note/1').insert(0, 'x')],
    ['a note by a counter', ['forbidden'], counter, (doc) => doc.getText('note/1').insert(0, 'x')],
    ['a counter’s own log', 'accepted', counter, (doc) => void appendToLog(doc, 'A', 3 as UserId, ballot(1))],
    ['a log in another’s name', ['bad-key'], counter, (doc) => void appendToLog(doc, 'A', 2 as UserId, ballot(1))],
    ['a log of another client', ['bad-key'], counter, (doc) => void doc.getMap('ballots').set('A/3.8', Y.Array.from([ballot(1)]))],
  ])('%s: %j', (_what, answer, writer, write) => {
    expect(tryOut(writer, write)).toEqual(answer)
  })

  test('deleting in a note takes the same right as writing in it', () => {
    const room = new Room()
    room.receive(
      written(room, 7, (doc) => doc.getText('note/1').insert(0, 'abc')),
      collector,
    )
    const erase = (doc: Y.Doc) => doc.getText('note/1').delete(1, 1)
    expect(tryOut(marker, erase, room, 8)).toEqual(['forbidden'])
    expect(tryOut(writerOf(4, 'collector', 'closed'), erase, room, 8)).toEqual(['late'])
    expect(tryOut(coordinator, erase, room, 8)).toBe('accepted')
  })

  test('a key that has a value, written anew without the right to or too late: that is what stands against it, and nothing else', () => {
    const room = new Room()
    const pledge = (value: string) => set('guarantees', '1/4/strength', value)
    room.receive(written(room, 7, pledge('weak')), collector)
    expect(tryOut(writerOf(4, 'collector', 'closed'), pledge('strong'), room, 8)).toEqual(['late'])
    expect(tryOut(marker, pledge('strong'), room, 8)).toEqual(['forbidden'])
    expect(tryOut(collector, pledge('strong'), room, 8)).toBe('accepted')
  })

  test('what is gone already is a row all the same: not from somebody who may not write', () => {
    const gone = forge({ blocks: [{ client: 7, clock: 0, structs: [{ content: { gc: 5 } }] }] })
    expect(tell(new Room(), gone, marker)).toBe('accepted')
    expect(tell(new Room(), gone, writerOf(2, 'marker', 'closed'))).toEqual(['late'])
    expect(tell(new Room(), gone, writerOf(2, 'viewer'))).toEqual(['forbidden'])
  })
})

describe('[C5] values', () => {
  test.each<[string, string | string[], Writer, (doc: Y.Doc) => void]>([
    ['an elector of the roll', 'accepted', marker, set('attendance', '100/2', at_s)],
    ['an elector who is not', ['bad-value'], marker, set('attendance', '101/2', at_s)],
    ['a time in words', ['bad-value'], marker, set('attendance', '1/2', 'noon')],
    ['bytes', ['bad-value'], marker, set('attendance', '1/2', new Uint8Array([1]))],
    ['a candidate of the election', 'accepted', counter, (doc) => void appendToLog(doc, 'A', 3 as UserId, ballot(9))],
    ['a candidate who is not', ['bad-value'], counter, (doc) => void appendToLog(doc, 'A', 3 as UserId, ballot(10))],
    ['three choices', 'accepted', counter, (doc) => void appendToLog(doc, 'A', 3 as UserId, ballot(1, 2, 3))],
    ['four choices', ['bad-value'], counter, (doc) => void appendToLog(doc, 'A', 3 as UserId, ballot(1, 2, 3, 4))],
    ['a ruling in another’s name', ['bad-value'], supervisor, set('figures', 'minute/valid/#', { value: 1, by: 2, at_s, saw: {} })],
    ['the phase', ['forbidden'], writerOf(9, 'administrator'), set('meta', 'phase', 'closed')],
    ['a conflict', ['forbidden'], writerOf(9, 'administrator'), set('conflicts', 'attendance/1/2', { values: [] })],
  ])('%s: %j', (_what, answer, writer, write) => {
    expect(tryOut(writer, write)).toEqual(answer)
  })

  test('a value that the same update overwrites is judged like any other', () => {
    const write = (first: unknown) => (doc: Y.Doc) => {
      doc.getMap('attendance').set('1/2', first)
      doc.getMap('attendance').set('1/2', at_s)
    }
    const room = new Room()
    expect(tell(room, written(room, 7, write('junk'), false), marker)).toEqual(['bad-value'])
    expect(tell(room, written(room, 7, write(at_s - 1), false), marker)).toBe('accepted')
  })
})

describe('[C8] notes', () => {
  test.each<[string, string | string[], (doc: Y.Doc) => void]>([
    ['plain text', 'accepted', (doc) => doc.getText('note/1').insert(0, 'يعود مساءً 😀')],
    ['a format', ['bad-value'], (doc) => doc.getText('note/1').insert(0, 'x', { bold: true })],
    ['an embed', ['bad-value'], (doc) => doc.getText('note/1').insertEmbed(0, { image: 'x' })],
    ['an array', ['bad-value'], (doc) => doc.getArray('note/1').push([1])],
    ['a note on the last of the roll', 'accepted', (doc) => doc.getText('note/100').insert(0, 'x')],
    ['a note on an elector who is not on it', ['bad-value'], (doc) => doc.getText('note/101').insert(0, 'x')],
    ['a note on nobody', ['unknown-root'], (doc) => doc.getText('note/0').insert(0, 'x')],
  ])('%s: %j', (_what, answer, write) => {
    expect(tryOut(collector, write)).toEqual(answer)
  })

  test('a subdocument, binary or old JSON is nowhere a value', () => {
    for (const [kind, write] of [
      [
        2,
        (encoder: encoding.Encoder) => {
          encoding.writeVarUint(encoder, 1)
          encoding.writeVarString(encoder, '{')
        },
      ],
      [3, (encoder: encoding.Encoder) => encoding.writeVarUint8Array(encoder, new Uint8Array([1]))],
      [5, (encoder: encoding.Encoder) => encoding.writeVarString(encoder, '{')],
      [
        9,
        (encoder: encoding.Encoder) => {
          encoding.writeVarString(encoder, 'x')
          encoding.writeAny(encoder, {})
        },
      ],
    ] as const) {
      for (const at of [{ parent: 'note/1' }, { parent: 'guarantees', key: '1/4/group' }])
        expect(
          tell(new Room(), forge({ blocks: [{ client: 7, clock: 0, structs: [{ ...at, content: { kind, write } }] }] }), collector),
        ).toEqual(['bad-value'])
    }
  })

  test('a note has room for its characters and no more, whoever wrote them', () => {
    const room = new Room({ note_characters_max: 10 })
    expect(
      room.receive(
        written(room, 7, (doc) => doc.getText('note/1').insert(0, '123456')),
        collector,
      ).verdict,
    ).toBe('accepted')
    expect(tryOut(coordinator, (doc) => doc.getText('note/1').insert(3, 'abcd'), room, 8)).toBe('accepted')
    expect(tryOut(coordinator, (doc) => doc.getText('note/1').insert(3, 'abcde'), room, 8)).toEqual(['too-large'])
  })

  test('what an update takes out of a note, or types and takes out again, takes no room in it', () => {
    const room = new Room({ note_characters_max: 10 })
    room.receive(
      written(room, 7, (doc) => doc.getText('note/1').insert(0, '0123456789')),
      collector,
    )
    const over = (removed: number, inserted: string) => (doc: Y.Doc) => {
      doc.gc = false
      doc.getText('note/1').delete(2, removed)
      doc.getText('note/1').insert(2, inserted)
    }
    expect(tryOut(coordinator, over(5, 'abcdef'), room, 8)).toEqual(['too-large'])
    expect(tryOut(coordinator, over(5, 'abcde'), room, 8)).toBe('accepted')
    const tryTwice = (kept: string) => (doc: Y.Doc) => {
      doc.gc = false
      doc.getText('note/2').insert(0, 'a first version')
      doc.getText('note/2').delete(0, 15)
      doc.getText('note/2').insert(0, kept)
    }
    expect(tryOut(coordinator, tryTwice('0123456789a'), room, 8)).toEqual(['too-large'])
    expect(tryOut(coordinator, tryTwice('0123456789'), room, 8)).toBe('accepted')
    // The trace of a deletion, in a note that is full.
    const erase = (doc: Y.Doc) => {
      doc.gc = false
      doc.getText('note/1').delete(9, 1)
      doc.getText('note/1').insert(9, '-')
      doc.getText('note/1').delete(9, 1)
    }
    expect(tryOut(coordinator, erase, room, 8)).toBe('accepted')
  })
})

describe('[C9] clients', () => {
  test('a client belongs to whoever wrote with it first', () => {
    const room = new Room()
    room.receive(written(room, 7, set('attendance', '1/2', at_s)), marker)
    const goOn = (user: number) =>
      forge({ blocks: [{ client: 7, clock: 1, structs: [{ parent: 'attendance', key: `2/${user}`, content: { values: [at_s] } }] }] })
    expect(tell(room, goOn(5), coordinator)).toEqual(['foreign-client'])
    expect(tell(room, goOn(2), marker)).toBe('accepted')
  })

  test('the server’s clients are nobody else’s', () => {
    const from = (client: number) =>
      forge({ blocks: [{ client, clock: 0, structs: [{ parent: 'attendance', key: '1/2', content: { values: [at_s] } }] }] })
    expect(tell(new Room(), from(2 ** 32), marker)).toEqual(['foreign-client'])
    expect(tell(new Room(), from(2 ** 32 - 1), marker)).toBe('accepted')
  })

  test('a person has so many clients and no more; those they have go on', () => {
    const room = new Room({ clients_per_user_max: 2 })
    for (const client of [7, 8]) room.receive(written(room, client, set('attendance', `${client}/2`, at_s)), marker)
    expect(tryOut(marker, set('attendance', '1/2', at_s), room, 9)).toEqual(['too-many-connections'])
    expect(
      tell(
        room,
        forge({ blocks: [{ client: 8, clock: 1, structs: [{ parent: 'attendance', key: '1/2', content: { values: [at_s] } }] }] }),
        marker,
      ),
    ).toBe('accepted')
    expect(tryOut(coordinator, set('attendance', '1/5', at_s), room, 9)).toBe('accepted')
  })
})
