import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { editNote, noteOf } from '#contract/document/notes.ts'
import type { ElectorSerial } from '#contract/ids.ts'
import { bindNote } from '../../sync/binding/note.ts'
import { bindField, type Field } from './note-field.ts'

const elector = 1 as ElectorSerial

/** A page with its note open. `at` types there as a person does: the caret ends behind what was typed. */
function page(focused = true) {
  const doc = new Y.Doc()
  const field: Field = {
    value: '',
    selectionStart: 0,
    selectionEnd: 0,
    selectionDirection: 'forward',
    scrollTop: 0,
    matches: () => focused,
    setSelectionRange(start, end) {
      Object.assign(this, { selectionStart: start, selectionEnd: end })
    },
  }
  const note = noteOf(doc, elector)
  const room = { max: Number.POSITIVE_INFINITY }
  const bound = bindField(field, bindNote(doc, elector), (edits) => {
    if (note.length + edits.reduce((sum, { inserted, removed }) => sum + inserted.length - removed, 0) > room.max) return false
    editNote(doc, elector, edits)
    return true
  })
  const put = (at: number, removed: number, inserted: string) => {
    field.value = field.value.slice(0, at) + inserted + field.value.slice(at + removed)
    field.setSelectionRange(at + inserted.length, at + inserted.length)
  }
  const type = (at: number, removed: number, inserted: string) => {
    put(at, removed, inserted)
    bound.typed()
  }
  return { doc, field, note, room, put, type, ...bound }
}
type Page = ReturnType<typeof page>
const meet = (a: Page, b: Page) => {
  Y.applyUpdate(a.doc, Y.encodeStateAsUpdate(b.doc), 'wire')
  Y.applyUpdate(b.doc, Y.encodeStateAsUpdate(a.doc), 'wire')
}
/** The text with the caret in it. */
const seen = ({ field }: Page) => `${field.value.slice(0, field.selectionEnd)}|${field.value.slice(field.selectionEnd)}`

test('two people type in one note: both see both, and each caret stays with its letters', () => {
  const [here, there] = [page(), page()]
  here.type(0, 0, 'needs a lift')
  meet(here, there)
  there.type(5, 0, ' only')
  here.type(12, 0, ' at four')
  here.field.setSelectionRange(12, 12)
  meet(here, there)
  expect(seen(here)).toBe('needs only a lift| at four')
  expect(seen(there)).toBe('needs only| a lift at four')
})

test('what another writes exactly at the caret does not push it away', () => {
  const [here, there] = [page(), page()]
  here.type(0, 0, 'ab')
  meet(here, there)
  here.field.setSelectionRange(1, 1)
  there.type(1, 0, 'XX')
  meet(here, there)
  expect(seen(here)).toBe('a|XXb')
})

test('a word being composed is not disturbed, and comes out where it belongs', () => {
  const [here, there] = [page(), page()]
  here.type(0, 0, 'one two')
  meet(here, there)
  here.composes()
  here.put(7, 0, ' thr')
  there.type(0, 3, 'ONE AND')
  meet(here, there)
  expect(seen(here)).toBe('one two thr|')
  here.put(11, 0, 'ee')
  here.typed()
  expect(here.note.toString()).toBe('ONE AND two')
  here.composed()
  expect(seen(here)).toBe('ONE AND two three|')
  meet(here, there)
  expect(there.field.value).toBe('ONE AND two three')
})

test('a word composed while nobody else writes is kept letter by letter', () => {
  const here = page()
  here.composes()
  here.type(0, 0, 'سـ')
  expect(here.note.toString()).toBe('سـ')
  here.put(0, 2, 'سالم')
  here.composed()
  expect(here.note.toString()).toBe('سالم')
})

test('a word that was given up leaves what others wrote meanwhile', () => {
  const [here, there] = [page(), page()]
  here.type(0, 0, 'a')
  meet(here, there)
  here.composes()
  there.type(1, 0, 'b')
  meet(here, there)
  here.composed()
  expect(here.field.value).toBe('ab')
})

test('what a note does not take is not shown either', () => {
  const here = page()
  here.type(0, 0, 'a\u202eb\u0000')
  expect([here.field.value, here.note.toString(), seen(here)]).toEqual(['ab', 'ab', 'ab|'])
  here.room.max = 4
  here.type(2, 0, 'cde')
  expect([here.field.value, here.note.toString()]).toEqual(['ab', 'ab'])
  here.type(2, 0, 'cd')
  expect(here.note.toString()).toBe('abcd')
})

test('a field that does not have the focus does not take it', () => {
  const [here, there] = [page(false), page()]
  here.field.setSelectionRange(0, 0)
  there.type(0, 0, 'x')
  meet(here, there)
  expect(seen(here)).toBe('|x')
})

test('what is selected is told the way it was selected, and not while the field shows another text than the note is', () => {
  const [here, there] = [page(), page()]
  here.type(0, 0, 'one two')
  meet(here, there)
  here.field.setSelectionRange(4, 7)
  expect(here.place()).toEqual({ anchor: 4, head: 7 })
  Object.assign(here.field, { selectionDirection: 'backward' })
  expect(here.place()).toEqual({ anchor: 7, head: 4 })
  here.composes()
  there.type(0, 3, 'ONE AND')
  meet(here, there)
  expect(here.place()).toBeUndefined()
  here.composed()
  expect(here.place()).toEqual({ anchor: 11, head: 11 })
})
