import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Redis } from 'ioredis'
import { freePort } from '#load/driver/server.ts'
import { redisServer } from './machine.ts'
import { until } from './until.ts'

/** A real Redis of the test's own, which keeps nothing; goes with the scope. */
export type TestRedis = AsyncDisposable & {
  readonly url: string
  /** Started again where it was; answers commands when it resolves. */
  start(): Promise<void>
  /** `kill -9`, and gone when it resolves. */
  kill(): Promise<void>
  /** SIGSTOP: its connections stay open and answer nothing, until `thaw`. */
  freeze(): void
  thaw(): void
  /** For the test's own commands; made anew after each `start`. */
  ask(command: string, ...words: string[]): Promise<unknown>
}

export async function startRedis(): Promise<TestRedis> {
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  let child: ChildProcess | undefined
  let client: Redis | undefined

  const redis: TestRedis = {
    url,
    async start() {
      const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--daemonize', 'no']
      child = spawn(redisServer, options, { stdio: 'ignore', cwd: '/' })
      const asking = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null })
      asking.on('error', () => {}) // not listening yet, or killed by the test
      client = asking
      await until('Redis answers', async () => (await asking.ping()) === 'PONG')
    },
    async kill() {
      client?.disconnect()
      const ending = child
      if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return
      const gone = once(ending, 'exit')
      ending.kill('SIGKILL')
      await gone
    },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    ask: async (command, ...words) => client?.call(command, ...words),
    [Symbol.asyncDispose]: () => redis.kill(),
  }
  await redis.start()
  return redis
}
