import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { makeDatabase } from './database.ts'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))

function run(environment: Record<string, string>) {
  const child = spawn(process.execPath, [main], { env: { PATH: process.env.PATH, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] })
  return { child, exited: once(child, 'exit') as Promise<[number | null]>, stderr: text(child.stderr) }
}

/** The port, from the line that says it listens; what comes later is read and dropped, or the pipe would fill. */
async function listening({ stdout }: ChildProcess): Promise<number> {
  if (!stdout) throw new Error('no output to read')
  for await (const line of createInterface(stdout)) {
    const port = line.startsWith('{') ? (JSON.parse(line) as { msg: string; port?: number }) : undefined
    if (port?.msg === 'listening' && port.port !== undefined) {
      stdout.resume()
      return port.port
    }
  }
  throw new Error('it ended before it listened')
}

test('a wrong environment stops the start and is listed whole', async () => {
  const { exited, stderr } = run({ PORT: 'x', LOG_LEVEL: 'loud', LIMIT_DRAIN_MS: '-1' })
  expect(await exited).toEqual([1, null])
  for (const name of ['PORT', 'LOG_LEVEL', 'LIMIT_DRAIN_MS']) expect(await stderr).toContain(`  ${name} must be`)
})

test('a database that is not there stops the start with a sentence', async () => {
  const { exited, stderr } = run({ DATABASE_URL: 'postgres://nobody@127.0.0.1:9/nothing', JWT_SECRET: 'x' })
  expect(await exited).toEqual([1, null])
  expect(await stderr).toMatch(/^Lajna did not start: .*ECONNREFUSED/)
})

test.each(['SIGTERM', 'SIGINT'] as const)('%s stops it with exit code 0 when everything is saved', async (signal) => {
  await using database = await makeDatabase()
  const { child, exited } = run({ DATABASE_URL: database.url, PORT: '0', JWT_SECRET: 'x' })
  const port = await listening(child)
  expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(200)
  child.kill(signal)
  expect(await exited).toEqual([0, null])
})

test('two processes start on one empty database at once, and both serve', async () => {
  await using database = await makeDatabase()
  await database.database.knex.raw('drop schema public cascade; create schema public')
  const both = [0, 1].map(() => run({ DATABASE_URL: database.url, PORT: '0', JWT_SECRET: 'x', DEMO: '1' }))
  const ports = await Promise.all(both.map(({ child }) => listening(child)))
  for (const port of ports) expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(200)
  expect(await database.database.knex('elections').select('id')).toHaveLength(1)
  for (const { child } of both) child.kill('SIGTERM')
  expect(await Promise.all(both.map(({ exited }) => exited))).toEqual([
    [0, null],
    [0, null],
  ])
})
