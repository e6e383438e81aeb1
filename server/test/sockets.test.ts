import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { demoUser } from './demo-users.ts'
import { until } from './until.ts'
import { startWorld } from './world.ts'

const address = (url: string) => `${url.replace('http', 'ws')}/collaboration?committee=u01`

describe('who may open a socket, and who may keep it', () => {
  it('a page of another origin is turned away, the page’s own origin and a program without one are let in', async () => {
    await using world = await startWorld()
    const { url } = world.instances[0]
    const answer = async (origin?: string): Promise<string> => {
      const socket = new WebSocket(address(url), origin === undefined ? {} : { origin })
      // `once` rejects on an error: that is the answer as well.
      const outcome = await once(socket, 'open').then(
        () => 'open',
        (fault: Error) => fault.message,
      )
      socket.terminate()
      return outcome
    }
    expect(await answer('https://elsewhere.example')).toContain('403')
    expect(await answer(url)).toBe('open')
    expect(await answer()).toBe('open')
  })

  it('PUBLIC_URL names the origins: those and no others', async () => {
    await using world = await startWorld({ env: { PUBLIC_URL: 'https://count.example' } })
    const { url } = world.instances[0]
    const named = new WebSocket(address(url), { origin: 'https://count.example' })
    await once(named, 'open')
    named.terminate()
    const other = new WebSocket(address(url), { origin: url })
    expect(((await once(other, 'error'))[0] as Error).message).toContain('403')
  })

  it('a socket nobody logs in on is closed with 4401; one with a login stays', async () => {
    await using world = await startWorld({ demo: true, env: { LIMIT_UNAUTHENTICATED_MS: '300' } })
    const user = await demoUser(world.sql)
    const person = await world.person('u01', user('viewer1'), 'viewer').synced()
    const silent = new WebSocket(address(world.instances[0].url))
    const [code, reason] = (await once(silent, 'close')) as [number, Buffer]
    expect([code, reason.toString()]).toEqual([4401, 'unauthenticated'])
    expect(person.socket.status).toBe('connected')
    expect(person.connects).toBe(1)
  })

  it('a socket that answers no ping is cut, one that does is not, however quiet', async () => {
    await using world = await startWorld({ demo: true, env: { LIMIT_PING_MS: '2000' } })
    const user = await demoUser(world.sql)
    const person = await world.person('u01', user('viewer1'), 'viewer').synced()
    const dead = new WebSocket(address(world.instances[0].url), { autoPong: false })
    let pings = 0
    dead.on('ping', () => {
      pings += 1
    })
    await once(dead, 'close')
    expect(pings).toBeGreaterThanOrEqual(1)
    expect(person.connects).toBe(1)
  })

  it('a frame over the limit closes its socket and nobody else’s', async () => {
    await using world = await startWorld({ demo: true, env: { LIMIT_OFFLINE_BYTES_MAX: '100000' } })
    const user = await demoUser(world.sql)
    const person = await world.person('u01', user('counter1'), 'counter').synced()
    const greedy = new WebSocket(address(world.instances[0].url))
    await once(greedy, 'open')
    greedy.send(new Uint8Array(1_000_000))
    const [code] = await once(greedy, 'close')
    expect(code).toBe(1009)
    person.call('A', 1, [1], 1_763_856_000)
    await person.book.downTo(0)
  })

  it('a person may have only so many connections; another person is not counted with them', async () => {
    await using world = await startWorld({ demo: true, env: { LIMIT_USER_CONNECTIONS_MAX: '2' } })
    const user = await demoUser(world.sql)
    const id = user('viewer1')
    const two = [world.person('u01', id, 'viewer'), world.person('u02', id, 'viewer')]
    await Promise.all(two.map((person) => person.synced()))
    const third = world.person('u03', id, 'viewer')
    await until('the third is refused', () => third.sentAway.includes('too-many-connections'))
    third.leave()
    await world.person('u03', user('counter1'), 'counter').synced()
    two[0]?.leave()
    await world.person('u03', id, 'viewer').synced()
  })
})
