import type { CandidateNumber, CommitteeId, ElectorSerial, UserId } from './ids.ts'
import type { RefusalCode } from './refusals.ts'
import type { Phase, Right, Role } from './rights.ts'

// Bodies of the HTTP calls under /api. Errors are application/problem+json of the shape `Problem`.

export type Problem = {
  readonly type: 'about:blank'
  readonly title: string
  readonly status: number
  readonly code: RefusalCode
  /** Seconds, where the refusal says when to try again. */
  readonly retry_after_s?: number
}

export type Me = { readonly id: UserId; readonly login: string; readonly name: string; readonly name_en?: string; readonly role: Role }

/** `POST /api/login`. `expires_at` is the end of the access token in unix seconds. */
export type LoginAnswer = { readonly token: string; readonly expires_at: number; readonly user: Me }
/** `POST /api/token`, by the refresh cookie. */
export type TokenAnswer = { readonly token: string; readonly expires_at: number }

/** A name in both scripts; `en` falls back to `ar` where an election has only one. */
export type Candidate = {
  readonly number: CandidateNumber
  readonly name: string
  readonly name_en?: string
  readonly list: string
  readonly list_en?: string
  /** Name of the constituency whose ballot paper this is on; absent: on every one. */
  readonly constituency?: string
}

export type Election = {
  readonly id: string
  readonly name: string
  readonly name_en?: string
  readonly phase: Phase
  readonly choices_per_ballot: number
  readonly candidates: readonly Candidate[]
}

export type CommitteeEntry = {
  readonly id: CommitteeId
  readonly code: string
  /** The room within its site. */
  readonly name: string
  readonly name_en?: string
  readonly site: string
  readonly site_en?: string
  /** Id of its election, one of `MeAnswer.elections`. */
  readonly election: string
  readonly constituency?: string
  readonly phase: Phase
  readonly rights: readonly Right[]
  readonly electors: number
}

/** `GET /api/me`: everything the app needs to start, also without a network later. */
export type MeAnswer = {
  readonly user: Me
  /** The newest of `elections`. */
  readonly election: Election
  /** Those of the committees, newest first; the newest there is for somebody who has none. */
  readonly elections: readonly Election[]
  readonly committees: readonly CommitteeEntry[]
}
/** `GET /api/committees`. */
export type CommitteesAnswer = { readonly committees: readonly CommitteeEntry[] }

export type Elector = {
  readonly serial: ElectorSerial
  /** Up to eight parts, given name first, separated by spaces. */
  readonly name: string
  readonly sex: 'm' | 'f'
  readonly family: string
  readonly unit: string
  /** False when a later import of the roll no longer had this serial: kept, struck through. */
  readonly active: boolean
  /** Only with the right `contacts`. */
  readonly mobile?: string
}

/** Who works in a committee, or has written in it: the document knows people only by number. */
export type Colleague = { readonly id: UserId; readonly name: string; readonly name_en?: string }

/** `GET /api/committees/:id/roll`: electors ordered by serial, people by id. */
export type RollAnswer = { readonly electors: readonly Elector[]; readonly people: readonly Colleague[] }

/** `GET /api/demo`: logins to try it with. Only where the server was started with DEMO=1; elsewhere there is no such address. */
export type DemoAnswer = {
  readonly password: string
  readonly logins: readonly { readonly login: string; readonly name: string; readonly name_en: string; readonly role: Role }[]
}
