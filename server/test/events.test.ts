import { describe, expect, it } from 'vitest'
import type { CommitteeAnswer, LoginAnswer, Problem } from '#contract/api.ts'
import type { OverviewAnswer } from '#contract/events.ts'
import type { CommitteeId } from '#contract/ids.ts'
import { Watch, type WatchOptions } from '#load/driver/watch.ts'
import { demoUser } from './demo-users.ts'
import { until } from './until.ts'
import { startWorld, type World } from './world.ts'

const at_s = 1_763_856_000
const u01 = 'u01' as CommitteeId

async function login(url: string, name: string) {
  const response = await fetch(`${url}/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login: name, password: 'lajna-demo' }),
  })
  const { token } = (await response.json()) as LoginAnswer
  const cookie = (response.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  return { token, cookie, bearer: { authorization: `Bearer ${token}` } }
}

/** Ends with the scope. */
function watch(world: World, headers: Readonly<Record<string, string>>, more: Partial<WatchOptions> = {}) {
  const it = new Watch({ url: world.instances[0].url, headers, ...more })
  return Object.assign(it, { [Symbol.dispose]: () => it.close() })
}

async function overviewOf(url: string, bearer: Readonly<Record<string, string>>): Promise<OverviewAnswer> {
  const response = await fetch(`${url}/api/overview`, { headers: bearer })
  expect(response.status).toBe(200)
  return (await response.json()) as OverviewAnswer
}

describe('the picture of the committees one may read', () => {
  it('[O7] a stream begins with all of it, and goes on with what is different; GET answers the same', async () => {
    await using world = await startWorld({ demo: true })
    const [{ url }] = world.instances
    const user = await demoUser(world.sql)
    const supervisor = await login(url, 'supervisor1')
    using seen = watch(world, supervisor.bearer)
    await until('the picture', () => seen.events.length >= 2)
    expect(seen.events.slice(0, 2).map(({ type, full }) => `${type} ${full}`)).toEqual(['overview true', 'presence true'])

    const counter = await world.person('u01', user('counter1'), 'counter').synced()
    for (let n = 1; n <= 20; n += 1) counter.call('A', n, [n, n + 1], at_s)
    await counter.book.downTo(0)
    await until('the ballots', () => seen.committees.get(u01)?.summary?.sheets.A?.ballots === 20)
    expect(seen.events.filter(({ full }) => full)).toHaveLength(2)
    counter.show({ view: 'count', sheet: 'A', ballot: 21, unsent: 3 })
    await until('who is there', () => seen.committees.get(u01)?.people === 1 && seen.committees.get(u01)?.unsent === 3)
    await until('and where', () => seen.rosters.get(u01)?.people[0]?.ballot === 21)
    const line = seen.committees.get(u01)
    expect(line).toMatchObject({ entry: { id: 'u01', phase: 'counting' }, aside: 0 })

    const answer = await overviewOf(url, supervisor.bearer)
    expect(answer.committees.map(({ entry }) => entry.id).sort()).toEqual([...seen.committees.keys()].sort())
    expect(answer.committees.find(({ entry }) => entry.id === u01)?.summary).toEqual(line?.summary)
    expect(answer.curve.at(-1)).toMatchObject({ ballots: 20 })
    const one = (await (await fetch(`${url}/api/committees/u01`, { headers: supervisor.bearer })).json()) as CommitteeAnswer
    expect(one.summary).toEqual(line?.summary)
  })

  it('[O8] the refresh cookie opens it as well, is not used up, and is refused to other sites; without either nothing is opened', async () => {
    await using world = await startWorld({ demo: true })
    const [{ url }] = world.instances
    const marker = await login(url, 'marker1')
    using seen = watch(world, { cookie: marker.cookie, 'sec-fetch-site': 'same-origin' })
    await until('the picture', () => seen.events.length >= 2)
    expect((await fetch(`${url}/api/token`, { method: 'POST', headers: { cookie: marker.cookie } })).status).toBe(200)
    using foreign = watch(world, { cookie: marker.cookie, 'sec-fetch-site': 'cross-site' })
    using nobody = watch(world, {})
    await until('the refusals', () => foreign.ended && nobody.ended)
    const codes = [foreign, nobody].map(({ status, body }) => [status, (JSON.parse(body) as Problem).code])
    expect(codes).toEqual([
      [403, 'forbidden'],
      [401, 'unauthenticated'],
    ])
    expect(seen.ended).toBe(false)
  })
})

const assign = (
  world: World,
  user: number,
  { committee, taken = [] }: { readonly committee: string; readonly taken?: readonly string[] },
) =>
  world.sql.query(
    `insert into assignments (user_id, committee_id, taken) values ($1, $2, $3)
     on conflict (user_id, committee_id, site_id) do update set taken = excluded.taken`,
    [user, committee, taken],
  )
const unassign = (world: World, user: number, committee: string) =>
  world.sql.query('delete from assignments where user_id = $1 and committee_id = $2', [user, committee])

describe('what one may not read is not on the wire', () => {
  it('[O8] a supervisor of one site receives nothing of another site, and nobody a mobile number; those who may, do', async () => {
    await using world = await startWorld({ demo: true })
    const [{ url }] = world.instances
    const user = await demoUser(world.sql)
    const [supervisor, marker, admin, coordinator] = await Promise.all(
      ['supervisor1', 'marker1', 'admin', 'coordinator1'].map((name) => login(url, name)),
    )
    if (!supervisor || !marker || !admin || !coordinator) throw new Error('four logins')
    using theirs = watch(world, supervisor.bearer, { keepBytes: true })
    using marks = watch(world, { cookie: marker.cookie }, { keepBytes: true })
    using all = watch(world, admin.bearer, { keepBytes: true })
    const people = [theirs, marks, all]
    await until('the pictures', () => people.every(({ events }) => events.length >= 2))

    const here = await world.person('u01', user('coordinator1')).synced()
    const there = await world.person('u08', user('admin'), 'administrator').synced()
    for (const person of [here, there]) {
      for (let n = 1; n <= 5; n += 1) {
        person.mark(n, at_s)
        person.pledge(n + 10, 'strength', 'strong')
        person.call('A', n, [n], at_s)
      }
      person.report('minute', 'ballots', 5)
    }
    await Promise.all([here.book.downTo(0), there.book.downTo(0)])
    await until('both are seen by who may', () =>
      ['u01', 'u08'].every((id) => all.committees.get(id as CommitteeId)?.summary?.figures.minute.waiting === 1),
    )
    await until('and the one by the others', () => [theirs, marks].every((one) => one.committees.get(u01)?.summary?.attended === 5))

    const asked = ['/api/overview', '/api/committees', '/api/committees/u01', '/api/committees/u08', '/api/me']
    const answersOf = async (bearer: Readonly<Record<string, string>>) =>
      (await Promise.all(asked.map(async (path) => (await fetch(`${url}${path}`, { headers: bearer })).text()))).join('\n')
    const said = await Promise.all([supervisor, marker, admin].map(({ bearer }) => answersOf(bearer)))
    const { rows } = await world.sql.query<{ mobile: string }>('select mobile from electors where mobile is not null')
    const harbour = /u08|u09|u10|الميناء|Harbour/
    for (const [index, one] of people.entries()) {
      const bytes = one.raw + said[index]
      expect(bytes.length).toBeGreaterThan(2_000)
      expect(harbour.test(one.raw)).toBe(one === all)
      expect(harbour.test(said[index] ?? '')).toBe(one === all)
      expect(rows.filter(({ mobile }) => bytes.includes(mobile))).toEqual([])
    }
    const rollOf = async (bearer: Readonly<Record<string, string>>) =>
      (await fetch(`${url}/api/committees/u01/roll`, { headers: bearer })).text()
    const hasMobile = (text: string) => rows.some(({ mobile }) => text.includes(mobile))
    expect(hasMobile(await rollOf(marker.bearer))).toBe(false)
    expect(hasMobile(await rollOf(coordinator.bearer))).toBe(true)
  })
})

describe('rights that change while somebody watches, on the other of two processes', () => {
  it('[O8] what ends is gone, what begins appears with a notice; a twin is told nothing of it', async () => {
    await using world = await startWorld({ instances: 2, demo: true })
    const [first, second = first] = world.instances
    const user = await demoUser(world.sql)
    const at = { url: second.url }
    using counter = watch(world, { authorization: `Bearer ${world.sign(user('counter1'), 'counter')}` }, at)
    using twin = watch(world, { authorization: `Bearer ${world.sign(user('counter2'), 'counter')}` }, at)
    await until('the pictures', () => [counter, twin].every(({ events }) => events.length >= 2))
    expect([...counter.committees.keys()]).toEqual([...twin.committees.keys()])

    await unassign(world, user('counter1'), 'u02')
    await until('it is gone', () => counter.gone.length > 0)
    expect(counter.gone).toEqual(['u02'])
    await assign(world, user('counter1'), { committee: 'u09' })
    await until('it appears', () => counter.committees.has('u09' as CommitteeId))
    await assign(world, user('counter1'), { committee: 'u01', taken: ['figures'] })
    await until('fewer rights', () => counter.committees.get(u01)?.entry.rights.includes('figures') === false)
    await world.sql.query("update committees set phase = 'closed' where id = 'u03'")
    const u03 = 'u03' as CommitteeId
    await until('the phase, to both', () => [counter, twin].every((one) => one.committees.get(u03)?.entry.phase === 'closed'))
    await until('the notices', () => counter.notices.length >= 3 && twin.notices.length >= 1)
    expect(counter.notices.map(({ code, committee, subject }) => [code, committee, subject])).toEqual([
      ['assigned', 'u09', undefined],
      ['rights', 'u01', undefined],
      ['phase', 'u03', 'closed'],
    ])
    expect(twin.notices.map(({ code }) => code)).toEqual(['phase'])
    expect(twin.gone).toEqual([])
  })

  it('[O8] signed out everywhere: streams end, sockets close, token and cookie are refused; others go on, and a new login works', async () => {
    await using world = await startWorld({ instances: 2, demo: true })
    const [first, second = first] = world.instances
    const user = await demoUser(world.sql)
    const admin = await login(first.url, 'admin')
    const out = await login(second.url, 'counter1')
    const twin = await login(second.url, 'counter2')
    const at = { url: second.url }
    using byToken = watch(world, out.bearer, at)
    using byCookie = watch(world, { cookie: out.cookie }, at)
    using other = watch(world, twin.bearer, at)
    const person = await world.person('u01', user('counter1'), 'counter', { at: second, token: () => out.token }).synced()
    const closes: string[] = []
    person.provider.on('authenticationFailed', ({ reason }: { reason: string }) => closes.push(reason))
    await until('the pictures', () => [byToken, byCookie, other].every(({ events }) => events.length >= 2))

    const signOut = (id: number | string, bearer: Readonly<Record<string, string>>) =>
      fetch(`${first.url}/api/admin/users/${id}/sign-out`, { method: 'POST', headers: bearer })
    expect((await signOut(user('counter1'), twin.bearer)).status).toBe(403)
    expect((await signOut('999999', admin.bearer)).status).toBe(404)
    expect((await signOut(user('counter1'), admin.bearer)).status).toBe(204)
    await until('both streams end', () => byToken.ended && byCookie.ended)
    expect([byToken.revoked, byCookie.revoked]).toEqual(['unauthenticated', 'unauthenticated'])
    await until('the socket comes back and is refused', () => closes.length > 0)
    expect(closes[0]).toBe('unauthenticated')
    for (const { url } of world.instances) {
      expect((await fetch(`${url}/api/me`, { headers: out.bearer })).status).toBe(401)
      expect((await fetch(`${url}/api/token`, { method: 'POST', headers: { cookie: out.cookie } })).status).toBe(401)
      expect((await fetch(`${url}/api/me`, { headers: twin.bearer })).status).toBe(200)
    }
    const again = await login(second.url, 'counter1')
    expect((await fetch(`${first.url}/api/me`, { headers: again.bearer })).status).toBe(200)
    expect(other.ended).toBe(false)
    const audit = await world.sql.query("select user_id, subject, details from audit where kind = 'sign-out'")
    expect(audit.rows).toEqual([
      {
        user_id: user('admin'),
        subject: 'counter1',
        details: { of: 'users', done: 'update', old: { sign_outs: 0 }, new: { sign_outs: 1 } },
      },
    ])
  })
})

describe('notices', () => {
  it('[O10] where two sheets differ at a ballot, both counters hear of it, once, and a marker does not; so with figures, and work kept aside', async () => {
    await using world = await startWorld({ demo: true })
    const [{ url }] = world.instances
    const user = await demoUser(world.sql)
    const names = ['counter1', 'counter2', 'marker1', 'supervisor1'] as const
    const [one, other, marker, supervisor] = await Promise.all(names.map(async (name) => watch(world, (await login(url, name)).bearer)))
    if (!one || !other || !marker || !supervisor) throw new Error('four')
    const watches = [one, other, marker, supervisor]
    await until('the pictures', () => watches.every(({ events }) => events.length >= 2))
    const heard = (it: Watch) => it.notices.map(({ code, committee, subject }) => `${code} ${committee} ${subject ?? ''}`.trim())

    const [first, second] = [
      await world.person('u01', user('counter1'), 'counter').synced(),
      await world.person('u01', user('counter2'), 'counter').synced(),
    ]
    for (let n = 141; n <= 145; n += 1) {
      first.call('A', n, [n === 143 ? 7 : 1], at_s)
      second.call('B', n, [1], at_s)
    }
    await until('both see it', () => [one, other, supervisor].every((it) => heard(it).includes('sheets-differ u01 143')))
    expect(one.committees.get(u01)?.summary?.difference).toEqual({ n: 143, one: 'A', other: 'B' })

    first.report('minute', 'ballots', 5)
    await until('one has said', () => one.committees.get(u01)?.summary?.figures.minute.waiting === 1)
    second.report('minute', 'ballots', 6)
    await until('they differ', () => [one, other, supervisor].every((it) => heard(it).includes('figures-differ u01 minute/ballots')))

    // Closed for counters alone; what they bring then is kept aside.
    await assign(world, user('counter1'), { committee: 'u01', taken: ['count'] })
    await until('the right is gone', () => one.committees.get(u01)?.entry.rights.includes('count') === false)
    first.call('A', 146, [1], at_s)
    await until('it is kept aside', () => supervisor.committees.get(u01)?.aside === 1)
    await until('who rules hears of it', () => heard(supervisor).includes('aside u01'))
    expect(heard(supervisor).sort()).toEqual(['aside u01', 'figures-differ u01 minute/ballots', 'sheets-differ u01 143'])
    expect(heard(marker)).toEqual([])
    expect(marker.committees.get(u01)).not.toHaveProperty('aside')
    for (const it of watches) it.close()
  })
})

describe('a conflict', () => {
  it('[O10] is counted, and told to who may answer it, with the elector; resolved, it is counted no more and nobody is told', async () => {
    await using world = await startWorld({ demo: true })
    const [{ url }] = world.instances
    const user = await demoUser(world.sql)
    using coordinator = watch(world, (await login(url, 'coordinator1')).bearer)
    using counter = watch(world, (await login(url, 'counter1')).bearer)
    await until('the pictures', () => [coordinator, counter].every(({ events }) => events.length >= 2))
    const [here, there] = [
      await world.person('u01', user('coordinator1')).synced(),
      await world.person('u01', user('coordinator2')).synced(),
    ]
    const field = `9/${user('coordinator1')}/group`
    const write = (person: typeof here, value: string) => person.doc.getMap('guarantees').set(field, value)
    write(here, 'first')
    await until('both have it', () => there.doc.getMap('guarantees').get(field) === 'first')
    await there.goOffline()
    write(here, 'mine')
    await here.book.downTo(0)
    write(there, 'theirs')
    there.goOnline()
    await until('it is told', () => coordinator.notices.length > 0)
    expect(coordinator.notices).toMatchObject([{ code: 'conflict', committee: 'u01', subject: '9' }])
    const conflicts = () => [coordinator, counter].map((one) => one.committees.get(u01)?.summary?.conflicts)
    await until('both count it', () => conflicts().every((count) => count === 1))

    await until('the question is there', () => here.doc.getMap('conflicts').size === 1)
    write(here, here.doc.getMap('guarantees').get(field) as string)
    await until('it is resolved', () => conflicts().every((count) => count === 0))
    expect([coordinator.notices.length, counter.notices.length]).toEqual([1, 0])
  })
})

describe('bounds', () => {
  it('[O11] one stream too many ends the oldest and is counted; another person is not touched', async () => {
    await using world = await startWorld({ demo: true, env: { LIMIT_EVENTS_PER_USER_MAX: '2' } })
    const [{ url }] = world.instances
    const { bearer } = await login(url, 'marker1')
    using other = watch(world, (await login(url, 'counter1')).bearer)
    const streams: ReturnType<typeof watch>[] = []
    for (let n = 0; n < 3; n += 1) {
      const next = watch(world, bearer)
      streams.push(next)
      await until('it is open', () => next.events.length >= 2)
    }
    await until('the first has ended', () => streams[0]?.ended === true)
    expect(streams.map(({ ended }) => ended)).toEqual([true, false, false])
    expect(streams[0]?.retry_ms).toBeGreaterThan(60_000)
    expect(other.ended).toBe(false)
    const metrics = await (await fetch(`${url}/metrics`)).text()
    expect(metrics).toMatch(/lajna_refusals_total\{code="too-many-connections",instance="test-0"\} 1/)
    for (const one of streams) one.close()
  })

  it('a server that goes ends its streams, and says when to come back', async () => {
    await using world = await startWorld({ demo: true })
    const [server] = world.instances
    using seen = watch(world, (await login(server.url, 'marker1')).bearer)
    await until('the picture', () => seen.events.length >= 2)
    expect(await server.stop()).toBe(0)
    await until('the end', () => seen.ended)
    expect(seen.retry_ms).toBeGreaterThanOrEqual(1_000)
    expect(seen.revoked).toBeUndefined()
  })
})
