import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { editNote, noteOf } from '#contract/document/notes.ts'
import type { ElectorSerial } from '#contract/ids.ts'
import { cursorAt, placeOf } from './note-cursor.ts'

const elector = 1 as ElectorSerial
const name = 'note/1'

function page(client: number) {
  const doc = new Y.Doc()
  doc.clientID = client
  const text = noteOf(doc, elector)
  return {
    doc,
    text,
    put: (at: number, removed: number, inserted: string) => editNote(doc, elector, [{ at, removed, inserted }]),
    /** As it comes over the wire. */
    cursor: (anchor: number, head = anchor) => JSON.parse(JSON.stringify(cursorAt(text, { anchor, head }))) as ReturnType<typeof cursorAt>,
    place: (cursor: ReturnType<typeof cursorAt>) => placeOf(text, name, cursor),
  }
}
type Page = ReturnType<typeof page>
const meet = (a: Page, b: Page) => {
  Y.applyUpdate(a.doc, Y.encodeStateAsUpdate(b.doc))
  Y.applyUpdate(b.doc, Y.encodeStateAsUpdate(a.doc))
}

function two(text: string): [Page, Page] {
  const pages: [Page, Page] = [page(1), page(2)]
  pages[0].put(0, 0, text)
  meet(...pages)
  return pages
}

test('a caret comes out where it is, at every place of a text, and in an empty one', () => {
  const [here, there] = two('بوابة الورشة')
  for (let at = 0; at <= here.text.length; at += 1) expect(there.place(here.cursor(at))).toEqual({ anchor: at, head: at })
  const [empty, other] = two('')
  expect(other.place(empty.cursor(0))).toEqual({ anchor: 0, head: 0 })
})

test('a caret stays behind its letter while others write before it, behind it and exactly at it, and take letters out', () => {
  const [here, there] = two('needs a lift')
  const cursor = here.cursor(5)
  there.put(0, 0, 'he ')
  expect(there.place(cursor)?.head).toBe(8)
  there.put(8, 0, ' only')
  expect(there.place(cursor)?.head).toBe(8)
  there.put(there.text.length, 0, ' at four')
  expect(there.place(cursor)?.head).toBe(8)
  there.put(0, 5, '')
  expect(there.place(cursor)?.head).toBe(3)
  there.put(0, there.text.length, '')
  expect(there.place(cursor)?.head).toBe(0)
})

test('what is selected keeps its letters, whichever way it was selected, and does not grow by what is put at its edges', () => {
  for (const [anchor, head] of [
    [6, 10],
    [10, 6],
  ] as const) {
    const [here, there] = two('from the gate of it')
    const cursor = here.cursor(anchor, head)
    there.put(10, 0, 'XX')
    there.put(6, 0, 'YY')
    const place = there.place(cursor)
    expect(
      there.text.toString().slice(Math.min(place?.anchor ?? 0, place?.head ?? 0), Math.max(place?.anchor ?? 0, place?.head ?? 0)),
    ).toBe('he g')
    expect(Math.sign((place?.head ?? 0) - (place?.anchor ?? 0))).toBe(Math.sign(head - anchor))
  }
})

test('a caret behind a letter that has not arrived is nowhere, until it has', () => {
  const [here, there] = two('a')
  here.put(1, 0, 'b')
  const cursor = here.cursor(2)
  expect(there.place(cursor)).toBeUndefined()
  meet(here, there)
  expect(there.place(cursor)).toEqual({ anchor: 2, head: 2 })
})

test('what is no position of this text is nowhere, breaks nothing, and makes no root', () => {
  const { doc, text, put, place } = page(1)
  put(0, 0, 'abc')
  doc.getMap('attendance').set('1/2', 5)
  const start = Y.getState(doc.store, 1)
  const other = { client: 1, clock: start - 1 }
  const good = { tname: name, assoc: -1 }
  expect(place({ anchor: good, head: good })).toEqual({ anchor: 0, head: 0 })
  const bad: unknown[] = [
    null,
    'here',
    7,
    [],
    {},
    { tname: 'nowhere', assoc: -1 },
    { tname: 'attendance', assoc: 0 },
    { type: { client: 1, clock: 0 }, assoc: 0 },
    { item: other, assoc: -1 },
    { item: { client: 1, clock: 1e9 }, assoc: -1 },
    { item: { client: 1, clock: -1 }, assoc: -1 },
    { item: { client: 1, clock: 0.5 }, assoc: -1 },
    { item: { client: '1', clock: 0 }, assoc: -1 },
    { item: { client: 99, clock: 0 }, assoc: 0 },
    { item: 'x', assoc: 0 },
    { item: { client: 1, clock: 0 } },
    { item: { client: 1, clock: 0 }, assoc: 5 },
    { tname: { toString: 'x' }, assoc: 0 },
  ]
  for (const position of bad) {
    expect(place({ anchor: position, head: good }), JSON.stringify(position)).toBeUndefined()
    expect(place({ anchor: good, head: position }), JSON.stringify(position)).toBeUndefined()
  }
  expect([...doc.share.keys()].sort()).toEqual(['attendance', name])
  expect(text.toString()).toBe('abc')
})
