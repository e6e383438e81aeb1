import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { documentOf, marksIn } from '#load/driver/oracle.ts'
import type { Person } from '#load/driver/person.ts'
import type { ServerProcess } from '#load/driver/server.ts'
import { demoUser } from './demo-users.ts'
import { scrape } from './metrics.ts'
import { startRedis, type TestRedis } from './redis.ts'
import { until } from './until.ts'
import { startWorld, type World } from './world.ts'

const at_s = 1_763_856_000

/** Two processes on one database and one Redis, which hear each other, and somebody at each. */
async function startCluster(redis: TestRedis) {
  await using starting = new AsyncDisposableStack()
  const world = starting.use(await startWorld({ instances: 2, demo: true, env: { REDIS_URL: redis.url } }))
  const [first, second = first] = world.instances
  await hearEachOther(world)
  const user = await demoUser(world.sql)
  const here = await world.person('u01', user('coordinator1'), 'coordinator', { at: first }).synced()
  const there = await world.person('u01', user('coordinator2'), 'coordinator', { at: second }).synced()
  const scope = starting.move()
  return { world, first, second, here, there, user, [Symbol.asyncDispose]: () => scope.disposeAsync() }
}

async function hearEachOther({ instances }: World): Promise<void> {
  for (const { url } of instances) {
    await until('the processes hear each other', async () => {
      const metrics = await scrape(url)
      return metrics.of('redis_up') === 1 && metrics.of('neighbours') === instances.length - 1
    })
  }
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
    await using cluster = await startCluster(redis)
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
      // Where both write at the same moment some numbers arrive out of order, and are read; most are not.
      expect(byRedis).toBeGreaterThan(byJournal)
    }
  })
})
