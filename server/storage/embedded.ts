import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { Log } from '#actors/kernel/log.ts'
import { Cluster } from './cluster.ts'

/**
 * Keeps a Postgres of our own running under a folder, for machines that have none.
 *
 * Postgres is never our child in the sense of living and dying with us: it is detached (a Ctrl-C must not stop it before we have
 * drained), and a server killed with -9 leaves it running for the next one to adopt. So one connection, the *guardian*, is what
 * watches it: the guardian's end says that Postgres (or only that connection) died, and its advisory lock says whose Postgres
 * this is, because a lock cannot outlive the process that holds it, as a pid file can.
 *
 *            ┌────────── guardian lost: alive? connect again · dead? start again, same port, with backoff ─────────┐
 *            ▼                                                                                                     │
 *   [nothing or an orphan] ── start or adopt ──► guardian connected ── lock taken ──► guarded ── stop() ──► fast shutdown
 *                                                        └── lock held by another server ──► refused with a sentence
 */
export type Embedded = {
  /** Of the application's database, with its password; stays the same over restarts. */
  readonly url: string
  /** Of the postmaster; another one after a restart. Undefined while it is down. */
  readonly pid: number | undefined
  /** Fast shutdown, awaited. */
  stop(): Promise<void>
}

export type EmbeddedOptions = {
  /** Made when missing; holds the cluster, its password and its log. */
  readonly dir: string
  readonly log: Log
}

const database = 'lajna'
/** Any number that nothing else in the cluster locks. */
const guardianLock = 4_711
const start_ms_max = 120_000
const lock_ms_max = 1_000
const backoff_ms_min = 50
const backoff_ms_max = 5_000

/** Rejects with a sentence for the operator where it cannot be done. */
export async function startEmbedded({ dir, log }: EmbeddedOptions): Promise<Embedded> {
  const cluster = new Cluster(dir)
  cluster.prepare()
  const supervisor = new Supervisor(cluster, log)
  await supervisor.begin()
  return supervisor
}

class Supervisor implements Embedded {
  readonly #cluster: Cluster
  readonly #log: Log
  #guardian: pg.Client | undefined
  #port = 0
  #stopping = false
  #recovery: Promise<void> = Promise.resolve()

  constructor(cluster: Cluster, log: Log) {
    this.#cluster = cluster
    this.#log = log
  }

  get url(): string {
    return this.#cluster.url(database, this.#port)
  }

  get pid(): number | undefined {
    return this.#cluster.running()?.pid
  }

  async begin(): Promise<void> {
    const began_ms = performance.now()
    const orphan = this.#cluster.running()
    this.#port = orphan?.port ?? (await this.#cluster.start())
    const deadline_ms = began_ms + start_ms_max
    for (let wait_ms = 10; ; wait_ms = Math.min(wait_ms * 2, 200)) {
      const outcome = await this.#connect()
      if (outcome === 'guarded') break
      // For a moment after its death the lock of a killed server is still held: Postgres has to notice first.
      if (outcome === 'foreign' && performance.now() - began_ms > lock_ms_max) {
        throw new Error(`another server is running on ${this.#cluster.dir}: stop it, or give this one its own DATA_DIR`)
      }
      const running = this.#cluster.running()
      // Lost a race with another start on the same folder: look at the winner's, whose lock then says that it is taken.
      if (running && running.port !== this.#port) this.#port = running.port
      else if (!running && this.#cluster.failure()) this.#port = await this.#cluster.start()
      if (performance.now() > deadline_ms) throw new Error(`Postgres did not start: ${this.#cluster.failure() ?? 'it does not answer'}`)
      await pause(wait_ms)
    }
    await this.#createDatabase()
    this.#log.info(
      { pid: this.pid, port: this.#port, took_ms: Math.round(performance.now() - began_ms) },
      orphan ? 'adopted Postgres' : 'started Postgres',
    )
  }

  async stop(): Promise<void> {
    this.#stopping = true
    await this.#recovery
    await this.#guardian?.end().catch(() => {}) // the connection may be gone already; what counts is the shutdown below
    await this.#cluster.stop()
  }

  async #connect(): Promise<'guarded' | 'foreign' | 'no answer'> {
    const client = new pg.Client({
      connectionString: this.#cluster.url('postgres', this.#port),
      connectionTimeoutMillis: 5_000,
      application_name: 'lajna guardian',
    })
    client.on('error', () => {}) // followed by 'end', which is what we act on
    try {
      await client.connect()
      const answer = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [guardianLock])
      if (!answer.rows[0]?.mine) {
        await client.end()
        return 'foreign'
      }
    } catch {
      return 'no answer' // not up yet, or gone again: the caller looks at the process and decides
    }
    this.#guardian = client
    client.on('end', () => this.#lost())
    return 'guarded'
  }

  #lost(): void {
    this.#guardian = undefined
    if (this.#stopping) return
    this.#log.warn({ pid: this.pid }, 'lost the connection to Postgres')
    this.#recovery = this.#recover()
  }

  /** Until it is guarded again, or stopped: there is nothing better to do without a database than to try. */
  async #recover(): Promise<void> {
    for (let wait_ms = backoff_ms_min; !this.#stopping; wait_ms = Math.min(wait_ms * 2, backoff_ms_max)) {
      try {
        if (!this.#cluster.running()) await this.#cluster.start(this.#port)
        // `foreign` here is our own former session, which Postgres has not noticed the end of yet.
        for (let tries = 0; tries < 20 && !this.#stopping; tries += 1) {
          if ((await this.#connect()) === 'guarded') return this.#log.info({ pid: this.pid }, 'Postgres is back')
          if (!this.#cluster.running() && this.#cluster.failure()) break
          await pause(25)
        }
        this.#log.error({ why: this.#cluster.failure() }, 'Postgres does not come back, trying again')
      } catch (fault) {
        this.#log.error({ fault }, 'could not start Postgres, trying again')
      }
      await pause(wait_ms)
    }
  }

  async #createDatabase(): Promise<void> {
    const found = await this.#guardian?.query('select from pg_database where datname = $1', [database])
    if (found?.rowCount === 0) await this.#guardian?.query(`create database ${database}`)
  }
}
