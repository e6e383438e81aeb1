import type { CommitteeEntry } from '#contract/api.ts'
import type { ClientId, CommitteeId } from '#contract/ids.ts'
import type { Roster } from '#contract/presence.ts'
import type { CommitteeSummary } from '#contract/summary.ts'
import type { Reading } from './notices.ts'

/** A committee as everybody sees it alike. */
export type CommonEntry = Omit<CommitteeEntry, 'phase' | 'rights'>

/** Of all committees together: edits that devices last said they had not sent, and what is kept aside and not decided. */
export type Counts = {
  readonly unsent: ReadonlyMap<CommitteeId, readonly { readonly client: ClientId; readonly unsent: number }[]>
  readonly aside: ReadonlyMap<CommitteeId, number>
}

export type LineSources = {
  readonly summary: (committee: CommitteeId) => CommitteeSummary | undefined
  readonly roster: (committee: CommitteeId) => Roster
}

type Known = { entry: string | undefined; readonly lines: Map<string, string>; roster: string | undefined; people: string | undefined }

const nothing: Counts = { unsent: new Map(), aside: new Map() }

/**
 * Each committee as JSON, made once for all who see it alike: those with the same rights there. What is said of it is asked for when the
 * first of them is told.
 */
export class Lines {
  readonly #sources: LineSources
  readonly #known = new Map<CommitteeId, Known>()
  #counts: Counts = nothing

  constructor(sources: LineSources) {
    this.#sources = sources
  }

  /** Committees whose entry is not known. */
  lacking(committees: Iterable<CommitteeId>): readonly CommitteeId[] {
    return [...committees].filter((committee) => this.#known.get(committee)?.entry === undefined)
  }

  get entered(): readonly CommitteeId[] {
    return [...this.#known].filter(([, { entry }]) => entry !== undefined).map(([committee]) => committee)
  }

  /** Answers those that are not as they were. */
  enter(entries: readonly CommonEntry[]): readonly CommitteeId[] {
    return entries.flatMap(({ id, ...rest }) => {
      const entry = JSON.stringify({ id, ...rest }).slice(0, -1)
      const known = this.#of(id)
      if (known.entry === entry) return []
      known.entry = entry
      known.lines.clear()
      return [id]
    })
  }

  /** Answers whose counts are not as they were, and where more is kept aside than before. */
  count(counts: Counts): { readonly changed: readonly CommitteeId[]; readonly aside: readonly CommitteeId[] } {
    const before = this.#counts
    this.#counts = counts
    const all = new Set([before, counts].flatMap(({ unsent, aside }) => [...unsent.keys(), ...aside.keys()]))
    const changed = [...all].filter(
      (id) =>
        (before.aside.get(id) ?? 0) !== (counts.aside.get(id) ?? 0) ||
        JSON.stringify(before.unsent.get(id) ?? []) !== JSON.stringify(counts.unsent.get(id) ?? []),
    )
    for (const id of changed) this.changed(id)
    return { changed, aside: changed.filter((id) => (counts.aside.get(id) ?? 0) > (before.aside.get(id) ?? 0)) }
  }

  changed(committee: CommitteeId): void {
    this.#known.get(committee)?.lines.clear()
  }

  /** Answers whether it is more than where somebody is: how many they are, or what they have not sent. */
  rosterChanged(committee: CommitteeId): boolean {
    const known = this.#of(committee)
    known.roster = undefined
    if (known.people !== undefined && known.people === JSON.stringify(this.#people(committee))) return false
    known.people = undefined
    known.lines.clear()
    return true
  }

  /** `CommitteeOverview` of that committee for who may do this there; undefined where nobody knows such a committee. */
  line(committee: CommitteeId, { rights, phase }: Reading): string | undefined {
    const known = this.#known.get(committee)
    if (known?.entry === undefined) return undefined
    const key = `${phase} ${rights.join()}`
    const kept = known.lines.get(key)
    if (kept !== undefined) return kept
    const own = JSON.stringify({ phase, rights })
    const people = this.#people(committee)
    known.people = JSON.stringify(people)
    const rest = JSON.stringify({
      summary: this.#sources.summary(committee),
      ...people,
      ...(rights.includes('rule') ? { aside: this.#counts.aside.get(committee) ?? 0 } : {}),
    })
    const line = `{"entry":${known.entry},${own.slice(1)},${rest.slice(1)}`
    known.lines.set(key, line)
    return line
  }

  /** `Roster` of that committee. */
  roster(committee: CommitteeId): string {
    const known = this.#of(committee)
    known.roster ??= JSON.stringify(this.#sources.roster(committee))
    return known.roster
  }

  #people(committee: CommitteeId): { readonly people: number; readonly unsent: number } {
    const { people, more = 0 } = this.#sources.roster(committee)
    const here = new Set(people.map(({ client }) => client))
    const left = (this.#counts.unsent.get(committee) ?? []).filter(({ client }) => !here.has(client))
    const sum = (all: readonly { readonly unsent?: number }[]) => all.reduce((total, { unsent = 0 }) => total + unsent, 0)
    return { people: new Set(people.map(({ user }) => user.id)).size + more, unsent: sum(people) + sum(left) }
  }

  #of(committee: CommitteeId): Known {
    const known = this.#known.get(committee) ?? { entry: undefined, lines: new Map(), roster: undefined, people: undefined }
    this.#known.set(committee, known)
    return known
  }
}
