import { cleanNote, type TextEdit } from '#contract/document/notes.ts'
import type { CommitteeSession } from '../../sync/committee-session.ts'
import { type Delta, editBetween, placeAfter, rebase } from '../../sync/note-edit.ts'
import type { Selection } from '../../sync/typing.ts'

/** What a text area must be able to do; a test brings its own. */
export type Field = Pick<
  HTMLTextAreaElement,
  'value' | 'selectionStart' | 'selectionEnd' | 'selectionDirection' | 'scrollTop' | 'setSelectionRange'
> & {
  matches(selectors: string): boolean
}

/**
 * Ties a text area to a note. What is typed goes into the note as the smallest edit; what others write appears, and the caret stays
 * with the letters it stood at. While an input method composes a word (Arabic and Latin keyboards of phones do) its text area must
 * not be written to: others' changes wait until the word is done, and what was typed meanwhile is moved to where it belongs now.
 */
export function bindField(field: Field, note: ReturnType<CommitteeSession['note']>, write: (edits: readonly TextEdit[]) => boolean) {
  /** What the field showed when it and the note were last the same. */
  let shown = note.text()
  /** Changes by others since then. */
  let held: Delta[] = []
  let composing = false
  field.value = shown

  function show(start: number, end = start) {
    const { scrollTop } = field
    shown = note.text()
    held = []
    if (field.value !== shown) field.value = shown
    // Some browsers give the focus to what gets a selection.
    if (field.matches(':focus')) field.setSelectionRange(start, end)
    field.scrollTop = scrollTop
  }

  const stop = note.follow((delta) => {
    held.push(delta)
    if (!composing) show(placeAfter(delta, field.selectionStart), placeAfter(delta, field.selectionEnd))
  })

  function typed() {
    if (composing && held.length > 0) return
    const value = cleanNote(field.value)
    const caret = cleanNote(field.value.slice(0, field.selectionEnd)).length
    const edit = editBetween(shown, value, caret)
    if (edit === undefined) {
      // Nothing but what a note does not take, or nothing at all; what others wrote may still be waiting.
      if (held.length > 0 || field.value !== shown) show(held.reduce((at, delta) => placeAfter(delta, at), Math.min(caret, shown.length)))
      return
    }
    const at = held.reduce((place, delta) => placeAfter(delta, place), edit.at)
    const changed = held.length > 0 || field.value !== value
    if (!write(rebase(edit, held))) show(at)
    else if (changed) show(at + edit.inserted.length)
    else shown = value
  }

  return {
    /** What is selected, as places of the note; undefined while the field shows another text than the note is. */
    place: (): Selection | undefined => {
      if (held.length > 0 || field.value !== shown) return undefined
      const { selectionStart: start, selectionEnd: end } = field
      return field.selectionDirection === 'backward' ? { anchor: end, head: start } : { anchor: start, head: end }
    },
    typed,
    composes: () => {
      composing = true
    },
    composed: () => {
      composing = false
      typed()
    },
    stop,
  }
}
