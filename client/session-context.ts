import { createContext, useContext } from 'solid-js'
import { assert } from '#contract/result.ts'
import type { Session } from './sync/session.ts'

export const SessionContext = createContext<Session>()

export function useSession(): Session {
  const session = useContext(SessionContext)
  assert(session !== undefined, 'a screen stands inside SessionContext')
  return session
}
