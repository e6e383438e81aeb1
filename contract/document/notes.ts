import type * as Y from 'yjs'
import type { ElectorSerial } from '#contract/ids.ts'
import { keyOf } from './keys.ts'
import { forbiddenCharacters } from './values.ts'

export type NoteText = Y.Text
export const noteOf = (doc: Y.Doc, elector: ElectorSerial): NoteText => doc.getText(keyOf.note(elector))

/** What people type or paste, made fit for a note: as other texts, but lines and tabs stay. */
export function cleanNote(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(forbiddenCharacters, (character) => (character === '\n' || character === '\t' ? character : ''))
    .toWellFormed()
}

/** What somebody did to a text: `removed` characters taken out at `at`, then `inserted` put in there. UTF-16 units. */
export type TextEdit = { readonly at: number; readonly removed: number; readonly inserted: string }

/**
 * Writes edits into a note in one transaction, last place first: each is told in places of the note as it stands before all of them.
 *
 * What only deletes leaves a trace: one character, put in and taken out again in the same transaction. A deletion has no clock of
 * its own, and receipts are told in clocks; with the trace, the clock that covers it covers the deletions that travel with it, in
 * the same update and so in the same row. Without it nobody could say after a reload whether a deletion has been saved.
 */
export function editNote(doc: Y.Doc, elector: ElectorSerial, edits: readonly TextEdit[]): void {
  const note = noteOf(doc, elector)
  doc.transact(() => {
    for (const { at, removed, inserted } of edits.toSorted((a, b) => b.at - a.at)) {
      if (removed > 0) note.delete(at, removed)
      if (inserted !== '') note.insert(at, inserted)
    }
    if (edits.some(({ inserted }) => inserted !== '') || edits.every(({ removed }) => removed === 0)) return
    const at = Math.min(...edits.map((edit) => edit.at))
    note.insert(at, trace)
    note.delete(at, trace.length)
  })
}

const trace = '-'
