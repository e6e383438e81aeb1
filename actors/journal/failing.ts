import { err, type Result } from '#contract/result.ts'
import type { JournalStore, StoreFault } from './store.ts'

/** Where a call is cut: before the store heard of it, or after it was done and only its answer was lost. */
export type Cut = 'unheard' | 'answer lost'

/** A store whose n-th call, of any kind, fails with `unavailable`; all others pass. `calls()` tells whether it came to that. */
export function failing(store: JournalStore, nth: number, cut: Cut): JournalStore & { calls(): number } {
  let calls = 0

  async function through<T>(call: () => Promise<Result<T, StoreFault>>): Promise<Result<T, StoreFault>> {
    calls += 1
    if (calls !== nth) return call()
    if (cut === 'answer lost') await call()
    return err('unavailable')
  }

  return {
    append: (entries) => through(() => store.append(entries)),
    read: (committee, after, limit) => through(() => store.read(committee, after, limit)),
    heads: (committees) => through(() => store.heads(committees)),
    snapshot: (committee) => through(() => store.snapshot(committee)),
    saveSnapshot: (committee, snapshot) => through(() => store.saveSnapshot(committee, snapshot)),
    owners: (committee) => through(() => store.owners(committee)),
    seal: (committee, request) => through(() => store.seal(committee, request)),
    seals: (committee) => through(() => store.seals(committee)),
    serverClient: () => through(() => store.serverClient()),
    timeOf: (committee, client, place, before) => through(() => store.timeOf(committee, client, place, before)),
    calls: () => calls,
  }
}
