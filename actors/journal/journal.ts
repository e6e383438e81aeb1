import { attempt } from '#actors/kernel/attempt.ts'
import type { Cancel, Clock } from '#actors/kernel/clock.ts'
import type { Log } from '#actors/kernel/log.ts'
import type { CommitteeId } from '#contract/ids.ts'
import type { Limits } from '#contract/limits.ts'
import type { Refusal } from '#contract/refusals.ts'
import { assert, err, ok, type Result, unreachable } from '#contract/result.ts'
import type { Committed, Entry, JournalStore, Receipt, StoreFault } from './store.ts'

/** Called once for each entry: committed, or certainly not to be waited for any more. Must not throw; may append. */
export type AppendReply = (answer: Result<Receipt, Refusal>) => void

/** Figures as they arise; rows waiting are asked (`Journal.lag_rows`). Must not throw. */
export type JournalObserver = { committed(rows: number, commit_ms: number): void }

export type JournalPorts = {
  readonly store: JournalStore
  readonly clock: Clock
  readonly log: Log
  /** 0 to 1, for the jitter: processes that lost the store together must not come back together. */
  readonly random: () => number
  /** The store went away (entries are held), or answers again; told once each time. Must not throw. */
  readonly onStore: (store: 'away' | 'back') => void
  /** What a commit has written, in order, after it was answered: for the other processes. Must not throw. */
  readonly onCommitted?: (rows: readonly Committed[]) => void
  readonly observe?: JournalObserver
  readonly limits: Pick<Limits, 'journal_waiting_max' | 'journal_batch_rows_max'>
}

const retry_first_ms = 50
const retry_max_ms = 2_000

// The journal of one process: a plain machine and not an actor of the kernel, because a commit must not hold up the appends that
// gather meanwhile, and an actor whose turns never await its work would use the kernel for nothing but a second queue.
//
// Entries stay in `waiting`, in the order appended, until they are answered; the batch in the store's hands is simply its head. So
// holding, asking again and dividing move nothing, and order cannot be lost.
type Phase = 'idle' | 'asking' | 'holding' | 'closed'
type Event = 'queued' | 'committed' | 'unavailable' | 'rejected' | 'due' | 'ended'
type Act = 'ask' | 'gather' | 'answer' | 'hold' | 'divide' | 'close' | 'ignore' | 'impossible'

// biome-ignore format: a table
const table = {
  idle:    { queued: 'ask',        committed: 'impossible', unavailable: 'impossible', rejected: 'impossible', due: 'impossible', ended: 'close' },
  asking:  { queued: 'gather',     committed: 'answer',     unavailable: 'hold',       rejected: 'divide',     due: 'impossible', ended: 'close' },
  holding: { queued: 'gather',     committed: 'impossible', unavailable: 'impossible', rejected: 'impossible', due: 'ask',        ended: 'close' },
  closed:  { queued: 'impossible', committed: 'ignore',     unavailable: 'ignore',     rejected: 'ignore',     due: 'impossible', ended: 'ignore' },
} as const satisfies Record<Phase, Record<Event, Act>>

type Waiting = { readonly entry: Entry; readonly reply: AppendReply }
type Drain = { readonly left: Promise<readonly Entry[]>; readonly resolve: (left: readonly Entry[]) => void }

/** Group commit across all committees of the process. Nothing is answered before it is durable. */
export class Journal {
  readonly #ports: JournalPorts
  #phase: Phase = 'idle'
  #waiting: Waiting[] = []
  /** Rows of the batch in the store's hands. */
  #asked_rows = 0
  /** Rows to ask for at once: halved by a rejection, doubled by a commit. */
  #batch_rows: number
  /** Times in a row that the store was away. */
  #misses = 0
  #retry: Cancel = () => {}
  #drain: Drain | undefined

  constructor(ports: JournalPorts) {
    this.#ports = ports
    this.#batch_rows = ports.limits.journal_batch_rows_max
  }

  /** Entries not yet answered. */
  get lag_rows(): number {
    return this.#waiting.length
  }

  /**
   * Appends after everything appended before. Refuses `overloaded` over `journal_waiting_max`, `draining` in a drain (both before
   * it returns), `unknown-committee` where the store rejects, `sealed` where it says that the entry may not be written. An
   * entry refused otherwise than by the store's word may still have been written (see `drain`).
   */
  append(entry: Entry, reply: AppendReply): void {
    if (this.#drain) this.#answer(reply, err({ code: 'draining' }))
    else if (this.#waiting.length >= this.#ports.limits.journal_waiting_max) this.#answer(reply, err({ code: 'overloaded' }))
    else {
      this.#waiting.push({ entry, reply })
      this.#on('queued')
    }
  }

  /**
   * For good: takes nothing new and writes what waits, for `deadline_ms` at most. Answers what is left; its replies got `draining`.
   * A commit that was under way then may still happen: whoever sends the same edit again finds it known.
   */
  drain(deadline_ms: number): Promise<readonly Entry[]> {
    if (this.#drain) return this.#drain.left
    const { promise, resolve } = Promise.withResolvers<readonly Entry[]>()
    this.#drain = { left: promise, resolve }
    this.#ports.clock.after(deadline_ms, () => this.#on('ended')) // ignored where all was written before
    this.#endIfDrained()
    return promise
  }

  #on(event: Event, receipts: readonly (Receipt | null)[] = []): void {
    const act = table[this.#phase][event]
    if (act === 'ask') void this.#ask()
    else if (act === 'answer') this.#commit(receipts)
    else if (act === 'hold') this.#hold()
    else if (act === 'divide') this.#divide()
    else if (act === 'close') this.#close()
    else if (act === 'impossible') assert(false, `journal: ${event} while ${this.#phase}`)
    else if (act !== 'gather' && act !== 'ignore') unreachable(act)
  }

  async #ask(): Promise<void> {
    this.#phase = 'asking'
    await undefined // what is appended in the same breath goes along
    const batch = this.#waiting.slice(0, this.#batch_rows)
    this.#asked_rows = batch.length
    const began_ms = this.#ports.clock.now_ms()
    const answer = await this.#appendToStore(batch.map((waiting) => waiting.entry))
    if (answer.ok) this.#ports.observe?.committed(batch.length, this.#ports.clock.now_ms() - began_ms)
    if (answer.ok) this.#on('committed', answer.value)
    else this.#on(answer.error)
  }

  /** A store that throws or miscounts is broken, and what it did is unknown: the same as away, since asking again is safe. */
  async #appendToStore(entries: readonly Entry[]): Promise<Result<readonly (Receipt | null)[], StoreFault>> {
    const attempted = await attempt(async () => {
      const answer = await this.#ports.store.append(entries)
      assert(!answer.ok || answer.value.length === entries.length, 'the store gives a receipt for every entry')
      return answer
    })
    if (attempted.ok) return attempted.value
    this.#ports.log.error({ err: attempted.error, rows: entries.length }, 'the journal store broke')
    return err('unavailable')
  }

  #commit(receipts: readonly (Receipt | null)[]): void {
    const done = this.#waiting.splice(0, receipts.length)
    this.#batch_rows = Math.min(this.#batch_rows * 2, this.#ports.limits.journal_batch_rows_max)
    this.#goOn() // the store works while the replies run
    receipts.forEach((receipt, at) => {
      const waiting = done[at]
      if (waiting) this.#answer(waiting.reply, receipt === null ? err({ code: 'sealed' }) : ok(receipt))
    })
    this.#ports.onCommitted?.(
      receipts.flatMap((receipt, at) => {
        const entry = done[at]?.entry
        return receipt === null || entry === undefined ? [] : [{ ...entry, ...receipt }]
      }),
    )
    this.#endIfDrained()
  }

  #hold(): void {
    this.#phase = 'holding'
    this.#misses += 1
    if (this.#misses === 1) this.#ports.onStore('away')
    const delay_ms = Math.min(retry_first_ms * 2 ** (this.#misses - 1), retry_max_ms)
    this.#retry = this.#ports.clock.after(delay_ms * (0.5 + this.#ports.random() / 2), () => this.#on('due'))
  }

  /**
   * One bad entry must not poison the others: halve the batch until it stands alone. It takes what waits of its committee with
   * it: admission counted on it, and a row that builds on a missing one could never be applied.
   */
  #divide(): void {
    const [first] = this.#waiting
    const refused = this.#asked_rows === 1 && first ? this.#takeAll(first.entry.committee) : []
    if (this.#asked_rows > 1) this.#batch_rows = Math.ceil(this.#asked_rows / 2)
    else this.#ports.log.error({ committee: first?.entry.committee, uuid: first?.entry.uuid }, 'the journal store rejected an entry')
    this.#goOn()
    // Not `overloaded`: asking again changes nothing, and the committee is all that a store can refuse of a well-formed entry.
    for (const waiting of refused) this.#answer(waiting.reply, err({ code: 'unknown-committee' }))
    this.#endIfDrained()
  }

  #takeAll(committee: CommitteeId): Waiting[] {
    const taken = this.#waiting.filter((waiting) => waiting.entry.committee === committee)
    this.#waiting = this.#waiting.filter((waiting) => waiting.entry.committee !== committee)
    return taken
  }

  /** The store has answered. */
  #goOn(): void {
    if (this.#misses > 0) this.#ports.onStore('back')
    this.#misses = 0
    this.#phase = 'idle'
    if (this.#waiting.length > 0) this.#on('queued')
  }

  #endIfDrained(): void {
    if (this.#drain && this.#waiting.length === 0) this.#on('ended')
  }

  #close(): void {
    this.#phase = 'closed'
    this.#retry()
    const left = this.#waiting.splice(0)
    for (const waiting of left) this.#answer(waiting.reply, err({ code: 'draining' }))
    this.#drain?.resolve(left.map((waiting) => waiting.entry))
  }

  #answer(reply: AppendReply, answer: Result<Receipt, Refusal>): void {
    try {
      reply(answer)
    } catch (fault) {
      this.#ports.log.error({ err: fault }, 'a reply of the journal failed')
    }
  }
}
