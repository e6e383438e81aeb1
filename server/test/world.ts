import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import { makeSigner, type Sign } from '#load/driver/entry.ts'
import { Person, type PersonOptions } from '#load/driver/person.ts'
import { freePort, makeServer, type ServerProcess } from '#load/driver/server.ts'
import { hashPassword } from '#server/auth/password.ts'
import { loadDemo } from '#server/demo/load.ts'
import { makeDatabase, type TestDatabase } from './database.ts'

/** A database, the servers on it, and people to open committees. */
export type World = AsyncDisposable & {
  readonly database: TestDatabase
  readonly instances: readonly [ServerProcess, ...ServerProcess[]]
  /** In the world's database. */
  readonly sql: pg.Client
  /** On the same server, in another database: to cut the world off. */
  readonly admin: pg.Client
  readonly sign: Sign
  /** A person with a token of that role, at that instance; goes with the world. */
  person(committee: string, user: number, role?: string, options?: { at?: ServerProcess } & Partial<PersonOptions>): Person
  /** Updates of a committee's journal behind a sequence, in order. */
  rows(committee: string, after?: number): Promise<readonly { sequence: number; user: number | null; update: Uint8Array }[]>
}

export type WorldOptions = {
  readonly instances?: number
  /** Loads the demo election before a server starts. */
  readonly demo?: boolean
  readonly env?: Readonly<Record<string, string>>
}

export async function startWorld({ instances = 1, demo = false, env = {} }: WorldOptions = {}): Promise<World> {
  await using starting = new AsyncDisposableStack()
  const database = starting.use(await makeDatabase())
  if (demo) await loadDemo(database.database.knex, hashPassword)
  const dir = mkdtempSync(join(tmpdir(), 'lajna-world-'))
  starting.defer(() => rmSync(dir, { recursive: true, force: true }))
  const secret = randomBytes(32).toString('hex')
  const sql = new pg.Client(database.url)
  await sql.connect()
  starting.adopt(sql, (session) => session.end())

  const admin = new pg.Client(inject('postgresUrl'))
  await admin.connect()
  starting.adopt(admin, (session) => session.end())

  const servers: ServerProcess[] = []
  for (let number = 0; number < instances; number += 1) {
    const server = makeServer(await freePort(), {
      DATABASE_URL: database.url,
      DATA_DIR: dir,
      JWT_SECRET: secret,
      INSTANCE: `test-${number}`,
      DEMO: '0',
      LOG_LEVEL: 'info',
      ...env,
    })
    starting.adopt(server, (running) => running.kill())
    servers.push(server)
    await server.start()
  }

  const people = new Set<Person>()
  starting.defer(() => {
    for (const person of people) person.leave()
  })
  const world = starting.move()
  const sign = makeSigner(secret)
  return {
    database,
    instances: servers as [ServerProcess, ...ServerProcess[]],
    sql,
    admin,
    sign,
    person(committee, user, role = 'coordinator', { at = servers[0] as ServerProcess, ...options } = {}) {
      const token = sign(user, role)
      const person = new Person({ url: at.url, user, token: () => token, ...options }, committee)
      people.add(person)
      return person
    },
    async rows(committee, after = 0) {
      const answer = await sql.query<{ sequence: string; user_id: number | null; update: Buffer }>(
        'select sequence, user_id, update from journal where committee_id = $1 and sequence > $2 order by sequence',
        [committee, after],
      )
      return answer.rows.map(({ sequence, user_id, update }) => ({ sequence: Number(sequence), user: user_id, update }))
    },
    [Symbol.asyncDispose]: () => world.disposeAsync(),
  }
}
