import type { Clock } from '#actors/kernel/clock.ts'
import type { ClientId, CommitteeId, Sequence, UserId } from '#contract/ids.ts'
import { err, ok, type Result } from '#contract/result.ts'
import { first_head, nextHead, type Sha256 } from './chain.ts'
import type { Entry, JournalStore, Receipt, Row, Snapshot, StoreFault } from './store.ts'

/** What two stores share that are to be the same journal, as two processes share a database. */
export type MemoryJournal = {
  readonly committees: ReadonlyMap<CommitteeId, Kept>
  /** The row of each uuid. */
  readonly rows: Map<string, Row>
}

type Kept = { readonly rows: Row[]; readonly owners: Map<ClientId, UserId>; snapshot: Snapshot | null }

export function makeMemoryJournal(committees: readonly CommitteeId[]): MemoryJournal {
  return { committees: new Map(committees.map((id) => [id, { rows: [], owners: new Map(), snapshot: null }])), rows: new Map() }
}

/** A store that lasts as long as the process: for tests, and for showing what a store is. Every call is one step, so atomic. */
export function makeMemoryStore(
  journal: MemoryJournal,
  ports: { readonly sha256: Sha256; readonly clock: Clock; readonly instance: string },
): JournalStore {
  function write(entry: Entry, kept: Kept): Row {
    const sequence = (kept.rows.length + 1) as Sequence
    const head = nextHead(ports.sha256, kept.rows.at(-1)?.head ?? first_head, { ...entry, sequence })
    const row = { ...entry, update: entry.update.slice(), sequence, instance: ports.instance, at_ms: ports.clock.now_ms(), head }
    kept.rows.push(row)
    journal.rows.set(row.uuid, row)
    for (const client of entry.clients) if (entry.user !== null && !kept.owners.has(client)) kept.owners.set(client, entry.user)
    return row
  }

  return {
    async append(entries): Promise<Result<readonly Receipt[], StoreFault>> {
      const places = entries.map((entry) => ({ entry, kept: journal.committees.get(entry.committee) }))
      if (!places.every((place): place is { entry: Entry; kept: Kept } => place.kept !== undefined)) return err('rejected')
      return ok(
        places.map(({ entry, kept }) => {
          const { uuid, sequence, head, at_ms } = journal.rows.get(entry.uuid) ?? write(entry, kept)
          return { uuid, sequence, head, at_ms }
        }),
      )
    },
    async read(committee, after, limit) {
      return ok(journal.committees.get(committee)?.rows.slice(after, after + limit) ?? [])
    },
    async heads(committees) {
      const known = new Map<CommitteeId, Sequence>()
      for (const id of committees) {
        const kept = journal.committees.get(id)
        if (kept) known.set(id, kept.rows.length as Sequence)
      }
      return ok(known)
    },
    async snapshot(committee) {
      return ok(journal.committees.get(committee)?.snapshot ?? null)
    },
    async saveSnapshot(committee, snapshot) {
      const kept = journal.committees.get(committee)
      if (!kept) return err('rejected')
      if (!kept.snapshot || kept.snapshot.sequence < snapshot.sequence) kept.snapshot = { ...snapshot, state: snapshot.state.slice() }
      return ok()
    },
    async owners(committee) {
      return ok(new Map(journal.committees.get(committee)?.owners))
    },
  }
}
