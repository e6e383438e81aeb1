import type { Awareness } from 'y-protocols/awareness'
import type { ElectorSerial } from '#contract/ids.ts'
import type { PresentUser } from '#contract/presence.ts'
import { parsePresentUser, parseWhereabouts, type Whereabouts } from './presence-state.ts'

/** Somebody in the committee. `away`: not heard of for a while, and gone from the list if that lasts. */
export type Person = {
  readonly client: number
  readonly user: PresentUser
  /** This page. */
  readonly me: boolean
  readonly away: boolean
  readonly at: Whereabouts
}

/** Who is at one elector. `looking`: others than this person; `calling`: whoever has said so, this person too. */
export type AtElector = { readonly looking: readonly Person[]; readonly calling: readonly Person[] }

// A present client renews its state every 15 s (up to 18, its timer is coarse) and is dropped after 30.
const away_ms = 20_000

type Said = { readonly user: PresentUser | undefined; readonly at: Whereabouts }

/**
 * Who is here. What others' states say is checked: it came over the wire. Somebody about whom nothing has changed stays the same
 * object, and where nothing at all has changed so does the list: who shows it is not woken.
 */
export function createPeople(awareness: Awareness, me: PresentUser) {
  // By state, which is replaced whole: a renewal that says the same costs one comparison, all others nothing.
  const said = new WeakMap<object, Said>()
  let people: readonly Person[] = []

  const read = (state: Readonly<Record<string, unknown>>): Said => {
    const known = said.get(state)
    if (known !== undefined) return known
    const now = { user: parsePresentUser(state.user), at: parseWhereabouts(state) }
    said.set(state, now)
    return now
  }

  const personOf = (client: number, state: Readonly<Record<string, unknown>>, now_ms: number): Person | undefined => {
    const mine = client === awareness.clientID
    const { user, at } = read(state)
    const who = mine ? me : user
    if (who === undefined) return undefined
    const silent_ms = mine ? 0 : now_ms - (awareness.meta.get(client)?.lastUpdated ?? now_ms)
    return { client, user: who, me: mine, away: silent_ms > away_ms, at }
  }

  return {
    /** This page first, then by name, as of `now_ms`. */
    at: (now_ms: number): readonly Person[] => {
      const before = new Map(people.map((person) => [person.client, person]))
      const now: Person[] = []
      for (const [client, state] of awareness.getStates()) {
        const person = personOf(client, state, now_ms)
        const known = before.get(client)
        if (person !== undefined) now.push(known !== undefined && isSame(known, person) ? known : person)
      }
      now.sort(inOrder)
      if (now.length !== people.length || now.some((person, index) => person !== people[index])) people = now
      return people
    },
  }
}

const isSame = (a: Person, b: Person): boolean => a.away === b.away && isAlike(a.user, b.user) && isAlike(a.at, b.at)
const isAlike = (a: object, b: object): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)

const names = new Intl.Collator() // made anew for every comparison it would cost more than all the rest
const inOrder = (a: Person, b: Person): number =>
  Number(b.me) - Number(a.me) || names.compare(a.user.name, b.user.name) || a.client - b.client

/** Who looks at whom, and who calls whom, by elector. Somebody away has put the phone down for all we know, but not said so. */
export function byElector(people: readonly Person[], me: PresentUser): ReadonlyMap<ElectorSerial, AtElector> {
  const found = new Map<ElectorSerial, { looking: Person[]; calling: Person[] }>()
  const at = (elector: ElectorSerial) => {
    const here = found.get(elector) ?? { looking: [], calling: [] }
    found.set(elector, here)
    return here
  }
  for (const person of people) {
    const { elector, claim } = person.at
    if (elector !== undefined && person.user.id !== me.id && !person.away) at(elector).looking.push(person)
    if (claim !== undefined) at(claim.elector).calling.push(person)
  }
  return found
}

/** What is different, each with what it is now; undefined: nobody is there any more. */
export function changedElectors(
  before: ReadonlyMap<ElectorSerial, AtElector>,
  now: ReadonlyMap<ElectorSerial, AtElector>,
): Readonly<Record<number, AtElector | undefined>> {
  const changed: Record<number, AtElector | undefined> = {}
  for (const elector of before.keys()) if (!now.has(elector)) changed[elector] = undefined
  for (const [elector, here] of now) {
    const was = before.get(elector)
    const stays =
      was !== undefined && isSameList(was.looking, here.looking, looksAlike) && isSameList(was.calling, here.calling, callsAlike)
    if (!stays) changed[elector] = here
  }
  return changed
}

type Alike = (a: Person, b: Person) => boolean

const isSameList = (a: readonly Person[], b: readonly Person[], isShownAlike: Alike): boolean =>
  a.length === b.length &&
  a.every((person, index) => {
    const other = b[index]
    return other !== undefined && (person === other || isShownAlike(person, other))
  })

/** Who types a letter meanwhile is another object, and nothing a row shows has changed. */
const looksAlike: Alike = (a, b) => a.client === b.client && a.away === b.away && isAlike(a.user, b.user)
const callsAlike: Alike = (a, b) => looksAlike(a, b) && a.at.claim?.since_s === b.at.claim?.since_s
