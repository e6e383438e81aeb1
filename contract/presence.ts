import type { ClientId, CommitteeId, ElectorSerial, Sheet, UserId } from './ids.ts'
import type { Role } from './rights.ts'

/** Where in a committee somebody is. */
export const views = ['roll', 'absent', 'count', 'figures'] as const
export type View = (typeof views)[number]

/** Who somebody is. Stamped by the server from the token: what a client writes here is replaced. */
export type PresentUser = { readonly id: UserId; readonly name: string; readonly name_en?: string; readonly role: Role }

/** `since_s`: unix seconds by the server's clock, whatever the client wrote. */
export type Claim = { readonly elector: ElectorSerial; readonly since_s: number }

/** Awareness state of one client of one committee. */
export type PresenceState = {
  readonly user: PresentUser
  readonly view?: View
  readonly elector?: ElectorSerial
  /** Note or field being typed in, as `note/<elector>` or `<root>/<key>`; hides itself after 3 s without a keystroke. */
  readonly typing?: string
  /** Where in that note: Yjs relative positions as JSON, so that they stay at their letters while others type. */
  readonly cursor?: { readonly anchor: unknown; readonly head: unknown }
  /** "I am calling this elector": said and taken back by hand, gone with its person and after `claim_ms`. No lock. */
  readonly claim?: Claim
  readonly sheet?: Sheet
  /** Number of the ballot the counter has on the table. */
  readonly ballot?: number
  /** The counter this one has taken the sheet over from: that one is asked to stop, or to check on another sheet. */
  readonly took?: UserId
  /** What this browser calls itself, 1 to 64 characters: one device through all its reloads. Nobody is known by it elsewhere. */
  readonly device?: string
  /** Edits kept on this device that are not on the server yet. */
  readonly unsent?: number
}

/** One device in a committee, as others may hear of it outside the document. `since_ms`: there since, by the server's clock. */
export type Present = {
  readonly user: PresentUser
  readonly client: ClientId
  readonly since_ms: number
  readonly view?: View
  readonly elector?: ElectorSerial
  readonly sheet?: Sheet
  readonly ballot?: number
  readonly claim?: Claim
  readonly typing?: string
  readonly unsent?: number
}

/** Who is in one committee, on all processes: by user, then by client. `more`: over `roster_people_max`, only counted. */
export type Roster = { readonly committee: CommitteeId; readonly people: readonly Present[]; readonly more?: number }
