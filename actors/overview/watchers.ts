import type { Cancel, Clock } from '#actors/kernel/clock.ts'
import type { Log } from '#actors/kernel/log.ts'
import type { Notice } from '#contract/events.ts'
import type { CommitteeId, UserId } from '#contract/ids.ts'
import type { Limits } from '#contract/limits.ts'
import type { Roster } from '#contract/presence.ts'
import { err, ok, type Result } from '#contract/result.ts'
import type { CommitteeSummary } from '#contract/summary.ts'
import { type CommonEntry, type Counts, Lines } from './lines.ts'
import { noticesOf, type Reading } from './notices.ts'
import type { Overview } from './overview.ts'
import { type Access, type Reader, Stream } from './stream.ts'

/** Who is where, on all processes. */
type RosterSource = {
  roster(committee: CommitteeId): Roster
  /** Of every committee in which somebody is. */
  rosters(): readonly Roster[]
  watch(listener: (committee: CommitteeId) => void): () => void
}

/** Whose rights are to be read anew; `any`: perhaps everybody's. */
export type Concerned = { readonly user: UserId } | { readonly committee: CommitteeId } | 'any'
type Asked<Answer> = Promise<Result<Answer, 'unavailable'>>

export type WatchersPorts = {
  readonly clock: Clock
  readonly log: Log
  readonly limits: Pick<Limits, 'events_per_s_max' | 'events_stall_ms' | 'events_per_user_max'>
  /** A stream was ended because its person has begun too many. */
  readonly onCrowd: (user: UserId) => void
  readonly overview: Pick<Overview, 'latest' | 'live' | 'listen' | 'loaded'>
  readonly rosters: RosterSource
  entries(committees: readonly CommitteeId[]): Asked<readonly CommonEntry[]>
  counts(): Asked<Counts>
  /** Every committee a person may read. */
  access(user: UserId): Asked<Access>
  /** What each may do at each place, in one question; undefined where they may not read. */
  readings(places: readonly { readonly user: UserId; readonly committee: CommitteeId }[]): Asked<readonly (Reading | undefined)[]>
}

type Watching = { readonly stream: Stream; readonly stillIn: () => Asked<boolean> }

const tick_ms = 5_000
/** In ticks. */
const beat_every = 3
const check_every = 12
const crowded_retry_ms = 120_000
/** While the database is away: what a page was told last stands. */
const again_ms = 500
/** Rights at single places are asked for in one question up to so many; over it everybody is read anew. */
const places_max = 2_000

/** Everybody who watches: gives each stream what is new for it, and keeps what they may read true. See SPEC.md, O7 to O11. */
export class Watchers {
  readonly #ports: WatchersPorts
  readonly #lines: Lines
  readonly #watching = new Set<Watching>()
  readonly #stops: Cancel[]
  #due: Concerned[] = []
  #working = false
  /** Grows with every change told: who asks for rights notes it before. */
  #changes = 0
  #counted_ms = Number.NEGATIVE_INFINITY
  #ticks = 0
  #ticking: Cancel = () => {}
  #stopped = false

  constructor(ports: WatchersPorts) {
    this.#ports = ports
    const { overview, rosters, clock } = ports
    this.#lines = new Lines({ summary: (committee) => overview.latest(committee), roster: (committee) => rosters.roster(committee) })
    this.#stops = [
      overview.listen({
        changed: (after, before) => this.#summarized(after, before),
        lived: () => this.#each((stream) => stream.lived()),
      }),
      rosters.watch((committee) => {
        const isCounted = this.#lines.rosterChanged(committee)
        this.#each((stream) => {
          stream.rosterChanged(committee)
          if (isCounted) stream.changed(committee)
        })
      }),
    ]
    this.#ticking = clock.after(tick_ms, () => void this.#tick())
  }

  get count(): number {
    return this.#watching.size
  }

  /**
   * Begins a stream, with a full picture. `stillIn`: whether its person may go on. Of one person's the oldest ends where there are too
   * many. Nothing is written before the answer.
   */
  async open(user: UserId, reader: Reader, stillIn: () => Asked<boolean>): Asked<Stream> {
    const changes = this.#changes
    const access = await this.#prepare(user)
    if (!access.ok) return access
    if (this.#stopped) return err('unavailable')
    const stream = new Stream(user, access.value, reader, {
      clock: this.#ports.clock,
      limits: this.#ports.limits,
      lines: this.#lines,
      isLive: () => this.#ports.overview.live,
      rosters: () => this.#ports.rosters.rosters().map(({ committee }) => committee),
    })
    const own = [...this.#watching].filter((one) => one.stream.user === user)
    for (const { stream: oldest } of own.slice(0, Math.max(0, own.length + 1 - this.#ports.limits.events_per_user_max))) {
      // Soon again, and it would end the next: eight pages in a circle.
      this.close(oldest, crowded_retry_ms)
      this.#ports.onCrowd(user)
    }
    this.#watching.add({ stream, stillIn })
    if (changes !== this.#changes) this.accessChanged({ user })
    return ok(stream)
  }

  close(stream: Stream, retry_ms?: number): void {
    stream.end(retry_ms)
    for (const one of this.#watching) if (one.stream === stream) this.#watching.delete(one)
  }

  /** `CommitteeOverview` and `Roster` of all a person may read, as JSON, in the order of `access`. */
  async picture(
    user: UserId,
  ): Asked<{ readonly access: Access; readonly committees: readonly string[]; readonly rosters: readonly string[] }> {
    const access = await this.#prepare(user)
    if (!access.ok) return access
    const committees = [...access.value].map(([committee, reading]) => this.#lines.line(committee, reading))
    const rosters = this.#ports.rosters.rosters().filter(({ committee }) => access.value.has(committee))
    return ok({
      access: access.value,
      committees: committees.filter((line) => line !== undefined),
      rosters: rosters.map(({ committee }) => this.#lines.roster(committee)),
    })
  }

  accessChanged(concerned: Concerned): void {
    this.#changes += 1
    if (this.#watching.size === 0) return
    this.#due.push(concerned)
    void this.#work()
  }

  /** Names and rolls: what is the same for everybody. */
  factsChanged(committees: readonly CommitteeId[] | 'any'): void {
    if (this.#watching.size > 0) void this.#enter(committees === 'any' ? this.#lines.entered : committees)
  }

  stop(): void {
    this.#stopped = true
    this.#ticking()
    for (const stop of this.#stops) stop()
    for (const { stream } of this.#watching) stream.end()
    this.#watching.clear()
  }

  /** What a picture is made of, as far as it is not here. */
  async #prepare(user: UserId): Asked<Access> {
    const { access: read, overview } = this.#ports
    const access = await read(user)
    if (!access.ok) return access
    await overview.loaded
    const lacking = this.#lines.lacking(access.value.keys())
    if (lacking.length > 0 && !(await this.#enter(lacking))) return err('unavailable')
    if (this.#isCountOld && !(await this.#count())) return err('unavailable')
    return access
  }

  #summarized(after: CommitteeSummary, before: CommitteeSummary | undefined): void {
    const { committee } = after
    this.#lines.changed(committee)
    const notices = noticesOf(after, before)
    this.#each((stream) => {
      stream.changed(committee)
      for (const one of notices) stream.notice(this.#notice(committee, one))
    })
  }

  #notice(committee: CommitteeId, news: Pick<Notice, 'code' | 'subject'>): Notice {
    return { ...news, committee, at_ms: Math.round(this.#ports.clock.now_ms()) }
  }

  #each(act: (stream: Stream) => void): void {
    for (const { stream } of this.#watching) act(stream)
  }

  async #enter(committees: readonly CommitteeId[]): Promise<boolean> {
    const entries = await this.#ports.entries(committees)
    if (!entries.ok) return false
    for (const committee of this.#lines.enter(entries.value)) this.#each((stream) => stream.changed(committee))
    return true
  }

  get #isCountOld(): boolean {
    return this.#ports.clock.now_ms() - this.#counted_ms >= tick_ms
  }

  async #count(): Promise<boolean> {
    const counts = await this.#ports.counts()
    if (!counts.ok) return false
    const isFirst = this.#counted_ms === Number.NEGATIVE_INFINITY
    this.#counted_ms = this.#ports.clock.now_ms()
    const { changed, aside } = this.#lines.count(counts.value)
    this.#each((stream) => {
      for (const committee of changed) stream.changed(committee)
      if (!isFirst) for (const committee of aside) stream.notice(this.#notice(committee, { code: 'aside' }))
    })
    return true
  }

  async #tick(): Promise<void> {
    if (this.#watching.size > 0) {
      this.#ticks += 1
      if (this.#ticks % beat_every === 0) this.#each((stream) => stream.beat())
      await this.#count()
      if (this.#ticks % check_every === 0) {
        await this.#enter(this.#lines.entered)
        for (const one of [...this.#watching]) await this.#check(one)
      }
    }
    if (!this.#stopped) this.#ticking = this.#ports.clock.after(tick_ms, () => void this.#tick())
  }

  /** False where the database did not answer. */
  async #check({ stream, stillIn }: Watching): Promise<boolean> {
    const still = await stillIn()
    if (!still.ok) return false
    if (!still.value) {
      stream.revoke('unauthenticated')
      this.close(stream)
    }
    return true
  }

  /** A question at a time, for all that came meanwhile. */
  async #work(): Promise<void> {
    if (this.#working) return
    this.#working = true
    while (this.#due.length > 0 && !this.#stopped) {
      const due = this.#due
      this.#due = []
      if (await this.#refresh(due)) continue
      this.#due.push(...due)
      await new Promise<void>((resolve) => void this.#ports.clock.after(again_ms, resolve))
    }
    this.#working = false
  }

  async #refresh(due: readonly Concerned[]): Promise<boolean> {
    const everybody = new Set([...this.#watching].map(({ stream }) => stream.user))
    const committees = new Set(due.flatMap((one) => (one !== 'any' && 'committee' in one ? [one.committee] : [])))
    const isAny = due.includes('any') || committees.size * everybody.size > places_max
    const users = isAny ? everybody : new Set(due.flatMap((one) => (one !== 'any' && 'user' in one ? [one.user] : [])))
    for (const user of users) if (!(await this.#refreshUser(user))) return false
    return isAny || committees.size === 0 || this.#refreshPlaces([...everybody], [...committees])
  }

  async #refreshUser(user: UserId): Promise<boolean> {
    for (const one of [...this.#watching]) if (one.stream.user === user && !(await this.#check(one))) return false
    const streams = [...this.#watching].filter((one) => one.stream.user === user)
    if (streams.length === 0) return true
    const access = await this.#ports.access(user)
    if (!access.ok) return false
    const lacking = this.#lines.lacking(access.value.keys())
    if (lacking.length > 0 && !(await this.#enter(lacking))) return false
    for (const { stream } of streams) stream.learn(access.value)
    return true
  }

  /** A phase that changes concerns everybody who reads there, and nobody's other committees. */
  async #refreshPlaces(users: readonly UserId[], committees: readonly CommitteeId[]): Promise<boolean> {
    const places = users.flatMap((user) => committees.map((committee) => ({ user, committee })))
    const readings = await this.#ports.readings(places)
    if (!readings.ok || !(await this.#enter(committees))) return false
    const of = new Map(users.map((user) => [user, new Map<CommitteeId, Reading | undefined>()]))
    for (const [index, { user, committee }] of places.entries()) of.get(user)?.set(committee, readings.value[index])
    this.#each((stream) => stream.learn(changedAt(stream.access, of.get(stream.user) ?? new Map())))
    return true
  }
}

/** What somebody may read, with these places as they are now. */
function changedAt(access: Access, at: ReadonlyMap<CommitteeId, Reading | undefined>): Access {
  const changed = new Map(access)
  for (const [committee, reading] of at) {
    if (reading === undefined) changed.delete(committee)
    else changed.set(committee, reading)
  }
  return changed
}
