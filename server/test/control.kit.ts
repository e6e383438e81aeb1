import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Person } from '#load/driver/person.ts'
import { freePort } from '#load/driver/server.ts'
import { demoUser } from './demo-users.ts'
import { scrape } from './metrics.ts'
import type { TestRedis } from './redis.ts'
import { until } from './until.ts'
import { startWorld } from './world.ts'

/** Two processes with a Redis between them, of either kind: the same people come to both, with the unmodified provider. */
export type Pair = AsyncDisposable & {
  /** A person at the first or second process. */
  person(at: 0 | 1, committee?: string): Person
  /** `kill -9` of the second process. */
  kill(): Promise<void>
  start(): Promise<void>
}

export type Kind = 'ours' | 'stock'

export const startPair = (kind: Kind, redis: TestRedis): Promise<Pair> => (kind === 'ours' ? startOurs(redis) : startStock(redis))

async function startOurs(redis: TestRedis): Promise<Pair> {
  await using starting = new AsyncDisposableStack()
  const world = starting.use(await startWorld({ instances: 2, demo: true, env: { REDIS_URL: redis.url } }))
  const [first, second = first] = world.instances
  for (const { url } of world.instances) {
    await until('the processes hear each other', async () => (await scrape(url)).of('neighbours') === 1)
  }
  const user = await demoUser(world.sql)
  const scope = starting.move()
  return {
    person: (at, committee = 'u01') =>
      world.person(committee, user(at === 0 ? 'coordinator1' : 'coordinator2'), 'coordinator', { at: at === 0 ? first : second }),
    kill: () => second.kill(),
    start: () => second.start(),
    [Symbol.asyncDispose]: () => scope.disposeAsync(),
  }
}

const child = fileURLToPath(new URL('./stock.child.ts', import.meta.url))

async function startStock(redis: TestRedis): Promise<Pair> {
  await using starting = new AsyncDisposableStack()
  const redisPort = new URL(redis.url).port
  const start = async (port: number) => {
    const started = spawn(process.execPath, [child, String(port), redisPort], { stdio: ['ignore', 'pipe', 'ignore'] })
    await once(started.stdout, 'data')
    return started
  }
  const end = async (ending: ChildProcess) => {
    if (ending.exitCode !== null || ending.signalCode !== null) return
    const gone = once(ending, 'exit')
    ending.kill('SIGKILL')
    await gone
  }
  const ports = [await freePort(), await freePort()] as const
  starting.adopt(await start(ports[0]), end)
  let second = await start(ports[1])
  starting.defer(() => end(second))
  const people = starting.adopt(new Set<Person>(), (all) => {
    for (const person of all) person.leave()
  })
  const scope = starting.move()
  return {
    person(at, committee = 'u01') {
      const person = new Person({ url: `http://127.0.0.1:${ports[at]}`, user: at + 1, token: () => 'any' }, committee)
      people.add(person)
      return person
    },
    kill: () => end(second),
    async start() {
      second = await start(ports[1])
    },
    [Symbol.asyncDispose]: () => scope.disposeAsync(),
  }
}
