import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

// What the tests need of the machine and npm does not bring. Installed where we may (Debian, as root); otherwise a sentence says what
// to do, and the step fails: a run without a browser has not shown what it should.

/** Where Debian puts its Chromium; elsewhere the variable names one (Chrome will do). */
export const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium'

const succeeds = (command: string, words: readonly string[]) => spawnSync(command, words, { stdio: 'ignore' }).status === 0

/** Compose as a plugin of Docker's client, or as the command of its own that Debian 12 has. Reading a file needs no engine. */
export function composeCommand(): readonly [string, ...string[]] | undefined {
  if (succeeds('docker', ['compose', 'version'])) return ['docker', 'compose']
  return succeeds('docker-compose', ['version']) ? ['docker-compose'] : undefined
}

/** Debian's package also starts a Redis as a service, where services are started; the tests start their own, each on a port of its own. */
export const redisServer = process.env.REDIS_SERVER ?? '/usr/bin/redis-server'

type Need = { readonly what: string; readonly debian: string; readonly isThere: () => boolean; readonly otherwise: string }

const needs: readonly Need[] = [
  {
    what: `a browser at ${chromium}`,
    debian: 'chromium',
    isThere: () => existsSync(chromium),
    otherwise: 'or set CHROMIUM to the path of a Chromium or Chrome',
  },
  {
    what: 'Docker Compose',
    debian: 'docker-compose',
    isThere: () => composeCommand() !== undefined,
    otherwise: 'or Docker with its Compose plugin',
  },
  {
    what: `a Redis at ${redisServer}`,
    debian: 'redis-server',
    isThere: () => existsSync(redisServer),
    otherwise: 'or set REDIS_SERVER to the path of a Redis 6 or later',
  },
]

function apt(...words: string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return spawnSync('apt-get', ['-q', ...words], { stdio: ['ignore', 'inherit', 'inherit'], env }).status === 0
}

function install(missing: readonly Need[]): void {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return
  if (apt('update')) apt('install', '-y', '--no-install-recommends', ...missing.map((need) => need.debian))
}

if (import.meta.main) {
  const missing = needs.filter((need) => !need.isThere())
  if (missing.length > 0) install(missing)
  for (const need of missing.filter((one) => !one.isThere())) {
    console.error(`The tests need ${need.what}: install Debian's package "${need.debian}", ${need.otherwise}`)
    process.exitCode = 1
  }
}
