import type { UserId } from '#contract/ids.ts'
import { strengths } from '../../design/strength.tsx'
import type { CommitteeSession } from '../../sync/committee-session.ts'

export type GuaranteeRow = NonNullable<CommitteeSession['guarantees'][number]>[number]

/** A pledge with neither strength nor confirmation has been emptied; a withdrawn one keeps what it was. */
export const isStanding = (row: GuaranteeRow): boolean => !row.withdrawn && (row.strength !== undefined || row.confirmation !== undefined)

export const rankOf = (row: GuaranteeRow | undefined): number => (row?.strength === undefined ? -1 : strengths.indexOf(row.strength))

/** The pledge a row shows: of those that stand, the strongest. One that has only a confirmation stands as well. */
export function strongest(guarantees: readonly GuaranteeRow[] | undefined): GuaranteeRow | undefined {
  return (guarantees ?? [])
    .filter(isStanding)
    .reduce<GuaranteeRow | undefined>((best, row) => (best === undefined || rankOf(row) > rankOf(best) ? row : best), undefined)
}

/** When to call again, the earliest over the pledges that stand. Unix seconds. */
export function followUpOf(guarantees: readonly GuaranteeRow[] | undefined): number | undefined {
  const times = (guarantees ?? []).filter(isStanding).flatMap(({ follow_up }) => (follow_up === undefined ? [] : [follow_up]))
  return times.length === 0 ? undefined : Math.min(...times)
}

/**
 * In whose pledge the outcome of a call is written: one's own; else, for those who may speak for others, the strongest.
 * Undefined: in none, for nobody writes in another collector's name.
 */
export function pledgeToWrite(guarantees: readonly GuaranteeRow[] | undefined, speaksForOthers: boolean): UserId | undefined {
  const own = guarantees?.find((row) => row.mine && isStanding(row))
  return own?.collector ?? (speaksForOthers ? strongest(guarantees)?.collector : undefined)
}
