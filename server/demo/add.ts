import { join } from 'node:path'
import type { Log } from '#actors/kernel/log.ts'
import { hashPassword } from '../auth/password.ts'
import { parseConfig } from '../config.ts'
import { Cluster } from '../storage/cluster.ts'
import { type Database, openDatabase } from '../storage/database.ts'
import { startEmbedded } from '../storage/embedded.ts'
import { delaware } from './delaware.ts'
import type { DemoElection } from './election.ts'
import { kuwaitUnion } from './kuwait-union.ts'
import { addElection } from './load.ts'
import { addLoadUsers } from './load-users.ts'
import { demoLogins, demoPassword } from './logins.ts'
import { national } from './national.ts'

// `make demo ELECTION=…`: adds a demo election to the database of DATABASE_URL, or to the embedded one of DATA_DIR, whether a server runs
// on it or not.

/** `load` is the union's election, with people enough for a load test. */
const elections: Readonly<Record<string, () => DemoElection>> = { 'kuwait-union': kuwaitUnion, delaware, national, load: kuwaitUnion }

const wanted = process.env.ELECTION ?? ''
const make = Object.hasOwn(elections, wanted) ? elections[wanted] : undefined
if (!make) fail(`ELECTION must be one of ${Object.keys(elections).join(', ')}`)
const config = parseConfig(process.env)
if (!config.ok) fail(config.error.map(({ variable, problem }) => `${variable} ${problem}`).join('\n'))
if (process.env.NODE_ENV === 'production' && !config.value.demo) {
  fail('Demo logins have a password that everybody knows: in production set DEMO=1 by hand if you mean it')
}

const silent: Log = { info() {}, warn: console.warn, error: console.error }
await using leaving = new AsyncDisposableStack()
const database = leaving.adopt(openDatabase(await databaseUrl(config.value)), (it: Database) => it.close())
const began_ms = performance.now()
await database.migrate()
const election = make()
const outcome = await addElection(database.knex, election, hashPassword)
console.log(`${election.name_en} (${election.id}): ${outcome}, ${((performance.now() - began_ms) / 1_000).toFixed(1)} s`)
if (wanted === 'load') {
  const { first, last } = await addLoadUsers(database.knex, hashPassword)
  console.log(`load0001 to load3000: users ${first} to ${last}, coordinators everywhere`)
}
console.log(`Logins ${demoLogins.map(({ login }) => login).join(', ')}, password ${demoPassword}`)

/** A Postgres that runs already is a server's, or a killed one's, and stays as it is; one that does not runs for as long as we do. */
async function databaseUrl(settings: { readonly databaseUrl: string | undefined; readonly dataDir: string }): Promise<string> {
  if (settings.databaseUrl !== undefined) return settings.databaseUrl
  const dir = join(settings.dataDir, 'postgres')
  const cluster = new Cluster(dir)
  cluster.prepare()
  const running = cluster.running()
  if (running) return cluster.url('lajna', running.port)
  return leaving.adopt(await startEmbedded({ dir, log: silent }), (it) => it.stop()).url
}

function fail(sentence: string): never {
  console.error(sentence)
  process.exit(1)
}
