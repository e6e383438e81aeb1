import { describeSummaryStore } from '#actors/overview/summary-store.suite.ts'
import type { CommitteeId } from '#contract/ids.ts'
import { makeSummaryStore } from '#server/storage/summaries.ts'
import { insertElection, makeDatabase } from './database.ts'

const committees = ['north-1', 'north-2', 'south-1'] as [CommitteeId, CommitteeId, CommitteeId]

describeSummaryStore('Postgres', async () => {
  const test = await makeDatabase()
  await insertElection(test.database, { committees, users: [] })
  const { knex } = test.database
  return {
    store: makeSummaryStore(knex, 'one'),
    second: makeSummaryStore(knex, 'two'),
    committees,
    stranger: 'nowhere' as CommitteeId,
    async head(committee, sequence) {
      await knex('committees').where('id', committee).update({ head_sequence: sequence })
    },
    [Symbol.asyncDispose]: () => test[Symbol.asyncDispose](),
  }
})
