import type { CommitteeId, Sequence } from '#contract/ids.ts'
import { makeMemorySummaries, makeMemorySummaryStore } from './memory.ts'
import { describeSummaryStore } from './summary-store.suite.ts'

const committees = ['north-1', 'north-2', 'south-1'] as [CommitteeId, CommitteeId, CommitteeId]

describeSummaryStore('memory', async () => {
  const shared = makeMemorySummaries(committees)
  return {
    store: makeMemorySummaryStore(shared),
    second: makeMemorySummaryStore(shared),
    committees,
    stranger: 'nowhere' as CommitteeId,
    async head(committee, sequence) {
      shared.heads.set(committee, sequence as Sequence)
    },
    async [Symbol.asyncDispose]() {},
  }
})
