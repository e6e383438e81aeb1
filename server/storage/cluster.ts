import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Result } from '#contract/result.ts'
import { keptSecret } from '../kept-secret.ts'
import { type Binaries, findBinaries } from './postgres-binaries.ts'
import { canReach, postgresUser, type SystemUser, shelterFor } from './system-user.ts'

const role = 'lajna'
const log_bytes_max = 10_000_000
const stop_ms_max = 30_000

/**
 * Why each is set: one port on the loopback address and no socket file (two clusters never meet); durability said aloud, whatever a
 * default may become; a log that speaks only of trouble.
 */
const settings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'fsync=on',
  'full_page_writes=on',
  'synchronous_commit=on',
  'max_connections=200',
  'shared_buffers=128MB',
  'log_checkpoints=off',
  'logging_collector=off',
]

/** A data directory and the postmaster on it: files, processes and signals; knows no SQL. */
export class Cluster {
  #dir: string
  readonly #binaries: Binaries
  readonly #user: SystemUser
  #password = ''
  /** Why the postmaster we started last has ended; undefined while it lives. */
  #failure: string | undefined

  constructor(dir: string) {
    this.#dir = dir
    this.#user = orThrow(postgresUser())
    this.#binaries = orThrow(findBinaries(this.#user))
  }

  get dir(): string {
    return this.#dir
  }

  get #data(): string {
    return join(this.dir, 'cluster')
  }

  get #logFile(): string {
    return join(this.dir, 'postgres.log')
  }

  /** Loopback only, by a password in a file that only we can read. */
  url(database: string, port: number): string {
    return `postgres://${role}:${this.#password}@127.0.0.1:${port}/${database}`
  }

  failure(): string | undefined {
    return this.#failure
  }

  /** Makes the folder, and in it a cluster where there is none: aside first and then renamed, so that half a cluster is never used. */
  prepare(): void {
    mkdirSync(this.dir, { recursive: true })
    // One spelling of the path: `running` looks for it in a command line.
    this.#dir = realpathSync(this.dir)
    // Postgres's own user has to pass through; secrets in here have mode 600.
    if (this.#user) chmodSync(this.#dir, 0o711)
    if (!canReach(this.#data, this.#user)) this.#moveToShelter()
    this.#password = keptSecret(join(this.dir, 'password'))
    if (existsSync(join(this.#data, 'PG_VERSION'))) return
    const aside = join(this.dir, `cluster.${process.pid}`)
    const passwordFile = `${aside}.password`
    rmSync(aside, { recursive: true, force: true })
    mkdirSync(aside, { mode: 0o700 })
    writeFileSync(passwordFile, this.#password, { mode: 0o600 })
    if (this.#user) for (const path of [aside, passwordFile]) chownSync(path, this.#user.uid, this.#user.gid)
    try {
      execFileSync(this.#binaries.initdb, initdbOptions(aside, passwordFile), { ...this.#process(), stdio: 'pipe' })
      renameSync(aside, this.#data)
    } catch (fault) {
      rmSync(aside, { recursive: true, force: true })
      // Another start on the same folder was faster: its cluster is as good.
      if (!existsSync(join(this.#data, 'PG_VERSION'))) throw fault
    } finally {
      rmSync(passwordFile, { force: true })
    }
  }

  /**
   * The postmaster that runs on this directory, by its pid file; a file that a crash left is removed. Its word alone is not
   * enough: after a restart of the machine the number may be anybody's, and Postgres would refuse to start for it.
   */
  running(): { readonly pid: number; readonly port: number } | undefined {
    const path = join(this.#data, 'postmaster.pid')
    let lines: readonly string[]
    try {
      lines = readFileSync(path, 'utf8').split('\n')
    } catch {
      return undefined // no file: not running
    }
    const [pid, port] = [Number(lines[0]), Number(lines[3])]
    if (!Number.isInteger(pid) || pid <= 1) return undefined // being written this moment
    if (commandLine(pid).includes(this.#data)) return port > 0 ? { pid, port } : undefined
    rmSync(path, { force: true })
    return undefined
  }

  /** Starts a postmaster and answers its port; it may still fail (see `failure`), and takes connections a little later. */
  async start(port?: number): Promise<number> {
    const chosen = port ?? (await freePort())
    this.#failure = undefined
    if (existsSync(this.#logFile) && statSync(this.#logFile).size > log_bytes_max) renameSync(this.#logFile, `${this.#logFile}.old`)
    const log = openSync(this.#logFile, 'a', 0o600)
    const options = ['-D', this.#data, '-c', `port=${chosen}`, ...settings.flatMap((setting) => ['-c', setting])]
    // Detached: in its own session, so that a Ctrl-C in our terminal does not reach it before we have drained.
    const child = spawn(this.#binaries.postgres, options, { ...this.#process(), detached: true, stdio: ['ignore', log, log] })
    closeSync(log)
    child.on('error', (fault) => {
      this.#failure = fault.message
    })
    child.on('exit', (code, signal) => {
      this.#failure = `postgres ended with ${signal ?? `code ${code}`}; see ${this.#logFile}`
    })
    child.unref()
    return chosen
  }

  /** Fast shutdown: ends sessions, writes everything out. Where that hangs, the hard way: the next start recovers. */
  async stop(): Promise<void> {
    const running = this.running()
    if (!running) return
    for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
      const deadline_ms = performance.now() + stop_ms_max
      process.kill(running.pid, signal)
      while (this.running()?.pid === running.pid && performance.now() < deadline_ms) await pause(10)
      if (this.running()?.pid !== running.pid) return
    }
    throw new Error(`Postgres (process ${running.pid}) does not stop`)
  }

  /** The link says to people where their data is. */
  #moveToShelter(): void {
    const shelter = shelterFor(this.#dir)
    chmodSync(shelter, 0o711)
    const link = join(this.#dir, 'is-kept-at')
    rmSync(link, { force: true })
    symlinkSync(shelter, link)
    this.#dir = shelter
  }

  #process() {
    const identity = this.#user ? { uid: this.#user.uid, gid: this.#user.gid } : {}
    // LC_ALL: a macOS postmaster turns multithreaded, and stops, where the environment names a locale it has to look up.
    return { ...identity, cwd: '/', env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' } }
  }
}

/** The builtin locale: the same order and case rules on every machine, and Arabic in lower() and ~* as it should be. */
const initdbOptions = (data: string, passwordFile: string) => [
  `--pgdata=${data}`,
  `--username=${role}`,
  `--pwfile=${passwordFile}`,
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--no-instructions',
]

/** Empty for a process that is gone, a zombie included: containers often have nobody who reaps them. */
function commandLine(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return '' // no such process
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

function orThrow<Value>(result: Result<Value, string>): Value {
  if (!result.ok) throw new Error(result.error)
  return result.value
}
