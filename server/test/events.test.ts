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
    const line = seen.committees.get(u01)
    expect(line).toMatchObject({ entry: { id: 'u01', phase: 'counting' }, people: expect.any(Number), unsent: 0, aside: 0 })

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
