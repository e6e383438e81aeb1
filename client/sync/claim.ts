import { createSignal } from 'solid-js'
import type { ElectorSerial } from '#contract/ids.ts'
import { defaultLimits } from '#contract/limits.ts'
import type { Claim } from '#contract/presence.ts'
import type { Clock } from './clock.ts'

/** Nobody is on the phone with one elector for longer, but somebody may forget to say so; the server drops it then as well. */
const { claim_ms } = defaultLimits

/**
 * "I am calling this elector", as this page says it: one at a time, another takes its place. `tell`: what the others are to hear.
 * The time is this phone's: the server puts its own there for everybody else.
 */
export function createClaim(clock: Clock, tell: (claim: Claim | undefined) => void) {
  const [elector, setElector] = createSignal<ElectorSerial>()
  let cancel = () => {}
  const release = () => {
    cancel()
    if (elector() === undefined) return
    setElector(undefined)
    tell(undefined)
  }
  return {
    elector,
    release,
    /** Said again it goes on as it began: the ten minutes are of the call. */
    claim: (serial: ElectorSerial) => {
      if (elector() === serial) return
      cancel()
      cancel = clock.after(claim_ms, release)
      setElector(serial)
      tell({ elector: serial, since_s: Math.floor(clock.now() / 1_000) })
    },
    stop: () => cancel(),
  }
}
