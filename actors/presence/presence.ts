import type { ClientId, CommitteeId } from '#contract/ids.ts'
import type { Roster } from '#contract/presence.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Link } from './here.ts'
import { encodePeerNews, type PeerWord, readPeerNews } from './peer-news.ts'
import type { Instance, PresenceOfPeers, PresencePeers } from './peers.ts'
import { Room, type RoomLimits } from './room.ts'
import type { Said } from './said.ts'

export type PresencePorts = {
  readonly clock: Clock
  readonly limits: RoomLimits
  readonly peers?: PresencePeers
}

/** Called with a committee's roster when it is another than before, conflated as the states themselves. Must not throw. */
export type OnRoster = (committee: CommitteeId, roster: Roster) => void

/** Between two looks at who has become silent, whose claim is over, who types no more. */
const look_ms = 500
/** A look that comes later than this after the last: this process stood still, and nobody was silent. */
const stall_ms = 2_000

/**
 * Who is in which committee, on all processes. It holds states only, of connections and of other processes, and nothing that lasts: a
 * process that starts anew knows nobody until they speak.
 */
export class Presence implements PresenceOfPeers {
  readonly #ports: PresencePorts
  readonly #rooms = new Map<CommitteeId, Room>()
  readonly #links = new Map<Link, CommitteeId>()
  readonly #listeners = new Set<OnRoster>()
  #looked_ms: number

  constructor(ports: PresencePorts) {
    this.#ports = ports
    this.#looked_ms = ports.clock.now_ms()
    this.#lookAgain()
  }

  /** People on connections of this process. */
  get count(): number {
    let count = 0
    for (const room of this.#rooms.values()) count += room.ours
    return count
  }

  enter(link: Link, committee: CommitteeId): void {
    this.#links.set(link, committee)
    this.#room(committee).enter(link)
  }

  bind(link: Link, client: ClientId): void {
    this.#roomOf(link)?.bind(link, client)
  }

  hear(link: Link, update: Uint8Array): Said | undefined {
    return this.#roomOf(link)?.hear(link, update)
  }

  touched(link: Link): void {
    this.#roomOf(link)?.touched(link)
  }

  leave(link: Link): void {
    this.#roomOf(link)?.leave(link)
    this.#links.delete(link)
  }

  roster(committee: CommitteeId): Roster {
    return this.#rooms.get(committee)?.roster(committee) ?? { committee, people: [] }
  }

  /** Every committee in which somebody is. */
  rosters(): readonly Roster[] {
    return [...this.#rooms].map(([committee, room]) => room.roster(committee)).filter(({ people }) => people.length > 0)
  }

  /** Answers the way to stop it. */
  watch(listener: OnRoster): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  heard(instance: Instance, committee: CommitteeId, news: Uint8Array): void {
    const words = readPeerNews(news)
    if (words !== undefined) this.#room(committee).heard(instance, words)
  }

  pictured(instance: Instance, committee: CommitteeId, picture: Uint8Array): void {
    const words = readPeerNews(picture)
    if (words !== undefined) this.#room(committee).pictured(instance, words)
  }

  left(instance: Instance): void {
    for (const room of this.#rooms.values()) room.left(instance)
  }

  picture(committee: CommitteeId): Uint8Array {
    return encodePeerNews(this.#rooms.get(committee)?.words() ?? [])
  }

  peopled(): readonly CommitteeId[] {
    return [...this.#rooms].filter(([, room]) => room.ours > 0).map(([committee]) => committee)
  }

  #roomOf(link: Link): Room | undefined {
    const committee = this.#links.get(link)
    return committee === undefined ? undefined : this.#rooms.get(committee)
  }

  #room(committee: CommitteeId): Room {
    const known = this.#rooms.get(committee)
    if (known !== undefined) return known
    const { clock, limits, peers } = this.#ports
    const room = new Room({
      clock,
      limits,
      publish: (words: readonly PeerWord[]) => peers?.publish(committee, encodePeerNews(words)),
      onNews: () => {
        if (this.#listeners.size === 0) return
        const roster = this.roster(committee)
        for (const listener of this.#listeners) listener(committee, roster)
      },
    })
    this.#rooms.set(committee, room)
    return room
  }

  #lookAgain(): void {
    this.#ports.clock.after(look_ms, () => {
      const now_ms = this.#ports.clock.now_ms()
      const passed_ms = now_ms - this.#looked_ms
      this.#looked_ms = now_ms
      for (const [committee, room] of this.#rooms) {
        room.age(passed_ms > stall_ms ? passed_ms - look_ms : 0)
        if (room.isEmpty) this.#rooms.delete(committee)
      }
      this.#lookAgain()
    })
  }
}
