import { type Accessor, createMemo, createSignal } from 'solid-js'
import type * as Y from 'yjs'
import { ballotNumberMax } from '#contract/document/values.ts'
import { type CandidateNumber, type Sheet, sheets, type UserId } from '#contract/ids.ts'
import type { BallotsBinding, Log } from './binding/ballots.ts'
import { type Ledger, unsentEntries } from './ledger.ts'

/** `id`: `client:index`. `choices`: null = invalid, [] = blank; of a corrected one what counts now, else what was called. */
export type Ballot = {
  readonly id: string
  readonly sheet: Sheet
  readonly n: number
  readonly at_s: number
  readonly choices: readonly CandidateNumber[] | null
  readonly by: UserId
  readonly mine: boolean
  /** Struck, and nothing counts in its place. */
  readonly voided: boolean
  /** Struck, and `choices` count in its place. Final: it cannot be struck again. */
  readonly corrected: boolean
  readonly durable: boolean
}

const recentMax = 5

/** One counter's view of a sheet: their own last ballots, and the number of the next. Call under a Solid owner. */
export type SheetCounting = {
  readonly recent: Accessor<readonly Ballot[]>
  readonly next: Accessor<number>
  /** Who has called a ballot on this sheet, ascending. */
  readonly counters: Accessor<readonly UserId[]>
  setNext(n: number): void
  called(n: number): void
  voided(n: number): void
}

export function createCounting(doc: Y.Doc, me: UserId, ballots: BallotsBinding, ledger: Ledger): Record<Sheet, SheetCounting> {
  return Object.fromEntries(sheets.map((sheet) => [sheet, createSheet(sheet, doc, me, ballots, ledger)])) as Record<Sheet, SheetCounting>
}

function createSheet(sheet: Sheet, doc: Y.Doc, me: UserId, ballots: BallotsBinding, ledger: Ledger): SheetCounting {
  const bound = ballots.sheet(sheet)

  /** The last called ballots of one log, newest first. */
  const lastOf = (log: Log): Ballot[] => {
    const durableTo = log.entries.length - unsentEntries(doc, log.array, log.client, ledger.durable(log.client))
    const last: Ballot[] = []
    for (let index = log.entries.length - 1; index >= 0 && last.length < recentMax; index -= 1) {
      const entry = log.entries[index]
      if (entry == null || 'void' in entry) continue
      const { n, at_s, c: called } = entry
      const strike = bound.strikeOf(log.client, index)?.entry
      const instead = strike?.instead
      last.push({
        id: `${log.client}:${index}`,
        sheet,
        n,
        at_s,
        choices: instead === undefined ? called : instead,
        by: me,
        mine: true,
        voided: strike !== undefined && instead === undefined,
        corrected: instead !== undefined,
        durable: index < durableTo,
      })
    }
    return last
  }

  const recent = createMemo(() => {
    bound.version()
    // The sort is stable: within one second each log stays newest first.
    const mine = [...bound.logs.values()].filter((log) => log.user === me)
    return mine
      .flatMap(lastOf)
      .sort((a, b) => b.at_s - a.at_s)
      .slice(0, recentMax)
  })

  const counters = createMemo(
    () => {
      bound.version()
      const called = [...bound.logs.values()].filter(({ entries }) => entries.some((entry) => entry !== null && !('void' in entry)))
      return [...new Set(called.map(({ user }) => user))].sort((a, b) => a - b)
    },
    [],
    { equals: (a, b) => a.join() === b.join() },
  )

  /** The highest number of a ballot that stands, whoever called it; 0 where none does. */
  const highest = () => {
    bound.version()
    let most = 0
    for (const { client, entries } of bound.logs.values()) {
      for (const [index, entry] of entries.entries()) {
        if (entry === null || 'void' in entry || entry.n <= most) continue
        const strike = bound.strikeOf(client, index)
        if (strike === undefined || strike.entry.instead !== undefined) most = entry.n
      }
    }
    return most
  }

  // Said by the counter or following from the last tap; until either, it follows from their own last ballot that stands. Whoever has
  // none here joins after the others: from 1 again, every number would stand twice, and a ballot that stands twice cannot be compared.
  const [said, setSaid] = createSignal<number>()
  const next = () => said() ?? Math.min((recent().find((ballot) => !ballot.voided)?.n ?? highest()) + 1, ballotNumberMax)
  const setNext = (n: number) => void setSaid(Math.min(Math.max(Math.trunc(n) || 1, 1), ballotNumberMax))
  return {
    recent,
    counters,
    next,
    setNext,
    called: (n) => setNext(n + 1),
    // Only the ballot just called gives its number back; one struck later leaves a gap, as on paper.
    voided: (n) => {
      if (next() === n + 1) setNext(n)
    },
  }
}
