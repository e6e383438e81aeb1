import type { Cancel, Clock } from '#actors/kernel/clock.ts'
import type { Notice, ServerEvent } from '#contract/events.ts'
import type { CommitteeId, UserId } from '#contract/ids.ts'
import type { Limits } from '#contract/limits.ts'
import type { Lines } from './lines.ts'
import { accessNotices, isConcerned, noticeKey, type Reading } from './notices.ts'

/** The other end of a stream: whoever writes to the wire. */
export type Reader = {
  /** False: it has more than it takes now. `Stream.drained` is called when it has room again. */
  send(text: string): boolean
  /** Nothing comes any more; who may come back does so after about so long. */
  end(retry_ms?: number): void
  /** The same for who does not read: at once, and what is on its way is lost. */
  cut(): void
  /** Bytes that it has not taken yet. */
  readonly waiting_bytes: number
}

export type Access = ReadonlyMap<CommitteeId, Reading>

export type StreamPorts = {
  readonly clock: Clock
  readonly limits: Pick<Limits, 'events_per_s_max' | 'events_stall_ms'>
  readonly lines: Lines
  readonly isLive: () => boolean
  readonly rosters: () => Iterable<CommitteeId>
}

/** Notices of one stream that wait; the oldest go: the picture has what they point at. */
const noticesMax = 40

/** An event as it stands on the wire. */
const eventText = (type: ServerEvent['type'], json: string): string => `event: ${type}\ndata: ${json}\n\n`

/**
 * What one page has not been told yet: names only, so that whoever does not read costs names. What is written is worked out at the moment
 * it is written, by the rights of that moment.
 */
export class Stream {
  readonly user: UserId
  readonly #ports: StreamPorts
  readonly #reader: Reader
  #access: Access
  #isFull = true
  readonly #changed = new Set<CommitteeId>()
  readonly #gone = new Set<CommitteeId>()
  readonly #rosters = new Set<CommitteeId>()
  readonly #notices = new Map<string, Notice>()
  #saidLive: boolean | undefined
  #due: Cancel | undefined
  #stalling: Cancel | undefined
  #told_ms = Number.NEGATIVE_INFINITY
  ended = false

  constructor(user: UserId, access: Access, reader: Reader, ports: StreamPorts) {
    this.user = user
    this.#access = access
    this.#reader = reader
    this.#ports = ports
    this.#soon()
  }

  get access(): Access {
    return this.#access
  }

  /** Something of what is said of that committee is different. */
  changed(committee: CommitteeId): void {
    if (!this.#access.has(committee)) return
    this.#changed.add(committee)
    this.#soon()
  }

  rosterChanged(committee: CommitteeId): void {
    if (!this.#access.has(committee)) return
    this.#rosters.add(committee)
    this.#soon()
  }

  notice(notice: Notice): void {
    const reading = this.#access.get(notice.committee)
    if (reading === undefined || !isConcerned(reading, notice.code)) return
    this.#notices.set(noticeKey(notice), notice)
    const [oldest] = this.#notices.keys()
    if (this.#notices.size > noticesMax && oldest !== undefined) this.#notices.delete(oldest)
    this.#soon()
  }

  /** Whether all processes are heard may be different. */
  lived(): void {
    if (this.#saidLive !== undefined && this.#saidLive !== this.#ports.isLive()) this.#soon()
  }

  /** What its person may read from now on. Nothing of before is written any more. */
  learn(access: Access): void {
    const before = this.#access
    this.#access = access
    for (const committee of before.keys()) if (!access.has(committee)) this.#lose(committee)
    for (const [committee, reading] of access) {
      const news = accessNotices(reading, before.get(committee))
      if (news.length === 0) continue
      this.#gone.delete(committee)
      this.#changed.add(committee)
      if (!before.has(committee)) this.#rosters.add(committee)
      for (const one of news) this.notice({ ...one, committee, at_ms: Math.round(this.#ports.clock.now_ms()) })
    }
    if (this.#changed.size > 0 || this.#gone.size > 0) this.#soon()
  }

  /** A sign of life, so that nothing on the way takes the line for dead. */
  beat(): void {
    if (!this.ended && this.#stalling === undefined) this.#send(': beat\n\n')
  }

  /** It has room again. */
  drained(): void {
    if (this.#stalling === undefined) return
    this.#stalling()
    this.#stalling = undefined
    this.#soon()
  }

  revoke(code: 'unauthenticated' | 'token-expired'): void {
    if (!this.ended && this.#stalling === undefined) this.#reader.send(eventText('revoked', JSON.stringify({ code })))
    this.end()
  }

  end(retry_ms?: number): void {
    if (this.ended) return
    // Whoever is far behind would hold what they may not have any more.
    if (this.#stalling === undefined) this.#reader.end(retry_ms)
    else this.#reader.cut()
    this.gone()
  }

  /** The wire has ended. */
  gone(): void {
    this.ended = true
    this.#due?.()
    this.#stalling?.()
  }

  #lose(committee: CommitteeId): void {
    this.#changed.delete(committee)
    this.#rosters.delete(committee)
    this.#gone.add(committee)
    for (const [key, notice] of this.#notices) if (notice.committee === committee) this.#notices.delete(key)
  }

  /** At once where the last event is long enough ago; else when it is. */
  #soon(): void {
    if (this.ended || this.#due !== undefined || this.#stalling !== undefined) return
    const { clock, limits } = this.#ports
    const wait_ms = this.#told_ms + 1_000 / limits.events_per_s_max - clock.now_ms()
    this.#due = clock.after(Math.max(0, wait_ms), () => {
      this.#due = undefined
      this.#tell()
    })
  }

  #tell(): void {
    this.#told_ms = this.#ports.clock.now_ms()
    const events = [this.#overview(), this.#presence(), this.#nextNotice()].filter((event) => event !== undefined)
    this.#isFull = false
    if (events.length > 0) this.#send(events.join(''))
    if (this.#notices.size > 0) this.#soon()
  }

  #overview(): string | undefined {
    const { lines, isLive } = this.#ports
    const live = isLive()
    const ids = this.#isFull ? [...this.#access.keys()] : [...this.#changed]
    if (!this.#isFull && ids.length === 0 && this.#gone.size === 0 && live === this.#saidLive) return undefined
    const all = ids.map((committee) => this.#line(lines, committee)).filter((line) => line !== undefined)
    const gone = JSON.stringify([...this.#gone])
    this.#saidLive = live
    this.#changed.clear()
    this.#gone.clear()
    return eventText('overview', `{"full":${this.#isFull},"committees":[${all.join(',')}],"gone":${gone},"live":${live}}`)
  }

  #line(lines: Lines, committee: CommitteeId): string | undefined {
    const reading = this.#access.get(committee)
    return reading === undefined ? undefined : lines.line(committee, reading)
  }

  #presence(): string | undefined {
    const ids = this.#isFull ? [...this.#ports.rosters()].filter((committee) => this.#access.has(committee)) : [...this.#rosters]
    if (!this.#isFull && ids.length === 0) return undefined
    this.#rosters.clear()
    const rosters = ids.map((committee) => this.#ports.lines.roster(committee))
    return eventText('presence', `{"full":${this.#isFull},"rosters":[${rosters.join(',')}]}`)
  }

  #nextNotice(): string | undefined {
    const [key, notice] = this.#notices.entries().next().value ?? []
    if (key === undefined) return undefined
    this.#notices.delete(key)
    return eventText('notice', JSON.stringify(notice))
  }

  #send(text: string): void {
    if (!this.#reader.send(text) && !this.ended) this.#stall(this.#reader.waiting_bytes)
  }

  /** Whoever takes some of it in the time given gets as much again: a slow line is not a dead one. */
  #stall(waiting_bytes: number): void {
    this.#stalling = this.#ports.clock.after(this.#ports.limits.events_stall_ms, () => {
      if (this.#reader.waiting_bytes < waiting_bytes) return this.#stall(this.#reader.waiting_bytes)
      this.#reader.cut()
      this.gone()
    })
  }
}
