import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const entry = join(import.meta.dirname, '../../server/main.ts')

/** A real server process: its own, killable. */
export type ServerProcess = {
  readonly url: string
  /** Lines it has logged, parsed. */
  readonly lines: readonly Record<string, unknown>[]
  start(): Promise<void>
  /** `kill -9`, and gone when it resolves. */
  kill(): Promise<void>
  /** SIGTERM; the exit code. */
  stop(): Promise<number | null>
  /** SIGSTOP: its sockets stay open and nobody is at them, until `thaw`. */
  freeze(): void
  thaw(): void
}

/** Not started yet. `env` is all the process gets besides PATH and its port. */
export function makeServer(port: number, env: Readonly<Record<string, string>>): ServerProcess {
  const lines: Record<string, unknown>[] = []
  let child: ChildProcess | undefined
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> => {
    const ending = child
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return ending?.exitCode ?? null
    const gone = once(ending, 'exit')
    ending.kill(signal)
    const [code] = await gone
    return code
  }
  return {
    url: `http://127.0.0.1:${port}`,
    lines,
    start() {
      const starting = spawn(process.execPath, [entry], {
        env: { PATH: process.env.PATH, PORT: String(port), HOST: '127.0.0.1', ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      child = starting
      return new Promise((resolve, reject) => {
        let complaint = ''
        starting.stderr.on('data', (data: Buffer) => {
          complaint += data.toString()
        })
        createInterface(starting.stdout).on('line', (line) => {
          if (!line.startsWith('{')) return
          const parsed = JSON.parse(line) as Record<string, unknown>
          lines.push(parsed)
          if (parsed.msg === 'listening') resolve()
        })
        starting.on('exit', (code) => reject(new Error(`the server ended (${code}) before it listened: ${complaint}`)))
      })
    },
    async kill() {
      await end('SIGKILL')
    },
    stop: () => end('SIGTERM'),
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
  }
}

/** Below what systems give to outgoing connections, and above the ports that browsers refuse. */
const ports = { first: 11_000, last: 31_999 } as const
let lastPort = randomInt(ports.first, ports.last + 1)

/**
 * A port nobody has now and this process has not given before. It is kept over restarts, so that people find the server where it was,
 * and no outgoing connection takes it in between.
 */
export async function freePort(): Promise<number> {
  for (let tried = ports.first; tried <= ports.last; tried += 1) {
    lastPort = lastPort === ports.last ? ports.first : lastPort + 1
    if (await isFree(lastPort)) return lastPort
  }
  throw new Error(`every port from ${ports.first} to ${ports.last} is taken`)
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer().listen(port, '127.0.0.1')
  try {
    await once(probe, 'listening')
  } catch {
    return false
  }
  probe.close()
  await once(probe, 'close')
  return true
}

/**
 * A DATA_DIR for a server that ends with the test; whoever made it removes it. Others may pass through it: Postgres, which runs as a
 * user of its own where we are root, could not come to its data otherwise, and would keep it elsewhere, where it outlives the folder.
 */
export function makeDataDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'lajna-data-'))
  chmodSync(dir, 0o711)
  return dir
}

/** Where a run takes place: a server, the database it writes to, and the secret its tokens are signed with. */
export type Place = { readonly url: string; readonly databaseUrl: string; readonly secret: string }

/** A server that goes with `leaving`, on the database given or on an embedded one that goes as well. `limits`: `LIMIT_…` of its own. */
export async function startOwnServer(
  leaving: AsyncDisposableStack,
  databaseUrl: string | undefined,
  limits: Readonly<Record<string, string>> = {},
): Promise<Place> {
  const dataDir = makeDataDir()
  leaving.defer(() => rmSync(dataDir, { recursive: true, force: true }))
  const secret = randomBytes(32).toString('hex')
  const given = databaseUrl ? { DATABASE_URL: databaseUrl } : {}
  const settings = { DATA_DIR: dataDir, JWT_SECRET: secret, DEMO: '0', LOG_LEVEL: 'info', ...given, ...limits }
  const server = makeServer(await freePort(), settings)
  leaving.defer(async () => void (await server.stop()))
  await server.start()
  return { url: server.url, databaseUrl: databaseUrl || embeddedUrl(dataDir, server), secret }
}

/** Address of the database that a started server embeds under its DATA_DIR: the port it has logged, the password it keeps there. */
export function embeddedUrl(dataDir: string, { lines }: ServerProcess): string {
  const port = lines.findLast(({ msg }) => msg === 'started Postgres' || msg === 'adopted Postgres')?.port
  if (port === undefined) throw new Error('the server has started no Postgres of its own')
  const home = join(dataDir, 'postgres')
  const shelter = join(home, 'is-kept-at')
  const secret = readFileSync(join(existsSync(shelter) ? shelter : home, 'password'), 'utf8').trim()
  return `postgres://lajna:${secret}@127.0.0.1:${port}/lajna`
}
