import { type Accessor, createSignal } from 'solid-js'
import type { ElectorSerial } from '#contract/ids.ts'
import { type Clock, conflate } from '../clock.ts'

/** Changes within this time make lists anew once, and never in the task that brought a change. */
const moment_ms = 100

/** How many are guaranteed and have not attended, kept as rows change; the list itself the views read from the stores. */
export function createStrikeCount(clock: Clock): {
  count: Accessor<number>
  /** Grows soon after rows were worked out again: lists over the whole stores are made anew by it, and not by 5,000 rows. */
  revision: Accessor<number>
  guaranteed(elector: ElectorSerial, is: boolean): void
  attended(elector: ElectorSerial, has: boolean): void
  stop(): void
} {
  const [count, setCount] = createSignal(0)
  const [revision, setRevision] = createSignal(0)
  const revise = conflate(clock, moment_ms, () => setRevision((all) => all + 1))
  const pledged = new Set<ElectorSerial>()
  const present = new Set<ElectorSerial>()
  const change = (set: Set<ElectorSerial>, elector: ElectorSerial, is: boolean) => {
    const struck = () => Number(pledged.has(elector) && !present.has(elector))
    const before = struck()
    if (is) set.add(elector)
    else set.delete(elector)
    setCount((all) => all + struck() - before)
    revise.later()
  }
  return {
    count,
    revision,
    guaranteed: (elector, is) => change(pledged, elector, is),
    attended: (elector, has) => change(present, elector, has),
    stop: revise.stop,
  }
}
