import type { Row, Touch } from '#actors/journal/store.ts'
import { type Conflict, type ConflictValue, conflictValuesMax } from '#contract/document/conflicts.ts'
import { sameValue } from '#contract/document/statements.ts'
import type { CommitteeId, Sequence, UserId } from '#contract/ids.ts'
import type { Finding, Written } from './detector.ts'
import { entriesUuid } from './uuid.ts'
import { entriesRoot, placeOf } from './watched.ts'

// What the entries of a committee have to say, worked out of its rows alone: every process that has the same rows has the same book.
// Beside it stands what the document's entries do say; where the two differ, a row of the server's is outstanding.

/** A value of a conflict. The time of a row that is not in memory any more has to be asked for: of the last one before `before`. */
export type Branch = Omit<ConflictValue, 'at_s'> & { readonly at_s: number | undefined; readonly before: Sequence }

export type Entry = {
  readonly values: readonly Branch[]
  readonly resolved?: NonNullable<Conflict['resolved']>
}

type Kept = {
  readonly entry: Entry
  /** The row that made the document say something else; undefined where it says the same. */
  readonly cause: Sequence | undefined
  /** Rows of the server's that did not mend it. */
  readonly misses: number
}

/** What is written again so often without being read as it was written is not understood here: it is left as it stands. */
const misses_max = 3

type BookRow = Pick<Row, 'sequence' | 'uuid' | 'user' | 'touches' | 'at_ms'>
/** Whose a value is. */
export type AuthorOf = (written: Written, place: Touch) => UserId

export class Book {
  private readonly committee: CommitteeId
  private readonly authorOf: AuthorOf
  private readonly kept = new Map<string, Kept>()
  private readonly byCause = new Map<Sequence, Set<string>>()
  /** When the standing values were written, as far as their rows have been seen. */
  private readonly times = new Map<string, { readonly id: string; readonly at_s: number }>()
  private openEntries = 0

  constructor(committee: CommitteeId, authorOf: AuthorOf) {
    this.committee = committee
    this.authorOf = authorOf
  }

  /** Conflicts that wait for a person. */
  get open(): number {
    return this.openEntries
  }

  /** Whether the document says all that there is to say. */
  get isWritten(): boolean {
    return this.byCause.size === 0
  }

  /** Rows whose entries the document does not have. */
  get causes(): readonly Sequence[] {
    return [...this.byCause.keys()]
  }

  /** What a row has made and the document does not say, ascending by key: the keys of one row are written by one row. */
  madeBy(cause: Sequence): readonly (readonly [string, Entry])[] {
    return [...(this.byCause.get(cause) ?? [])].sort().flatMap((at) => {
      const kept = this.kept.get(at)
      return kept === undefined ? [] : [[at, kept.entry] as const]
    })
  }

  /** Begins with a snapshot's entries: it says all that the rows up to it have made. */
  begin(entries: Iterable<readonly [string, Conflict]>): void {
    for (const [at, conflict] of entries) this.adopt(at, conflict)
  }

  /** The journal's next row. `says`: what the document says at a key, after it. */
  take(row: BookRow, findings: readonly Finding[], says: (at: string) => Conflict | undefined): void {
    for (const finding of findings) this.takeWrites(row, finding)
    if (row.user === null) for (const { path, key } of row.touches) if (path === entriesRoot) this.takeEntry(row, key, says(key))
  }

  private takeWrites(row: BookRow, { place, stood, stands, tips }: Finding): void {
    const at = placeOf(place)
    const at_s = Math.floor(row.at_ms / 1_000)
    const open = this.openAt(at)
    const branch = (tip: Written, by: UserId, time_s: number | undefined): Branch => {
      return { id: tip.id, value: tip.value, by, at_s: time_s, before: row.sequence }
    }
    const came = tips.map((tip) => branch(tip, row.user ?? this.authorOf(tip, place), at_s))
    const there = open?.values ?? (stood === undefined ? [] : [branch(stood, this.authorOf(stood, place), this.timeOf(at, stood.id))])
    const after = [...there.filter(({ id }) => tips.every(({ onto }) => onto !== id)), ...came]
    if (stands !== undefined && came.some(({ id }) => id === stands)) this.times.set(at, { id: stands, at_s })

    const last = came.at(-1) as Branch
    const areOne = after.every(({ value }) => sameValue(value, last.value))
    // To all of it: what the document does not say yet nobody has seen.
    const isWhole = this.kept.get(at)?.cause === undefined
    const isAnswer = isWhole && isAnswerTo(at, row) && tips.length === 1 && tips[0]?.onto === stood?.id
    if (open !== undefined && (areOne || isAnswer)) {
      // What they said stays to be seen, and what it came to.
      this.expect(at, { values: open.values, resolved: { by: last.by, at_s, value: last.value } }, row.sequence)
    } else if (!areOne) this.expect(at, { values: bounded(after, stands) }, row.sequence)
  }

  private openAt(at: string): Entry | undefined {
    const entry = this.kept.get(at)?.entry
    return entry?.resolved === undefined ? entry : undefined
  }

  private timeOf(at: string, id: string): number | undefined {
    const seen = this.times.get(at)
    return seen?.id === id ? seen.at_s : undefined
  }

  /** A row of the server's: it says what is expected, or comes too late for it, or has lost against another such row. */
  private takeEntry(row: BookRow, at: string, said: Conflict | undefined): void {
    const kept = this.kept.get(at)
    if (said === undefined) return
    if (kept === undefined || saysSame(kept.entry, said)) return this.adopt(at, said)
    // Somebody answers for what was made later, and that is still to come.
    if (kept.cause !== undefined && row.uuid !== entriesUuid(this.committee, kept.cause)) return
    if (kept.misses >= misses_max) return this.adopt(at, said)
    this.keep(at, { entry: kept.entry, cause: row.sequence, misses: kept.misses + 1 })
  }

  /** The times of values that were asked for. */
  learnTimes(at: string, times: ReadonlyMap<string, number>): void {
    const kept = this.kept.get(at)
    if (kept === undefined) return
    const values = kept.entry.values.map((branch) => ({ ...branch, at_s: branch.at_s ?? times.get(branch.id) }))
    this.keep(at, { ...kept, entry: { ...kept.entry, values } })
  }

  private expect(at: string, entry: Entry, cause: Sequence): void {
    this.keep(at, { entry, cause, misses: 0 })
  }

  private adopt(at: string, { values, resolved }: Conflict): void {
    const branches = values.map((value) => ({ ...value, before: 0 as Sequence }))
    this.keep(at, { entry: { values: branches, ...(resolved === undefined ? {} : { resolved }) }, cause: undefined, misses: 0 })
  }

  private keep(at: string, kept: Kept): void {
    const before = this.kept.get(at)
    if (before?.cause !== undefined) this.forgetCause(before.cause, at)
    if (kept.cause !== undefined) this.byCause.set(kept.cause, (this.byCause.get(kept.cause) ?? new Set()).add(at))
    if (before !== undefined && before.entry.resolved === undefined) this.openEntries -= 1
    if (kept.entry.resolved === undefined) this.openEntries += 1
    this.kept.set(at, kept)
  }

  private forgetCause(cause: Sequence, at: string): void {
    const places = this.byCause.get(cause)
    places?.delete(at)
    if (places?.size === 0) this.byCause.delete(cause)
  }
}

/** Whether the process that admitted the row saw in it somebody's answer to the question at this key (see `answer.ts`). */
const isAnswerTo = (at: string, { user, touches }: BookRow): boolean =>
  user !== null && touches.some(({ path, key }) => path === entriesRoot && key === at)

/** The oldest go that do not stand. */
function bounded(values: readonly Branch[], stands: string | undefined): readonly Branch[] {
  const over = values.length - conflictValuesMax
  if (over <= 0) return values
  const gone = new Set(values.filter(({ id }) => id !== stands).slice(0, over))
  return values.filter((value) => !gone.has(value))
}

const saysSame = ({ values, resolved }: Entry, said: Conflict): boolean =>
  values.length === said.values.length &&
  values.every(({ id }, place) => id === said.values[place]?.id) &&
  (resolved === undefined ? said.resolved === undefined : sameValue(resolved, said.resolved))
