import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type Place, startOwnServer } from '../driver/server.ts'
import { findGround, keepPhases } from './ground.ts'
import { type Plan, planVariable } from './plan.ts'
import { type Report, reportLines } from './report.ts'

// `make load`: artillery brings people for a day, whose every acknowledged edit is compared at its end. By itself it starts a server on
// a database of its own, which goes with it. With TARGET it uses one that runs; DATABASE_URL and JWT_SECRET must then be that server's,
// and its election the one `make demo ELECTION=load` adds.

const env = process.env
const folder = join(import.meta.dirname, '../artillery')
const artillery = join(folder, 'node_modules/artillery/bin/run')
const election = 'kuwait-union'

const shape = env.SHAPE || 'union-day'
const people = number('PEOPLE', 200, 1, 2_000)
const minutes = number('MINUTES', 3, 0.1, 30)
const committees = number('COMMITTEES', 100, 1, 100)
const p95_ms = number('P95_MS', 2_000, 1, 1e6)
const p99_ms = number('P99_MS', 5_000, 1, 1e6)
const file = join(folder, `${shape}.yml`)
if (!/^[a-z-]+$/.test(shape) || !existsSync(file)) fail(`There is no shape ${shape}: SHAPE=union-day`)
if (!existsSync(artillery)) fail('Artillery is not installed: `make load` does it')

await using leaving = new AsyncDisposableStack()
// One end, however it comes about: whoever asks second waits for the same server to stop and the same folder to go.
let ending: Promise<void> | undefined
const end = () => {
  ending ??= leaving.disposeAsync()
  return ending
}
process.once('SIGINT', () => void end().finally(() => process.exit(130)))
try {
  const place = env.TARGET ? running(env.TARGET) : await ownServer()
  process.exitCode = await run(place)
} catch (fault) {
  console.error(`The run ended early: ${(fault as Error).message}`)
  process.exitCode = 1
} finally {
  await end()
}

async function run(place: Place): Promise<number> {
  const sql = new pg.Client(place.databaseUrl)
  await sql.connect()
  leaving.defer(() => sql.end())
  const { rooms, users } = await findGround(sql, election)
  const used = rooms.slice(0, Math.round(committees))
  leaving.defer(
    await keepPhases(
      sql,
      used.map(({ id }) => id),
    ),
  )
  const dir = mkdtempSync(join(tmpdir(), 'lajna-load-'))
  leaving.defer(() => rmSync(dir, { recursive: true, force: true }))
  const arriving_ms = Math.max(5, people / 20) * 1_000
  const plan: Plan = {
    ...place,
    rooms: used,
    users: users.slice(0, people + 1),
    people,
    arriving_ms: arriving_ms + 1_000,
    day_ms: minutes * 60_000,
    seed: env.SEED || 'day',
    report: join(dir, 'report.json'),
  }
  console.log(`${shape}: ${people} people in ${used.length} committees, ${minutes} minutes, at ${place.url}`)
  const status = await runArtillery({
    LOAD_URL: place.url,
    LOAD_PEOPLE: String(people),
    LOAD_ARRIVING_S: String(Math.round(arriving_ms / 1_000)),
    LOAD_P95_MS: String(p95_ms),
    LOAD_P99_MS: String(p99_ms),
    [planVariable]: JSON.stringify(plan),
  })
  if (!existsSync(plan.report)) throw new Error(`artillery ended with ${status} before anything was compared`)
  const report = JSON.parse(readFileSync(plan.report, 'utf8')) as Report
  console.log(`\n${reportLines(report).join('\n')}`)
  if (status !== 0) console.log('A budget was not kept: see the checks above.')
  return status === 0 && report.lost === 0 ? 0 : 1
}

/** To its end; its exit code. Reports go nowhere but here. */
async function runArtillery(more: Readonly<Record<string, string>>): Promise<number> {
  const child = spawn(process.execPath, [artillery, 'run', file], {
    cwd: folder,
    env: { PATH: env.PATH, HOME: env.HOME, ARTILLERY_DISABLE_TELEMETRY: 'true', ...more },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const exit = once(child, 'exit')
  leaving.defer(async () => {
    child.kill('SIGINT')
    await exit
  })
  const [status] = (await exit) as [number | null]
  return status ?? 1
}

function running(url: string): Place {
  if (!env.DATABASE_URL || !env.JWT_SECRET) fail('With TARGET, DATABASE_URL and JWT_SECRET must be those of the server that runs there')
  return { url: url.replace(/\/$/, ''), databaseUrl: env.DATABASE_URL, secret: env.JWT_SECRET }
}

/** With the election and the people added, as `make demo ELECTION=load` would. */
async function ownServer(): Promise<Place> {
  // The people share the machine with the server: where it is busy it shows in their waits, not as a login that came too late.
  const place = await startOwnServer(leaving, env.DATABASE_URL, { LIMIT_UNAUTHENTICATED_MS: '60000' })
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../server/demo/add.ts')], {
    env: { PATH: env.PATH, ELECTION: 'load', DATABASE_URL: place.databaseUrl },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [status] = (await once(child, 'exit')) as [number | null]
  if (status !== 0) throw new Error('the election of the day could not be added')
  return place
}

function number(variable: string, standard: number, from: number, to: number): number {
  const text = env[variable] || String(standard)
  const value = /^\d{1,7}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN
  if (value >= from && value <= to) return value
  return fail(`${variable} must be a number from ${from} to ${to}`)
}

function fail(sentence: string): never {
  console.error(sentence)
  process.exit(1)
}
