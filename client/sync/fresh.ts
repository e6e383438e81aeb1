import * as Y from 'yjs'
import { err, ok, type Result } from '#contract/result.ts'
import type { FailureCode } from './api.ts'
import type { Clock } from './clock.ts'
import { Wire } from './wire.ts'

export type FreshOptions = {
  readonly url: string
  /** Document name on the wire. */
  readonly name: string
  readonly clock: Clock
  readonly token: (besides?: string) => Promise<Result<string, FailureCode>>
  /** Clocks that have to be there: an instance that lags behind may not have all of what was sealed yet. */
  readonly atLeast: ReadonlyMap<number, number>
}

const fill_ms = 20_000

/**
 * A document as the server has it now, over a line of its own that is closed again: what is written into it afterwards stays
 * here until somebody sends it. Its client is claimed for this person, and shown to nobody.
 */
export function fetchFresh({ url, name, clock, token, atLeast }: FreshOptions): Promise<Result<Y.Doc, FailureCode>> {
  // Yjs would throw away what its own client has deleted; that is wanted until it has been sent.
  const doc: Y.Doc = new Y.Doc({ gcFilter: (item) => item.id.client !== doc.clientID })
  return new Promise((resolve) => {
    let synced = false
    const end = (answer: Result<Y.Doc, FailureCode>) => {
      cancel()
      doc.off('update', look)
      wire.destroy()
      resolve(answer)
    }
    const look = () => {
      const hasAll = [...atLeast].every(([client, clock]) => Y.getState(doc.store, client) >= clock)
      if (synced && hasAll) end(ok(doc))
    }
    const cancel = clock.after(fill_ms, () => end(err('offline')))
    let sent: string | undefined
    const wire = new Wire({
      url,
      name,
      doc,
      token: async (isIn) => {
        const answer = await token(isIn ? sent : undefined)
        if (answer.ok) sent = answer.value
        if (sent === undefined) throw new Error(answer.ok ? '' : answer.error)
        return sent
      },
      presence: () => null,
      onHeard: () => {},
      onStateless: () => {},
      onSynced: () => {
        synced = true
        look()
      },
      onRefused: () => end(err('offline')), // whatever it is, the committee's own line hears it as well
      onLost: () => end(err('offline')),
    })
    wire.awareness.setLocalState(null)
    doc.on('update', look)
    wire.attach()
    wire.connect()
  })
}
