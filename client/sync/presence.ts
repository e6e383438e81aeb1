import { createSignal } from 'solid-js'
import { createStore } from 'solid-js/store'
import type { Awareness } from 'y-protocols/awareness'
import type { UserId } from '#contract/ids.ts'
import type { PresenceState, PresentUser } from '#contract/presence.ts'
import type { Inside } from './inside.ts'
import { type Person, readPeople } from './people.ts'

type Place = Omit<PresenceState, 'user' | 'unsent'>
/** What is undefined is taken back; what is absent stays. */
export type PlaceChanges = { [Name in keyof Place]?: Place[Name] | undefined }

/** Who is here and where, and what they are told of this page. */
export function createPresence(inside: Inside, me: PresentUser, awareness: () => Awareness | undefined, unsent: () => number) {
  const { keep, clock } = inside
  const [people, setPeople] = createSignal<readonly Person[]>([])
  // Names as they were met: the document knows only numbers.
  const [names, setNames] = createStore<Record<number, string>>({ [me.id]: me.name })
  let place: Place = {}

  const state = () => ({ ...place, user: me, unsent: unsent() })
  const announce = () => awareness()?.setLocalState(state())
  const read = () => {
    const from = awareness()
    if (from === undefined) return
    const here = readPeople(from, me, clock.now())
    setPeople(here)
    for (const { user } of here) {
      if (names[user.id] === user.name) continue
      setNames(user.id, user.name)
      void keep.putName({ user: user.id, name: user.name })
    }
  }

  return {
    people,
    state,
    nameOf: (user: UserId) => names[user] ?? `#${user}`,
    loadNames: async () => {
      for (const { user, name } of await keep.names()) setNames(user, name)
    },
    start: () => {
      awareness()?.on('change', read)
      announce()
      read()
    },
    /** Time alone makes people be away. The unsent count goes along here: with every edit it would be two messages a ballot. */
    tick: () => {
      read()
      if (awareness()?.getLocalState()?.unsent !== unsent()) announce()
    },
    present: (changes: PlaceChanges) => {
      place = Object.fromEntries(Object.entries({ ...place, ...changes }).filter(([, value]) => value !== undefined))
      announce()
    },
  }
}
