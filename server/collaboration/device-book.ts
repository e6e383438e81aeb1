import type { Cancel, Clock } from '#actors/kernel/clock.ts'
import type { Said } from '#actors/presence/said.ts'
import { alive_ms, type Devices, type SeenDevice } from '#server/storage/devices.ts'
import type { Seat } from './seat.ts'

/** What a device says of itself changes with every edit: it is written this often and no more. */
const write_ms = 5_000
const tick_ms = 1_000
/** Devices that have left while the database is away; the oldest go first. */
const leaving_max = 10_000

type Entry = { seen: Omit<SeenDevice, 'age_ms'>; at_ms: number; written_ms: number; isNews: boolean }
type Book = { readonly devices: Pick<Devices, 'save'>; readonly clock: Clock }

/** Which devices are in which committee, and how much they have not sent: told by their presence, kept for who closes a committee. */
export class DeviceBook {
  readonly #options: Book
  readonly #here = new Map<Seat, Entry>()
  readonly #left = new Map<string, Entry>()
  #timer: Cancel
  #saving: Promise<void> = Promise.resolve()
  #closed = false

  constructor(options: Book) {
    this.#options = options
    this.#timer = options.clock.after(tick_ms, () => void this.#tick())
  }

  /** What the seat's own client says of itself, in the shape of the contract. */
  hear(seat: Seat, { unsent = 0, device = `client-${seat.client}` }: Said): void {
    if (seat.client === undefined) return
    const known = this.#here.get(seat)
    const isNews = known === undefined || known.isNews || known.seen.unsent !== unsent || known.seen.device !== device
    const seen = { committee: seat.committee, user: seat.identity.user, device, client: seat.client, unsent, here: true }
    this.#here.set(seat, { seen, at_ms: this.#now(), written_ms: known?.written_ms ?? Number.NEGATIVE_INFINITY, isNews })
  }

  leave(seat: Seat): void {
    const entry = this.#here.get(seat)
    if (entry === undefined) return
    this.#here.delete(seat)
    // Two tabs are one device: it is here until the last is closed.
    const key = keyOf(entry)
    if ([...this.#here.values()].some((other) => keyOf(other) === key)) return
    const oldest = this.#left.size >= leaving_max ? this.#left.keys().next().value : undefined
    if (oldest !== undefined) this.#left.delete(oldest)
    this.#left.set(key, { ...entry, seen: { ...entry.seen, here: false }, at_ms: this.#now() })
  }

  /** Everybody goes; written once. */
  async close(): Promise<void> {
    this.#closed = true
    this.#timer()
    for (const seat of [...this.#here.keys()]) this.leave(seat)
    await this.#saving
    await this.#save()
  }

  async #tick(): Promise<void> {
    this.#saving = this.#save()
    await this.#saving
    if (!this.#closed) this.#timer = this.#options.clock.after(tick_ms, () => void this.#tick())
  }

  async #save(): Promise<void> {
    const now_ms = this.#now()
    const left = [...this.#left.values()]
    this.#left.clear()
    const due = [...this.#here.values()].filter((entry) => now_ms - entry.written_ms >= (entry.isNews ? write_ms : alive_ms))
    // One row a device: of two tabs the one that was heard last.
    const rows = new Map<string, Entry>()
    for (const entry of [...left, ...due.toSorted((a, b) => a.at_ms - b.at_ms)]) rows.set(keyOf(entry), entry)
    if (rows.size === 0) return
    for (const entry of due) {
      entry.written_ms = now_ms
      entry.isNews = false
    }
    const seen = [...rows.values()].map((entry) => ({ ...entry.seen, age_ms: entry.seen.here ? 0 : Math.max(0, now_ms - entry.at_ms) }))
    if ((await this.#options.devices.save(seen)).ok) return
    for (const entry of due) entry.isNews = true
    for (const entry of left) if (!this.#left.has(keyOf(entry))) this.#left.set(keyOf(entry), entry)
  }

  #now(): number {
    return this.#options.clock.now_ms()
  }
}

const keyOf = ({ seen: { committee, user, device } }: Entry): string => `${committee} ${user} ${device}`
