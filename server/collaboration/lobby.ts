import type { Clock } from '#actors/kernel/clock.ts'
import type { Limits } from '#contract/limits.ts'
import type { RefusalCode } from '#contract/refusals.ts'

/** A socket without a login. */
export type Stranger = {
  /** On the lobby's clock. */
  readonly since_ms: number
  /** Its login is being checked: it waits for us, not we for it. */
  readonly isKnocking: boolean
  refuse(code: RefusalCode): void
}

/**
 * Sockets without a login, which cost their sender nothing. Over a bound the one that has been silent for longest makes room, because who
 * means to log in does so at once: so whoever fills the lobby does not keep others out. Everybody has a quarter of their time first, or many
 * who come again and again would push out those whose login is still on its way.
 */
export class Lobby {
  private readonly limits: Pick<Limits, 'unauthenticated_connections_max' | 'unauthenticated_address_max' | 'unauthenticated_ms'>
  private readonly clock: Pick<Clock, 'now_ms'>
  /** In the order of arrival, both. */
  private readonly strangers = new Map<Stranger, string>()
  private readonly byAddress = new Map<string, Set<Stranger>>()

  constructor(limits: Lobby['limits'], clock: Lobby['clock']) {
    this.clock = clock
    this.limits = limits
  }

  get size(): number {
    return this.strangers.size
  }

  /** Makes room for one more from there. False where there is none to be had: all have only come, or are being checked. */
  makeRoom(address: string): boolean {
    const neighbours = this.byAddress.get(address) ?? new Set()
    if (neighbours.size >= this.limits.unauthenticated_address_max && !this.sendAway(neighbours)) return false
    return this.strangers.size < this.limits.unauthenticated_connections_max || this.sendAway(this.strangers.keys())
  }

  arrive(stranger: Stranger, address: string): void {
    this.strangers.set(stranger, address)
    const neighbours = this.byAddress.get(address) ?? new Set()
    this.byAddress.set(address, neighbours.add(stranger))
  }

  /** Logged in, or gone. */
  leave(stranger: Stranger): void {
    const address = this.strangers.get(stranger)
    if (address === undefined) return
    this.strangers.delete(stranger)
    const neighbours = this.byAddress.get(address)
    neighbours?.delete(stranger)
    if (neighbours?.size === 0) this.byAddress.delete(address)
  }

  private sendAway(strangers: Iterable<Stranger>): boolean {
    const before_ms = this.clock.now_ms() - this.limits.unauthenticated_ms / 4
    for (const stranger of strangers) {
      if (stranger.since_ms > before_ms) return false
      if (stranger.isKnocking) continue
      this.leave(stranger)
      stranger.refuse('too-many-connections')
      return true
    }
    return false
  }
}
