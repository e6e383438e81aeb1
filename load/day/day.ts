import pg from 'pg'
import { Crowd } from '../driver/crowd.ts'
import { makeDice } from '../driver/dice.ts'
import { makeSigner } from '../driver/entry.ts'
import type { Person } from '../driver/person.ts'
import type { Deed } from '../driver/record.ts'
import { Waits } from '../driver/waits.ts'
import type { Testimony } from './compare.ts'
import { compareAll } from './comparing.ts'
import type { Hand } from './doings.ts'
import { setPhase } from './ground.ts'
import { type Life, type Span, type Spent, spend, until } from './life.ts'
import type { Plan } from './plan.ts'
import type { Report } from './report.ts'
import type { Shape, Stage } from './shape.ts'

export type DayEvents = { readonly onAcknowledged: (wait_ms: number) => void; readonly onReport: (report: Report) => void }

const unacknowledged_max = 20
/** Longer than anybody is without a network. */
const patience_ms = 120_000
const sheets = ['A', 'B', 'C', 'D'] as const

type Moment = { readonly stage: Stage; readonly span: Span; readonly isNewPhase: boolean }

/**
 * One day for everybody: who comes, the clock they live by, and the comparing when the last of them has gone. Its stages begin at fixed
 * moments, whoever is late. All of it is in one thread, because the record is.
 */
export class Day {
  private readonly plan: Plan
  private readonly shape: Shape
  private readonly events: DayEvents
  private readonly sql: pg.Client
  private readonly crowd: Crowd
  private readonly waits = new Waits()
  private readonly interrupted = new WeakSet<Deed>()
  private readonly testimonies: Testimony[] = []
  private readonly givenUp: string[] = []
  private readonly spent: Spent[]
  private readonly piles = new Map<string, number>()
  private moments: readonly Moment[] = []
  private opened: Promise<void> | undefined
  private came = 0
  private inside = 0
  private readonly over = Promise.withResolvers<void>()

  constructor(plan: Plan, shape: Shape, events: DayEvents) {
    this.plan = plan
    this.shape = shape
    this.events = events
    this.sql = new pg.Client(plan.databaseUrl)
    this.spent = shape.stages.map(() => ({ planned: 0, done: 0, returns: 0 }))
    this.over.promise.catch(() => {}) // told to everybody who waits for it
    this.crowd = new Crowd({
      url: plan.url,
      sign: makeSigner(plan.secret),
      unacknowledged_max,
      patience_ms,
      onAcknowledged: (deed, wait_ms) => {
        if (this.interrupted.has(deed)) return
        this.waits.add(wait_ms)
        events.onAcknowledged(wait_ms)
      },
    })
  }

  /** One person's whole day; resolves when everybody's record has been compared. Rejects where they were refused, or heard nothing. */
  async live(): Promise<void> {
    const number = this.came
    this.came += 1
    this.inside += 1
    // A day that does not open has nothing to compare, and nobody waits for its end.
    this.opened ??= this.open().catch((why) => {
      this.over.reject(why)
      throw why
    })
    let fault: unknown
    try {
      await this.opened
      await this.pass(number)
    } catch (why) {
      fault = why
      this.givenUp.push(why instanceof Error ? why.message : String(why))
    }
    // Nobody goes before the end: the last to go compares, and others may still be coming.
    await Promise.race([until(this.moments.at(-1)?.span.until_ms ?? 0), this.over.promise])
    this.inside -= 1
    if (this.inside === 0) this.compare().then(this.over.resolve, this.over.reject)
    await this.over.promise
    if (fault !== undefined) throw fault
  }

  private async open(): Promise<void> {
    let from_ms = performance.now() + this.plan.arriving_ms
    let phase: string | undefined
    this.moments = this.shape.stages.map((stage) => {
      const span = { from_ms, until_ms: from_ms + stage.part * this.plan.day_ms }
      const isNewPhase = phase !== undefined && phase !== stage.phase
      from_ms = span.until_ms
      phase = stage.phase
      return { stage, span, isNewPhase }
    })
    await this.sql.connect()
    await this.enter(this.shape.stages[0])
    for (const { stage, span, isNewPhase } of this.moments) {
      // A room that cannot be opened shows: everybody in it is refused.
      if (isNewPhase)
        void until(span.from_ms)
          .then(() => this.enter(stage))
          .catch((fault: Error) => this.givenUp.push(fault.message))
    }
  }

  private enter({ phase }: Stage): Promise<void> {
    const rooms = this.plan.rooms.map(({ id }) => id)
    return setPhase(this.sql, rooms, phase)
  }

  private async pass(number: number): Promise<void> {
    const { rooms, users, seed } = this.plan
    const { crew } = this.shape
    const place = Math.floor(number / rooms.length)
    const room = rooms[number % rooms.length]
    const user = users[number]
    if (room === undefined || user === undefined) throw new Error(`person ${number + 1} has no room or no user`)
    const person = await this.crowd.join(room.id, user, 'coordinator')
    this.testimonies.push({ user, committee: room.id, deeds: person.book.deeds })
    try {
      const sheet = sheets[Math.floor(place / crew.length) % sheets.length] ?? 'A'
      const hand: Hand = { person, room, sheet, dice: makeDice(`${seed} ${number}`), nextBallot: () => this.nextOn(`${room.id} ${sheet}`) }
      const life: Life = { hand, role: crew[place % crew.length] ?? crew[0], unacknowledged_max, interrupted: this.interrupted }
      for (const [index, moment] of this.moments.entries()) await this.passStage(index, moment, life)
      await person.book.downTo(0)
    } finally {
      this.crowd.leave(person)
    }
  }

  private async passStage(index: number, { stage, span, isNewPhase }: Moment, life: Life): Promise<void> {
    const { person, dice } = life.hand
    const whole_ms = span.until_ms - span.from_ms
    // Rights are the phase's from when a document is opened on: everybody opens it anew, not all in the same moment.
    const from_ms = isNewPhase ? span.from_ms + whole_ms * (0.02 + dice.fraction() * 0.08) : span.from_ms
    await until(from_ms)
    if (isNewPhase) await this.reopen(person, life)
    const spent = await spend(life, stage, { from_ms: Math.max(from_ms, performance.now()), until_ms: span.until_ms })
    const sum = this.spent[index]
    if (sum === undefined) return
    sum.planned += spent.planned
    sum.done += spent.done
    sum.returns += spent.returns
  }

  private async reopen(person: Person, { interrupted }: Life): Promise<void> {
    await person.book.downTo(0)
    await person.goOffline()
    for (const deed of person.book.deeds.slice(-unacknowledged_max)) if (!deed.acknowledged) interrupted.add(deed)
    person.goOnline()
    const { promise: late, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => reject(new Error(`user ${person.user} at ${person.committee}: not let in again`)), patience_ms)
    await Promise.race([person.synced(), late]).finally(() => clearTimeout(timer))
  }

  private nextOn(pile: string): number {
    const n = (this.piles.get(pile) ?? 0) + 1
    this.piles.set(pile, n)
    return n
  }

  private async compare(): Promise<void> {
    const elapsed_ms = performance.now() - ((this.moments[0]?.span.from_ms ?? 0) - this.plan.arriving_ms)
    try {
      const compared = await compareAll(this.testimonies, this.sql, this.crowd, this.plan.users[this.came] ?? this.plan.users[0] ?? 0)
      this.events.onReport(this.report(elapsed_ms, compared))
    } finally {
      this.crowd[Symbol.dispose]()
      await this.sql.end()
    }
  }

  private report(elapsed_ms: number, compared: Awaited<ReturnType<typeof compareAll>>): Report {
    const deeds = this.testimonies.flatMap((testimony) => testimony.deeds)
    const kinds = Map.groupBy(deeds, ({ did }) => did.kind)
    const rates = this.moments.map(({ stage, span }) => ({
      stage: stage.stage,
      rate_per_s:
        (deeds.filter(({ done_ms }) => done_ms >= span.from_ms && done_ms < span.until_ms).length * 1_000) / (span.until_ms - span.from_ms),
    }))
    return {
      people: this.came,
      committees: new Set(this.testimonies.map(({ committee }) => committee)).size,
      stages: this.shape.stages.map(({ stage }, index) => ({ stage, ...(this.spent[index] ?? { planned: 0, done: 0, returns: 0 }) })),
      edits: Object.fromEntries([...kinds].map(([kind, found]) => [kind, found.length])),
      done: deeds.length,
      acknowledged: deeds.filter(({ acknowledged }) => acknowledged).length,
      waits: {
        count: this.waits.count,
        p50_ms: this.waits.percentile_ms(50),
        p95_ms: this.waits.percentile_ms(95),
        p99_ms: this.waits.percentile_ms(99),
        most_ms: this.waits.longest_ms,
      },
      elapsed_ms,
      busiest: rates.toSorted((a, b) => b.rate_per_s - a.rate_per_s)[0] ?? { stage: '', rate_per_s: 0 },
      givenUp: this.givenUp,
      ...compared,
    }
  }
}
