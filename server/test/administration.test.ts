import pino from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Account, AccountsAnswer, Assignment, AssignmentsAnswer, CommitteeEntry, DevicesAnswer, LoginAnswer } from '#contract/api.ts'
import { type Running, start } from '#server/start.ts'
import { inTheNameOf } from '#server/storage/in-the-name-of.ts'
import { unwrapConfig } from './config.ts'
import { makeDatabase, type TestDatabase } from './database.ts'

let database: TestDatabase
let running: Running
let base = ''
const tokens = new Map<string, string>()
const ids = new Map<string, number>()

beforeAll(async () => {
  database = await makeDatabase()
  running = await start(unwrapConfig({ DATABASE_URL: database.url, DEMO: '1', PORT: '0' }), pino({ level: 'silent' }))
  base = `http://127.0.0.1:${running.port}`
  for (const { id, login } of await database.database.knex('users').select<{ id: number; login: string }[]>('id', 'login'))
    ids.set(login, id)
  for (const login of ['admin', 'supervisor1', 'coordinator1', 'counter1']) tokens.set(login, (await logIn(login)).token)
})

afterAll(async () => {
  await running.stop(5_000)
  await database[Symbol.asyncDispose]()
})

async function logIn(login: string, password = 'lajna-demo'): Promise<LoginAnswer & { readonly status: number; readonly cookie: string }> {
  const response = await fetch(`${base}/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password }),
  })
  const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? ''
  return { ...((await response.json()) as LoginAnswer), status: response.status, cookie }
}

const call = (by: string, method: string, path: string, body?: unknown) =>
  fetch(`${base}/api${path}`, {
    method,
    headers: { authorization: `Bearer ${tokens.get(by)}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })

const id = (login: string): number => ids.get(login) ?? 0
const json = async <Answer>(response: Promise<Response>): Promise<Answer> => (await (await response).json()) as Answer

/** Status and code: of a refusal, or of an answer the status alone. */
async function said(response: Promise<Response>): Promise<string> {
  const answer = await response
  if (answer.ok) return String(answer.status)
  const { code } = (await answer.json()) as { code: string }
  return `${answer.status} ${code}`
}

describe('who may', () => {
  const calls = [
    ['GET', '/admin/users'],
    ['POST', '/admin/users', { login: 'x', name: 'x', role: 'viewer' }],
    ['PATCH', '/admin/users/1', { name: 'x' }],
    ['GET', '/admin/assignments'],
    ['PUT', '/admin/assignments', { user: 1, committee: 'u01' }],
    ['DELETE', '/admin/assignments?user=1&committee=u01'],
    ['PATCH', '/admin/elections/kuwait-union', { phase: 'closed' }],
  ] as const

  test.each(calls)('%s %s: administrators, not supervisors, and nobody without a token', async (method, path, body?: unknown) => {
    expect(await said(call('supervisor1', method, path, body))).toBe('403 forbidden')
    expect(await said(fetch(`${base}/api${path}`, { method }))).toBe('401 unauthenticated')
  })

  test('an administrator whose role was taken may no longer, whatever the token says', async () => {
    const { knex } = database.database
    const made = await json<Account>(
      call('admin', 'POST', '/admin/users', { login: 'second', name: 'ثانٍ', role: 'administrator', password: 'long enough' }),
    )
    tokens.set('second', (await logIn('second', 'long enough')).token)
    expect(await said(call('second', 'GET', '/admin/users'))).toBe('200')
    await knex('users').where('id', made.id).update({ role: 'viewer' })
    expect(await said(call('second', 'GET', '/admin/users'))).toBe('403 forbidden')
    await knex('users').where('id', made.id).update({ disabled_at: new Date() })
    expect(await said(call('second', 'GET', '/admin/users'))).toBe('401 unauthenticated')
  })
})

describe('users', () => {
  test('are listed by id, piece by piece, and found by login or name', async () => {
    const all = await json<AccountsAnswer>(call('admin', 'GET', '/admin/users'))
    expect(all.users.map(({ login }) => login)).toContain('coordinator1')
    expect(all.next).toBeUndefined()
    const first = await json<AccountsAnswer>(call('admin', 'GET', '/admin/users?limit=3'))
    expect(first.users).toEqual(all.users.slice(0, 3))
    const rest = await json<AccountsAnswer>(call('admin', 'GET', `/admin/users?after=${first.next}`))
    expect(rest.users).toEqual(all.users.slice(3))
    const found = await json<AccountsAnswer>(call('admin', 'GET', '/admin/users?search=COUNTER'))
    expect(found.users.map(({ login }) => login)).toEqual(['counter1', 'counter2'])
    expect((await json<AccountsAnswer>(call('admin', 'GET', '/admin/users?search=%25'))).users).toEqual([])
  })

  test('are made, changed, given a password, disabled and let in again', async () => {
    const asked = { login: 'Layla', name: '  ليلى \u202E الفهد ', role: 'counter' }
    const made = await json<Account>(call('admin', 'POST', '/admin/users', asked))
    expect(made).toEqual({ id: made.id, login: 'Layla', name: 'ليلى الفهد', role: 'counter', disabled: false })
    expect(await said(call('admin', 'POST', '/admin/users', { ...asked, login: 'layla' }))).toBe('409 malformed')
    expect((await logIn('layla', 'lajna-demo')).status).toBe(401)

    const path = `/admin/users/${made.id}`
    expect(await json(call('admin', 'PATCH', path, { password: 'her own one', name_en: 'Layla' }))).toMatchObject({ name_en: 'Layla' })
    const session = await logIn('layla', 'her own one')
    expect(session.status).toBe(200)
    expect(await json(call('admin', 'PATCH', path, { role: 'marker', name_en: null }))).toEqual({ ...made, role: 'marker' })

    expect(await json(call('admin', 'PATCH', path, { disabled: true }))).toMatchObject({ disabled: true })
    expect((await logIn('layla', 'her own one')).status).toBe(401)
    const renew = () => fetch(`${base}/api/token`, { method: 'POST', headers: { cookie: session.cookie } })
    expect(await said(renew())).toBe('401 unauthenticated')
    expect(await json(call('admin', 'PATCH', path, { disabled: false }))).toMatchObject({ disabled: false })
    expect(await said(renew())).toBe('401 unauthenticated') // what was ended stays so
    expect((await logIn('layla', 'her own one')).status).toBe(200)
  })

  test('a new password ends the sessions of the old one', async () => {
    const session = await logIn('viewer1')
    expect(await said(call('admin', 'PATCH', `/admin/users/${id('viewer1')}`, { password: 'another one' }))).toBe('200')
    expect(await said(fetch(`${base}/api/token`, { method: 'POST', headers: { cookie: session.cookie } }))).toBe('401 unauthenticated')
  })

  test('administrators do not lock themselves out; another may be', async () => {
    const own = `/admin/users/${id('admin')}`
    expect(await said(call('admin', 'PATCH', own, { role: 'supervisor' }))).toBe('403 forbidden')
    expect(await said(call('admin', 'PATCH', own, { disabled: true }))).toBe('403 forbidden')
    expect(await said(call('admin', 'PATCH', own, { name: 'المديرة', role: 'administrator', disabled: false }))).toBe('200')
  })

  test.each([
    ['POST', '/admin/users', { login: 'a b', name: 'x', role: 'viewer' }],
    ['POST', '/admin/users', { login: 'x', name: ' ', role: 'viewer' }],
    ['POST', '/admin/users', { login: 'x', name: 'n'.repeat(1_000), role: 'viewer' }],
    ['POST', '/admin/users', { login: 'x', name: 'x', role: 'king' }],
    ['POST', '/admin/users', { login: 'x', name: 'x', role: 'viewer', password: 'short' }],
    ['POST', '/admin/users', { login: 'x', name: 'x', role: 'viewer', extra: 1 }],
    ['POST', '/admin/users', { login: 'x', name: 'x' }],
    ['POST', '/admin/users', []],
    ['POST', '/admin/users', undefined],
    ['PATCH', '/admin/users/1', { disabled: 'yes' }],
    ['PATCH', '/admin/users/1', { disabeld: true }],
    ['PATCH', '/admin/users/1', { login: 'other' }],
    ['PATCH', '/admin/users/1', { __proto__: null, constructor: 1 }],
    ['GET', '/admin/users?limit=0', undefined],
    ['GET', '/admin/users?limit=501', undefined],
    ['GET', '/admin/users?after=-1', undefined],
    ['GET', `/admin/users?search=${'x'.repeat(101)}`, undefined],
    ['GET', '/admin/users?search=a&search=b', undefined],
  ])('%s %s with %j is malformed', async (method, path, body) => {
    expect(await said(call('admin', method, path, body))).toBe('400 malformed')
  })

  test('somebody who is not there is not found', async () => {
    for (const who of ['999999', '0', 'x']) {
      expect(await said(call('admin', 'PATCH', `/admin/users/${who}`, { name: 'x' }))).toBe('404 unparseable')
    }
  })
})

describe('assignments', () => {
  test('are made, changed and removed, to a committee or to a site', async () => {
    const user = id('outsider1')
    const list = () => json<AssignmentsAnswer>(call('admin', 'GET', `/admin/assignments?user=${user}`))
    expect((await list()).assignments).toEqual([])
    const made = await json<Assignment>(call('admin', 'PUT', '/admin/assignments', { user, committee: 'u05', taken: ['count', 'count'] }))
    expect(made).toMatchObject({ user, login: 'outsider1', committee: 'u05', election: 'kuwait-union', added: [], taken: ['count'] })
    const changed = await json<Assignment>(call('admin', 'PUT', '/admin/assignments', { user, committee: 'u05', added: ['rule', 'read'] }))
    expect(changed).toMatchObject({ id: made.id, added: ['read', 'rule'], taken: [] })
    const site = await json<Assignment>(call('admin', 'PUT', '/admin/assignments', { user, site: 'الميناء' }))
    expect(site).toMatchObject({ site: 'الميناء', election: 'kuwait-union' })
    expect((await list()).assignments).toEqual([changed, site])
    const some = await json<AssignmentsAnswer>(call('admin', 'GET', '/admin/assignments?committee=u05&limit=1'))
    expect(some).toEqual({ assignments: [changed], next: changed.id })

    expect(await said(call('admin', 'DELETE', `/admin/assignments?user=${user}&committee=u05`))).toBe('204')
    expect(await said(call('admin', 'DELETE', `/admin/assignments?user=${user}&committee=u05`))).toBe('404 unparseable')
    expect(await said(call('admin', 'DELETE', `/admin/assignments?user=${user}&site=${encodeURIComponent('الميناء')}`))).toBe('204')
    expect((await list()).assignments).toEqual([])
  })

  test.each([
    ['PUT', { committee: 'u01' }, '400 malformed'],
    ['PUT', { user: 1 }, '400 malformed'],
    ['PUT', { user: 1, committee: 'u01', site: 'x' }, '400 malformed'],
    ['PUT', { user: 1, committee: 'U 1' }, '400 malformed'],
    ['PUT', { user: 1, committee: 'u01', added: ['fly'] }, '400 malformed'],
    ['PUT', { user: 1, committee: 'u01', added: 'count' }, '400 malformed'],
    ['PUT', { user: 1, committee: 'u01', added: ['count'], taken: ['count'] }, '400 malformed'],
    ['PUT', { user: 999_999, committee: 'u01' }, '404 unparseable'],
    ['PUT', { user: 1, committee: 'nowhere' }, '404 unknown-committee'],
    ['PUT', { user: 1, site: 'nowhere' }, '404 unparseable'],
    ['PUT', { user: 1, site: 'الميناء', election: 'nowhere' }, '404 unparseable'],
  ])('%s of %j is %s', async (method, body, expected) => {
    expect(await said(call('admin', method, '/admin/assignments', body))).toBe(expected)
  })
})

describe('the phase', () => {
  beforeEach(async () => {
    await database.database.knex('committees').update({ phase: null })
    await database.database.knex('elections').update({ phase: 'counting' })
  })

  test('of a committee, by whoever has the right there; null is the election’s own', async () => {
    const set = (phase: unknown) => call('supervisor1', 'PATCH', '/committees/u01', { phase })
    expect(await json<CommitteeEntry>(set('closed'))).toMatchObject({ id: 'u01', phase: 'closed' })
    await database.database.knex('elections').update({ phase: 'polling' })
    expect(await json<CommitteeEntry>(set(null))).toMatchObject({ id: 'u01', phase: 'polling' })
    expect(await said(call('coordinator1', 'PATCH', '/committees/u01', { phase: 'closed' }))).toBe('403 forbidden')
    expect(await said(call('supervisor1', 'PATCH', '/committees/u13', { phase: 'closed' }))).toBe('403 not-assigned')
    expect(await said(call('admin', 'PATCH', '/committees/nowhere', { phase: 'closed' }))).toBe('404 unknown-committee')
    for (const bad of ['night', undefined, 1, ['closed']]) expect(await said(set(bad))).toBe('400 malformed')
  })

  test('of an election, by administrators; it has one always', async () => {
    expect(await json(call('admin', 'PATCH', '/admin/elections/kuwait-union', { phase: 'canvass' }))).toEqual({
      id: 'kuwait-union',
      phase: 'canvass',
    })
    expect(await said(call('admin', 'PATCH', '/admin/elections/kuwait-union', { phase: null }))).toBe('400 malformed')
    expect(await said(call('admin', 'PATCH', '/admin/elections/nowhere', { phase: 'closed' }))).toBe('404 unparseable')
  })

  test('the devices of a committee are shown to whoever may close it', async () => {
    expect(await json<DevicesAnswer>(call('supervisor1', 'GET', '/committees/u01/devices'))).toEqual({ devices: [] })
    expect(await said(call('counter1', 'GET', '/committees/u01/devices'))).toBe('403 forbidden')
  })
})

test('a trigger knows in whose name a change is made, and nobody’s name stays on the connection', async () => {
  const { knex } = database.database
  await knex.raw(`
    create table heard (actor text);
    create function hear_actor() returns trigger language plpgsql as $$
      begin insert into heard values (current_setting('lajna.actor', true)); return null; end $$;
    create trigger hear after update on committees for each row execute function hear_actor();
  `)
  await call('supervisor1', 'PATCH', '/committees/u02', { phase: 'closed' })
  await inTheNameOf(knex, { user: id('admin') as never }, async (transaction) => {
    await transaction('committees').where('id', 'u02').update({ phase: null })
  })
  for (let time = 0; time < 12; time += 1) await knex('committees').where('id', 'u02').update({ phase: null })
  const actors = (await knex('heard').select<{ actor: string | null }[]>('actor')).map(({ actor }) => actor ?? '')
  expect(actors).toEqual([String(id('supervisor1')), String(id('admin')), ...Array(12).fill('')])
  await knex.raw('drop trigger hear on committees')
})
