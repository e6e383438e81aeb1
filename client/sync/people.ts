import type { Awareness } from 'y-protocols/awareness'
import { parseUserId } from '#contract/ids.ts'
import type { PresenceState, PresentUser } from '#contract/presence.ts'
import { isRole } from '#contract/rights.ts'

/** Somebody in the committee. `away`: not heard of for a while, and gone from the list if that lasts. */
export type Person = {
  readonly client: number
  readonly user: PresentUser
  readonly me: boolean
  readonly away: boolean
  readonly at: Omit<PresenceState, 'user'>
}

// A present client renews its state every 15 s (up to 18, its timer is coarse) and is dropped after 30.
const away_ms = 20_000

/** Who is here, this page first, then by name. What others' states say is checked: it came over the wire. */
export function readPeople(awareness: Awareness, me: PresentUser, now_ms: number): readonly Person[] {
  const people: Person[] = []
  for (const [client, state] of awareness.getStates()) {
    const mine = client === awareness.clientID
    const user = mine ? me : parseUser(state.user)
    if (user === undefined) continue
    const { user: _stamped, ...at } = state
    const heard_ms = awareness.meta.get(client)?.lastUpdated ?? now_ms
    people.push({ client, user, me: mine, away: !mine && now_ms - heard_ms > away_ms, at: at as Omit<PresenceState, 'user'> })
  }
  return people.sort((a, b) => Number(b.me) - Number(a.me) || a.user.name.localeCompare(b.user.name) || a.client - b.client)
}

function parseUser(value: unknown): PresentUser | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { id, name, name_en, role } = value as Record<string, unknown>
  const parsed = parseUserId(id)
  if (!parsed.ok || typeof name !== 'string' || typeof role !== 'string' || !isRole(role)) return undefined
  return { id: parsed.value, name, ...(typeof name_en === 'string' ? { name_en } : {}), role }
}
