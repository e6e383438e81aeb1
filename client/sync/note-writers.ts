import type * as Y from 'yjs'
import { keyOf } from '#contract/document/keys.ts'
import { noteOf } from '#contract/document/notes.ts'
import type { ElectorSerial } from '#contract/ids.ts'
import type { PresenceState } from '#contract/presence.ts'
import type { Clock } from './clock.ts'
import { cursorAt, placeOf } from './note-cursor.ts'
import type { Person } from './people.ts'
import type { PlaceChanges } from './presence.ts'
import { createTyping, type Selection, type Typing } from './typing.ts'

/** Somebody who types in a note now; `place` where their caret can be shown. */
export type Writer = { readonly person: Person; readonly place?: Selection }

type Ports = {
  readonly doc: Y.Doc
  readonly clock: Clock
  readonly people: () => readonly Person[]
  readonly present: (changes: PlaceChanges) => void
}

/** Who types in which note, with their carets as they stand in this document. */
export function createNoteWriters({ doc, clock, people, present }: Ports) {
  // News of a caret overtakes the letter it stands at, which is shown to nobody before it is durable: until then the caret stays.
  const lastKnown = new Map<number, NonNullable<PresenceState['cursor']>>()
  let own: Typing | undefined

  function placeIn(text: Y.Text, name: string, { client, at }: Person): Selection | undefined {
    if (at.cursor === undefined) return undefined
    const place = placeOf(text, name, at.cursor)
    if (place !== undefined) {
      lastKnown.set(client, at.cursor)
      return place
    }
    const known = lastKnown.get(client)
    return known === undefined ? undefined : placeOf(text, name, known)
  }

  return {
    /** Reads `people`; to be asked again whenever the text has changed. */
    writers: (serial: ElectorSerial): readonly Writer[] => {
      const name = keyOf.note(serial)
      const text = noteOf(doc, serial)
      const here = people()
      for (const client of lastKnown.keys()) if (!here.some((person) => person.client === client)) lastKnown.delete(client)
      return here
        .filter(({ me, at }) => !me && at.typing === name)
        .map((person) => {
          const place = placeIn(text, name, person)
          return place === undefined ? { person } : { person, place }
        })
    },
    /** What this page tells of its own typing in a note. One at a time: another field is another one's end. */
    typing: (serial: ElectorSerial): Typing => {
      own?.rest()
      const name = keyOf.note(serial)
      const typing = createTyping(clock, (at) =>
        present({
          typing: at === undefined ? undefined : name,
          cursor: at?.place === undefined ? undefined : cursorAt(noteOf(doc, serial), at.place),
        }),
      )
      own = typing
      return typing
    },
    stop: () => own?.rest(),
  }
}
