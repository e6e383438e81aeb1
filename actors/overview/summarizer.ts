import * as Y from 'yjs'
import { ballotsRoot, parseLogKey } from '#contract/document/ballots.ts'
import { sameChoices } from '#contract/document/compare.ts'
import { conflictsRoot, isOpen, parseConflictKey, readConflict } from '#contract/document/conflicts.ts'
import { type Figure, figuresRoot, judgeFigure, parseFigureKey, parseFigureRulingKey } from '#contract/document/figures.ts'
import { keyOf } from '#contract/document/keys.ts'
import type { Statement } from '#contract/document/statements.ts'
import { isFigureRuling } from '#contract/document/values.ts'
import { sheets, type UserId } from '#contract/ids.ts'
import {
  beganAt,
  type CommitteeSummary,
  composeSummary,
  earliestDifference,
  type SummaryAt,
  type SummaryFacts,
  sheetPairs,
} from '#contract/summary.ts'
import { LeastOf } from './least.ts'
import { PeopleFigures } from './people-figures.ts'
import { SheetFigures } from './sheet-figures.ts'

const watched = ['attendance', 'guarantees', 'walkins', 'ballots', 'figures', 'conflicts'] as const
type Watched = (typeof watched)[number]

const noFigure = judgeFigure([])

/**
 * Follows one document and says at any time what `summarize` would say of it. Each transaction only notes which keys it touched; they
 * are read when a summary is asked for, each once however often it was written meanwhile. So a change costs its own keys, and asking
 * costs candidates times sources: never the roll, and never all ballots. Ends with its document.
 */
export class Summarizer {
  readonly #doc: Y.Doc
  readonly #touched = new Map<Watched, Set<string>>(watched.map((root) => [root, new Set()]))
  #people: PeopleFigures
  #sheets: readonly SheetFigures[] = []
  /** Of each of `sheetPairs`: the numbers at which the two differ. */
  #differences: readonly LeastOf[] = []
  readonly #figures = new Map<string, { readonly users: Set<UserId>; judged: Figure }>()
  readonly #open = new Map<string, number>()

  constructor(doc: Y.Doc) {
    this.#doc = doc
    this.#people = new PeopleFigures(doc)
    this.#begin()
    for (const root of watched) doc.getMap(root).observeDeep((events) => this.#note(root, events))
  }

  summary(at: SummaryAt, facts: SummaryFacts): CommitteeSummary {
    this.#catchUp()
    const { attended, walkins, guaranteed, strike } = this.#people
    return composeSummary(at, facts, {
      attended,
      walkins,
      guaranteed,
      strike,
      tallies: this.#sheets.map(({ tally }) => tally),
      difference: earliestDifference(this.#differences.map(({ least }) => least)),
      figure: (source, name) => this.#figures.get(`${source}/${name}`)?.judged ?? noFigure,
      conflicts: this.#open.size,
      oldestConflict: this.#oldest(),
    })
  }

  /** Everything anew: at the start, and where a log is not what it was. */
  #begin(): void {
    this.#people = new PeopleFigures(this.#doc)
    this.#differences = sheetPairs.map(() => new LeastOf())
    this.#sheets = sheets.map((_sheet, place) => new SheetFigures(ballotsRoot(this.#doc), (n) => this.#compareAt(place, n)))
    this.#figures.clear()
    this.#open.clear()
    for (const root of watched) this.#touched.set(root, new Set(this.#doc.getMap(root).keys()))
  }

  #note(root: Watched, events: readonly Y.YEvent<Y.AbstractType<unknown>>[]): void {
    const touched = this.#touched.get(root)
    for (const event of events) {
      // Within a log: the log's own key is the first step of the way there.
      if (event.path.length > 0) touched?.add(String(event.path[0]))
      else if (event instanceof Y.YMapEvent) for (const key of event.keysChanged) touched?.add(key)
    }
  }

  #catchUp(): void {
    for (const root of watched) {
      const keys = this.#touched.get(root) ?? new Set()
      if (keys.size === 0) continue
      this.#touched.set(root, new Set())
      for (const key of keys) {
        if (this.#touch(root, key)) continue
        this.#begin()
        return this.#catchUp()
      }
    }
  }

  /** False where everything has to be read anew. */
  #touch(root: Watched, key: string): boolean {
    switch (root) {
      case 'attendance':
        this.#people.touchAttendance(key)
        return true
      case 'guarantees':
        this.#people.touchGuarantee(key)
        return true
      case 'walkins':
        this.#people.touchWalkin(key)
        return true
      case 'figures':
        this.#touchFigure(key)
        return true
      case 'conflicts':
        this.#touchConflict(key)
        return true
      case 'ballots': {
        const sheet = parseLogKey(key)?.sheet
        return sheet === undefined || this.#sheets[sheets.indexOf(sheet)]?.touch(key) !== false
      }
    }
  }

  #touchFigure(key: string): void {
    const root = figuresRoot(this.#doc)
    const said = parseFigureKey(key)
    const { source, figure } = said ?? parseFigureRulingKey(key) ?? {}
    if (source === undefined || figure === undefined) return
    const known = this.#figures.get(`${source}/${figure}`) ?? { users: new Set(), judged: noFigure }
    if (said?.user !== undefined) known.users.add(said.user)
    const statements = [...known.users].flatMap((user): Statement<number>[] => {
      const value = root.get(keyOf.figure(source, figure, user))
      return typeof value === 'number' ? [{ user, value }] : []
    })
    const ruling = root.get(keyOf.figureRuling(source, figure))
    known.judged = judgeFigure(statements, isFigureRuling(ruling) ? ruling : undefined)
    this.#figures.set(`${source}/${figure}`, known)
  }

  #touchConflict(at: string): void {
    const conflict = readConflict(conflictsRoot(this.#doc), at)
    if (parseConflictKey(at) !== undefined && conflict !== undefined && isOpen(conflict)) this.#open.set(at, beganAt(conflict))
    else this.#open.delete(at)
  }

  /** Of the open ones: people resolve them, so they are few. */
  #oldest(): string | undefined {
    let oldest: { readonly at: string; readonly began: number } | undefined
    for (const [at, began] of this.#open) {
      if (oldest === undefined || began < oldest.began || (began === oldest.began && at < oldest.at)) oldest = { at, began }
    }
    return oldest?.at
  }

  /** What stands under a number of that sheet is not what it was. */
  #compareAt(place: number, n: number): void {
    for (const [index, [one, other]] of sheetPairs.entries()) {
      if (one !== place && other !== place) continue
      const [left, right] = [this.#sheets[one]?.once(n), this.#sheets[other]?.once(n)]
      const differ = left !== undefined && right !== undefined && !sameChoices(left.choices, right.choices)
      this.#differences[index]?.set(n, differ)
    }
  }
}
