import type { StoreFault } from '#actors/journal/store.ts'
import { attempt } from '#actors/kernel/attempt.ts'
import type { Cancel, Clock } from '#actors/kernel/clock.ts'
import type { Log } from '#actors/kernel/log.ts'
import type { CommitteeId, Sequence } from '#contract/ids.ts'
import type { Result } from '#contract/result.ts'
import type { CommitteeSummary } from '#contract/summary.ts'
import type { SummaryStore } from './store.ts'

/** The floor below what is told: what was kept is asked for this often. */
const poll_ms = 1_000
/** Summaries that are read, and that are written, in one question. */
const page = 500
/** Between two looks for committees that nobody follows. */
const look_ms = 3_000
/** Names of one look; the others are found by the next. */
const lookedAtMax = 10_000
/** Without an answer of the store for so long, figures may be old. */
const live_ms = 5_000
const again_ms = 500

export type OverviewPorts = {
  readonly store: SummaryStore
  readonly clock: Clock
  readonly log: Log
  /** Whether the committee is in memory here: then its actor tells of it. */
  readonly isHeld: (committee: CommitteeId) => boolean
  /** The summary of a committee as its journal has it now. */
  readonly workOut: (committee: CommitteeId) => Promise<Result<CommitteeSummary, StoreFault | 'unknown-committee'>>
}

export type OverviewListener = {
  /** `before`: what was known of it; undefined at the first. Nothing is told of what was kept before this process began. */
  changed(after: CommitteeSummary, before: CommitteeSummary | undefined): void
  /** Whether all figures are as new as can be has changed. */
  lived(): void
}

/**
 * The latest summary of every committee, of all processes. What actors here say is taken at once, kept in the store, and heard from there by
 * the other processes; what these keep is read by its version, at once when told and by a poll at the latest. See SPEC.md, O3 to O6.
 */
export class Overview {
  readonly #ports: OverviewPorts
  readonly #latest = new Map<CommitteeId, CommitteeSummary>()
  readonly #listeners = new Set<OverviewListener>()
  /** To be kept: the latest of each. */
  readonly #unkept = new Map<CommitteeId, CommitteeSummary>()
  /** Worked out again though nothing is behind: their facts have changed, and nobody here follows them. */
  readonly #stale = new Set<CommitteeId>()
  /** Seen behind at the last look, and what was kept of them then. */
  #suspects = new Map<CommitteeId, Sequence>()
  /** What could not be worked out, and at which row: a defect is met once and not every three seconds. */
  readonly #given_up = new Map<CommitteeId, Sequence>()
  #seen = 0
  #answered_ms = Number.NEGATIVE_INFINITY
  #wasLive = false
  #saving: Promise<void> | undefined
  #reading = false
  #again = false
  #stopped = false
  #polling: Cancel = () => {}
  #looking: Cancel = () => {}
  readonly #first = Promise.withResolvers<void>()

  constructor(ports: OverviewPorts) {
    this.#ports = ports
    void this.#poll()
    this.#looking = ports.clock.after(look_ms, () => void this.#look())
  }

  /** When what was kept before has been read once. */
  get loaded(): Promise<void> {
    return this.#first.promise
  }

  latest(committee: CommitteeId): CommitteeSummary | undefined {
    return this.#latest.get(committee)
  }

  /** Whether every process's figures are heard: all go by the store. */
  get live(): boolean {
    return this.#ports.clock.now_ms() - this.#answered_ms < live_ms
  }

  listen(listener: OverviewListener): Cancel {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Of a committee's actor here. */
  summarized(summary: CommitteeSummary): void {
    if (!this.#take(summary)) return
    this.#unkept.set(summary.committee, summary)
    this.#save()
  }

  /** Something was kept by another process, or may have been. */
  hear(): void {
    if (!this.#reading) void this.#poll()
    else this.#again = true
  }

  /** What values are judged by has changed there: of committees in memory the actors tell. */
  factsChanged(committees: readonly CommitteeId[] | 'any'): void {
    for (const committee of committees === 'any' ? this.#latest.keys() : committees) {
      this.#given_up.delete(committee)
      if (!this.#ports.isHeld(committee)) this.#stale.add(committee)
    }
  }

  /** Ends it when what waits is kept, or at once where the store is away: it is worked out again from the journal. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#polling()
    this.#looking()
    await this.#saving
  }

  /** False for what is not newer. */
  #take(summary: CommitteeSummary, isNews = true): boolean {
    const before = this.#latest.get(summary.committee)
    if (before !== undefined && before.sequence > summary.sequence) return false
    if (before?.sequence === summary.sequence && JSON.stringify(before) === JSON.stringify(summary)) return false
    this.#latest.set(summary.committee, summary)
    if (isNews) for (const listener of this.#listeners) listener.changed(summary, before)
    return true
  }

  #save(): void {
    this.#saving ??= this.#saveAll().finally(() => {
      this.#saving = undefined
    })
  }

  async #saveAll(): Promise<void> {
    while (this.#unkept.size > 0) {
      const batch = [...this.#unkept.values()].slice(0, page)
      for (const { committee } of batch) this.#unkept.delete(committee)
      const saved = await this.#ask(() => this.#ports.store.save(batch))
      if (saved?.ok === true) continue
      // What is rejected would be again: it is left, and the look finds it.
      if (saved?.error === 'unavailable')
        for (const one of batch) if (!this.#unkept.has(one.committee)) this.#unkept.set(one.committee, one)
      if (this.#stopped) return
      await this.#pause(again_ms)
    }
  }

  async #poll(): Promise<void> {
    if (this.#stopped) return
    this.#polling()
    this.#reading = true
    do {
      this.#again = false
      await this.#read()
    } while (this.#again && !this.#stopped)
    this.#reading = false
    this.#tellLive()
    if (!this.#stopped) this.#polling = this.#ports.clock.after(poll_ms, () => void this.#poll())
  }

  async #read(): Promise<void> {
    for (;;) {
      const kept = await this.#ask(() => this.#ports.store.since(this.#seen, page))
      if (kept?.ok !== true) return
      const isFirst = this.#answered_ms === Number.NEGATIVE_INFINITY
      for (const { summary, version } of kept.value) {
        this.#take(summary, !isFirst)
        this.#seen = version
      }
      if (kept.value.length === page) continue
      this.#answered_ms = this.#ports.clock.now_ms()
      return this.#first.resolve()
    }
  }

  #tellLive(): void {
    if (this.#wasLive === this.live) return
    this.#wasLive = this.live
    for (const listener of this.#listeners) listener.lived()
  }

  /**
   * For committees that nobody follows. What is behind at one look may be on its way here from another process: only what is behind at
   * two, with nothing kept in between, is worked out. One after the other, so that a thousand of them do not hold the thread.
   */
  async #look(): Promise<void> {
    const behind = await this.#ask(() => this.#ports.store.behind(lookedAtMax))
    if (behind?.ok === true) {
      const before = this.#suspects
      this.#suspects = new Map(behind.value.map(({ committee, kept }) => [committee, kept]))
      const due = behind.value.filter(({ committee, kept }) => before.get(committee) === kept && this.#given_up.get(committee) !== kept)
      for (const committee of new Set([...due.map((one) => one.committee), ...this.#stale])) {
        if (this.#stopped) return
        this.#stale.delete(committee)
        if (!this.#ports.isHeld(committee)) await this.#workOut(committee)
      }
    }
    if (!this.#stopped) this.#looking = this.#ports.clock.after(look_ms, () => void this.#look())
  }

  async #workOut(committee: CommitteeId): Promise<void> {
    const summary = await this.#ask(() => this.#ports.workOut(committee))
    if (summary?.ok === true) {
      // Known here or not: the store lacks it.
      this.#take(summary.value)
      this.#unkept.set(committee, summary.value)
      return this.#save()
    }
    if (summary === undefined) this.#given_up.set(committee, this.#suspects.get(committee) ?? (0 as Sequence))
    else if (summary.error === 'unavailable') this.#stale.add(committee)
  }

  /** Undefined where it threw: a defect, which is logged and costs this one question. */
  async #ask<T, E>(call: () => Promise<Result<T, E>>): Promise<Result<T, E> | undefined> {
    const asked = await attempt(call)
    if (asked.ok) return asked.value
    this.#ports.log.error({ fault: String(asked.error) }, 'the overview met a defect')
    return undefined
  }

  #pause(wait_ms: number): Promise<void> {
    return new Promise((resolve) => void this.#ports.clock.after(wait_ms, resolve))
  }
}
