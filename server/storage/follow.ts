import type { JournalStore } from '#actors/journal/store.ts'
import type { Cancel, Clock } from '#actors/kernel/clock.ts'
import type { CommitteeId, Sequence } from '#contract/ids.ts'

export type FollowOptions = {
  readonly clock: Clock
  readonly store: Pick<JournalStore, 'heads'>
  /** Committees in memory now: only theirs are asked for. */
  readonly awake: () => readonly CommitteeId[]
  readonly onHead: (committee: CommitteeId, sequence: Sequence) => void
}

const poll_ms = 1_000

/**
 * The floor below the feed: asks for the heads of all awake committees once a second, whatever NOTIFY does. One question at a
 * time; a store that does not answer is asked again a second later.
 */
export class Follower {
  readonly #options: FollowOptions
  #timer: Cancel = () => {}
  #asking = false
  #again = false
  #stopped = false

  constructor(options: FollowOptions) {
    this.#options = options
    this.#schedule()
  }

  /** Asks now: for what a gap in the feed may have swallowed. While an answer is awaited, once more after it, as it may be older than the gap. */
  async poll(): Promise<void> {
    if (this.#stopped) return
    if (this.#asking) {
      this.#again = true
      return
    }
    this.#asking = true
    this.#timer()
    do {
      this.#again = false
      const heads = await this.#options.store.heads(this.#options.awake())
      if (this.#stopped) return
      if (heads.ok) for (const [committee, sequence] of heads.value) this.#options.onHead(committee, sequence)
    } while (this.#again)
    this.#asking = false
    this.#schedule()
  }

  stop(): void {
    this.#stopped = true
    this.#timer()
  }

  #schedule(): void {
    this.#timer = this.#options.clock.after(poll_ms, () => void this.poll())
  }
}
