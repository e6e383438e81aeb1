import { createSignal } from 'solid-js'
import { createStore } from 'solid-js/store'
import type { Awareness } from 'y-protocols/awareness'
import type { Colleague } from '#contract/api.ts'
import type { UserId } from '#contract/ids.ts'
import type { PresenceState, PresentUser } from '#contract/presence.ts'
import { personName } from '../i18n/names.ts'
import type { Inside } from './inside.ts'
import { deviceName } from './memory.ts'
import { type Person, readPeople } from './people.ts'

type Place = Omit<PresenceState, 'user' | 'unsent' | 'device'>
/** What is undefined is taken back; what is absent stays. */
export type PlaceChanges = { [Name in keyof Place]?: Place[Name] | undefined }

/** Who is here and where, and what they are told of this page. */
export function createPresence(inside: Inside, me: PresentUser, awareness: () => Awareness | undefined, unsent: () => number) {
  const { keep, clock } = inside
  const [people, setPeople] = createSignal<readonly Person[]>([])
  // The document knows only numbers. Names come with the roll, and by meeting somebody here.
  const [names, setNames] = createStore<Record<number, Colleague>>({ [me.id]: me })
  let place: Place = {}

  const meet = ({ id, name, name_en }: Colleague) => {
    const known = names[id]
    if (known?.name === name && known.name_en === name_en) return
    const english = name_en === undefined ? {} : { name_en }
    setNames(id, { id, name, ...english })
    void keep.putName({ user: id, name, ...english })
  }
  const device = deviceName()
  const state = () => ({ ...place, user: me, unsent: unsent(), ...(device === undefined ? {} : { device }) })
  const announce = () => awareness()?.setLocalState(state())
  const read = () => {
    const from = awareness()
    if (from === undefined) return
    const here = readPeople(from, me, clock.now())
    setPeople(here)
    for (const { user } of here) meet(user)
  }

  return {
    people,
    state,
    meet,
    nameOf: (user: UserId) => {
      const known = names[user]
      return known === undefined ? `#${user}` : personName(known)
    },
    loadNames: async () => {
      for (const { user, ...name } of await keep.names()) setNames(user, { id: user, ...name })
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
