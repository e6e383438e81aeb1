import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { editNote, noteOf, type TextEdit } from '#contract/document/notes.ts'
import type { ElectorSerial } from '#contract/ids.ts'
import { type Delta, editBetween, placeAfter, rebase } from './note-edit.ts'

const applied = (text: string, edits: readonly TextEdit[]) =>
  edits
    .toSorted((a, b) => b.at - a.at)
    .reduce((all, { at, removed, inserted }) => all.slice(0, at) + inserted + all.slice(at + removed), text)

describe('the edit between two texts', () => {
  test.each<[string, string, number, TextEdit | undefined]>([
    ['', 'a', 1, { at: 0, removed: 0, inserted: 'a' }],
    ['ab', 'ab', 1, undefined],
    ['aab', 'ab', 1, { at: 1, removed: 1, inserted: '' }],
    ['aab', 'ab', 0, { at: 0, removed: 1, inserted: '' }],
    ['oo', 'ooo', 1, { at: 0, removed: 0, inserted: 'o' }],
    ['oo', 'ooo', 2, { at: 1, removed: 0, inserted: 'o' }],
    ['Xbcd', 'Ybcd', 4, { at: 0, removed: 1, inserted: 'Y' }],
    ['one two', 'one 2', 5, { at: 4, removed: 3, inserted: '2' }],
    ['يأتي بعد', 'يأتي مع أخيه بعد', 13, { at: 5, removed: 0, inserted: 'مع أخيه ' }],
  ])('%j to %j with the caret at %i', (before, after, caret, edit) => {
    expect(editBetween(before, after, caret)).toEqual(edit)
  })

  test('never cuts a surrogate pair', () => {
    // 😀 and 😁 differ in their second half only; 😀 and 🐀 end in the same half.
    expect(editBetween('a😀b', 'a😁b', 3)).toEqual({ at: 1, removed: 2, inserted: '😁' })
    expect(editBetween('a\u{1f600}b', 'a\u{1fa00}b', 3)).toEqual({ at: 1, removed: 2, inserted: '\u{1fa00}' })
    expect(editBetween('😀', '😀😀', 4)).toMatchObject({ removed: 0, inserted: '😀' })
  })

  test('makes the one text of the other, wherever the caret is said to be', () => {
    const random = seeded(5)
    const word = () => Array.from({ length: random(6) }, () => 'ab😀'.split(/(?:)/u)[random(3)]).join('')
    for (let round = 0; round < 3_000; round += 1) {
      const [before, after] = [word(), word()]
      const edit = editBetween(before, after, random(after.length + 1))
      expect(applied(before, edit === undefined ? [] : [edit])).toBe(after)
      expect(edit?.inserted.isWellFormed() ?? true).toBe(true)
    }
  })
})

describe('a place in a text that others change', () => {
  test.each<[string, Delta, number, number]>([
    ['before a change', [{ retain: 5 }, { insert: 'xy' }], 3, 3],
    ['where somebody writes', [{ retain: 5 }, { insert: 'xy' }], 5, 5],
    ['behind it', [{ retain: 5 }, { insert: 'xy' }], 6, 8],
    ['in what is taken out', [{ retain: 2 }, { delete: 4 }], 4, 2],
    ['behind what is taken out', [{ retain: 2 }, { delete: 4 }], 7, 3],
    ['in what is replaced', [{ retain: 2 }, { insert: 'new' }, { delete: 4 }], 5, 2],
    ['behind two changes', [{ insert: 'ab' }, { retain: 3 }, { delete: 1 }], 9, 10],
  ])('%s', (_what, delta, at, after) => {
    expect(placeAfter(delta, at)).toBe(after)
  })
})

test('an edit made while others wrote keeps all of theirs and does all of its own', () => {
  // The text was "one two three"; this person replaced "two" by "2" while another wrote into it, and a third in front of it.
  const edit = { at: 4, removed: 3, inserted: '2' }
  expect(applied('one twXo three', rebase(edit, [[{ retain: 6 }, { insert: 'X' }]]))).toBe('one 2X three')
  expect(applied('one Xtwo three', rebase(edit, [[{ retain: 4 }, { insert: 'X' }]]))).toBe('one 2X three')
  expect(applied('one o three', rebase(edit, [[{ retain: 4 }, { delete: 2 }]]))).toBe('one 2 three')
  expect(applied('one  three', rebase(edit, [[{ retain: 4 }, { delete: 3 }]]))).toBe('one 2 three')
  expect(applied('>> one two', rebase(edit, [[{ insert: '>> ' }], [{ retain: 10 }, { delete: 6 }]]))).toBe('>> one 2')
})

test('what is held back while others write merges as Yjs would have merged it at once: no letter is lost, none comes back', () => {
  const random = seeded(11)
  const elector = 1 as ElectorSerial
  for (let round = 0; round < 500; round += 1) {
    const doc = new Y.Doc()
    editNote(doc, elector, [{ at: 0, removed: 0, inserted: 'abcdefghij'.slice(0, 1 + random(10)) }])
    const note = noteOf(doc, elector)
    const shown = note.toString()
    const deltas: Delta[] = []
    note.observe(({ delta }) => deltas.push(delta as Delta))
    for (let change = 0; change < 1 + random(3); change += 1) {
      const at = random(note.length + 1)
      doc.transact(() => {
        note.insert(at, 'XYZ'.slice(random(4)))
        if (note.length > 0) note.delete(random(note.length), 1)
      })
    }
    const theirs = note.toString()
    const at = random(shown.length + 1)
    const edit = { at, removed: random(shown.length - at + 1), inserted: '123'.slice(random(4)) }
    editNote(doc, elector, rebase(edit, deltas))
    const kept = [...theirs].filter((letter) => /[XYZ]/.test(letter) || !shown.slice(at, at + edit.removed).includes(letter))
    expect(note.toString().replace(edit.inserted, ''), `round ${round}`).toBe(kept.join(''))
    if (edit.inserted !== '') expect(note.toString()).toContain(edit.inserted)
  }
})

/** Small, seeded, good enough to shuffle (mulberry32). */
function seeded(seed: number) {
  let state = seed
  return (below: number) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}
