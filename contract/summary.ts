import type { CheckId } from './checks.ts'
import type { FigureSource } from './document/keys.ts'
import type { CommitteeId, ElectorSerial, Sequence, Sheet } from './ids.ts'

/** Figures of one sheet; `votes` by candidate's number. */
export type SheetSummary = {
  readonly ballots: number
  readonly valid: number
  readonly blank: number
  readonly invalid: number
  readonly votes: Readonly<Record<string, number>>
}

/** Figures of one source: how many of the form's fields are in which state, and what is said of those that are known. */
export type SourceSummary = {
  readonly waiting: number
  readonly agreed: number
  readonly differ: number
  readonly resolved: number
  /** By the figure's name or `v<candidate>`; only those that are known (one said, agreed or ruled). */
  readonly values: Readonly<Record<string, number>>
}

/** A flag: a check that fails, and of what. At most 20 of a committee; `flags_total` has their number. */
export type Flag = { readonly id: CheckId; readonly about: string }

/** What one committee's document says, as a pure function of it and of its facts: the same on every process. */
export type CommitteeSummary = {
  readonly committee: CommitteeId
  /** The row it was worked out at. */
  readonly sequence: Sequence
  /** Electors with a standing mark, and walk-ins that were accepted. */
  readonly attended: number
  readonly walkins: number
  /** Electors with a standing pledge, and those of them who have not attended. */
  readonly guaranteed: number
  readonly strike: number
  /** Only sheets that have a ballot. */
  readonly sheets: Readonly<Partial<Record<Sheet, SheetSummary>>>
  /** The first ballot at which two sheets differ. */
  readonly difference?: { readonly n: number; readonly one: Sheet; readonly other: Sheet }
  readonly figures: Readonly<Record<FigureSource, SourceSummary>>
  readonly flags: readonly Flag[]
  readonly flags_total: number
  /** Open conflicts, and the elector of the oldest of them where it is about one. */
  readonly conflicts: number
  readonly conflict_elector?: ElectorSerial
  /** Unix milliseconds of the last row of a person, by the database; absent before the first. */
  readonly last_ms?: number
}
