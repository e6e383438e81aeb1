import { describe, expect, it } from 'vitest'
import type { CommitteeId, UserId } from '#contract/ids.ts'
import type { Person } from '#load/driver/person.ts'
import { makeDevices, type SeenDevice } from '#server/storage/devices.ts'
import { insertElection, makeDatabase } from './database.ts'
import { demoUser } from './demo-users.ts'
import { until } from './until.ts'
import { startWorld } from './world.ts'

const u01 = 'u01' as CommitteeId

const announce = (person: Person, device: string | undefined, unsent: unknown) =>
  person.provider.awareness?.setLocalState({ view: 'count', unsent, ...(device === undefined ? {} : { device }) })

describe('the devices of a committee', () => {
  it('are known on every process: who, how much is unsent, here or since when; a reload is no second device', async () => {
    await using world = await startWorld({ instances: 2, demo: true })
    const [first, second] = world.instances
    const user = await demoUser(world.sql)
    const token = world.sign(user('supervisor1'), 'supervisor')
    const list = async () => {
      const answer = await fetch(`${first.url}/api/committees/u01/devices`, { headers: { authorization: `Bearer ${token}` } })
      const { devices } = (await answer.json()) as { devices: { user: { id: number }; unsent: number; here: boolean; client: number }[] }
      return devices.map((device) => [device.user.id, device.unsent, device.here])
    }
    const [one, two] = [user('counter1'), user('counter2')]
    const phone = await world.person('u01', one, 'counter', { at: second ?? first }).synced()
    announce(phone, 'phone-1', 7)
    const laptop = await world.person('u01', two, 'counter', { at: first }).synced()
    announce(laptop, undefined, 'many')
    await until('both are known', async () => (await list()).length === 2)
    expect(await list()).toEqual([
      [one, 7, true],
      [two, 0, true],
    ])
    phone.leave()
    await until('it has left', async () => (await list())[0]?.[2] === false)
    expect((await list())[0]).toEqual([one, 7, false])
    const reloaded = await world.person('u01', one, 'counter', { at: first }).synced()
    announce(reloaded, 'phone-1', 0)
    await until('it has sent everything', async () => (await list()).every(([, unsent, here]) => unsent === 0 && here === true))
    expect(await list()).toHaveLength(2)
  })

  it('that end with their process are not here for ever', async () => {
    await using test = await makeDatabase()
    const { users } = await insertElection(test.database, { committees: ['u01'], users: [['a', 'counter']] })
    const devices = makeDevices(test.database.knex)
    await devices.save([{ ...seenBy(users[0]), age_ms: 149_000 }])
    expect(await devices.list(u01)).toMatchObject([{ here: true }])
    await devices.save([{ ...seenBy(users[0]), device: 'other', age_ms: 151_000 }])
    expect((await devices.list(u01)).map(({ here }) => here)).toEqual([false, true])
    await devices.save([{ ...seenBy(users[0]), device: 'yesterday', age_ms: 25 * 3_600_000 }])
    expect(await devices.list(u01)).toHaveLength(2)
  })

  it('what is older than what is known changes nothing; who is not there is left out, and the others are kept', async () => {
    await using test = await makeDatabase()
    const { users } = await insertElection(test.database, { committees: ['u01'], users: [['a', 'counter']] })
    const devices = makeDevices(test.database.knex)
    await devices.save([seenBy(users[0]), { ...seenBy(users[0]), committee: 'nowhere' as CommitteeId }, { ...seenBy(999), device: 'x' }])
    await devices.save([{ ...seenBy(users[0]), unsent: 9, here: false, age_ms: 5_000 }])
    expect(await devices.list(u01)).toMatchObject([{ unsent: 3, here: true }])
  })

  it('are bounded, of a person and of a committee; those that are here, or hold something, are kept', async () => {
    await using test = await makeDatabase()
    const names = Array.from({ length: 40 }, (_none, index) => [`p${index}`, 'counter'] as const)
    const { users } = await insertElection(test.database, { committees: ['u01'], users: names })
    const devices = makeDevices(test.database.knex)
    const of = (user: number | undefined, count: number): SeenDevice[] =>
      Array.from({ length: count }, (_none, index) => ({
        ...seenBy(user),
        device: `d${index}`,
        unsent: index === 0 ? 1 : 0,
        here: index === 1,
        age_ms: 1_000 * (count - index),
      }))
    await devices.save(of(users[0], 50))
    const kept = await devices.list(u01)
    expect(kept).toHaveLength(20)
    expect(kept.filter(({ unsent, here }) => unsent > 0 || here)).toHaveLength(2)
    await devices.save(users.flatMap((user) => of(user, 20)))
    expect((await test.database.knex('devices').select('device')).length).toBeLessThanOrEqual(500)
    expect(await devices.list(u01)).toHaveLength(200)
    expect((await devices.list(u01)).filter(({ unsent }) => unsent > 0)).toHaveLength(40)
  })
})

const seenBy = (user: number | undefined): SeenDevice => ({
  committee: u01,
  user: user as UserId,
  device: 'phone',
  client: 5 as SeenDevice['client'],
  unsent: 3,
  here: true,
  age_ms: 0,
})
