import type { Phase, Role } from '#contract/rights.ts'

/** A demo election as plain data, before it has been near a database. Its people are synthetic. */
export type DemoElection = {
  readonly id: string
  readonly name: string
  readonly name_en: string
  /** ISO day. */
  readonly date: string
  readonly phase: Phase
  readonly choices_per_ballot: number
  /** None: one ballot paper for everybody. */
  readonly constituencies?: readonly DemoConstituency[]
  readonly sites: readonly DemoSite[]
  /** Of a large election each is made as it is asked for, anew at each walk: a country's roll is never in memory at once. */
  readonly committees: Iterable<DemoCommittee>
  /** Ascending by number, of each constituency. */
  readonly candidates: readonly DemoCandidate[]
  readonly users: readonly DemoLogin[]
  readonly assignments: readonly DemoAssignment[]
}

type DemoConstituency = { readonly id: string; readonly name: string; readonly name_en: string; readonly seats: number }

export type DemoSite = { readonly id: string; readonly name: string; readonly name_en: string }

export type DemoCommittee = {
  /** Unique among all demo elections, which may stand side by side in one database. */
  readonly id: string
  /** What people call it: the number on the door. */
  readonly code: string
  /** The room within its site, without the site's name. */
  readonly name: string
  readonly name_en: string
  readonly site: string
  readonly constituency?: string
  /** Where men and women vote in rooms of their own. */
  readonly sex?: 'm' | 'f'
  /** Ascending by serial, 1, 2, 3 … without gaps; in the order of the names, as a printed roll is. */
  readonly electors: readonly DemoElector[]
}

export type DemoElector = {
  readonly serial: number
  /** Three to eight parts separated by single spaces: given name, father, grandfather …, family. */
  readonly name: string
  readonly sex: 'm' | 'f'
  /** The last part of the name. */
  readonly family: string
  /** Workplace, or part of town. */
  readonly unit: string
  /** E.164; null for the few who gave none. */
  readonly mobile: string | null
}

export type DemoCandidate = {
  readonly number: number
  readonly name: string
  readonly name_en: string
  readonly list: string
  readonly list_en: string
  readonly constituency?: string
}

export type DemoLogin = { readonly login: string; readonly name: string; readonly name_en: string; readonly role: Role }

/** One committee, or every committee of a site; no single rights are added or taken. */
export type DemoAssignment = { readonly login: string } & ({ readonly committee: string } | { readonly site: string })
