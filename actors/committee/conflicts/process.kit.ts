import * as Y from 'yjs'
import { facts } from '#actors/committee/admission/histories.kit.ts'
import { Replica } from '#actors/committee/replica.ts'
import type { Row, Snapshot } from '#actors/journal/store.ts'
import type { CommitteeId } from '#contract/ids.ts'
import { ok } from '#contract/result.ts'

export const committee = 'north-1' as CommitteeId

/** A process that begins with these rows, from the snapshot on where there is one. */
export async function startProcess(rows: readonly Row[], snapshot: Snapshot | null): Promise<Replica> {
  const owners = new Map(rows.flatMap(({ clients, user }) => (user === null ? [] : clients.map((client) => [client, user] as const))))
  const loaded = await Replica.load(
    committee,
    new Y.Doc(),
    facts,
    {
      read: async (_committee, after, limit) => ok(rows.slice(after, after + limit)),
      snapshot: async () => ok(snapshot),
      owners: async () => ok(owners),
      seals: async () => ok([]),
    },
    'journal',
  )
  if (!loaded.ok) throw new Error(loaded.error)
  return loaded.value
}
