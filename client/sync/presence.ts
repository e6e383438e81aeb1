import { batch, createSignal, untrack } from 'solid-js'
import { createStore, unwrap } from 'solid-js/store'
import type { Awareness } from 'y-protocols/awareness'
import type { Colleague } from '#contract/api.ts'
import type { ElectorSerial } from '#contract/ids.ts'
import type { PresenceState, PresentUser } from '#contract/presence.ts'
import { createClaim } from './claim.ts'
import type { Clock } from './clock.ts'
import { deviceName } from './memory.ts'
import { type AtElector, byElector, changedElectors, createPeople, type Person } from './people.ts'

type Place = Omit<PresenceState, 'user' | 'unsent' | 'device'>
/** What is undefined is taken back; what is absent stays. */
export type PlaceChanges = { [Name in keyof Place]?: Place[Name] | undefined }

const nobody: AtElector = { looking: [], calling: [] }

type Ports = {
  readonly clock: Clock
  readonly me: PresentUser
  readonly awareness: () => Awareness | undefined
  readonly unsent: () => number
  /** Somebody is here whose name is worth keeping. */
  readonly meet: (colleague: Colleague) => void
}

/** Who is here and where, and what they are told of this page. */
export function createPresence({ clock, me, awareness, unsent, meet }: Ports) {
  const [people, setPeople] = createSignal<readonly Person[]>([])
  // By elector, each a signal of its own: somebody who opens another sheet changes two rows, whoever else is here.
  const [electors, setElectors] = createStore<Record<number, AtElector | undefined>>({})
  let at: ReadonlyMap<ElectorSerial, AtElector> = new Map()
  let place: Place = {}
  let read: ((now_ms: number) => readonly Person[]) | undefined

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
      claim: claim.claim,
      release: claim.release,
    },
    state,
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
