import type { AuditKind } from './audit.ts'
import type { CandidateNumber, ClientId, CommitteeId, ElectorSerial, Sequence, UserId } from './ids.ts'
import type { Reason } from './messages.ts'
import type { RefusalCode } from './refusals.ts'
import type { Phase, Right, Role } from './rights.ts'
import type { CommitteeSummary } from './summary.ts'

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
/** `GET /api/committees/:id`, with the latest summary of its document, where there is one. */
export type CommitteeAnswer = CommitteeEntry & { readonly summary?: CommitteeSummary }
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

/**
 * `POST /api/committees/:id/seal`: ends Yjs clients of the caller's own, at most 256, so that what they hold and the journal does not
 * may be written anew by another client and can never come twice. Asked again it answers the same. A client that is somebody else's:
 * 400 `foreign-client`, and none is sealed.
 */
export type SealRequest = { readonly clients: readonly ClientId[] }
/**
 * `clocks`: first clock of each client that will never enter the document: everything below is in committed rows. `reasons`: of what is
 * kept aside of these clients. A supervisor may admit what they name, so it is not written anew; nothing is added to them from now on.
 */
export type SealAnswer = { readonly clocks: Readonly<Record<string, number>>; readonly reasons: readonly Reason[] }

/** One write of a refused update, as it would have stood: the value of a key, an entry of a log, text typed into a note. */
export type AsideWrite = {
  readonly path: string
  readonly key: string
  /** Place of the entry in its log. */
  readonly index?: number
  readonly value: unknown
  /** Why not; absent for what was refused only because of what it came with: its author's device writes that anew. */
  readonly code?: Reason['code']
  /** Place and value fit the document as it is: a supervisor's word is all that is missing. */
  readonly admissible: boolean
}

/** An update that was refused and kept. `late`: nothing stood against it but the phase, or a right that had ended. */
export type AsideEntry = {
  readonly id: string
  readonly kind: 'refused' | 'late'
  readonly author: Colleague
  readonly client: ClientId | null
  readonly reasons: readonly Reason[]
  /** At most 1,000 of them; `more` says how many were left off. */
  readonly writes: readonly AsideWrite[]
  readonly more: number
  readonly at_ms: number
  readonly decided?: { readonly decision: 'admitted' | 'dropped'; readonly by: Colleague; readonly at_ms: number; readonly why?: string }
}
/** `GET /api/committees/:id/aside` (right `rule`): newest first, undecided before decided, at most 200. */
export type AsideAnswer = { readonly entries: readonly AsideEntry[] }
/** `POST /api/committees/:id/aside/:entry` (right `rule`). Once: what is decided already is 409 with the entry as it is. */
export type AsideDecision = { readonly decision: 'admit' | 'drop'; readonly why?: string }
/** `sequence`: the row that an admission wrote. `left`: admissible writes that no longer fitted the document, and were not written. */
export type AsideDecided = { readonly entry: AsideEntry; readonly sequence?: Sequence; readonly left: number }

/** A device that works, or worked today, in a committee; `unsent`: edits it last said it had not sent. */
export type Device = {
  readonly user: Colleague
  readonly client: ClientId
  readonly unsent: number
  readonly here: boolean
  readonly seen_at_ms: number
}
/** `GET /api/committees/:id/devices` (right `phase`): with unsent edits first. Asked before a committee is closed. */
export type DevicesAnswer = { readonly devices: readonly Device[] }
/** `PATCH /api/committees/:id` (right `phase`); null: the election's own phase again. `PATCH /api/admin/elections/:id` takes no null. */
export type PhaseChange = { readonly phase: Phase | null }

/** Somebody who may log in, as administrators see them. */
export type Account = Me & { readonly disabled: boolean }
/** `GET /api/admin/users?search=&role=&after=&limit=`: by id, at most 500; `next` is the `after` of what follows. */
export type AccountsAnswer = { readonly users: readonly Account[]; readonly next?: number }
/** `POST /api/admin/users`. Without a password nobody can log in as this person yet. A login that is taken: 409 `malformed`. */
export type AccountRequest = Pick<Account, 'login' | 'name' | 'role'> & { readonly name_en?: string; readonly password?: string }
/** `PATCH /api/admin/users/:id`; what is absent stays. Disabled, or with a new password, they are signed out everywhere. */
export type AccountChangeRequest = {
  readonly name?: string
  readonly name_en?: string | null
  readonly role?: Role
  readonly disabled?: boolean
  readonly password?: string
}

/** Where somebody works: in a committee, or in every one of a site (by its name), with the rights of the role, some added, some taken. */
export type Assignment = {
  readonly id: number
  readonly user: UserId
  readonly login: string
  readonly name: string
  readonly committee?: CommitteeId
  readonly site?: string
  readonly election: string
  readonly added: readonly Right[]
  readonly taken: readonly Right[]
}
/** `GET /api/admin/assignments?user=&committee=&after=&limit=`: by id, at most 500; `next` is the `after` of what follows. */
export type AssignmentsAnswer = { readonly assignments: readonly Assignment[]; readonly next?: number }
/**
 * `PUT /api/admin/assignments`: makes it, or changes its rights. A committee or a site, one of the two; `election`: the site's, the
 * newest where it is absent. `DELETE` takes user and place from the query.
 */
export type AssignmentRequest = {
  readonly user: UserId
  readonly committee?: CommitteeId
  readonly site?: string
  readonly election?: string
  readonly added?: readonly Right[]
  readonly taken?: readonly Right[]
}

/** One thing that happened: who, when, from where. Texts that people chose are stripped and cut. */
export type AuditEntry = {
  /** In the order written down. */
  readonly id: number
  readonly kind: AuditKind
  /** When it happened, by the database's clock; of several, the last. */
  readonly at_ms: number
  /** How often, within a minute. */
  readonly times: number
  /** Who did it, or to whom it happened. */
  readonly user?: Colleague & { readonly login: string }
  /** As it was typed, where nobody was let in. */
  readonly login?: string
  readonly address?: string
  readonly committee?: { readonly id: CommitteeId; readonly code: string }
  /** Of the refusal; of an end, why; of a decision, which. */
  readonly code?: string
  /** What it was about: the place in the document, the call, whose rights, which list. */
  readonly subject?: string
  /** Of a change: `of` (table), `done` (insert, update, delete), `old` and `new`, the fields that differ. A password only as there or not. */
  readonly details: Readonly<Record<string, unknown>>
  /** The process that wrote it; `database` for what a trigger wrote in the transaction of the change itself. */
  readonly instance: string
}
/** What to look for: all of it has to fit. Times in unix milliseconds, from `from` on and before `to`. */
export type AuditFilter = {
  readonly kind?: AuditKind
  readonly user?: UserId
  readonly committee?: CommitteeId
  readonly code?: string
  /** In logins, names, addresses, subjects and details, in any case of letters. */
  readonly text?: string
  readonly from?: number
  readonly to?: number
}
/** `GET /api/admin/audit?…&before=&limit=`: newest first, at most 200; `next` is the `before` of what follows. */
export type AuditAnswer = { readonly entries: readonly AuditEntry[]; readonly next?: number }

/** Somebody connected now, on all processes. `devices`: sockets. */
export type ConnectedUser = {
  readonly user: Me
  readonly devices: number
  readonly committees: readonly CommitteeId[]
  readonly unsent: number
  readonly since_ms: number
}
/** Each ten minutes, the most at once. */
export type ConnectionsPoint = { readonly at_ms: number; readonly connections: number; readonly users: number }
/** `GET /api/admin/connections`: now, per user, and the trend of the last 24 hours, ascending. `instances`: processes that are heard. */
export type ConnectionsAnswer = {
  readonly connections: number
  readonly users: readonly ConnectedUser[]
  readonly documents: number
  readonly instances: readonly string[]
  readonly trend: readonly ConnectionsPoint[]
}
/**
 * `POST /api/admin/users/:id/sign-out`: ends all sessions of a person, on every process: refresh cookies, access tokens given until now, sockets,
 * event streams. 204. What their devices have not sent stays there and comes after their next login.
 */
