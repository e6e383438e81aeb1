import { parseConfig } from './config.ts'
import { demoLogins, demoPassword } from './demo/logins.ts'
import { makeLog } from './observe/log.ts'
import type { Running } from './start.ts'

/** The Node that the packages bring is a later one; what runs by itself has to be at least this. */
const node_min = [24, 11] as const

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major !== node_min[0] || minor < node_min[1]) {
  fail(
    `Lajna needs Node ${node_min.join('.')} or a later 24, and this is ${process.versions.node}: run "npm install" and then "npm start", which brings its own`,
  )
}
const config = parseConfig(process.env)
if (!config.ok) fail(['The environment is wrong:', ...config.error.map(({ variable, problem }) => `  ${variable} ${problem}`)].join('\n'))

const { value: settings } = config
const log = makeLog(settings)
// Only now: an older Node does not even parse `await using`, and would say so instead of the sentence above.
const { start } = await import('./start.ts')
const starting = start(settings, log)
let stopping = false
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal))

const running = await starting.catch((fault: unknown) => {
  log.debug({ fault }, 'did not start')
  return fail(`Lajna did not start: ${fault instanceof Error ? fault.message : String(fault)}`)
})
if (settings.demo) console.log(welcome(running))

/** The first signal drains, the second does not wait. Exit code 0 says that nothing was lost on the way. */
async function stop(signal: string): Promise<void> {
  if (stopping) process.exit(1)
  stopping = true
  log.info({ signal }, 'stopping')
  const { saved } = await (await starting).stop(settings.limits.drain_ms)
  process.exit(saved ? 0 : 1)
}

function welcome({ port }: Running): string {
  const logins = demoLogins.map(({ login, role }) => `  ${login.padEnd(14)}${role}`)
  return [
    '',
    'Two people fit in one browser, one at each address:',
    `  http://localhost:${port}`,
    `  http://127.0.0.1:${port}`,
    '',
    `Demo logins, password ${demoPassword}:`,
    ...logins,
    '',
  ].join('\n')
}

function fail(sentence: string): never {
  console.error(sentence)
  process.exit(1)
}
