import type { CommitteeEntry } from './api.ts'
import type { CommitteeId, UserId } from './ids.ts'
import type { Present, Roster } from './presence.ts'
import type { CommitteeSummary } from './summary.ts'

/**
 * `GET /api/events`: server-sent events, one stream a page, filtered by what its person may read at that moment. `event` is the type, `data`
 * JSON. It begins with one `overview` and one `presence` that have everything (`full`); what follows has only what is
 * different, at most 4 events of a type a second: between two of them the latest wins. After a reconnect it begins again.
 */
export type ServerEvent =
  | { readonly type: 'overview'; readonly data: OverviewEvent }
  | { readonly type: 'presence'; readonly data: PresenceEvent }
  | { readonly type: 'notice'; readonly data: Notice }
  /** The person may not go on: signed out everywhere, or disabled. The stream ends. */
  | { readonly type: 'revoked'; readonly data: { readonly code: 'unauthenticated' | 'token-expired' } }

/** One committee as a supervisor sees it. `entry` as in `MeAnswer`. `elsewhere`: edits its devices say they have not sent. */
export type CommitteeOverview = {
  readonly entry: CommitteeEntry
  readonly summary?: CommitteeSummary
  /** People at work in it, on all processes, and edits that devices have not sent: those here, and those that left with some. */
  readonly people: number
  readonly unsent: number
  /** Kept aside and not decided; only for whoever may rule there. */
  readonly aside?: number
}

export type OverviewEvent = {
  readonly full: boolean
  readonly committees: readonly CommitteeOverview[]
  /** No longer to be seen by this person. */
  readonly gone: readonly CommitteeId[]
  /** Whether every process that holds committees is heard; false: figures of some may be old. */
  readonly live: boolean
}

/** Rosters whole, committee by committee; an empty one says that nobody is there any more. */
export type PresenceEvent = { readonly full: boolean; readonly rosters: readonly Roster[] }
export type { Present }

export const noticeCodes = ['assigned', 'rights', 'conflict', 'figures-differ', 'sheets-differ', 'aside', 'phase'] as const
export type NoticeCode = (typeof noticeCodes)[number]

/** Something that a person may want to look at. In words only on the page: `code` and what it is about. */
export type Notice = {
  readonly code: NoticeCode
  readonly committee: CommitteeId
  readonly at_ms: number
  /** The place in the document, the ballot's number, the phase: what the code is about. */
  readonly subject?: string
  readonly by?: UserId
}

/** `GET /api/overview`: what the stream begins with, and the curve of the day. */
export type OverviewAnswer = {
  readonly committees: readonly CommitteeOverview[]
  readonly rosters: readonly Roster[]
  /** Each ten minutes, ascending: how many had attended, and ballots counted, in all committees of the answer by then. */
  readonly curve: readonly CurvePoint[]
}
export type CurvePoint = { readonly at_ms: number; readonly attended: number; readonly ballots: number }

/** `GET /api/presence`: rosters of all committees one may read; `GET /api/committees/:id/presence`: of one, as `Roster`. */
export type PresenceAnswer = { readonly rosters: readonly Roster[] }
