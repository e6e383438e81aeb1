import type { CommitteePorts, CommitteeState } from './state.ts'

// What the document says is told at most once in `summary_ms`, always as it is then; what comes after a summary makes the next one.

/** Something that a summary is made of may be different: rows, or facts. */
export function summarizeSoon(state: CommitteeState, ports: CommitteePorts): void {
  if (state.replica === undefined || state.summarizing !== undefined) return
  state.summarizing = ports.clock.after(ports.limits.summary_ms, () => ports.answer(state.committee, { type: 'summarize' }))
}

export function summarizeNow(state: CommitteeState, ports: CommitteePorts): void {
  const { replica, summarizer } = state
  state.summarizing?.()
  state.summarizing = undefined
  if (replica === undefined || summarizer === undefined) return
  const { committee, sequence, last_ms, facts } = replica
  try {
    ports.summarized(summarizer.summary({ committee, sequence, ...(last_ms === undefined ? {} : { last_ms }) }, facts))
  } catch (fault) {
    // A defect in what is only derived must not throw the document away, which is whole.
    ports.log.error({ committee, sequence, fault: String(fault) }, 'no summary could be made')
  }
}
