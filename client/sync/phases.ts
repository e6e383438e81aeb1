import type { Device, DevicesAnswer, PhaseChange } from '#contract/api.ts'
import type { CommitteeId } from '#contract/ids.ts'
import { err, ok, type Result } from '#contract/result.ts'
import type { Phase } from '#contract/rights.ts'
import { type Failure, postJson } from './api.ts'
import type { Inside } from './inside.ts'

/** Of a committee, for those with the right. The answer is not waited for to show it: `rights` comes to everybody, us too. */
export async function changePhase(inside: Inside, id: CommitteeId, phase: Phase | null): Promise<Result<void, Failure>> {
  const answer = await inside.fetch(`/committees/${id}`, { ...postJson({ phase } satisfies PhaseChange), method: 'PATCH' })
  return answer.ok ? ok() : answer
}

export async function readDevices(inside: Inside, id: CommitteeId): Promise<Result<readonly Device[], Failure>> {
  const answer = await inside.fetch(`/committees/${id}/devices`)
  if (!answer.ok) return answer
  try {
    return ok(((await answer.value.json()) as DevicesAnswer).devices)
  } catch {
    return err({ code: 'offline' }) // cut off in the middle of the body
  }
}
