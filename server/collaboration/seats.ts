import type { Connection } from '@hocuspocus/server'
import type { Clock } from '#actors/kernel/clock.ts'
import type { Log } from '#actors/kernel/log.ts'
import { encodeServerMessage, type ServerMessage } from '#contract/messages.ts'
import type { Result } from '#contract/result.ts'
import { usableRights } from '#contract/rights.ts'
import type { Access, AccessList, NoStanding, Standing } from '#server/auth/access.ts'
import type { OnRefusal } from '#server/observe/audit.ts'
import type { Concerned } from '#server/storage/changes.ts'
import type { SeatedUser } from '#server/storage/processes.ts'
import type { Seat } from './seat.ts'

export type SeatsPorts = {
  readonly access: Pick<AccessList, 'standings' | 'hold'>
  readonly clock: Clock
  readonly log: Log
  readonly onRefusal: OnRefusal
}

/** While the database is away. Nothing can be committed either, and what an open page was told last stands. */
const again_ms = 500
/** Told in one go; the rest waits for a timer, so that a phase of thousands does not hold the thread. */
const slice = 250

/**
 * Everybody who is here, and what they may do, kept true in place: who is concerned by a change is read anew in one question, told what
 * is different for them, and sent away where nothing is left to read.
 *
 * A question at a time, for all that came meanwhile. So what is known of a seat is never older than the last change it was told of,
 * with two exceptions, both for the reader of a token, who asks by themselves: see `sit` and `learn`.
 *
 * While the database is away the rights last known hold. What is judged by them then waits for its commit as everything does; had the
 * line broken a second later it would have been merged as well. When it is back, the gap of the feed makes everybody be read anew.
 */
export class Seats {
  readonly #ports: SeatsPorts
  readonly #all = new Map<Seat, Connection>()
  #due = new Set<Seat>()
  #working = false
  #stopped = false
  /** Grows with every change told. Whoever asks the database themselves notes it before. */
  changes = 0

  constructor(ports: SeatsPorts) {
    this.#ports = ports
  }

  get count(): number {
    return this.#all.size
  }

  /** Everybody who is here, each once. */
  people(): readonly SeatedUser[] {
    const by = Map.groupBy(this.#all.keys(), ({ identity }) => identity.user)
    return [...by].map(([user, seats]) => ({
      user,
      devices: new Set(seats.map(({ socket }) => socket)).size,
      committees: [...new Set(seats.map(({ committee }) => committee))].sort(),
      since_ms: Math.floor(Math.min(...seats.map(({ since_ms }) => since_ms ?? this.#ports.clock.now_ms()))),
    }))
  }

  /** From here on the seat follows every change; one that came between its question and now is caught up with. */
  sit(seat: Seat, connection: Connection): void {
    if (!connection.document.hasConnection(connection)) return // gone again while it was let in
    this.#all.set(seat, connection)
    say(connection, rightsOf(seat.access))
    this.#hold(seat)
    this.#catchUp(seat)
  }

  leave(seat: Seat): void {
    this.#all.delete(seat)
    this.#due.delete(seat)
  }

  /** What the reader of a new token has found out. */
  learn(seat: Seat, standing: Standing, changes: number): void {
    const connection = this.#all.get(seat)
    if (connection === undefined) return
    seat.changes = changes
    this.#apply(seat, connection, { ok: true, value: standing })
    this.#catchUp(seat)
  }

  changed(concerned: Concerned): void {
    this.changes += 1
    for (const seat of this.#all.keys()) if (isConcerned(seat, concerned)) this.#due.add(seat)
    void this.#work()
  }

  stop(): void {
    this.#stopped = true
  }

  #catchUp(seat: Seat): void {
    if (seat.changes === this.changes) return
    this.#due.add(seat)
    void this.#work()
  }

  async #work(): Promise<void> {
    if (this.#working) return
    this.#working = true
    while (this.#due.size > 0 && !this.#stopped) {
      const seats = [...this.#due]
      this.#due = new Set()
      if (await this.#refresh(seats)) continue
      for (const seat of seats) if (this.#all.has(seat)) this.#due.add(seat)
      await this.#pause(again_ms)
    }
    this.#working = false
  }

  /** False where the database did not answer. */
  async #refresh(seats: readonly Seat[]): Promise<boolean> {
    const { access, log } = this.#ports
    const changes = this.changes
    const answer = await access.standings(seats.map(({ identity: { user }, committee }) => ({ user, committee })))
    if (!answer.ok) return false
    let told = 0
    for (const [place, seat] of seats.entries()) {
      if (place > 0 && place % slice === 0) await this.#pause(0)
      const connection = this.#all.get(seat)
      const standing = answer.value[place]
      if (connection === undefined || standing === undefined) continue
      seat.changes = changes
      told += Number(this.#apply(seat, connection, standing))
    }
    log.info({ seats: seats.length, told }, 'rights were read anew')
    return true
  }

  /** True where something is different for them. */
  #apply(seat: Seat, connection: Connection, standing: Result<Standing, NoStanding>): boolean {
    const before = { access: seat.access, role: seat.identity.role }
    const isSignedOut = standing.ok && standing.value.signOuts > seat.identity.signOuts
    if (!standing.ok || isSignedOut || !standing.value.access.rights.includes('read')) {
      // First, so that what is in its hands or on its way is judged by it.
      seat.access = { rights: [], phase: seat.access.phase }
      if (isSignedOut || (!standing.ok && standing.error === 'unauthenticated')) seat.socket.refuse('unauthenticated')
      else this.#end(seat, connection)
      return true
    }
    const { being, access } = standing.value
    seat.become(standing.value)
    this.#hold(seat)
    if (before.role === being.role && isSame(before.access, access)) return false
    say(connection, rightsOf(access))
    return true
  }

  /** The document only: over the same socket they may have others open. */
  #end(seat: Seat, connection: Connection): void {
    this.leave(seat)
    this.#ports.onRefusal('forbidden', seat.who)
    seat.ended = 'forbidden'
    say(connection, { type: 'refused', client: null, reasons: [{ code: 'forbidden', path: '', key: '' }] })
    connection.close({ code: 4403, reason: 'forbidden' })
  }

  /** From now on they may write under these. */
  #hold(seat: Seat): void {
    const { access, held, committee, identity } = seat
    if (access.rights.every((right) => held.includes(right))) return
    seat.held = [...new Set([...held, ...access.rights])]
    void this.#ports.access.hold({ user: identity.user, committee }, access.rights)
  }

  #pause(wait_ms: number): Promise<void> {
    return new Promise((resolve) => void this.#ports.clock.after(wait_ms, resolve))
  }
}

const say = (connection: Connection, message: ServerMessage): void => connection.sendStateless(encodeServerMessage(message))

const rightsOf = ({ rights, phase }: Access): ServerMessage => ({ type: 'rights', rights: usableRights(rights, phase), phase })

/** Both are in the order of `rights`. */
const isSame = (one: Access, other: Access): boolean => one.phase === other.phase && one.rights.join() === other.rights.join()

function isConcerned({ identity, committee }: Seat, concerned: Concerned): boolean {
  if (concerned === 'any') return true
  return 'user' in concerned ? concerned.user === identity.user : concerned.committee === committee
}
