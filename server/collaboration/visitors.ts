import type { UserId } from '#contract/ids.ts'
import type { Socket } from './socket.ts'

/** Open sockets and whose they are: counted for the limit a person has, and for the metrics. */
export class Visitors {
  private readonly all = new Set<Socket>()
  private readonly users = new Map<Socket, UserId>()
  private readonly counts = new Map<UserId, number>()
  private readonly user_connections_max: number

  constructor(user_connections_max: number) {
    this.user_connections_max = user_connections_max
  }

  arrive(socket: Socket): void {
    this.all.add(socket)
  }

  /** Notes whose socket it is, once. False where the person has too many, or the socket is another's. */
  admit(socket: Socket, user: UserId): boolean {
    const known = this.users.get(socket)
    if (known !== undefined) return known === user
    const count = this.counts.get(user) ?? 0
    if (count >= this.user_connections_max) return false
    this.users.set(socket, user)
    this.counts.set(user, count + 1)
    socket.authenticated = true
    return true
  }

  leave(socket: Socket): void {
    this.all.delete(socket)
    const user = this.users.get(socket)
    if (user === undefined) return
    this.users.delete(socket)
    const count = (this.counts.get(user) ?? 1) - 1
    if (count === 0) this.counts.delete(user)
    else this.counts.set(user, count)
  }

  sockets(): Iterable<Socket> {
    return this.all
  }

  /** Sockets now, and the most that one person has. */
  figures(): { readonly connections: number; readonly connections_per_user_max: number } {
    return { connections: this.all.size, connections_per_user_max: Math.max(0, ...this.counts.values()) }
  }
}
