import type {
  Account,
  AccountChangeRequest,
  AccountRequest,
  AccountsAnswer,
  Assignment,
  AssignmentRequest,
  AssignmentsAnswer,
  ConnectionsAnswer,
  PhaseChange,
} from '#contract/api.ts'
import type { UserId } from '#contract/ids.ts'
import { err, ok, type Result } from '#contract/result.ts'
import type { Phase, Role } from '#contract/rights.ts'
import { type Failure, type FailureCode, postJson } from './api.ts'
import { insideOf } from './inside.ts'
import type { Session } from './session.ts'

// Calls that only administrators make. The shapes are the contract's: client and server are built together.

/** `taken`: somebody has this login; `gone`: there is no such person or place any more. */
export type AdminFailure = FailureCode | 'taken' | 'gone'
type Answer<Value> = Promise<Result<Value, AdminFailure>>

const people_max = 100

async function call<Value>(session: Session, path: string, init?: RequestInit): Answer<Value> {
  const answer = await insideOf(session).fetch(`/admin${path}`, init)
  if (!answer.ok) return err(codeOf(answer.error))
  if (answer.value.status === 204) return ok(undefined as Value)
  try {
    return ok((await answer.value.json()) as Value)
  } catch {
    return err('offline') // cut off in the middle of the body
  }
}

function codeOf({ code, instead }: Failure): AdminFailure {
  if (instead !== undefined) return 'taken'
  return code === 'unparseable' ? 'gone' : code
}

const patch = (body: unknown): RequestInit => ({ ...postJson(body), method: 'PATCH' })
const query = (parts: Readonly<Record<string, string | number | undefined>>): string =>
  new URLSearchParams(Object.entries(parts).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))).toString()

export const readConnections = (session: Session): Answer<ConnectionsAnswer> => call(session, '/connections')

/** By id; `next` is the `after` of what follows. */
export const listAccounts = (
  session: Session,
  asked: { readonly search: string; readonly role: Role | undefined; readonly after: number | undefined },
): Answer<AccountsAnswer> => call(session, `/users?${query({ ...asked, limit: people_max })}`)

export const addAccount = (session: Session, account: AccountRequest): Answer<Account> => call(session, '/users', postJson(account))

export const changeAccount = (session: Session, id: UserId, change: AccountChangeRequest): Answer<Account> =>
  call(session, `/users/${id}`, patch(change))

/** Ends all sessions of a person, on every device. */
export const endSessions = (session: Session, id: UserId): Answer<void> => call(session, `/users/${id}/sign-out`, { method: 'POST' })

export async function listAssignments(session: Session, user: UserId): Answer<readonly Assignment[]> {
  const answer = await call<AssignmentsAnswer>(session, `/assignments?${query({ user })}`)
  return answer.ok ? ok(answer.value.assignments) : answer
}

export const putAssignment = (session: Session, assignment: AssignmentRequest): Answer<Assignment> =>
  call(session, '/assignments', { ...postJson(assignment), method: 'PUT' })

export const removeAssignment = (session: Session, { user, committee, site, election }: Assignment): Answer<void> =>
  call(session, `/assignments?${query(committee === undefined ? { user, site, election } : { user, committee })}`, { method: 'DELETE' })

/** Of every committee of the election that has none of its own. */
export async function moveElection(session: Session, election: string, phase: Phase): Answer<void> {
  const answer = await call<PhaseChange>(session, `/elections/${encodeURIComponent(election)}`, patch({ phase } satisfies PhaseChange))
  if (answer.ok) insideOf(session).refresh()
  return answer.ok ? ok() : answer
}
