import type { ClientId } from '#contract/ids.ts'
import type { Cancel, Clock } from '../kernel/clock.ts'
import type { Link } from './here.ts'

/** `now`: who comes, goes, or begins to type. `soon`: the rest, joined. */
export type Urgency = 'now' | 'soon'

export type TellingPorts = {
  readonly clock: Clock
  readonly flush_ms: number
  /** The last state of each of these clients; undefined where there is nothing to tell. */
  readonly update: (clients: Iterable<ClientId>) => Uint8Array | undefined
  /** They have just been told to everybody. */
  readonly told: (clients: ReadonlySet<ClientId>) => void
}

/** What cannot wait waits for so long behind the last that could not: a thousand who come back at once are no million messages. */
const storm_ms = 25
/** Each message is sent to everybody: a larger crowd is told less often, so that what it costs grows with it and not with its square. */
const crowd = 250

/** Tells everybody in a room who is different, in as few messages as may be. */
export class Telling {
  readonly #ports: TellingPorts
  /** What each has not been told because it does not read. */
  readonly #links = new Map<Link, Set<ClientId>>()
  readonly #now = new Set<ClientId>()
  readonly #soon = new Set<ClientId>()
  #stopNow: Cancel | undefined
  #stopSoon: Cancel | undefined
  #last_now_ms = Number.NEGATIVE_INFINITY

  constructor(ports: TellingPorts) {
    this.#ports = ports
  }

  /** `picture`: everybody, as they are told to who has just come. */
  add(link: Link, picture: Uint8Array | undefined): void {
    this.#links.set(link, new Set())
    this.tell(link, picture)
  }

  tell(link: Link, picture: Uint8Array | undefined): void {
    if (picture !== undefined) link.send(picture)
  }

  remove(link: Link): void {
    this.#links.delete(link)
  }

  note(client: ClientId, urgency: Urgency): void {
    if (urgency === 'now') {
      this.#soon.delete(client)
      this.#now.add(client)
      const wait_ms = this.#last_now_ms + storm_ms - this.#ports.clock.now_ms()
      this.#stopNow ??= this.#ports.clock.after(Math.max(0, wait_ms), () => this.#flushNow())
    } else if (!this.#now.has(client)) {
      this.#soon.add(client)
      this.#stopSoon ??= this.#ports.clock.after(this.#window_ms, () => this.#flushSoon())
    }
  }

  /** Whoever reads again hears what they have missed: of each client its last state. */
  catchUp(): void {
    for (const [link, missed] of this.#links) {
      if (missed.size === 0 || link.isBehind) continue
      this.tell(link, this.#ports.update(missed))
      missed.clear()
    }
  }

  get #window_ms(): number {
    return this.#ports.flush_ms * Math.max(1, Math.ceil(this.#links.size / crowd))
  }

  #flushNow(): void {
    this.#stopNow = undefined
    this.#last_now_ms = this.#ports.clock.now_ms()
    this.#flush(this.#now)
  }

  #flushSoon(): void {
    this.#stopSoon = undefined
    this.#flush(this.#soon)
  }

  #flush(clients: Set<ClientId>): void {
    if (clients.size === 0) return
    const flushed = new Set(clients)
    clients.clear()
    const update = this.#links.size === 0 ? undefined : this.#ports.update(flushed)
    for (const [link, missed] of this.#links) {
      if (update === undefined) break
      if (link.isBehind) for (const client of flushed) missed.add(client)
      else if (missed.size === 0) link.send(update)
      else {
        this.tell(link, this.#ports.update(new Set([...missed, ...flushed])))
        missed.clear()
      }
    }
    this.#ports.told(flushed)
  }
}
