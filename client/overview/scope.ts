import { type Accessor, createMemo, createSignal, untrack } from 'solid-js'
import type { Candidate, Election, MeAnswer } from '#contract/api.ts'
import type { CommitteeId } from '#contract/ids.ts'
import type { Book } from '../sync/events/book.ts'
import { addTotals, noTotals, type Totals } from '../sync/events/totals.ts'

/** What of all that one may see is looked at: one election, of it all or one constituency. */
export type Scope = {
  readonly elections: Accessor<readonly Election[]>
  readonly election: Accessor<Election | undefined>
  readonly chooseElection: (id: string) => void
  /** Names; none where the election has only one ballot paper. */
  readonly constituencies: Accessor<readonly string[]>
  /** Undefined: all of them. */
  readonly constituency: Accessor<string | undefined>
  readonly chooseConstituency: (name: string | undefined) => void
  readonly ids: Accessor<readonly CommitteeId[]>
  readonly has: (id: CommitteeId) => boolean
  readonly totals: Accessor<Totals>
  /** Those of one ballot paper; undefined where what is looked at has several: their numbers are not the same people. */
  readonly candidates: Accessor<readonly Candidate[] | undefined>
  /** Whether it is all there is in the picture. */
  readonly isAll: Accessor<boolean>
}

/** Undefined on every paper alike: without a constituency of its own a candidate is on all of them. */
const isOn = ({ constituency }: Candidate, name: string | undefined): boolean => constituency === undefined || constituency === name

/** Call under an owner. */
export function createScope(book: Book, me: () => MeAnswer): Scope {
  const [chosenElection, setElection] = createSignal<string>()
  const [chosenConstituency, setConstituency] = createSignal<string>()
  const there = createMemo(() => book.groups().filter(({ totals }) => totals().committees > 0))
  const elections = createMemo(() => me().elections.filter(({ id }) => there().some(({ election }) => election === id)))
  const election = createMemo(() => elections().find(({ id }) => id === chosenElection()) ?? elections()[0])
  const ofElection = createMemo(() => there().filter((group) => group.election === election()?.id))
  const constituencies = createMemo(
    () => {
      const names = ofElection().map(({ constituency }) => constituency)
      return names.length > 1
        ? names.filter((name) => name !== '').toSorted((a, b) => a.localeCompare(b, undefined, { numeric: true }))
        : []
    },
    [],
    { equals: (a, b) => a.join('\n') === b.join('\n') },
  )
  const constituency = createMemo(() => constituencies().find((name) => name === chosenConstituency()))
  const groups = createMemo(() => ofElection().filter((group) => constituency() === undefined || group.constituency === constituency()))
  const has = (id: CommitteeId): boolean => {
    // What a committee is changes with the list of them; its figures, which change all the time, are not asked for here.
    const entry = untrack(() => book.seat(id)?.line().entry)
    return (
      entry !== undefined && entry.election === election()?.id && (constituency() === undefined || entry.constituency === constituency())
    )
  }
  return {
    elections,
    election,
    chooseElection: (id) => {
      setElection(id)
      setConstituency(undefined)
    },
    constituencies,
    constituency,
    chooseConstituency: setConstituency,
    ids: createMemo(() => book.ids().filter(has)),
    has,
    totals: createMemo(() => groups().reduce((sum, group) => addTotals(sum, group.totals()), noTotals)),
    candidates: createMemo(() => {
      const all = election()?.candidates ?? []
      const papers = new Set(ofElection().map((group) => group.constituency))
      const isOfPlaces = all.some((candidate) => candidate.constituency !== undefined)
      if (!isOfPlaces) return all
      const name = constituency() ?? (papers.size === 1 ? [...papers][0] : undefined)
      return name === undefined ? undefined : all.filter((candidate) => isOn(candidate, name))
    }),
    isAll: createMemo(() => groups().length === there().length),
  }
}
