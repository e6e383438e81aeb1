import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import knex, { type Knex } from 'knex'
import pg from 'pg'

/** Everything but the journal: people, rights, rolls. */
export type Database = {
  readonly knex: Knex
  /** Runs what is missing. Several processes may do so at once: one works, the others wait and find nothing to do. */
  migrate(): Promise<void>
  /** Database reachable and no migration missing. Never rejects; answers within about 2 s. */
  ready(): Promise<'ready' | 'unreachable' | 'migrations missing'>
  close(): Promise<void>
}

const migrations = fileURLToPath(new URL('../../migrations', import.meta.url))
const migrationTable = 'knex_migrations'
/** Any number nothing else locks; not the guardian's. */
const migrationLock = 4_712
const ready_ms_max = 2_000

export function openDatabase(url: string): Database {
  const database = knex({
    client: 'pg',
    connection: {
      connectionString: url,
      connectionTimeoutMillis: 5_000,
      statement_timeout: 15_000,
      query_timeout: 20_000,
      keepAlive: true,
    },
    pool: { min: 0, max: 10 },
    acquireConnectionTimeout: 5_000,
    // It would print past our log; whoever asks meets the same fault, and logs it.
    log: { warn() {}, error() {}, debug() {}, deprecate() {} },
    migrations: { directory: migrations, loadExtensions: ['.ts'], tableName: migrationTable },
  })
  return {
    knex: database,
    migrate: () => migrate(url, database),
    ready: () => ready(database),
    close: () => database.destroy(),
  }
}

/**
 * Knex's own lock is a row, which a process killed in the middle leaves behind for ever. Ours belongs to a session and ends with it;
 * under it knex's is known to be stale and is freed. (No statement time-out on this connection: waiting is its purpose.)
 */
async function migrate(url: string, database: Knex): Promise<void> {
  const session = new pg.Client({ connectionString: url, application_name: 'lajna migrations' })
  await session.connect()
  try {
    await session.query('select pg_advisory_lock($1)', [migrationLock])
    await database.migrate.forceFreeMigrationsLock()
    await database.migrate.latest()
  } finally {
    await session.end()
  }
}

async function ready(database: Knex): ReturnType<Database['ready']> {
  const late = new Promise<'unreachable'>((resolve) => void setTimeout(resolve, ready_ms_max, 'unreachable').unref())
  return Promise.race([late, compareMigrations(database)])
}

async function compareMigrations(database: Knex): ReturnType<Database['ready']> {
  const expected = (await readdir(migrations)).filter((name) => name.endsWith('.ts'))
  try {
    const done: readonly { name: string }[] = await database(migrationTable).select('name').timeout(ready_ms_max)
    const names = new Set(done.map((row) => row.name))
    return expected.every((name) => names.has(name)) ? 'ready' : 'migrations missing'
  } catch (fault) {
    const undefinedTable = '42P01'
    return (fault as { code?: string }).code === undefinedTable ? 'migrations missing' : 'unreachable'
  }
}
