import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { expect, test } from 'vitest'
import { Cluster } from '#server/storage/cluster.ts'
import { type Embedded, startEmbedded } from '#server/storage/embedded.ts'

const silent = () => {}
const log = { info: silent, warn: silent, error: silent }

/** A folder, and whatever Postgres runs under it at the end of the scope. `lajna-test-<pid>`: the sweep of setup.ts knows it. */
function makeFolder(): AsyncDisposable & { readonly dir: string } {
  const dir = mkdtempSync(join(tmpdir(), `lajna-test-${process.pid}-`))
  return {
    dir,
    async [Symbol.asyncDispose]() {
      const cluster = new Cluster(dir)
      cluster.prepare()
      await cluster.stop()
      rmSync(dir, { recursive: true })
    },
  }
}

async function ask(url: string, statement: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 })
  client.on('error', silent) // a server killed under it
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows
  } finally {
    await client.end()
  }
}

const pidOf = (embedded: Embedded): number => embedded.pid ?? 0

test('killed with -9 it comes back at the same address, and what was committed is there', async () => {
  await using folder = makeFolder()
  const embedded = await startEmbedded({ dir: folder.dir, log })
  const { url } = embedded
  await ask(url, 'create table kept as select 7 as n')
  const killed = pidOf(embedded)
  process.kill(killed, 'SIGKILL')
  await expect.poll(() => ask(url, 'select n from kept').catch(() => 'away'), { timeout: 20_000 }).toEqual([{ n: 7 }])
  expect(embedded.pid).toBeGreaterThan(0)
  expect(embedded.pid).not.toBe(killed)
  await embedded.stop()
  await expect(ask(url, 'select 1')).rejects.toThrow()
})

test('after kill -9 of its server the next one adopts it; it was never stopped', async () => {
  await using folder = makeFolder()
  const child = spawn(process.execPath, [fileURLToPath(new URL('./embedded.child.ts', import.meta.url)), folder.dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const orphan = JSON.parse(line) as { url: string; pid: number }
  await expect(startEmbedded({ dir: folder.dir, log })).rejects.toThrow('another server is running on')
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(await ask(orphan.url, 'select 1 as one')).toEqual([{ one: 1 }])
  const embedded = await startEmbedded({ dir: folder.dir, log })
  expect({ url: embedded.url, pid: embedded.pid }).toEqual(orphan)
  await embedded.stop()
  await expect(ask(orphan.url, 'select 1')).rejects.toThrow()
})

test('an adopted one that dies is started again', async () => {
  await using folder = makeFolder()
  const cluster = new Cluster(folder.dir)
  cluster.prepare()
  await cluster.start()
  await expect.poll(() => cluster.running()).toBeDefined()
  const orphan = cluster.running()
  const embedded = await startEmbedded({ dir: folder.dir, log })
  expect(embedded.pid).toBe(orphan?.pid)
  process.kill(pidOf(embedded), 'SIGKILL')
  await expect.poll(() => ask(embedded.url, 'select 1 as one').catch(() => 'away'), { timeout: 20_000 }).toEqual([{ one: 1 }])
  await embedded.stop()
})

test("a pid file that a crash left does not hinder the start, though the number is another process's by now", async () => {
  await using folder = makeFolder()
  const first = await startEmbedded({ dir: folder.dir, log })
  await first.stop()
  writeFileSync(join(folder.dir, 'cluster', 'postmaster.pid'), `${process.pid}\n/nowhere\n1\n5432\n\n127.0.0.1\n`)
  const second = await startEmbedded({ dir: folder.dir, log })
  expect(await ask(second.url, 'show fsync')).toEqual([{ fsync: 'on' }])
  await second.stop()
})

test('two folders run side by side, and neither can be entered with the password of the other', async () => {
  await using one = makeFolder()
  await using two = makeFolder()
  const [first, second] = await Promise.all([startEmbedded({ dir: one.dir, log }), startEmbedded({ dir: two.dir, log })])
  const [{ port }, stranger] = [new URL(first.url), new URL(second.url)]
  stranger.port = port
  await expect(ask(stranger.href, 'select 1')).rejects.toThrow('password authentication failed')
  expect(await ask(first.url, 'select 1 as one')).toEqual([{ one: 1 }])
  expect(statSync(join(one.dir, 'password')).mode & 0o777).toBe(0o600)
  await Promise.all([first.stop(), second.stop()])
})

test('below a folder that others may not enter it runs all the same, and finds its data again', async () => {
  await using folder = makeFolder()
  chmodSync(folder.dir, 0o700)
  const dir = join(folder.dir, 'data', 'postgres')
  const link = join(dir, 'is-kept-at')
  const first = await startEmbedded({ dir, log })
  await ask(first.url, 'create table kept as select 7 as n')
  await first.stop()
  const second = await startEmbedded({ dir, log })
  expect(await ask(second.url, 'select n from kept')).toEqual([{ n: 7 }])
  await second.stop()
  // Only Postgres's own user, whom it has where we are root, needs another place; it is said where.
  expect(existsSync(link)).toBe(process.getuid?.() === 0)
  if (existsSync(link)) rmSync(realpathSync(link), { recursive: true })
})
