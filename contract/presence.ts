import type { ElectorSerial, Sheet, UserId } from './ids.ts'
import type { Role } from './rights.ts'

/** Where in a committee somebody is. */
export const views = ['roll', 'absent', 'count', 'figures'] as const
export type View = (typeof views)[number]

/** Who somebody is. Stamped by the server from the token: what a client writes here is replaced. */
export type PresentUser = { readonly id: UserId; readonly name: string; readonly name_en?: string; readonly role: Role }

/** Awareness state of one client of one committee. */
export type PresenceState = {
  readonly user: PresentUser
  readonly view?: View
  readonly elector?: ElectorSerial
  /** Field or note being typed in; hides itself after 3 s without a keystroke. */
  readonly typing?: string
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
