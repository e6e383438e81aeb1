import type { MeAnswer } from '#contract/api.ts'
import type { CommitteeId } from '#contract/ids.ts'
import { assert, type Result } from '#contract/result.ts'
import type { Failure, FailureCode } from './api.ts'
import type { Clock } from './clock.ts'
import type { CommitteeCopy } from './copy.ts'
import type { Report } from './counts.ts'
import type { Keep } from './keep.ts'

/** What an open committee needs of the session and views must not see. */
export type Inside = {
  readonly clock: Clock
  readonly me: MeAnswer
  readonly keep: Keep
  token(besides?: string): Promise<Result<string, FailureCode>>
  /** A call under `/api` with the token; once more with a new one if the old was just over. */
  fetch(path: string, init?: RequestInit): Promise<Result<Response, Failure>>
  /** Asks the server anew for the election and the committees. */
  refresh(): void
  /** Rights or a phase are different from what the list says: it is asked for anew, soon, or when somebody looks. */
  outdated(): void
  /** A committee's line came up or went down: the whole session knows by that whether there is a server. */
  contact(online: boolean): void
  /** An open committee tells its counts for the list. */
  report(committee: CommitteeId, report: Report): void
  /** What waits for the person, or which document this device works on, has changed: other tabs look again. */
  keptChanged(): void
  opened(committee: CommitteeId, opening: { close(): void; copy(): CommitteeCopy; look(): void }): void
  /** `close`: the one it was opened with. Its databases are in use until `gone` is settled. */
  closed(committee: CommitteeId, close: () => void, gone: Promise<void>): void
}

// By the session itself. What else a session is, is none of this file's business: the session knows it, not the other way round.
const insides = new WeakMap<object, () => Inside | undefined>()

export const letInside = (session: object, inside: () => Inside | undefined) => void insides.set(session, inside)

export function insideOf(session: object): Inside {
  const inside = insides.get(session)?.()
  assert(inside !== undefined, 'a committee is opened only while somebody is signed in')
  return inside
}
