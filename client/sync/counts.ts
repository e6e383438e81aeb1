import { createStore, reconcile } from 'solid-js/store'
import type { CommitteeId, UserId } from '#contract/ids.ts'
import type { Keep } from './keep.ts'
import { type ClientRecord, earliest, mergeRecords, total } from './ledger.ts'

export type KeptCounts = {
  readonly unsent: number
  /** When the first of the unsent was made. */
  readonly unsent_since_ms?: number
  readonly attended?: number
  readonly ballots?: number
  /** When this device was last in step with the server. Undefined: it never was, and has nothing of the committee. */
  readonly saved_at_ms?: number
}

/** What an open committee tells of itself; `records`: all of its own clients. */
export type Report = {
  readonly attended?: number
  readonly ballots?: number
  readonly saved_at_ms?: number
  readonly records: readonly ClientRecord[]
}

type Figures = Partial<Omit<Report, 'records'>>
type Known = Figures & { readonly clients: Map<number, ClientRecord> }

/**
 * Counts of every committee of this person on this device, also of those that are not open here: from the database at the
 * start, then from what open committees tell, of this tab and of others. Two tabs of one committee know different clients, so
 * their records are merged, never one sum put over the other.
 */
export function createCounts() {
  const known = new Map<CommitteeId, Known>()
  const [counts, setCounts] = createStore<Record<CommitteeId, KeptCounts>>({})

  const take = (committee: CommitteeId, { records, ...figures }: Partial<Report> & Pick<Report, 'records'>) => {
    const before = known.get(committee) ?? { clients: new Map<number, ClientRecord>() }
    for (const record of records) {
      const kept = before.clients.get(record.client)
      before.clients.set(record.client, kept === undefined ? record : mergeRecords(kept, record))
    }
    known.set(committee, { ...before, ...figures })
  }
  const show = (committee: CommitteeId): KeptCounts => {
    const { clients = new Map<number, ClientRecord>(), ...figures } = known.get(committee) ?? {}
    const records = [...clients.values()]
    const unsent_since_ms = earliest(records.map(({ since_ms }) => since_ms))
    return {
      ...figures,
      unsent: records.reduce((sum, { unsent }) => sum + total(unsent), 0),
      ...(unsent_since_ms === undefined ? {} : { unsent_since_ms }),
    }
  }

  return {
    of: (committee: CommitteeId): KeptCounts => counts[committee] ?? { unsent: 0 },
    unsent: () => Object.values(counts).reduce((sum, { unsent }) => sum + unsent, 0),
    committees: () => [...known.keys()],
    /** Begins anew with what is kept for a person. */
    load: async (keep: Keep) => {
      const [clients, committees] = await Promise.all([keep.clients(), keep.committees()])
      known.clear()
      for (const { committee, ...record } of clients) take(committee, { records: [record] })
      for (const { committee, sequence: _sequence, head: _head, ...figures } of committees) take(committee, { records: [], ...figures })
      setCounts(reconcile(Object.fromEntries([...known.keys()].map((committee) => [committee, show(committee)]))))
    },
    report: (committee: CommitteeId, report: Report) => {
      take(committee, report)
      setCounts(committee, reconcile(show(committee))) // and not merged: what is over must go
    },
  }
}

export type TabMessage =
  | { readonly type: 'signed-in' | 'signed-out'; readonly user: UserId }
  | { readonly type: 'kept'; readonly user: UserId }
  | { readonly type: 'report'; readonly user: UserId; readonly committee: CommitteeId; readonly report: Report }
