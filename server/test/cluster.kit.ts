import type { ServerProcess } from '#load/driver/server.ts'
import { demoUser } from './demo-users.ts'
import { scrape } from './metrics.ts'
import type { TestRedis } from './redis.ts'
import { until } from './until.ts'
import { startWorld, type World } from './world.ts'

/** Two processes on one database and one Redis, which hear each other. */
export async function startCluster(redis: TestRedis) {
  await using starting = new AsyncDisposableStack()
  const world = starting.use(await startWorld({ instances: 2, demo: true, env: { REDIS_URL: redis.url } }))
  const [first, second = first] = world.instances
  await hearEachOther(world.instances)
  const user = await demoUser(world.sql)
  const scope = starting.move()
  return { world, first, second, user, [Symbol.asyncDispose]: () => scope.disposeAsync() }
}

export async function hearEachOther(instances: World['instances']): Promise<void> {
  for (const { url } of instances) {
    await until('the processes hear each other', async () => {
      const metrics = await scrape(url)
      return metrics.of('redis_up') === 1 && metrics.of('neighbours') === instances.length - 1
    })
  }
}

/** Redis has been away for so many beats of a process, that is, seconds. */
export async function missesRedis({ url }: ServerProcess, beats: number): Promise<void> {
  const dropped = async () => (await scrape(url)).of('broadcasts_total', 'kind="beat",outcome="dropped"')
  const before = await dropped()
  await until('Redis is missed', async () => (await dropped()) >= before + beats)
}
