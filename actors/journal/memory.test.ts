import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { ManualClock } from '#actors/kernel/clock.ts'
import type { CommitteeId, UserId } from '#contract/ids.ts'
import { failing } from './failing.ts'
import { makeMemoryJournal, makeMemoryStore } from './memory.ts'
import { describeStore, entryOf, readAll, type StoreWorld } from './store.suite.ts'

const committees = ['north-1', 'north-2', 'south-1'] as [CommitteeId, CommitteeId, CommitteeId]
const users = [1, 2_147_483_647] as [UserId, UserId]

async function makeMemoryWorld(): Promise<StoreWorld> {
  const journal = makeMemoryJournal(committees)
  const clock = new ManualClock()
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
  return {
    store: makeMemoryStore(journal, { sha256, clock, instance: 'one' }),
    second: makeMemoryStore(journal, { sha256, clock, instance: 'two' }),
    instances: ['one', 'two'],
    committees,
    users,
    stranger: 'nowhere' as CommitteeId,
    async [Symbol.asyncDispose]() {},
  }
}

describeStore('memory', makeMemoryWorld)

test.each([
  { cut: 'unheard', rows: 1 },
  { cut: 'answer lost', rows: 2 },
] as const)('[J30] a cut store fails its second call only ($cut)', async ({ cut, rows }) => {
  await using world = await makeMemoryWorld()
  const store = failing(world.store, 2, cut)
  const again = entryOf(committees[0], users[0])
  expect(await store.append([entryOf(committees[0], users[0])])).toMatchObject({ ok: true })
  expect(await store.append([again])).toEqual({ ok: false, error: 'unavailable' })
  expect(await readAll(world.store, committees[0])).toHaveLength(rows)
  expect(await store.append([again])).toMatchObject({ ok: true, value: [{ sequence: 2 }] })
  expect(store.calls()).toBe(3)
})
