import type { Hocuspocus } from '@hocuspocus/server'
import type { CommitteeMessage } from '#actors/committee/messages.ts'
import type { Clock } from '#actors/kernel/clock.ts'
import type { System } from '#actors/system.ts'
import { type CommitteeId, documentName } from '#contract/ids.ts'
import { isRefusalCode, type Refusal } from '#contract/refusals.ts'
import { err, type Result } from '#contract/result.ts'
import type { Context } from './seat.ts'

/** Longest wait for an answer; what was asked may still happen, and asking again is safe. */
const answer_ms_max = 15_000

export type Ask = <Answer>(
  committee: CommitteeId,
  message: (reply: (answer: Result<Answer, Refusal>) => void) => CommitteeMessage,
) => Promise<Result<Answer, Refusal>>

/**
 * Asks a committee's actor something that needs its document, for a caller without a socket. Where nobody has the document open it is
 * opened for the time of the question; the actor puts it to sleep later, as ever.
 */
export async function askInside<Answer>(
  rooms: Hocuspocus<Context>,
  { committees, clock }: { readonly committees: System['committees']; readonly clock: Clock },
  committee: CommitteeId,
  message: (reply: (answer: Result<Answer, Refusal>) => void) => CommitteeMessage,
): Promise<Result<Answer, Refusal>> {
  const { promise, resolve } = Promise.withResolvers<Result<Answer, Refusal>>()
  const stop = clock.after(answer_ms_max, () => resolve(err({ code: 'overloaded' })))
  const asking = async () => {
    await using _open = await openFor(rooms, committee)
    committees.tell(committee, message(resolve))
    await promise
  }
  void asking().catch((fault) => {
    const reason = (fault as { reason?: unknown }).reason
    resolve(err({ code: typeof reason === 'string' && isRefusalCode(reason) ? reason : 'overloaded' }))
  })
  const answer = await promise
  stop()
  return answer
}

async function openFor(rooms: Hocuspocus<Context>, committee: CommitteeId): Promise<AsyncDisposable> {
  const direct = await rooms.openDirectConnection(documentName(committee))
  return { [Symbol.asyncDispose]: () => direct.disconnect() }
}
