import type { Connection } from '@hocuspocus/server'
import type { Place, SessionMessage } from '#actors/sessions/session.ts'
import type { System } from '#actors/system.ts'
import type { UserId } from '#contract/ids.ts'
import type { Refusal, RefusalCode } from '#contract/refusals.ts'
import type { Result } from '#contract/result.ts'
import type { Lobby } from './lobby.ts'
import type { Seat } from './seat.ts'
import type { Socket } from './socket.ts'

/** Open sockets and whose they are: strangers in the lobby, the others in the session of their user. */
export class Visitors {
  private readonly all = new Set<Socket>()
  private readonly sessions: System['sessions']
  private readonly lobby: Lobby
  private readonly empty = new Set<() => void>()

  constructor(sessions: System['sessions'], lobby: Lobby) {
    this.sessions = sessions
    this.lobby = lobby
  }

  arrive(socket: Socket, address: string): void {
    this.all.add(socket)
    this.lobby.arrive(socket, address)
  }

  leave(socket: Socket): void {
    this.all.delete(socket)
    this.lobby.leave(socket)
    socket.gone()
    if (socket.user !== undefined) this.tell(socket.user, { type: 'end', connection: socket })
    if (this.all.size === 0) for (const tell of this.empty) tell()
  }

  /** A login at one document: what `judge` finds, where its user has room for one more. */
  async letIn(socket: Socket, judge: () => Promise<Seat | RefusalCode>): Promise<Seat | RefusalCode> {
    socket.knocking += 1
    try {
      const seat = await judge()
      return typeof seat === 'string' ? seat : ((await this.enter(socket, seat.identity.user)) ?? seat)
    } finally {
      socket.knocking -= 1
    }
  }

  /** The document is open over this connection, until what came over it is through. */
  seated(socket: Socket, user: UserId, connection: Connection): void {
    socket.seated(connection)
    connection.onClose(async () => {
      await connection.waitForPendingMessages()
      socket.unseated(connection)
      this.tell(user, { type: 'leave', connection: socket })
    })
  }

  /** When nobody is here any more. */
  gone(): Promise<void> {
    return this.all.size === 0 ? Promise.resolve() : new Promise((resolve) => void this.empty.add(resolve))
  }

  sockets(): Iterable<Socket> {
    return this.all
  }

  /** Sockets now, those without a login, those that are not read, and the most that one person has. */
  figures() {
    const counts = new Map<UserId, number>()
    let connections_delayed = 0
    for (const { user, authenticated, wire } of this.all) {
      if (wire.isStopped) connections_delayed += 1
      if (user !== undefined && authenticated) counts.set(user, (counts.get(user) ?? 0) + 1)
    }
    return {
      connections: this.all.size,
      connections_unauthenticated: this.lobby.size,
      connections_delayed,
      connections_per_user_max: Math.max(0, ...counts.values()),
    }
  }

  private async enter(socket: Socket, user: UserId): Promise<RefusalCode | undefined> {
    if ((socket.user ?? user) !== user) return 'too-many-connections'
    // Its end has been told, or will not be heard: a connection noted now would stay for ever.
    if (socket.readyState !== socket.socket.OPEN) return 'overloaded'
    socket.user = user
    const answer = await new Promise<Result<Place, Refusal>>((reply) => this.tell(user, { type: 'enter', connection: socket, reply }))
    if (!answer.ok) return answer.error.code
    this.lobby.leave(socket)
    socket.admit(answer.value)
    return undefined
  }

  private tell(user: UserId, message: SessionMessage): void {
    this.sessions.tell(`${user}`, message)
  }
}
