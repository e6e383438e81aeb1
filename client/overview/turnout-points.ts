import type { CurvePoint } from '#contract/events.ts'
import type { Point } from '../design/axes.ts'

const step_ms = 600_000
/** A day's work: what lies before belongs to another one. */
const shown_ms = 18 * 3_600_000

/**
 * The turnout of the day: from nothing, over what was kept each ten minutes, to this moment. What was kept may be some seconds behind the
 * figures, so the last of them is theirs.
 */
export function turnoutPoints(curve: readonly CurvePoint[], attended: number, now_ms: number): readonly Point[] {
  const kept = curve.filter(({ at_ms }) => at_ms > now_ms - shown_ms && at_ms < now_ms).map(({ at_ms, attended: n }) => ({ at_ms, n }))
  const [first] = kept
  if (first === undefined)
    return attended === 0
      ? []
      : [
          { at_ms: now_ms - step_ms, n: 0 },
          { at_ms: now_ms, n: attended },
        ]
  const isWhole = curve[0]?.at_ms === first.at_ms
  return [...(isWhole && first.n > 0 ? [{ at_ms: first.at_ms - step_ms, n: 0 }] : []), ...kept, { at_ms: now_ms, n: attended }]
}
