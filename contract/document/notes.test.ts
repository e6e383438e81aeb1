import { expect, test } from 'vitest'
import * as Y from 'yjs'
import type { ElectorSerial } from '#contract/ids.ts'
import { cleanNote, editNote, noteOf } from './notes.ts'

const elector = 9 as ElectorSerial
const clockOf = (doc: Y.Doc) => Y.getState(doc.store, doc.clientID)

function written(text: string) {
  const doc = new Y.Doc()
  editNote(doc, elector, [{ at: 0, removed: 0, inserted: text }])
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  return { doc, updates, note: noteOf(doc, elector) }
}

test('edits are told in places of the note as it stands before them, and written as one', () => {
  const { doc, updates, note } = written('one two three')
  editNote(doc, elector, [
    { at: 0, removed: 3, inserted: 'ONE' },
    { at: 4, removed: 4, inserted: '' },
    { at: 13, removed: 0, inserted: '!' },
  ])
  expect(note.toString()).toBe('ONE three!')
  expect(updates).toHaveLength(1)
})

test('a deletion alone leaves a clock that its receipt can name, in the same update, and nothing to see', () => {
  const { doc, updates, note } = written('abcdef')
  const before = clockOf(doc)
  editNote(doc, elector, [{ at: 2, removed: 3, inserted: '' }])
  expect(note.toString()).toBe('abf')
  expect(clockOf(doc)).toBe(before + 1)
  expect(updates).toHaveLength(1)
  const { structs, ds } = Y.decodeUpdate(updates[0] as Uint8Array)
  expect(structs.map(({ id, length }) => [id.clock, length])).toEqual([[before, 1]])
  expect(ds.clients.get(doc.clientID)?.map(({ clock, len }) => [clock, len])).toEqual([
    [2, 3],
    [before, 1],
  ])
})

test('deletions in several places leave one trace, wherever the first of them stands', () => {
  const { doc, note } = written('one two three')
  const before = clockOf(doc)
  editNote(doc, elector, [
    { at: 8, removed: 5, inserted: '' },
    { at: 0, removed: 4, inserted: '' },
  ])
  expect([note.toString(), clockOf(doc)]).toEqual(['two ', before + 1])
})

test('a replacement needs no trace, and what changes nothing writes nothing', () => {
  const { doc, note } = written('abc')
  const before = clockOf(doc)
  editNote(doc, elector, [{ at: 0, removed: 1, inserted: 'A' }])
  expect([note.toString(), clockOf(doc)]).toEqual(['Abc', before + 1])
  editNote(doc, elector, [])
  editNote(doc, elector, [{ at: 1, removed: 0, inserted: '' }])
  expect(clockOf(doc)).toBe(before + 1)
})

test('emptying a note and writing in it at once keeps what the other wrote', () => {
  const { doc, note } = written('old')
  const other = new Y.Doc()
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc))
  editNote(doc, elector, [{ at: 0, removed: 3, inserted: '' }])
  editNote(other, elector, [{ at: 3, removed: 0, inserted: ' and new' }])
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(other))
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc))
  expect([note.toString(), noteOf(other, elector).toString()]).toEqual([' and new', ' and new'])
})

test('a note keeps its lines, and nothing that turns the direction of writing', () => {
  expect(cleanNote('one\r\ntwo\rthree\n\tfour')).toBe('one\ntwo\nthree\n\tfour')
  expect(cleanNote('a\u202eb\u0000c\u200f')).toBe('abc')
  expect(cleanNote('x\ud83d')).toBe('x\ufffd')
})
