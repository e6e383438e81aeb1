import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { documentOf, marksIn } from '#load/driver/oracle.ts'
import type { Person } from '#load/driver/person.ts'
import type { ServerProcess } from '#load/driver/server.ts'
import { hearEachOther, startCluster } from './cluster.kit.ts'
import { scrape } from './metrics.ts'
import { startRedis, type TestRedis } from './redis.ts'
import { until } from './until.ts'
import type { World } from './world.ts'

const at_s = 1_763_856_000

/** Somebody at each process. */
async function startWithPeople(redis: TestRedis) {
  const cluster = await startCluster(redis)
  const { world, first, second, user } = cluster
  const here = await world.person('u01', user('coordinator1'), 'coordinator', { at: first }).synced()
  const there = await world.person('u01', user('coordinator2'), 'coordinator', { at: second }).synced()
  return { ...cluster, here, there }
}

const arrivedBy = async ({ url }: ServerProcess, by: 'redis' | 'journal') =>
  (await scrape(url)).of('propagation_seconds_count', `by="${by}"`)

/** The replicas are what plain Yjs makes of the journal's rows. */
async function expectJournal(world: World, people: readonly Person[], marks: number): Promise<void> {
  const rows = await world.rows('u01')
  expect(rows.map((row) => row.sequence)).toEqual(rows.map((_row, index) => index + 1))
  const journal = documentOf(rows.map((row) => row.update))
  expect(marksIn(journal)).toHaveLength(marks)
  for (const { doc } of people) {
    expect(Y.encodeStateVector(doc)).toEqual(Y.encodeStateVector(journal))
    expect(doc.getMap('attendance').toJSON()).toEqual(journal.getMap('attendance').toJSON())
  }
}

const sees = (person: Person, marks: number) => until(`all ${marks} marks are there`, () => marksIn(person.doc).length === marks)

describe('two processes and a Redis', () => {
  it('[N1] [N2] edits of both cross in the words of their commits: one order, equal replicas, and the frames brought them', async () => {
    await using redis = await startRedis()
    await using cluster = await startWithPeople(redis)
    const { world, first, second, here, there } = cluster
    for (let n = 1; n <= 100; n += 1) {
      here.mark(2 * n - 1, at_s)
      there.mark(2 * n, at_s)
      if (n % 10 === 0) await Promise.all([here.book.downTo(5), there.book.downTo(5)])
    }
    await Promise.all([here.book.downTo(0), there.book.downTo(0)])
    for (const person of [here, there]) await sees(person, 200)
    await expectJournal(world, [here, there], 200)
    for (const server of [first, second]) {
      const [byRedis, byJournal] = [await arrivedBy(server, 'redis'), await arrivedBy(server, 'journal')]
      expect(byRedis + byJournal).toBe(100)
      // Where both write at the same moment some numbers arrive out of order, or later than they are waited for, and are read: how many
      // is a matter of the machine.
      expect(byRedis).toBeGreaterThan(0)
    }
  })

  it('[N3] [N6] [N7] Redis killed: edits cross by the journal, a process starts and opens; Redis back: rows come with their words again', async () => {
    await using redis = await startRedis()
    await using cluster = await startWithPeople(redis)
    const { world, first, second, here, there } = cluster
    await redis.kill()
    for (const { url } of [first, second]) {
      await until('Redis is missed', async () => (await scrape(url)).of('redis_up') === 0)
      expect((await fetch(`${url}/health/ready`)).status).toBe(200)
    }
    const before = await arrivedBy(second, 'redis')
    for (let n = 1; n <= 20; n += 1) here.mark(n, at_s)
    await sees(there, 20)
    expect(await arrivedBy(second, 'redis')).toBe(before)

    // Whoever starts now does not know that there is a Redis anywhere, and opens what others have open.
    await second.kill()
    await second.start()
    there.mark(21, at_s)
    await there.book.downTo(0)
    await sees(here, 21)

    await redis.start()
    await hearEachOther(world.instances)
    const [byRedis, byJournal] = [await arrivedBy(second, 'redis'), await arrivedBy(second, 'journal')]
    here.mark(22, at_s)
    await sees(there, 22)
    expect([await arrivedBy(second, 'redis'), await arrivedBy(second, 'journal')]).toEqual([byRedis + 1, byJournal])
    await expectJournal(world, [here, there], 22)
    // One line for an outage, not one for every try; the second process has had two lives in it.
    const told = [first, second].map(({ lines }) => lines.filter(({ msg }) => String(msg).startsWith('Redis is away')).length)
    expect(told).toEqual([1, 2])
  })

  it('[N6] [N7] a frozen Redis stops no edit and fills no memory; thawed, it carries again, and what was on its way does no harm', async () => {
    await using redis = await startRedis()
    await using cluster = await startWithPeople(redis)
    const { world, first, second, here, there } = cluster
    redis.freeze()
    for (let n = 1; n <= 60; n += 1) {
      here.mark(2 * n - 1, at_s)
      there.mark(2 * n, at_s)
      if (n % 10 === 0) await Promise.all([here.book.downTo(0), there.book.downTo(0)])
    }
    for (const person of [here, there]) await sees(person, 120)
    for (const { url } of [first, second]) await until('Redis is given up', async () => (await scrape(url)).of('redis_up') === 0)
    for (let n = 121; n <= 140; n += 1) here.mark(n, at_s)
    await sees(there, 140)
    // Given up, nothing is sent any more, so nothing waits either.
    expect((await scrape(first.url)).of('broadcasts_total', 'kind="rows",outcome="dropped"')).toBeGreaterThan(0)

    redis.thaw()
    await hearEachOther(world.instances)
    const byRedis = await arrivedBy(second, 'redis')
    here.mark(141, at_s)
    await sees(there, 141)
    expect(await arrivedBy(second, 'redis')).toBe(byRedis + 1)
    await expectJournal(world, [here, there], 141)
    expect([...here.refused, ...there.refused]).toEqual([])
  })

  it('[N4] [N6] connections to Redis cut again and again under edits: words are lost, and no edit is', async () => {
    await using redis = await startRedis()
    await using cluster = await startWithPeople(redis)
    const { world, here, there } = cluster
    for (let n = 1; n <= 60; n += 1) {
      here.mark(2 * n - 1, at_s)
      there.mark(2 * n, at_s)
      if (n % 6 !== 0) continue
      await redis.ask('client', 'kill', 'type', 'pubsub')
      await Promise.all([here.book.downTo(3), there.book.downTo(3)])
    }
    for (const person of [here, there]) await sees(person, 120)
    await hearEachOther(world.instances)
    await expectJournal(world, [here, there], 120)
  })
})
