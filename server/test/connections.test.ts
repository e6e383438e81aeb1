import { describe, expect, it } from 'vitest'
import type { ConnectionsAnswer } from '#contract/api.ts'
import { demoUser } from './demo-users.ts'
import { until } from './until.ts'
import { startWorld } from './world.ts'

describe('who is connected, for administrators', () => {
  it('one answer for all processes, whichever is asked; a process that was killed is not counted for long', async () => {
    await using world = await startWorld({ instances: 2, demo: true })
    const user = await demoUser(world.sql)
    const [first, second = first] = world.instances
    const here = await world.person('u01', user('counter1'), 'counter', { at: first }).synced()
    const there = await world.person('u02', user('counter1'), 'counter', { at: second }).synced()
    await world.person('u01', user('marker1'), 'marker', { at: second }).synced()
    const ask = async (at: typeof first, by = 'admin', role = 'administrator') => {
      const headers = { authorization: `Bearer ${world.sign(user(by), role)}` }
      const response = await fetch(`${at.url}/api/admin/connections`, { headers })
      return { status: response.status, answer: (await response.json()) as ConnectionsAnswer }
    }
    // The other process says it every ten seconds.
    for (const at of [first, second]) await until('all of them', async () => (await ask(at)).answer.connections === 3)
    const { answer } = await ask(first)
    expect(answer).toMatchObject({ connections: 3, documents: 3, instances: ['test-0', 'test-1'] })
    const counter = { user: { login: 'counter1', role: 'counter' }, devices: 2, committees: ['u01', 'u02'], unsent: 0 }
    expect(answer.users).toMatchObject([{ user: { login: 'marker1' }, devices: 1, committees: ['u01'] }, counter])
    for (const { since_ms } of answer.users) expect(Math.abs(since_ms - Date.now())).toBeLessThan(240_000)
    expect(answer.trend.at(-1)).toMatchObject({ connections: 3, users: 3 })
    expect((await ask(first, 'supervisor1', 'supervisor')).status).toBe(403)

    // The most at once stays in the trend.
    here.leave()
    await until('one less', async () => (await ask(first)).answer.connections === 2)
    expect((await ask(first)).answer.trend.at(-1)?.connections).toBe(3)
    there.leave()
    await second.kill()
    await until('it is not heard', async () => (await ask(first)).answer.instances.length === 1)
    expect((await ask(first)).answer).toMatchObject({ connections: 0, instances: ['test-0'], users: [] })
  })
})
