import { createEffect, createRoot } from 'solid-js'
import type { CommitteeId } from '#contract/ids.ts'
import { openCommittee } from './committee.ts'
import type { Session } from './session.ts'

/**
 * Brings to the server what was left behind in committees that nobody has open now: made without a network, then the person
 * went on to another room. Works without a page; `done` when nothing is unsent, or the line says no for good.
 */
export function deliver(session: Session, committee: CommitteeId, done: (delivered: boolean) => void): () => void {
  let stop = () => {}
  const begin = () => {
    stop()
    stop = createRoot((dispose) => {
      const open = openCommittee(session, committee, { onReset: begin })
      createEffect(() => {
        const { unsent, link, code, next_try_ms } = open.status()
        const inStep = link === 'online' && unsent === 0 && open.reset() === 'none'
        // What cannot be done now would hold up the other committees.
        const ended = open.reset() === 'stuck' || (link === 'offline' && code !== undefined && next_try_ms === undefined)
        if (inStep || ended) queueMicrotask(() => done(inStep))
      })
      return dispose
    })
  }
  begin()
  return () => stop()
}
