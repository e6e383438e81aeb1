import type { Knex } from 'knex'
import type { CommitteeId } from '#contract/ids.ts'
import type { Phase } from '#contract/rights.ts'
import { type Actor, inTheNameOf } from './in-the-name-of.ts'

/** The day's course. A change is heard by every process at its commit. False where there is no such committee or election. */
export type Phases = {
  /** null: the election's own again. */
  ofCommittee(by: Actor, committee: CommitteeId, phase: Phase | null): Promise<boolean>
  ofElection(by: Actor, election: string, phase: Phase): Promise<boolean>
}

export function makePhases(database: Knex): Phases {
  const set = (table: 'committees' | 'elections') => (by: Actor, id: string, phase: Phase | null) =>
    inTheNameOf(database, by, async (transaction) => (await transaction(table).where('id', id).update({ phase })) > 0)
  return { ofCommittee: set('committees'), ofElection: set('elections') }
}
