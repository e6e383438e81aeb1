import type { Loss } from './compare.ts'

/** What a day has come to. */
export type Report = {
  readonly people: number
  readonly committees: number
  readonly stages: readonly { readonly stage: string; readonly planned: number; readonly done: number; readonly returns: number }[]
  /** Edits by kind, whether or not they were acknowledged. */
  readonly edits: Readonly<Record<string, number>>
  readonly done: number
  readonly acknowledged: number
  /** From an edit to the word that it is in a committed row, of people with a network; the count and percentiles. */
  readonly waits: {
    readonly count: number
    readonly p50_ms: number
    readonly p95_ms: number
    readonly p99_ms: number
    readonly most_ms: number
  }
  readonly elapsed_ms: number
  readonly busiest: { readonly stage: string; readonly rate_per_s: number }
  /** Who did not come through the day, and why. */
  readonly givenUp: readonly string[]
  /** Edits compared with the journal and with a fresh client. */
  readonly compared: number
  readonly rows: number
  /** The first of them; `lost` is their number. */
  readonly losses: readonly Loss[]
  readonly lost: number
}

export const losses_max = 20

const figure = (value: number) => Math.round(value).toLocaleString('en-US')

export function reportLines(report: Report): readonly string[] {
  const { waits, elapsed_ms, busiest } = report
  const kinds = Object.entries(report.edits).map(([kind, count]) => `${figure(count)} ${kind}`)
  return [
    `${figure(report.people)} people in ${report.committees} committees, ${figure(elapsed_ms / 1_000)} s`,
    ...report.stages.map(
      ({ stage, planned, done, returns }) =>
        `${stage}: ${figure(done)} of ${figure(planned)} things done in time, ${figure(returns)} returns from a time without network`,
    ),
    `edits: ${figure(report.done)} (${kinds.join(', ')}), ${figure(report.acknowledged)} acknowledged`,
    `rate: ${figure((report.done * 1_000) / elapsed_ms)} edits a second, ${figure(busiest.rate_per_s)} in the ${busiest.stage}`,
    `acknowledged after ${figure(waits.p50_ms)} ms (p50), ${figure(waits.p95_ms)} ms (p95), ${figure(waits.p99_ms)} ms (p99), ${figure(waits.most_ms)} ms at most, where there was a network`,
    ...report.givenUp.map((why) => `GAVE UP ${why}`),
    ...report.losses.map(({ committee, user, edit, witness, how }) => `LOST ${committee}, user ${user}: ${edit}: ${how} (${witness})`),
    ...(report.lost > report.losses.length ? [`… and ${figure(report.lost - report.losses.length)} more`] : []),
    report.lost === 0
      ? `All ${figure(report.compared)} acknowledged edits are in the ${figure(report.rows)} rows of the journal and with a fresh client.`
      : `${figure(report.lost)} of ${figure(report.compared)} acknowledged edits are lost or changed.`,
  ]
}
