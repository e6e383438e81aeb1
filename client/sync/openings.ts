import type { CommitteeId } from '#contract/ids.ts'
import type { CommitteeCopy } from './copy.ts'

type Opening = {
  readonly close: () => void
  readonly copy: () => CommitteeCopy
  readonly look: () => void
  gone?: Promise<void>
}

/** Committees open in this tab. One is idle when the databases of every opening of it are closed. */
export function createOpenings(onIdle: () => void) {
  const openings = new Map<CommitteeId, Set<Opening>>()
  const all = () => [...openings.values()].flatMap((set) => [...set])
  return {
    isIdle: (committee: CommitteeId) => (openings.get(committee)?.size ?? 0) === 0,
    committees: () => [...openings.keys()],
    closeAll: () => {
      for (const { close } of all()) close()
    },
    /** Resolves when what was closed so far is gone. */
    settled: async () => {
      await Promise.all(all().map(({ gone }) => gone))
    },
    opened: (committee: CommitteeId, opening: Omit<Opening, 'gone'>) => {
      openings.set(committee, (openings.get(committee) ?? new Set()).add({ ...opening }))
    },
    /** Another tab may have gone over to a fresh document. */
    look: () => {
      for (const { look } of all()) look()
    },
    /** Of the document as it is in this page, which may hold what the disk does not. */
    copyOf: (committee: CommitteeId): CommitteeCopy | undefined => [...(openings.get(committee) ?? [])].at(-1)?.copy(),
    closed: (committee: CommitteeId, close: () => void, gone: Promise<void>) => {
      const set = openings.get(committee)
      const opening = [...(set ?? [])].find((one) => one.close === close)
      if (set === undefined || opening === undefined) return
      opening.gone = gone.finally(() => {
        set.delete(opening)
        onIdle()
      })
    },
  }
}
