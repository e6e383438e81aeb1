import type { Log } from '#actors/kernel/log.ts'

/**
 * Hocuspocus awaits some hooks and only calls others: a throw in one of those is an unhandled rejection and ends the process, with
 * everybody's socket. They go through here.
 */
export function guarded<Payload>(
  hook: string,
  log: Log,
  act: (payload: Payload) => void | Promise<void>,
): (payload: Payload) => Promise<void> {
  return async (payload) => {
    try {
      await act(payload)
    } catch (fault) {
      log.error({ hook, fault: fault instanceof Error ? fault.stack : String(fault) }, 'a hook failed')
    }
  }
}
