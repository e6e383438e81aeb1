import type { UserId } from '#contract/ids.ts'
import type { PresentUser } from '#contract/presence.ts'
import type { Person } from '../../sync/people.ts'

/** One device of somebody: several tabs of it are several places. `unsent`: of the tab that has most; they may share their edits. */
export type DeviceHere = {
  readonly key: string
  readonly mine: boolean
  readonly away: boolean
  readonly places: readonly Person['at'][]
  readonly unsent: number
}
export type PersonHere = {
  readonly user: PresentUser
  readonly me: boolean
  readonly away: boolean
  readonly devices: readonly DeviceHere[]
}

/** Without a name of its own a device is known by its client, and a page loaded anew is another one. */
const keyOf = ({ client, at }: Person): string => at.device ?? `#${client}`

/** People, not connections: somebody with a phone and a laptop is one, and is away only when away on both. Oneself first. */
export function peopleHere(present: readonly Person[]): readonly PersonHere[] {
  const users = new Map<UserId, Person[]>()
  for (const person of present) users.set(person.user.id, [...(users.get(person.user.id) ?? []), person])
  return [...users.values()]
    .map((pages) => ({
      user: (pages[0] as Person).user,
      me: pages.some(({ me }) => me),
      away: pages.every(({ away }) => away),
      devices: devicesOf(pages),
    }))
    .sort((a, b) => Number(b.me) - Number(a.me) || a.user.id - b.user.id)
}

/** This one first, then in an order that stays. */
function devicesOf(pages: readonly Person[]): readonly DeviceHere[] {
  const devices = new Map<string, Person[]>()
  for (const page of pages) devices.set(keyOf(page), [...(devices.get(keyOf(page)) ?? []), page])
  return [...devices]
    .map(([key, tabs]) => ({
      key,
      mine: tabs.some(({ me }) => me),
      away: tabs.every(({ away }) => away),
      places: tabs.map(({ at }) => at),
      unsent: Math.max(...tabs.map(({ at }) => at.unsent ?? 0)),
    }))
    .sort((a, b) => Number(b.mine) - Number(a.mine) || (a.key < b.key ? -1 : 1))
}
