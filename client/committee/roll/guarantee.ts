import { strengths } from '../../design/strength.tsx'
import type { CommitteeSession } from '../../sync/committee.ts'

export type GuaranteeRow = NonNullable<CommitteeSession['guarantees'][number]>[number]

/** The pledge a row shows: of those that stand, the strongest. One that has only a confirmation stands as well. */
export function strongest(guarantees: readonly GuaranteeRow[] | undefined): GuaranteeRow | undefined {
  const rank = (row: GuaranteeRow) => (row.strength === undefined ? -1 : strengths.indexOf(row.strength))
  return (guarantees ?? [])
    .filter((row) => !row.withdrawn && (row.strength !== undefined || row.confirmation !== undefined))
    .reduce<GuaranteeRow | undefined>((best, row) => (best === undefined || rank(row) > rank(best) ? row : best), undefined)
}
