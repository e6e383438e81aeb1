import { batch, createSignal, untrack } from 'solid-js'
import { createStore, unwrap } from 'solid-js/store'
import type { Awareness } from 'y-protocols/awareness'
import type { Colleague } from '#contract/api.ts'
import type { ElectorSerial, UserId } from '#contract/ids.ts'
import type { PresenceState, PresentUser } from '#contract/presence.ts'
import { personName } from '../i18n/names.ts'
import { createClaim } from './claim.ts'
import type { Inside } from './inside.ts'
import { deviceName } from './memory.ts'
import { type AtElector, byElector, changedElectors, createPeople, type Person } from './people.ts'

type Place = Omit<PresenceState, 'user' | 'unsent' | 'device'>
/** What is undefined is taken back; what is absent stays. */
export type PlaceChanges = { [Name in keyof Place]?: Place[Name] | undefined }

const nobody: AtElector = { looking: [], calling: [] }

/** Who is here and where, and what they are told of this page. */
export function createPresence(inside: Inside, me: PresentUser, awareness: () => Awareness | undefined, unsent: () => number) {
  const { keep, clock } = inside
  const [people, setPeople] = createSignal<readonly Person[]>([])
  // By elector, each a signal of its own: somebody who opens another sheet changes two rows, whoever else is here.
  const [electors, setElectors] = createStore<Record<number, AtElector | undefined>>({})
  let at: ReadonlyMap<ElectorSerial, AtElector> = new Map()
  // The document knows only numbers. Names come with the roll, and by meeting somebody here.
  const [names, setNames] = createStore<Record<number, Colleague>>({ [me.id]: me })
  let place: Place = {}
  let read: ((now_ms: number) => readonly Person[]) | undefined

  const meet = ({ id, name, name_en }: Colleague) => {
    const known = names[id]
    if (known?.name === name && known.name_en === name_en) return
    const english = name_en === undefined ? {} : { name_en }
    setNames(id, { id, name, ...english })
    void keep.putName({ user: id, name, ...english })
  }
  const device = deviceName()
  const state = () => ({ ...place, user: me, unsent: unsent(), ...(device === undefined ? {} : { device }) })
  // Called where effects run: what is told is none of what they depend on.
  const announce = () => untrack(() => awareness()?.setLocalState(state()))
  const look = () => {
    const here = read?.(clock.now())
    if (here === undefined || here === untrack(people)) return
    const now = byElector(here, me)
    batch(() => {
      setPeople(here)
      setElectors(changedElectors(at, now))
    })
    at = now
    for (const { user } of here) meet(user)
  }
  const present = (changes: PlaceChanges) => {
    const next = Object.fromEntries(Object.entries({ ...place, ...changes }).filter(([, value]) => value !== undefined))
    if (JSON.stringify(next) === JSON.stringify(place)) return
    place = next
    announce()
  }
  const claim = createClaim(clock, (now) => present({ claim: now }))

  return {
    /** What views are given of all this. */
    views: {
      people,
      at: (elector: ElectorSerial): AtElector => unwrap(electors[elector]) ?? nobody,
      present,
      claimed: claim.elector,
      claim: claim.claim,
      release: claim.release,
      nameOf: (user: UserId) => {
        const known = names[user]
        return known === undefined ? `#${user}` : personName(known)
      },
    },
    state,
    meet,
    loadNames: async () => {
      for (const { user, ...name } of await keep.names()) setNames(user, { id: user, ...name })
    },
    start: () => {
      const from = awareness()
      if (from === undefined) return
      read = createPeople(from, me).at
      from.on('change', look)
      announce()
      look()
    },
    /** Time alone makes people be away. The unsent count goes along here: with every edit it would be two messages a ballot. */
    tick: () => {
      look()
      if (awareness()?.getLocalState()?.unsent !== unsent()) announce()
    },
    stop: claim.stop,
  }
}
