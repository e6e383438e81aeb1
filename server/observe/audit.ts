import type { StoreFault } from '#actors/journal/store.ts'
import type { Cancel, Clock } from '#actors/kernel/clock.ts'
import { type AuditKind, auditCharacters_max, auditTable } from '#contract/audit.ts'
import { cleanText } from '#contract/document/values.ts'
import type { UserId } from '#contract/ids.ts'
import type { Limits } from '#contract/limits.ts'
import type { RefusalCode } from '#contract/refusals.ts'
import type { Result } from '#contract/result.ts'
import { networkOf, readableAddress } from '../http/address.ts'
import type { AuditRow } from '../storage/audit.ts'

/** Something that happened: who, from where, about what. Texts may be anybody's: they are stripped and cut here. */
export type AuditEvent = {
  readonly kind: AuditKind
  readonly user?: UserId | undefined
  readonly login?: string | undefined
  readonly address?: string | undefined
  readonly committee?: string | undefined
  readonly code?: string | undefined
  readonly subject?: string | undefined
  /** Of few and short values. */
  readonly details?: Readonly<Record<string, unknown>>
}

/** What is known of whoever is refused something, for the log. */
export type Refused = Pick<AuditEvent, 'user' | 'address' | 'committee' | 'subject'>

/** `recorded`: it is in the log already, with more than the refusal says. */
export type OnRefusal = (code: RefusalCode, refused?: Refused | 'recorded') => void

export type AuditPorts = {
  append(rows: readonly AuditRow[]): Promise<Result<undefined, StoreFault>>
  readonly clock: Clock
  readonly uuid: () => string
  readonly instance: string
  readonly limits: Pick<Limits, 'audit_waiting_max' | 'audit_distinct_max'>
  /** Entries that were not written, and never will be. */
  onLost?(entries: number): void
}

const write_ms = 500
const batch_rows = 500
/** Equal events within it are one row. */
export const window_ms = 60_000
/** Kinds of event somebody may have under way at once, over everybody: bounds memory. The oldest is closed early for a new one. */
const windows_max = 10_000

type Waiting = { readonly row: Omit<AuditRow, 'age_ms'>; readonly at_ms: number }
type Window = { readonly event: AuditEvent; times: number; last_ms: number; readonly ends_ms: number }

/**
 * Writes down what happens in this process, beside the path of what happens: `record` only puts it into a queue. Nothing that somebody
 * repeats makes more than a row a minute, and no person or address more than so many rows; the rest are counted. While the database is
 * away the queue is held up to its bound; of what comes then only the number is kept, and is a row of its own.
 */
export class AuditTrail {
  readonly #ports: AuditPorts
  #waiting: Waiting[] = []
  /** By what is equal in them, in the order of their ends: all are as long. */
  readonly #windows = new Map<string, Window>()
  /** Different events of one person or address, in the order of their ends. */
  readonly #sources = new Map<string, { distinct: number; readonly ends_ms: number }>()
  #omitted = new Map<AuditKind, number>()
  #timer: Cancel | undefined
  #writing: Promise<boolean> | undefined
  #closed = false

  constructor(ports: AuditPorts) {
    this.#ports = ports
  }

  record(event: AuditEvent): void {
    if (this.#closed) return
    const known = cleaned(event)
    if (auditTable[known.kind].conflated) this.#conflate(known)
    else this.#put(known, 1, this.#now())
    this.#schedule()
  }

  /** Ends it: what is counted and what waits is written, once, where the database is there. Nothing is recorded after it. */
  async close(): Promise<void> {
    this.#closed = true
    this.#timer?.()
    for (const window of this.#windows.values()) this.#end(window)
    this.#windows.clear()
    await this.#writing
    while (this.#hasWork() && (await this.#write())) {}
    const lost = this.#waiting.length + [...this.#omitted.values()].reduce((sum, count) => sum + count, 0)
    if (lost > 0) this.#ports.onLost?.(lost)
  }

  #conflate(event: AuditEvent): void {
    const now_ms = this.#now()
    if (this.#count(event, now_ms)) return
    const isFew = this.#isFew(event, now_ms)
    const general = isFew ? event : generalOf(event)
    if (!isFew && this.#count(general, now_ms)) return
    const oldest = this.#windows.size >= windows_max ? this.#windows.entries().next().value : undefined
    if (oldest !== undefined) {
      this.#windows.delete(oldest[0])
      this.#end(oldest[1])
    }
    this.#put(general, 1, now_ms)
    this.#open(general, now_ms)
  }

  #open(event: AuditEvent, now_ms: number): void {
    this.#windows.set(keyOf(event), { event, times: 0, last_ms: now_ms, ends_ms: now_ms + window_ms })
  }

  /** True where it is one more of what has been written already. */
  #count(event: AuditEvent, now_ms: number): boolean {
    const window = this.#windows.get(keyOf(event))
    if (window === undefined) return false
    window.times += 1
    window.last_ms = now_ms
    return true
  }

  /** Whether this source may have another row of its own in this minute. */
  #isFew({ user, address }: AuditEvent, now_ms: number): boolean {
    for (const [name, source] of this.#sources) {
      if (source.ends_ms > now_ms && this.#sources.size < windows_max) break
      this.#sources.delete(name)
    }
    const name = user === undefined ? networkOf(address ?? '') : `user ${user}`
    const source = this.#sources.get(name) ?? { distinct: 0, ends_ms: now_ms + window_ms }
    this.#sources.set(name, source)
    source.distinct += 1
    return source.distinct <= this.#ports.limits.audit_distinct_max
  }

  #end({ event, times, last_ms }: Window): void {
    if (times > 0) this.#put(event, times, last_ms)
  }

  #endWindows(): void {
    const now_ms = this.#now()
    for (const [key, window] of this.#windows) {
      if (window.ends_ms > now_ms) return
      this.#windows.delete(key)
      if (window.times === 0) continue
      this.#end(window)
      // It goes on: what comes next is counted, and is a row a minute from now.
      this.#open(window.event, now_ms)
    }
  }

  #put(event: AuditEvent, times: number, at_ms: number): void {
    if (this.#waiting.length >= this.#ports.limits.audit_waiting_max) {
      this.#omitted.set(event.kind, (this.#omitted.get(event.kind) ?? 0) + times)
      return
    }
    this.#waiting.push({ row: this.#rowOf(event, times), at_ms })
  }

  #rowOf(event: AuditEvent, times: number): Waiting['row'] {
    const given = Object.fromEntries(Object.entries(event).filter(([, value]) => value !== undefined))
    return { ...(given as Pick<AuditRow, 'kind'>), uuid: this.#ports.uuid(), times, instance: this.#ports.instance }
  }

  #hasWork(): boolean {
    return this.#waiting.length > 0 || this.#omitted.size > 0
  }

  #schedule(): void {
    if (this.#closed || this.#timer !== undefined || (!this.#hasWork() && this.#windows.size === 0)) return
    this.#timer = this.#ports.clock.after(write_ms, () => void this.#tick())
  }

  async #tick(): Promise<void> {
    this.#endWindows()
    this.#writing = this.#writeAll()
    await this.#writing
    this.#timer = undefined
    this.#schedule()
  }

  async #writeAll(): Promise<boolean> {
    while (this.#hasWork() && !this.#closed) if (!(await this.#write())) return false
    return true
  }

  /** One batch. False where the database is away: the same rows are written later, or were already, which their uuids tell. */
  async #write(): Promise<boolean> {
    const { append, onLost } = this.#ports
    if (this.#omitted.size > 0 && this.#waiting.length < this.#ports.limits.audit_waiting_max) {
      const details = Object.fromEntries(this.#omitted)
      const times = [...this.#omitted.values()].reduce((sum, count) => sum + count, 0)
      this.#omitted = new Map()
      this.#waiting.push({ row: this.#rowOf({ kind: 'omitted', details }, times), at_ms: this.#now() })
    }
    const batch = this.#waiting.slice(0, batch_rows)
    const now_ms = this.#now()
    const written = await append(batch.map(({ row, at_ms }) => ({ ...row, age_ms: Math.max(0, now_ms - at_ms) })))
    if (!written.ok && written.error === 'unavailable') return false
    this.#waiting = this.#waiting.slice(batch.length)
    // A fault of ours, and the next time it would be the same: it must not hold up what comes behind it.
    if (!written.ok) onLost?.(batch.length)
    return true
  }

  #now(): number {
    return this.#ports.clock.now_ms()
  }
}

/** For too many different ones of one source: who and of which kind, and no more. */
const generalOf = ({ kind, user, address }: AuditEvent): AuditEvent => ({
  kind,
  user,
  address: user === undefined ? networkOf(address ?? '') : address,
  details: { various: true },
})

const keyOf = ({ kind, user, login, address, committee, code, subject, details }: AuditEvent): string =>
  JSON.stringify([kind, user, login, address, committee, code, subject, details?.various])

/** What is about too much or too often; the rest of the codes are about what may not be. Not of a server that is away or going. */
const kindOfCode: Partial<Record<RefusalCode, AuditKind | 'none'>> = {
  'too-large': 'limit',
  'too-many-structs': 'limit',
  'rate-limited': 'limit',
  'too-many-connections': 'limit',
  overloaded: 'limit',
  'store-unavailable': 'none',
  draining: 'none',
}

/** A refusal as an event; undefined where it says something about this server and nothing about anybody. */
export function refusalEvent(code: RefusalCode, refused: Refused = {}): AuditEvent | undefined {
  const kind = kindOfCode[code] ?? 'refusal'
  return kind === 'none' ? undefined : { ...refused, kind, code }
}

function cleaned({ login, address, committee, code, subject, details, ...event }: AuditEvent): AuditEvent {
  return {
    ...event,
    ...texts({ login, address: address === undefined ? undefined : readableAddress(address), committee, code, subject }),
    ...(details === undefined ? {} : { details: cleanedValue(details, 3) as Readonly<Record<string, unknown>> }),
  }
}

const texts = <Name extends string>(given: Readonly<Record<Name, string | undefined>>): { readonly [N in Name]?: string } =>
  Object.fromEntries(
    Object.entries<string | undefined>(given).flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[name, cleanText(value, auditCharacters_max)]],
    ),
  ) as { readonly [N in Name]?: string }

const values_max = 32

function cleanedValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return cleanText(value, auditCharacters_max)
  if (typeof value !== 'object' || value === null) return value
  if (depth === 0) return null
  if (Array.isArray(value)) return value.slice(0, values_max).map((one) => cleanedValue(one, depth - 1))
  const entries = Object.entries(value).slice(0, values_max)
  return Object.fromEntries(entries.map(([name, one]) => [cleanText(name, auditCharacters_max), cleanedValue(one, depth - 1)]))
}
