import type * as Y from 'yjs'
import { noteOf } from '#contract/document/notes.ts'
import type { ElectorSerial } from '#contract/ids.ts'
import type { Delta } from '../note-edit.ts'

/** One elector's note as a field of the page needs it: what it says, and what others do to it while it is open. */
export type Note = {
  text(): string
  /** Tells every change that was not made by this page; answers the function that ends it. */
  follow(hear: (delta: Delta) => void): () => void
}

export function bindNote(doc: Y.Doc, elector: ElectorSerial): Note {
  const note = noteOf(doc, elector)
  return {
    text: () => note.toString(),
    follow: (hear) => {
      const observer = (event: Y.YTextEvent, transaction: Y.Transaction) => {
        if (!transaction.local) hear(event.delta as Delta)
      }
      note.observe(observer)
      return () => note.unobserve(observer)
    },
  }
}
