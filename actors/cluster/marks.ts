import type { CommitteeId, Sequence } from '#contract/ids.ts'

/** Marks in one beat; the others go with the next. */
export const marks_max = 1_000

type Mark = { readonly sequence: Sequence; carriedBy: number | undefined }

/**
 * How far committees have come that this process has told rows of. Each is said again by every beat until one that said it has come
 * back: then whoever can hear has heard it. So a last word that was lost is missed at the next beat, and silence says nothing anew.
 */
export class Marks {
  private readonly marks = new Map<CommitteeId, Mark>()

  note(committee: CommitteeId, sequence: Sequence): void {
    if (sequence > (this.marks.get(committee)?.sequence ?? 0)) this.marks.set(committee, { sequence, carriedBy: undefined })
  }

  /** For the beat of that number; numbers ascend. */
  carry(beat: number): readonly { readonly committee: CommitteeId; readonly sequence: Sequence }[] {
    return [...this.marks].slice(0, marks_max).map(([committee, mark]) => {
      mark.carriedBy ??= beat
      return { committee, sequence: mark.sequence }
    })
  }

  returned(beat: number): void {
    for (const [committee, { carriedBy }] of this.marks) if (carriedBy !== undefined && carriedBy <= beat) this.marks.delete(committee)
  }
}
