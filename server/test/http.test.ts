import pino from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LoginAnswer, MeAnswer, Problem, RollAnswer, TokenAnswer } from '#contract/api.ts'
import { isRefusalCode } from '#contract/refusals.ts'
import { hashPassword } from '#server/auth/password.ts'
import { addElection } from '#server/demo/load.ts'
import { national } from '#server/demo/national.ts'
import { type Running, start } from '#server/start.ts'
import { unwrapConfig } from './config.ts'
import { makeDatabase, type TestDatabase } from './database.ts'

let database: TestDatabase
let running: Running
let base = ''

beforeAll(async () => {
  database = await makeDatabase()
  running = await start(
    unwrapConfig({ DATABASE_URL: database.url, DEMO: '1', PORT: '0', LIMIT_LOGIN_TRIES_MAX: '3' }),
    pino({ level: 'silent' }),
  )
  base = `http://127.0.0.1:${running.port}`
})

afterAll(async () => {
  await running.stop(5_000)
  await database[Symbol.asyncDispose]()
})

const post = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
  fetch(`${base}${path}`, {
    method: 'POST',
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })

async function login(name: string) {
  const response = await post('/api/login', { login: name, password: 'lajna-demo' })
  expect(response.status).toBe(200)
  const answer = (await response.json()) as LoginAnswer
  const setCookie = response.headers.get('set-cookie') ?? ''
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${base}${path}`, { headers: { authorization: `Bearer ${answer.token}`, ...headers } })
  return { answer, setCookie, cookie: cookieIn(setCookie), get }
}

const cookieIn = (setCookie: string) => setCookie.split(';')[0] ?? ''

async function problem(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toContain('application/problem+json')
  const body = (await response.json()) as Problem
  expect(isRefusalCode(body.code)).toBe(true)
  expect(body.status).toBe(response.status)
  return body
}

describe('logging in', () => {
  test('gives a token, its end, the user, and a cookie that scripts and other sites cannot use', async () => {
    const before_s = Date.now() / 1_000
    const { answer, setCookie } = await login('coordinator1')
    expect(answer.user).toMatchObject({ login: 'coordinator1', role: 'coordinator' })
    expect(answer.expires_at).toBeGreaterThan(before_s + 890)
    expect(setCookie).toMatch(/; Path=\/api; .*HttpOnly; SameSite=Strict$/)
  })

  test.each([
    { body: { login: 'coordinator1', password: 'wrong' }, status: 401, code: 'unauthenticated' },
    { body: { login: 'nobody', password: 'lajna-demo' }, status: 401, code: 'unauthenticated' },
    { body: { login: 'coordinator1' }, status: 400, code: 'malformed' },
    { body: { login: ['coordinator1'], password: {} }, status: 400, code: 'malformed' },
    { body: '{"login":', status: 400, code: 'unparseable' },
    { body: { login: 'coordinator1', password: 'x'.repeat(20_000) }, status: 413, code: 'too-large' },
  ])('refuses $code with status $status', async ({ body, status, code }) => {
    expect(await problem(await post('/api/login', body))).toMatchObject({ status, code })
  })

  test('after login_tries_max wrong passwords even the right one has to wait; another login does not', async () => {
    const attempt = (password: string) => post('/api/login', { login: 'viewer1', password })
    for (let tries = 0; tries < 3; tries += 1) expect((await attempt('wrong')).status).toBe(401)
    const refused = await attempt('lajna-demo')
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(500)
    expect(await problem(refused)).toMatchObject({ code: 'rate-limited', status: 429 })
    await login('marker1')
  })
})

describe('staying logged in', () => {
  test('the cookie gives a new token and a new cookie, again and again', async () => {
    let { cookie } = await login('counter1')
    for (let round = 0; round < 3; round += 1) {
      const response = await post('/api/token', undefined, { cookie })
      expect(response.status).toBe(200)
      const { token } = (await response.json()) as TokenAnswer
      const me = await fetch(`${base}/api/me`, { headers: { authorization: `Bearer ${token}` } })
      expect(((await me.json()) as MeAnswer).user.login).toBe('counter1')
      const next = cookieIn(response.headers.get('set-cookie') ?? '')
      expect(next).not.toBe(cookie)
      cookie = next
    }
  })

  test('a cookie that comes again after its successor was used ends the family; another login of the same person lives on', async () => {
    const stolen = await login('counter1')
    const other = await login('counter1')
    const rotated = await post('/api/token', undefined, { cookie: stolen.cookie })
    const successor = cookieIn(rotated.headers.get('set-cookie') ?? '')
    expect((await post('/api/token', undefined, { cookie: successor })).status).toBe(200)
    expect(await problem(await post('/api/token', undefined, { cookie: stolen.cookie }))).toMatchObject({ code: 'unauthenticated' })
    expect((await post('/api/token', undefined, { cookie: successor })).status).toBe(401)
    expect((await post('/api/token', undefined, { cookie: other.cookie })).status).toBe(200)
  })

  test('logging out ends the family and takes the cookie back', async () => {
    const { cookie } = await login('counter1')
    const response = await post('/api/logout', undefined, { cookie })
    expect(response.status).toBe(204)
    expect(response.headers.get('set-cookie')).toContain('Expires=Thu, 01 Jan 1970')
    expect((await post('/api/token', undefined, { cookie })).status).toBe(401)
  })

  test('without a cookie there is no token', async () => {
    expect(await problem(await post('/api/token'))).toMatchObject({ code: 'unauthenticated', status: 401 })
  })
})

describe('what a person sees', () => {
  test('me: the election with its candidates, and the committees assigned, with rights and phase', async () => {
    const { get } = await login('coordinator1')
    const me = (await (await get('/api/me')).json()) as MeAnswer
    expect(me.election).toMatchObject({ id: 'kuwait-union', phase: 'counting', choices_per_ballot: 15 })
    expect(me.election.candidates).toHaveLength(30)
    expect(me.committees.length).toBeGreaterThan(0)
    for (const entry of me.committees) {
      expect(entry.rights).toEqual(['read', 'guarantees', 'attendance', 'count', 'figures', 'contacts'])
      expect(entry.phase).toBe('counting')
      expect(entry.electors).toBeGreaterThan(300)
    }
    const list = (await (await get('/api/committees')).json()) as { committees: unknown[] }
    expect(list.committees).toEqual(me.committees)
    expect(await (await get(`/api/committees/${me.committees[0]?.id}`)).json()).toEqual(me.committees[0])
  })

  test('me: of several elections each committee names its own, and a candidate the constituency whose ballot paper it is', async () => {
    const { knex } = database.database
    const [first] = national().committees
    if (!first) throw new Error('the country has committees')
    const assignments = [{ login: 'counter2', committee: first.id }]
    await addElection(knex, { ...national(), committees: [first], assignments }, hashPassword)
    const me = (await (await (await login('counter2')).get('/api/me')).json()) as MeAnswer
    expect(me.elections.map(({ id }) => id)).toEqual(['kuwait-union', 'national'])
    expect(me.election).toEqual(me.elections[0])
    const there = me.committees.find(({ id }) => id === first.id)
    expect(there).toMatchObject({ election: 'national', constituency: 'الدائرة الأولى' })
    expect(me.committees.find(({ id }) => id === 'u01')).toMatchObject({ election: 'kuwait-union' })
    const candidates = me.elections[1]?.candidates ?? []
    expect(candidates.filter(({ constituency }) => constituency === there?.constituency)).toHaveLength(40)
    expect(me.election.candidates.filter(({ constituency }) => constituency !== undefined)).toEqual([])
    // The others' world stays as it was for the tests that follow.
    await knex('assignments').where({ committee_id: first.id }).delete()
    await knex('electors').where({ committee_id: first.id }).delete()
    await knex('committees').where({ id: first.id }).delete()
  })

  test('an outsider sees the election and no committee; the administrator sees them all', async () => {
    const outsider = await login('outsider1')
    const me = (await (await outsider.get('/api/me')).json()) as MeAnswer
    expect([me.election.id, me.committees]).toEqual(['kuwait-union', []])
    const admin = await login('admin')
    expect(((await (await admin.get('/api/me')).json()) as MeAnswer).committees).toHaveLength(13)
  })

  test('a committee not assigned is 403, one that does not exist 404, an address that does not exist 404', async () => {
    const [outsider, admin] = [await login('outsider1'), await login('admin')]
    const { committees } = (await (await admin.get('/api/me')).json()) as MeAnswer
    const path = `/api/committees/${committees[0]?.id}/roll`
    expect((await admin.get(path)).status).toBe(200)
    expect(await problem(await outsider.get(path))).toMatchObject({ code: 'not-assigned', status: 403 })
    expect(await problem(await admin.get('/api/committees/nowhere/roll'))).toMatchObject({ code: 'unknown-committee', status: 404 })
    expect(await problem(await admin.get('/api/committees/NOT..AN%20ID'))).toMatchObject({ code: 'unknown-committee', status: 404 })
    expect((await problem(await admin.get('/api/nonsense'))).status).toBe(404)
  })

  test.each(['/api/me', '/api/committees', '/api/committees/any/roll'])('%s: no token, a broken one: 401', async (path) => {
    for (const authorization of ['', 'Bearer', 'Bearer x.y.z', 'Basic YTpi']) {
      expect(await problem(await fetch(`${base}${path}`, { headers: { authorization } }))).toMatchObject({ code: 'unauthenticated' })
    }
  })

  test('the roll brings the names of those who work there, in both languages, and of nobody else', async () => {
    const { get } = await login('collector1')
    const { people } = (await (await get('/api/committees/u01/roll')).json()) as RollAnswer
    expect(people.find(({ name_en }) => name_en === 'Muna Al-Enezi')?.name).toBe('منى العنزي')
    expect(people.map(({ name_en }) => name_en)).not.toContain('Dhari Al-Ghanim')
    expect(people.map(({ id }) => id)).toEqual(people.map(({ id }) => id).sort((a, b) => a - b))
  })

  test('mobile numbers come with the right contacts only, and the tag of the roll differs', async () => {
    const [coordinator, marker] = [await login('coordinator1'), await login('marker1')]
    const { committees } = (await (await marker.get('/api/me')).json()) as MeAnswer
    const path = `/api/committees/${committees[0]?.id}/roll`
    const [withNumbers, without] = [await coordinator.get(path), await marker.get(path)]
    const rolls = [(await withNumbers.json()) as RollAnswer, (await without.json()) as RollAnswer] as const
    expect(rolls[0].electors.some((elector) => elector.mobile !== undefined)).toBe(true)
    expect(rolls[1].electors.some((elector) => 'mobile' in elector)).toBe(false)
    expect(rolls[1].electors).toEqual(rolls[0].electors.map(({ mobile: _, ...elector }) => elector))
    expect(withNumbers.headers.get('etag')).not.toBe(without.headers.get('etag'))
    expect(withNumbers.headers.get('content-encoding')).toMatch(/br|gzip/)
    const again = await coordinator.get(path, { 'if-none-match': withNumbers.headers.get('etag') ?? '' })
    expect(again.status).toBe(304)
    expect((await marker.get(path, { 'if-none-match': withNumbers.headers.get('etag') ?? '' })).status).toBe(200)
  })

  test('a right taken by an assignment holds at once', async () => {
    const { get, answer } = await login('collector1')
    const { committees } = (await (await get('/api/me')).json()) as MeAnswer
    const path = `/api/committees/${committees[0]?.id}`
    expect((await get(path)).status).toBe(200)
    await database.database
      .knex('assignments')
      .where('user_id', answer.user.id)
      .update({ taken: ['read'] })
    expect(await problem(await get(path))).toMatchObject({ code: 'forbidden', status: 403 })
    await database.database.knex('assignments').where('user_id', answer.user.id).update({ taken: [] })
  })

  test('a disabled person is refused a new token, and every committee', async () => {
    const { get, answer, cookie } = await login('counter2')
    const users = database.database.knex('users').where('id', answer.user.id)
    await users.clone().update({ disabled_at: new Date() })
    expect(await problem(await get('/api/me'))).toMatchObject({ code: 'unauthenticated' })
    expect((await post('/api/token', undefined, { cookie })).status).toBe(401)
    expect(await problem(await get('/api/committees'))).toMatchObject({ code: 'unauthenticated' })
    await users.clone().update({ disabled_at: null })
  })
})

describe('health and figures', () => {
  test('ready with a database and its migrations, and not with one missing', async () => {
    expect((await fetch(`${base}/health/ready`)).status).toBe(200)
    const { knex } = database.database
    const [last] = await knex('knex_migrations').orderBy('id', 'desc').limit(1)
    await knex('knex_migrations').where('id', last.id).delete()
    expect(await problem(await fetch(`${base}/health/ready`))).toMatchObject({ code: 'store-unavailable', title: 'Migrations are missing' })
    await knex('knex_migrations').insert(last)
    expect((await fetch(`${base}/health/ready`)).status).toBe(200)
  })

  test('metrics count refusals by code and requests by route', async () => {
    await fetch(`${base}/api/committees/some-where/roll`)
    const text = await (await fetch(`${base}/metrics`)).text()
    expect(text).toMatch(/lajna_refusals_total\{code="unauthenticated",[^}]*\} [1-9]/)
    expect(text).toMatch(/lajna_http_request_seconds_count\{[^}]*route="\/api\/login"[^}]*\} [1-9]/)
    expect(text).not.toContain('some-where')
    expect(text).toMatch(/lajna_connections\{[^}]*\} 0/)
    expect(text).toContain('process_resident_memory_bytes')
  })

  test('every answer forbids foreign scripts', async () => {
    const policy = (await fetch(`${base}/health/live`)).headers.get('content-security-policy')
    expect(policy).toContain("default-src 'self'")
    expect(policy).toContain("connect-src 'self' ws: wss:")
  })
})
