import pino from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import type { AsideAnswer, AuditAnswer, AuditEntry, LoginAnswer } from '#contract/api.ts'
import type { AuditKind } from '#contract/audit.ts'
import type { UserId } from '#contract/ids.ts'
import { Person } from '#load/driver/person.ts'
import { type Running, start } from '#server/start.ts'
import { makeAuditLog } from '#server/storage/audit.ts'
import { unwrapConfig } from './config.ts'
import { makeDatabase, type TestDatabase } from './database.ts'
import { until } from './until.ts'

let database: TestDatabase
let running: Running
let base = ''
const people = new Map<string, LoginAnswer>()
const here = '127.0.0.1'
const at_s = 1_763_856_000

beforeAll(async () => {
  database = await makeDatabase()
  running = await start(
    unwrapConfig({ DATABASE_URL: database.url, DEMO: '1', PORT: '0', INSTANCE: 'test-0', LIMIT_LOGIN_TRIES_MAX: '2', TRUST_PROXY: '1' }),
    pino({ level: 'silent' }),
  )
  base = `http://127.0.0.1:${running.port}`
  for (const login of ['admin', 'supervisor1', 'coordinator1', 'counter1', 'counter2', 'marker1']) people.set(login, await logIn(login))
})

afterAll(async () => {
  await running.stop(5_000)
  await database[Symbol.asyncDispose]()
})

async function logIn(
  login: string,
  password = 'lajna-demo',
  headers: Record<string, string> = {},
): Promise<LoginAnswer & { cookie: string }> {
  const response = await fetch(`${base}/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ login, password }),
  })
  return { ...((await response.json()) as LoginAnswer), cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '' }
}

const tokenOf = (login: string) => people.get(login)?.token ?? ''
const idOf = (login: string) => people.get(login)?.user.id ?? (0 as UserId)

const call = (by: string, method: string, path: string, body?: unknown, type = 'application/json') =>
  fetch(`${base}/api${path}`, {
    method,
    headers: {
      authorization: `Bearer ${tokenOf(by)}`,
      'x-forwarded-for': '10.1.2.3',
      ...(body === undefined ? {} : { 'content-type': type }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })

async function search(query: Record<string, string | number>): Promise<readonly AuditEntry[]> {
  const asked = new URLSearchParams(Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])))
  const response = await call('admin', 'GET', `/admin/audit?${asked}`)
  expect(response.status).toBe(200)
  return ((await response.json()) as AuditAnswer).entries
}

/** The first to be found; what a process writes is there within the second. */
async function entry(query: Record<string, string | number> & { readonly kind: AuditKind }): Promise<AuditEntry> {
  let found: readonly AuditEntry[] = []
  await until(`an entry of the log: ${JSON.stringify(query)}`, async () => {
    found = await search(query)
    return found.length > 0
  })
  return found[0] as AuditEntry
}

/** Somebody in a committee, until the end of the scope. */
function personIn(committee: string, login: string, doc?: Y.Doc): Person & Disposable {
  const user = idOf(login)
  const person = new Person({ url: base, user, token: () => tokenOf(login), ...(doc === undefined ? {} : { doc }) }, committee)
  return Object.assign(person, { [Symbol.dispose]: () => person.leave() })
}

describe('append-only', () => {
  test.each(['update audit set code = null', 'delete from audit', 'truncate audit'])('%s: not even by the superuser', async (statement) => {
    const { knex } = database.database
    const { rows } = await knex.raw<{ rows: { superuser: boolean }[] }>(
      'select rolsuper as superuser from pg_roles where rolname = session_user',
    )
    expect(rows).toEqual([{ superuser: true }])
    await expect(knex.raw(statement)).rejects.toThrow('append-only')
    await knex.raw(`insert into audit (kind, subject) values ('rights', 'an honest entry')`)
    expect(await search({ text: 'honest', limit: 1 })).toHaveLength(1)
  })
})

describe('who, when, from where', () => {
  test('a login, a refused one with what was typed, a throttled one, a logout, a stolen token', async () => {
    const from = { 'x-forwarded-for': '10.9.9.9' }
    const { cookie, user } = await logIn('counter2', 'lajna-demo', from)
    expect(await entry({ kind: 'login', user: user.id, text: '10.9.9.9' })).toMatchObject({
      user: { id: user.id, login: 'counter2' },
      address: '10.9.9.9',
      times: 1,
      instance: 'test-0',
    })
    for (let tries = 0; tries < 4; tries += 1) await logIn('nobody\u202E\u0007here', 'wrong', from)
    const refused = await entry({ kind: 'login-refused', code: 'unauthenticated' })
    expect(refused).toMatchObject({ login: 'nobody  here', address: '10.9.9.9' })
    expect(refused.user).toBeUndefined()
    expect(Math.abs(Date.now() - refused.at_ms)).toBeLessThan(60_000)
    expect(await entry({ kind: 'login-refused', code: 'rate-limited' })).toMatchObject({ login: 'nobody  here', times: 1 })
    expect(await search({ kind: 'refusal', text: '/api/login' })).toEqual([])

    const renew = async (given: string) => {
      const response = await fetch(`${base}/api/token`, { method: 'POST', headers: { cookie: given, ...from } })
      return response.headers.get('set-cookie')?.split(';')[0] ?? ''
    }
    await renew(await renew(cookie))
    await renew(cookie)
    expect(await entry({ kind: 'token-reused', user: user.id })).toMatchObject({ address: '10.9.9.9' })
    const again = await logIn('counter2', 'lajna-demo', from)
    await fetch(`${base}/api/logout`, { method: 'POST', headers: { cookie: again.cookie, ...from } })
    expect(await entry({ kind: 'logout', user: user.id })).toMatchObject({ address: '10.9.9.9' })
  })

  test('a document opened, and closed: by themselves, or by us with why', async () => {
    const user = idOf('counter1')
    const one = personIn('u02', 'counter1')
    await one.synced()
    expect(await entry({ kind: 'connect', user, committee: 'u02' })).toMatchObject({ address: here, committee: { id: 'u02', code: '2' } })
    one.leave()
    expect(await entry({ kind: 'disconnect', user, committee: 'u02' })).toMatchObject({ code: 'left', address: here })

    using other = personIn('u02', 'counter1')
    await other.synced()
    await call('admin', 'PUT', '/admin/assignments', { user, committee: 'u02', taken: ['read'] })
    expect(await entry({ kind: 'disconnect', user, code: 'forbidden' })).toMatchObject({ committee: { id: 'u02' } })
    await call('admin', 'DELETE', `/admin/assignments?user=${user}&committee=u02`)
  })

  test('an update that is refused says which place; the honest one beside it leaves nothing', async () => {
    using person = personIn('u01', 'counter1')
    await person.synced()
    person.call('A', 1, [1], at_s)
    await person.book.downTo(0)
    person.doc.getMap('attendance').set('1/1', at_s)
    const refused = await entry({ kind: 'refusal', user: idOf('counter1'), committee: 'u01' })
    expect(refused).toMatchObject({ code: 'forbidden', subject: 'attendance 1/1', address: here })
    expect(await search({ kind: 'refusal', text: 'ballots' })).toEqual([])
  })

  test('what was kept aside of it, and is dropped: by whom, of whom, from where', async () => {
    const { entries } = (await (await call('supervisor1', 'GET', '/committees/u01/aside')).json()) as AsideAnswer
    const kept = entries.find(({ author }) => author.id === idOf('counter1'))
    await call('supervisor1', 'POST', `/committees/u01/aside/${kept?.id}`, { decision: 'drop', why: 'no\u202E marker' })
    expect(await entry({ kind: 'aside' })).toMatchObject({
      user: { login: 'supervisor1' },
      address: '10.1.2.3',
      committee: { id: 'u01' },
      code: 'dropped',
      subject: kept?.author.name,
      details: { entry: kept?.id, kept_as: 'refused', why: 'no  marker' },
    })
    await call('supervisor1', 'POST', `/committees/u01/aside/${kept?.id}`, { decision: 'drop' })
    expect(await search({ kind: 'aside' })).toHaveLength(1)
  })

  test('a call that is refused says which; a limit is told from it', async () => {
    expect((await call('marker1', 'GET', '/admin/audit?text=secret')).status).toBe(403)
    expect(await entry({ kind: 'refusal', user: idOf('marker1') })).toMatchObject({
      code: 'forbidden',
      subject: 'GET /api/admin/audit',
      address: '10.1.2.3',
    })
    expect((await call('marker1', 'PATCH', '/committees/u01', { phase: 'x'.repeat(5_000) })).status).toBe(413)
    expect(await entry({ kind: 'limit', code: 'too-large' })).toMatchObject({ user: { login: 'marker1' }, committee: { id: 'u01' } })
  })

  test('rights: by whom and from where, what it was and what it is, and of a password only that there is one', async () => {
    const made = (await (
      await call('admin', 'POST', '/admin/users', { login: 'layla', name: 'ليلى', role: 'counter', password: 'her own one' })
    ).json()) as { id: UserId }
    expect(await entry({ kind: 'rights', text: 'layla' })).toMatchObject({
      user: { login: 'admin' },
      address: '10.1.2.3',
      subject: 'layla',
      details: { of: 'users', done: 'insert', new: { role: 'counter', password: true } },
      instance: 'database',
    })
    await call('admin', 'PATCH', `/admin/users/${made.id}`, { role: 'marker' })
    expect((await entry({ kind: 'rights', text: 'layla' })).details).toEqual({
      of: 'users',
      done: 'update',
      old: { role: 'counter' },
      new: { role: 'marker' },
    })
    await call('admin', 'PUT', '/admin/assignments', { user: made.id, committee: 'u03', added: ['rule'] })
    expect(await entry({ kind: 'rights', committee: 'u03' })).toMatchObject({
      subject: 'layla',
      details: { of: 'assignments', done: 'insert', new: { committee_id: 'u03', added: ['rule'] } },
    })
    const all = await database.database.knex('audit').select('details')
    expect(JSON.stringify(all)).not.toContain('argon2')
  })

  test('an operator’s own SQL is heard as well, with the session’s name, and its marks of direction are taken out', async () => {
    const { knex } = database.database
    await knex('users').where('login', 'viewer1').update({ name: 'a\u202Eb' })
    const heard = await entry({ kind: 'rights', text: 'viewer1' })
    expect(heard).toMatchObject({ subject: 'viewer1', details: { new: { name: 'a b' }, session: expect.any(String) } })
    expect(heard.user).toBeUndefined()
    // What differs in nothing is no change.
    await knex('users').where('login', 'viewer1').update({ role: 'viewer' })
    expect((await search({ kind: 'rights', text: 'viewer1' }))[0]?.id).toBe(heard.id)
  })

  test('assignments by the thousand in one statement are one entry that says how many; fewer are one each', async () => {
    const { knex } = database.database
    await knex.raw(
      `insert into users (login, name, role, password_hash) select 'many' || n, 'x', 'marker', '!' from generate_series(1, 1001) n`,
    )
    const assign = (where: string) =>
      knex.raw(`insert into assignments (user_id, committee_id) select id, 'u04' from users where login like 'many%' and ${where}`)
    await assign(`login = 'many7'`)
    expect(await entry({ kind: 'rights', committee: 'u04' })).toMatchObject({
      subject: 'many7',
      details: { of: 'assignments', done: 'insert' },
    })
    await knex('assignments').where({ committee_id: 'u04' }).delete()
    await assign('true')
    const [all] = await search({ kind: 'rights' })
    expect(all?.details).toEqual({ of: 'assignments', done: 'insert', rows: 1001, session: expect.any(String) })
    expect(await search({ kind: 'rights', committee: 'u04' })).toHaveLength(2)
  })

  test('phases, of a committee and of the election', async () => {
    await call('supervisor1', 'PATCH', '/committees/u01', { phase: 'polling' })
    expect(await entry({ kind: 'phase', committee: 'u01' })).toMatchObject({
      user: { login: 'supervisor1' },
      address: '10.1.2.3',
      details: { old: { phase: null }, new: { phase: 'polling' } },
    })
    await call('supervisor1', 'PATCH', '/committees/u01', { phase: null })
    await call('admin', 'PATCH', '/admin/elections/kuwait-union', { phase: 'counting' })
    expect(await search({ kind: 'phase', text: 'kuwait-union' })).toEqual([])
    await call('admin', 'PATCH', '/admin/elections/kuwait-union', { phase: 'polling' })
    expect(await entry({ kind: 'phase', text: 'kuwait-union' })).toMatchObject({ user: { login: 'admin' }, subject: 'kuwait-union' })
    await call('admin', 'PATCH', '/admin/elections/kuwait-union', { phase: 'counting' })
  })

  test('rulings, and a ballot of somebody else’s that is struck; statements and one’s own are none', async () => {
    using counter = personIn('u01', 'counter1')
    using supervisor = personIn('u01', 'supervisor1')
    await Promise.all([counter.synced(), supervisor.synced()])
    const user = idOf('supervisor1')
    counter.call('A', 1, [1], at_s)
    await counter.book.downTo(0)
    supervisor.doc.getMap('attendance').set('2/#', { by: user, at_s, why: 'wrong paper', saw: {} })
    const ruled = await entry({ kind: 'ruling', user })
    expect(ruled).toMatchObject({ committee: { id: 'u01' }, address: here, subject: 'attendance 2/#', details: { of: 1 } })
    const strike = (index: number, client: number) => {
      const log = new Y.Array<unknown>()
      supervisor.doc.transact(() => {
        const logs = supervisor.doc.getMap<Y.Array<unknown>>('ballots')
        const key = `A/${user}.${supervisor.doc.clientID}`
        const own = logs.get(key) ?? logs.set(key, log)
        own.push([{ void: [client, index], at_s, why: 'called twice' }])
      })
    }
    supervisor.call('A', 2, [2], at_s)
    strike(0, supervisor.doc.clientID)
    await supervisor.book.downTo(0)
    strike(0, counter.doc.clientID)
    await until('the strike', async () => (await search({ kind: 'ruling', user })).length === 2)
    const [struck] = await search({ kind: 'ruling', user })
    expect(struck?.subject).toBe(`ballots A/${user}.${supervisor.doc.clientID}`)
    expect(Number(struck?.details.sequence)).toBeGreaterThan(Number(ruled.details.sequence))
    expect(await search({ kind: 'ruling', user: idOf('counter1') })).toEqual([])
  })

  test('an import, and one that was refused for its faults; a check is none', async () => {
    const roll = (line: string) => `committee_code,serial,name,sex\n${line}\n`
    await call('admin', 'POST', '/admin/import/roll?dry_run=1', roll('13,90001,جديد,m'), 'text/csv')
    expect(await search({ kind: 'import' })).toEqual([])
    await call('admin', 'POST', '/admin/import/roll', roll('13,90001,جديد,x'), 'text/csv')
    expect(await entry({ kind: 'import' })).toMatchObject({ code: 'malformed', subject: 'roll', details: { problems: 1, lines: 1 } })
    await call('admin', 'POST', '/admin/import/candidates', 'number,name\n990,New\n', 'text/csv')
    expect(await entry({ kind: 'import', text: 'candidates' })).toMatchObject({
      user: { login: 'admin' },
      address: '10.1.2.3',
      details: { created: 1, problems: 0, election: 'kuwait-union' },
    })
  })
})

describe('looking into it', () => {
  test('pages go from the newest to the first, each entry once', async () => {
    const ids: number[] = []
    for (let before: number | undefined; ; ) {
      const path = `/admin/audit?limit=7${before === undefined ? '' : `&before=${before}`}`
      const page = (await (await call('admin', 'GET', path)).json()) as AuditAnswer
      ids.push(...page.entries.map(({ id }) => id))
      if (page.next === undefined) break
      before = page.next
    }
    expect(ids.length).toBeGreaterThan(20)
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => b - a))
  })

  test('every part of a filter has to fit', async () => {
    const admin = idOf('admin')
    const [newest] = await search({ kind: 'rights', user: admin })
    expect(newest).toBeDefined()
    const at_ms = newest?.at_ms ?? 0
    expect(await search({ kind: 'rights', user: admin, from: at_ms, to: at_ms + 1 })).toHaveLength(1)
    expect(await search({ kind: 'rights', user: admin, from: at_ms + 1 })).toEqual([])
    expect(await search({ kind: 'rights', to: 1 })).toEqual([])
    expect(await search({ kind: 'phase', user: admin, committee: 'u01' })).toEqual([])
    expect((await search({ text: 'LAYLA', code: 'none' })).length).toBe(0)
    expect((await search({ text: 'LAYLA' })).length).toBeGreaterThan(1)
    expect(await search({ text: '%' })).toEqual([])
  })

  test.each([
    'kind=nothing',
    'user=0',
    'committee=NO!',
    'from=yesterday',
    'limit=0',
    'limit=201',
    'before=-1',
    'text=',
    'sort=id',
    'kind=login&kind=phase',
  ])('?%s is not understood', async (query) => {
    expect((await call('admin', 'GET', `/admin/audit?${query}`)).status).toBe(400)
  })

  test.each(['/admin/audit', '/admin/export/audit.csv'])('%s is for administrators', async (path) => {
    expect((await call('marker1', 'GET', path)).status).toBe(403)
    expect((await call('supervisor1', 'GET', path)).status).toBe(403)
    expect((await fetch(`${base}/api${path}`)).status).toBe(401)
    expect((await call('admin', 'GET', path)).status).toBe(200)
  })

  test('taken out as CSV: the same filter, harmless in a spreadsheet, and written down', async () => {
    await logIn('=cmd|calc', 'wrong')
    await logIn('o-brien', 'wrong')
    await entry({ kind: 'login-refused', text: 'o-brien' })
    const response = await call('admin', 'GET', '/admin/export/audit.csv?kind=login-refused')
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    const lines = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer()).split('\r\n')
    expect(lines[0]?.startsWith('\uFEFF"id","at","kind"')).toBe(true)
    expect(lines.filter((line) => line.includes('"login-refused"')).length).toBe(lines.length - 2)
    expect(lines.some((line) => line.includes(`"'=cmd|calc"`))).toBe(true)
    expect(lines.some((line) => line.includes('"o-brien"'))).toBe(true)
    expect(await entry({ kind: 'export', text: 'login-refused' })).toMatchObject({
      user: { login: 'admin' },
      address: '10.1.2.3',
      details: { filter: { kind: 'login-refused' } },
    })
  })
})

test('what was written and not answered for is found by its uuid and not written twice', async () => {
  const log = makeAuditLog(database.database.knex)
  const rows = [{ uuid: crypto.randomUUID(), age_ms: 60_000, kind: 'limit', subject: 'twice', times: 3, instance: 'other' }] as const
  expect(await log.append(rows)).toEqual({ ok: true, value: undefined })
  expect(await log.append(rows)).toEqual({ ok: true, value: undefined })
  const found = await search({ text: 'twice' })
  expect(found.map(({ times, instance }) => [times, instance])).toEqual([[3, 'other']])
  expect(Date.now() - (found[0]?.at_ms ?? 0)).toBeGreaterThan(59_000)
})

test('what happens while the database is away is written when it is back, once', async () => {
  const { knex } = database.database
  // Nobody else can write, and who tries is thrown out.
  const locked = await knex.transaction()
  await locked.raw('lock table audit in exclusive mode')
  for (const login of ['away-1', 'away-2']) await logIn(login, 'wrong', { 'x-forwarded-for': '10.7.7.7' })
  await until('somebody is thrown out in the middle of a write', async () => {
    const { rows } = await knex.raw<{ rows: unknown[] }>(
      `select pg_terminate_backend(pid) from pg_locks where relation = 'audit'::regclass and not granted`,
    )
    return rows.length > 0
  })
  await locked.rollback()
  await until('the server has done with the broken connection', async () => (await call('admin', 'GET', '/admin/audit')).ok)
  await entry({ kind: 'login-refused', text: 'away-2' })
  const found = await search({ text: '10.7.7.7', kind: 'login-refused' })
  expect(found.map(({ login, times }) => [login, times])).toEqual([
    ['away-2', 1],
    ['away-1', 1],
  ])
})
