import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import { expect, onTestFinished, test } from 'vitest'
import { describeStore, entryOf, readAll, type StoreWorld } from '#actors/journal/store.suite.ts'
import { ManualClock } from '#actors/kernel/clock.ts'
import type { ClientId, CommitteeId, UserId } from '#contract/ids.ts'
import { systemClock } from '#server/clock.ts'
import { Feed, type Head } from '#server/storage/feed.ts'
import { Follower } from '#server/storage/follow.ts'
import { PostgresJournal } from '#server/storage/journal.ts'
import { insertElection, makeDatabase, type TestDatabase } from './database.ts'

const silent = () => {}
const log = { info: silent, warn: silent, error: silent }
const committees = ['north-1', 'north-2', 'south-1'] as [CommitteeId, CommitteeId, CommitteeId]
const [north1, north2] = committees

type PostgresWorld = StoreWorld & { readonly test: TestDatabase; readonly user: UserId }

async function makeWorld(): Promise<PostgresWorld> {
  const test = await makeDatabase()
  const { users } = await insertElection(test.database, {
    committees,
    users: [
      ['one', 'coordinator'],
      ['two', 'coordinator'],
    ],
  })
  const stores = ['one', 'two'].map((instance) => new PostgresJournal({ url: test.url, instance, log }))
  return {
    test,
    user: users[0] as UserId,
    store: stores[0] as PostgresJournal,
    second: stores[1] as PostgresJournal,
    instances: ['one', 'two'],
    committees,
    users: users as unknown as [UserId, UserId],
    stranger: 'nowhere' as CommitteeId,
    async [Symbol.asyncDispose]() {
      for (const store of stores) await store.close()
      await test[Symbol.asyncDispose]()
    },
  }
}

/** A commit that cannot happen: what a backup, or a person with psql, may do in the middle of a count. */
async function lock(knex: Knex, committee: CommitteeId): Promise<AsyncDisposable & { release(): Promise<void> }> {
  const holder = await knex.transaction()
  await holder.raw('select from committees where id = ? for update', [committee])
  const release = async () => {
    if (!holder.isCompleted()) await holder.rollback()
  }
  return { release, [Symbol.asyncDispose]: release }
}

describeStore('postgres', makeWorld)

test.each(['update journal set instance = null', 'delete from journal', 'truncate journal'])(
  'the journal is append-only: %s is refused',
  async (statement) => {
    await using world = await makeWorld()
    await world.store.append([entryOf(north1, world.user)])
    await expect(world.test.database.knex.raw(statement)).rejects.toThrow('append-only')
    expect(await readAll(world.store, north1)).toHaveLength(1)
  },
)

test('an append waits for a lock on its committee and commits when it is released; other committees go on', async () => {
  await using world = await makeWorld()
  await using held = await lock(world.test.database.knex, north1)
  let committed = false
  const waiting = world.store.append([entryOf(north1, world.user)]).then((answer) => {
    committed = true
    return answer
  })
  expect(await world.second.append([entryOf(north2, world.user)])).toMatchObject({ ok: true })
  expect(committed).toBe(false)
  await held.release()
  expect(await waiting).toMatchObject({ ok: true, value: [{ sequence: 1 }] })
})

test('batches over the same committees in opposite orders never deadlock', async () => {
  await using world = await makeWorld()
  const batch = (order: readonly CommitteeId[]) => order.flatMap((committee) => [entryOf(committee, world.user), entryOf(committee, null)])
  const rounds = Array.from({ length: 20 }, () => [
    world.store.append(batch(committees)),
    world.second.append(batch(committees.toReversed())),
  ]).flat()
  expect((await Promise.all(rounds)).filter((answer) => !answer.ok)).toEqual([])
  expect((await readAll(world.store, north1)).map((row) => row.sequence)).toEqual(Array.from({ length: 80 }, (_, index) => index + 1))
})

test('a batch asked again while the first asking still runs is written once', async () => {
  await using world = await makeWorld()
  const batch = [entryOf(north1, world.user), entryOf(north2, world.user)]
  const [first, again] = await Promise.all([world.store.append(batch), world.second.append(batch)])
  expect(again).toEqual(first)
  expect(await readAll(world.store, north1)).toHaveLength(1)
})

test('an unknown user is refused and nothing of the batch is written; a known one is written', async () => {
  await using world = await makeWorld()
  const good = entryOf(north1, world.user)
  expect(await world.store.append([good, entryOf(north2, 4_711 as UserId)])).toEqual({ ok: false, error: 'rejected' })
  expect(await readAll(world.store, north1)).toEqual([])
  expect(await world.store.append([good])).toMatchObject({ ok: true })
})

test('a full batch of 1,000 rows keeps every byte of every update', async () => {
  await using world = await makeWorld()
  const batch = Array.from({ length: 1_000 }, (_, index) =>
    entryOf(north1, world.user, { update: new Uint8Array(index % 97).fill(index % 256), clients: [index as ClientId] }),
  )
  expect(await world.store.append(batch)).toMatchObject({ ok: true })
  const rows = await readAll(world.store, north1)
  expect(rows.map(({ uuid, update, clients }) => ({ uuid, update, clients }))).toEqual(
    batch.map(({ uuid, update, clients }) => ({ uuid, update, clients })),
  )
})

test('a store whose connection is cut answers unavailable, and works again with the next', async () => {
  await using world = await makeWorld()
  const { knex } = world.test.database
  await using held = await lock(knex, north1)
  const asked = world.store.append([entryOf(north1, world.user)])
  await expect.poll(async () => (await knex.raw(endWaiting)).rows.length).toBe(1)
  expect(await asked).toEqual({ ok: false, error: 'unavailable' })
  await held.release()
  expect(await world.store.append([entryOf(north1, world.user)])).toMatchObject({ ok: true, value: [{ sequence: 1 }] })
})

const endWaiting = `
  select pg_terminate_backend(pid) from pg_stat_activity
   where application_name like 'lajna journal%' and datname = current_database() and wait_event_type = 'Lock'`

test('the feed tells every commit with its author process, and asks for the gap after each connect', async () => {
  await using world = await makeWorld()
  const heads: Head[] = []
  let gaps = 0
  const feed = new Feed({
    url: world.test.url,
    clock: systemClock,
    log,
    onHead: (head) => heads.push(head),
    onNotice: () => true,
    onSummaries: () => {},
    onGap: () => (gaps += 1),
  })
  onTestFinished(() => feed.close())
  await expect.poll(() => gaps).toBe(1)
  await world.second.append([entryOf(north1, world.user), entryOf(north1, world.user), entryOf(north2, world.user)])
  await expect.poll(() => heads.length).toBe(2)
  expect(heads.toSorted((a, b) => b.sequence - a.sequence)).toEqual([
    { committee: north1, sequence: 2, instance: 'two' },
    { committee: north2, sequence: 1, instance: 'two' },
  ])
  const listeners = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'lajna feed' and datname = current_database()`
  expect((await world.test.database.knex.raw(listeners)).rowCount).toBe(1)
  await expect.poll(() => gaps).toBe(2)
  await world.store.append([entryOf(north1, world.user)])
  await expect.poll(() => heads.at(-1)).toEqual({ committee: north1, sequence: 3, instance: 'one' })
})

test('an append that finds all its rows written notifies nobody', async () => {
  await using world = await makeWorld()
  const batch = [entryOf(north1, world.user, { uuid: randomUUID() })]
  const heads: Head[] = []
  let gaps = 0
  await world.store.append(batch)
  const feed = new Feed({
    url: world.test.url,
    clock: systemClock,
    log,
    onHead: (head) => heads.push(head),
    onNotice: () => true,
    onSummaries: () => {},
    onGap: () => (gaps += 1),
  })
  onTestFinished(() => feed.close())
  await expect.poll(() => gaps).toBe(1)
  await world.store.append(batch)
  await world.store.append([entryOf(north2, world.user)])
  await expect.poll(() => heads.map((head) => head.committee)).toEqual([north2])
})

test('the poll finds what the feed did not tell, for awake committees only', async () => {
  await using world = await makeWorld()
  const clock = new ManualClock()
  const seen: string[] = []
  const follower = new Follower({
    clock,
    store: world.store,
    awake: () => [north1],
    onHead: (committee, sequence) => seen.push(`${committee} ${sequence}`),
  })
  onTestFinished(() => follower.stop())
  await world.second.append([entryOf(north1, world.user), entryOf(north2, world.user)])
  await clock.advance(1_000)
  await expect.poll(() => seen).toEqual([`${north1} 1`])
})
