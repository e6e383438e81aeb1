import type { Clock } from '#actors/kernel/clock.ts'
import type { CommitteeId, Sequence } from '#contract/ids.ts'

/** As long as the database's word of a commit waits for the rows themselves, which come by Redis: ten times what they take. */
export const grace_ms = 100

export type GracePorts = {
  readonly clock: Clock
  /** Whether rows of that committee can be expected to come by themselves. */
  readonly expectsRows: (committee: CommitteeId) => boolean
  readonly onHead: (committee: CommitteeId, sequence: Sequence) => void
}

/**
 * The database tells of a commit in the moment it is done, the process that made it a little later: followed at once, every notice
 * would cost a reading that the rows on their way make needless. So it waits a moment for them, one wait a committee; a head that has
 * been reached meanwhile is ignored by whoever has it.
 */
export class Grace {
  private readonly ports: GracePorts
  private readonly waiting = new Map<CommitteeId, Sequence>()

  constructor(ports: GracePorts) {
    this.ports = ports
  }

  head(committee: CommitteeId, sequence: Sequence): void {
    const { clock, expectsRows, onHead } = this.ports
    if (!expectsRows(committee)) return onHead(committee, sequence)
    const before = this.waiting.get(committee)
    if (before === undefined) clock.after(grace_ms, () => this.over(committee))
    if (sequence > (before ?? 0)) this.waiting.set(committee, sequence)
  }

  private over(committee: CommitteeId): void {
    const sequence = this.waiting.get(committee)
    this.waiting.delete(committee)
    if (sequence !== undefined) this.ports.onHead(committee, sequence)
  }
}
