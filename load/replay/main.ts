import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import pg from 'pg'
import { makeSigner } from '../driver/entry.ts'
import { startOwnServer } from '../driver/server.ts'
import { clockTime, rate_per_s, showProgress } from './progress.ts'
import { replay } from './replay.ts'
import { choose, parseResults, votesTogether } from './results.ts'

// `make replay FILE=…`: every vote of a results file called as a ballot, and counted four times. By itself it starts a server on a
// database of its own, which goes with it. With URL it uses one that runs; DATABASE_URL and JWT_SECRET must then be that server's.

const env = process.env
const file = env.FILE || join(import.meta.dirname, '../../server/demo/data/delaware-2018-us-senate.csv')
const counters = whole('COUNTERS', 3, 1, 10)
const lanes = whole('LANES', 8, 1, 100)
const unacknowledged_max = whole('UNACKNOWLEDGED', 4, 1, 1_000)

await using leaving = new AsyncDisposableStack()
// One end, however it comes about: whoever asks second waits for the same server to stop and the same folder to go.
let ending: Promise<void> | undefined
const end = () => {
  ending ??= leaving.disposeAsync()
  return ending
}
process.once('SIGINT', () => void end().finally(() => process.exit(130)))
const results = choose(parse(readFileSync(file, 'utf8')), env.COMMITTEES)
const { url, databaseUrl, secret } = env.URL ? running(env.URL) : await startOwnServer(leaving, env.DATABASE_URL)
const sql = new pg.Client(databaseUrl)
await sql.connect()
leaving.defer(() => sql.end())

const together = {
  ballotsTogether: results.committees.reduce((sum, it) => sum + votesTogether(it), 0),
  committeesTogether: results.committees.length,
}
const name = `Replay of ${basename(file)}`
console.log(`${name}: ${counters} counters in each of ${lanes} committees at a time, at ${url}`)
const began_ms = performance.now()
const at = { ballots: 0, committees: 0, memory_bytes: 0 }
const watching = setInterval(() => void look(), 2_000)
leaving.defer(() => clearInterval(watching))

// `return await`: the bar stays until the last ballot.
const report = await (async () => {
  using _ = showProgress(() => ({ ...at, ...together, elapsed_ms: performance.now() - began_ms }), process.stdout)
  return await replay({
    url,
    sql,
    sign: makeSigner(secret),
    results,
    name,
    counters,
    lanes,
    unacknowledged_max,
    seed: env.SEED ?? 'replay',
    onProgress: (ballots, committees) => Object.assign(at, { ballots, committees }),
  })
})().catch(async (fault: Error) => {
  const isInterrupted = ending !== undefined
  await end()
  if (isInterrupted) process.exit(130)
  return fail(`The replay ended early: ${fault.message}`)
})
await look()

const number = (value: number) => Math.round(value).toLocaleString('en-US')
const wait = (percent: number) => `${report.waits.percentile_ms(percent).toFixed(0)} ms`
console.log(
  `${number(report.ballots)} ballots acknowledged in ${clockTime(report.elapsed_ms)}, ${number(rate_per_s(report.ballots, report.elapsed_ms))} a second`,
)
console.log(`acknowledged after ${wait(50)} (p50), ${wait(95)} (p95), ${wait(99)} (p99), ${wait(100)} at most`)
console.log(`server: ${number(at.memory_bytes / 2 ** 20)} MiB at most`)
const { server, client, journal, overview } = report.totals
console.log(
  `ballots: file ${number(together.ballotsTogether)}, server ${number(server)}, client ${number(client)}, journal ${number(journal)}, overview ${number(overview)}`,
)
for (const { committee, source, what, expected, found } of report.differences) {
  console.error(`DIFFERS ${committee}: ${what}: file ${expected}, ${source} ${found}`)
}
console.log(
  report.differences.length === 0
    ? `All five tallies are equal, in ${together.committeesTogether} committees, to the vote.`
    : `${report.differences.length} figures differ.`,
)
process.exitCode = report.differences.length === 0 ? 0 : 1

/** The most memory the server has said it holds. */
async function look(): Promise<void> {
  const text = await fetch(`${url}/metrics`)
    .then((answer) => answer.text())
    .catch(() => '') // a server that does not answer this moment says nothing of its memory; the counters notice
  at.memory_bytes = Math.max(at.memory_bytes, Number(/^process_resident_memory_bytes\S* (\S+)$/m.exec(text)?.[1] ?? 0))
}

function running(address: string) {
  if (!env.DATABASE_URL || !env.JWT_SECRET) fail('With URL, DATABASE_URL and JWT_SECRET must be those of the server that runs there')
  return { url: address.replace(/\/$/, ''), databaseUrl: env.DATABASE_URL, secret: env.JWT_SECRET }
}

function parse(text: string) {
  try {
    return parseResults(text)
  } catch (fault) {
    return fail(`${file} cannot be replayed:\n${(fault as Error).message}`)
  }
}

function whole(variable: string, standard: number, from: number, to: number): number {
  const text = env[variable] || String(standard)
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
  if (value >= from && value <= to) return value
  return fail(`${variable} must be a whole number from ${from} to ${to}`)
}

function fail(sentence: string): never {
  console.error(sentence)
  process.exit(1)
}
