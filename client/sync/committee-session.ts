import type { Accessor } from 'solid-js'
import type { CommitteeEntry, Device, Election } from '#contract/api.ts'
import type { CountedBallot } from '#contract/document/ballots.ts'
import type { ConflictPlace } from '#contract/document/conflicts.ts'
import type { FigureSource } from '#contract/document/keys.ts'
import type { TextEdit } from '#contract/document/notes.ts'
import type { WalkinPlace } from '#contract/document/walkins.ts'
import type { CandidateNumber, ElectorSerial, Sheet, UserId } from '#contract/ids.ts'
import type { Refusal } from '#contract/refusals.ts'
import type { Result } from '#contract/result.ts'
import type { Phase, Right } from '#contract/rights.ts'
import type { Failure } from './api.ts'
import type { Aside } from './aside.ts'
import type { AttendanceRow } from './binding/attendance.ts'
import type { Tally } from './binding/ballots.ts'
import type { Conflicts } from './binding/conflicts.ts'
import type { Differences } from './binding/differences.ts'
import type { FigureRow } from './binding/figures.ts'
import type { GuaranteeRow } from './binding/guarantees.ts'
import type { Note } from './binding/note.ts'
import type { WalkinCounts, WalkinRow } from './binding/walkins.ts'
import type { Ballot } from './counting.ts'
import type { TrayEntry } from './kept-documents.ts'
import type { Writer } from './note-writers.ts'
import type { AtElector, Person } from './people.ts'
import type { PlaceChanges } from './presence.ts'
import type { ResetState } from './reset.ts'
import type { RollState } from './roll.ts'
import type { Status } from './status.ts'
import type { Typing } from './typing.ts'
import type { PledgeFields, WalkinFields } from './write-roll.ts'

export type { Ballot, FigureRow, TrayEntry }

/** What views see of one committee. Reading is by signals and stores; writing answers at once, saving shows in `status`. */
export type CommitteeSession = {
  readonly entry: CommitteeEntry
  readonly election: Election
  readonly roll: Accessor<RollState>
  /** The figures can be shown: the kept copy is read, and if there was none, the server's is here or out of reach. */
  readonly loaded: Accessor<boolean>
  /** Usable now: assigned, and open in this phase. */
  readonly rights: Accessor<readonly Right[]>
  readonly phase: Accessor<Phase>
  readonly attendance: Readonly<Record<number, AttendanceRow | undefined>>
  readonly guarantees: Readonly<Record<number, readonly GuaranteeRow[] | undefined>>
  /** Not the walk-ins: those are counted apart. Each a signal of its own: who shows one is not woken by the others. */
  readonly counts: { readonly attended: number; readonly strike: number; readonly registered: number }
  /** Grows a moment after changes of attendance or guarantees, for lists over all of them. */
  readonly revision: Accessor<number>
  readonly walkins: Accessor<readonly WalkinRow[]>
  readonly walkinCounts: Accessor<WalkinCounts>
  note(serial: ElectorSerial): Note
  tally(sheet: Sheet): Accessor<Tally>
  /** My own last five, newest first, voided ones marked. */
  recent(sheet: Sheet): Accessor<readonly Ballot[]>
  nextBallot(sheet: Sheet): Accessor<number>
  setNextBallot(sheet: Sheet, n: number): void
  /** Every ballot of a sheet with what became of it. Reads the whole sheet: for what is looked at now and then. */
  ballots(sheet: Sheet): readonly CountedBallot[]
  /** Who has called a ballot on a sheet, ascending. */
  countersOf(sheet: Sheet): readonly UserId[]
  /** Where two sheets differ at a ballot, while they are counted. */
  readonly differences: Differences
  /** What people wrote without having seen each other's, and what became of it. */
  readonly conflicts: Conflicts
  /** Decides a conflict: writes the value again, onto what stands. For those who decide; without a connection it decides nothing. */
  settle(place: ConflictPlace, value: unknown): Result<void, Refusal>
  mayDecide(place: ConflictPlace): boolean
  /** By `figureRowKey`. */
  readonly figures: Readonly<Record<string, FigureRow | undefined>>
  readonly people: Accessor<readonly Person[]>
  /** Who looks at an elector now, and who is calling them. A signal of its own for each elector. */
  at(serial: ElectorSerial): AtElector
  /** Says that this person is calling: until it is released, for ten minutes, and as long as the page is here. No lock. */
  claim(serial: ElectorSerial): void
  release(): void
  /** Who else is typing in a note, and where; to be asked again whenever its text has changed. */
  writers(serial: ElectorSerial): readonly Writer[]
  /** Tells the others of this person's typing in a note. */
  typing(serial: ElectorSerial): Typing
  /** Tells the others where this person is; what is undefined is taken back. */
  present(changes: PlaceChanges): void
  nameOf(user: UserId): string
  readonly status: Accessor<Status>
  mark(serial: ElectorSerial): Result<void, Refusal>
  unmark(serial: ElectorSerial, why: string): Result<void, Refusal>
  /** My mark on all of them, or on none; answers those that did not have it before. */
  markAll(serials: readonly ElectorSerial[]): Result<readonly ElectorSerial[], Refusal>
  unmarkAll(serials: readonly ElectorSerial[], why: string): Result<void, Refusal>
  /** A supervisor's word that the marks as they stand now are wrong, and that word taken back. */
  overrule(serial: ElectorSerial, why: string): Result<void, Refusal>
  restore(serial: ElectorSerial, why: string): Result<void, Refusal>
  /** `collector`: another's, for those who may speak for others. */
  pledge(serial: ElectorSerial, fields: PledgeFields, collector?: UserId): Result<void, Refusal>
  writeNote(serial: ElectorSerial, edits: readonly TextEdit[]): Result<void, Refusal>
  addWalkin(fields: WalkinFields): Result<void, Refusal>
  acceptWalkin(place: WalkinPlace, accepted: boolean): Result<void, Refusal>
  call(sheet: Sheet, choices: readonly CandidateNumber[] | null, n: number): Result<Ballot, Refusal>
  voidBallot(sheet: Sheet, id: string, why: string): Result<void, Refusal>
  /** Strikes a ballot and lets other choices count in its place, under its number. */
  correctBallot(sheet: Sheet, id: string, why: string, instead: readonly CandidateNumber[] | null): Result<void, Refusal>
  /** What this person read of a figure. */
  state(source: FigureSource, figure: string, value: number): Result<void, Refusal>
  /** Settles a figure until somebody says something else. */
  rule(source: FigureSource, figure: string, value: number): Result<void, Refusal>
  /** What of this person's work here could not be brought into the document, oldest first. */
  readonly tray: Accessor<readonly TrayEntry[]>
  putAway(ids: readonly string[]): void
  /** Writes the own value of what raced now, as a normal edit, and puts it away. */
  keepMine(entry: TrayEntry): Result<void, Refusal>
  /** Whether this device has to start anew after a refusal. It does so by itself. */
  readonly reset: Accessor<ResetState>
  /** Changes the committee's phase; null: the election's own. Everybody hears of it as they hear of their rights. */
  changePhase(phase: Phase | null): Promise<Result<void, Failure>>
  /** Devices at work here today, those with unsent edits first. */
  devices(): Promise<Result<readonly Device[], Failure>>
  readonly aside: Aside
  reconnect(): void
  close(): void
}
