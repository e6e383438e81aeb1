import { describe, expect, it } from 'vitest'
import type { Roster } from '#contract/presence.ts'
import type { ServerProcess } from '#load/driver/server.ts'
import { hearEachOther, missesRedis, startCluster } from './cluster.kit.ts'
import { frames, RawSocket } from './raw.ts'
import { startRedis } from './redis.ts'
import { until } from './until.ts'
import { diaryOf, others, stateOf } from './watching.ts'

const u01 = 'committee:u01'
/** P10 says 5 s; a machine that others use as well may take several times as long. */
const vanish_ms_max = 25_000

/** Two processes, and a watcher at the second who sees what the first says of its people. */
async function openStage() {
  await using starting = new AsyncDisposableStack()
  const redis = starting.use(await startRedis())
  const cluster = starting.use(await startCluster(redis))
  const { world, first, second, user } = cluster
  const watcher = await world.person('u01', user('viewer1'), 'viewer', { at: second }).synced()
  const rosterAt = async (server: ServerProcess): Promise<Roster> => {
    const headers = { authorization: `Bearer ${world.sign(user('supervisor1'), 'supervisor')}` }
    return (await (await fetch(`${server.url}/api/committees/u01/presence`, { headers })).json()) as Roster
  }
  const clientsAt = async (server: ServerProcess) => (await rosterAt(server)).people.map(({ client }) => Number(client))
  const at = (server: ServerProcess) => ({
    person: (login: string, role?: string) => world.person('u01', user(login), role, { at: server }).synced(),
    raw: (token: string) => new RawSocket(server.url).login(u01, token),
    token: (login: string, role: string, client?: number) =>
      client === undefined ? world.sign(user(login), role) : JSON.stringify({ jwt: world.sign(user(login), role), client }),
  })
  const scope = starting.move()
  const stage = { redis, world, first, second, user, watcher, rosterAt, clientsAt, here: at(first), there: at(second) }
  return { ...stage, [Symbol.asyncDispose]: () => scope.disposeAsync() }
}

describe('people at two processes', () => {
  it('[P1] [P2] [P3] [P5] over two processes: who they are, only under their own client; gone at once by null, by leaving, by a cut', async () => {
    await using stage = await openStage()
    const { first, second, user, watcher, here, clientsAt, rosterAt } = stage
    const quiet = await here.person('counter1', 'counter')
    const leaver = await here.person('counter2', 'counter')
    using dropped = await here.raw(here.token('coordinator1', 'coordinator', 4_711))
    quiet.show({ view: 'count', user: { id: 1, name: 'somebody else', role: 'administrator' } })
    leaver.show({ view: 'figures' })
    dropped.send(frames.presences(u01, [4_711, 1, { view: 'roll' }], [quiet.doc.clientID, 2 ** 41, { view: 'absent' }]))
    const all = [quiet.doc.clientID, leaver.doc.clientID, 4_711]
    await until('all are seen', () => all.every((client) => stateOf(watcher, client)?.view !== undefined))
    expect(stateOf(watcher, quiet.doc.clientID)).toMatchObject({ view: 'count', user: { id: user('counter1'), role: 'counter' } })
    // One roster, the same on both, with everybody of both.
    await until('both have the same roster', async () => JSON.stringify(await rosterAt(first)) === JSON.stringify(await rosterAt(second)))
    expect(new Set(await clientsAt(second))).toEqual(new Set([...all, watcher.doc.clientID]))

    const diary = diaryOf(watcher)
    dropped.send(frames.presence(u01, 4_711, 2, { view: 'count', device: 'x'.repeat(3_000) }))
    await until('the oversized one is refused', () => dropped.heard.length > 0)
    quiet.provider.awareness?.setLocalState(null)
    await until('the first has gone', () => !others(watcher).has(quiet.doc.clientID))
    leaver.leave()
    await until('the second has gone', () => !others(watcher).has(leaver.doc.clientID))
    expect(stateOf(watcher, 4_711)?.view).toBe('roll')
    dropped.socket.terminate()
    await until('the third has gone', () => !others(watcher).has(4_711))
    expect(diary).toEqual(all.map((client) => `-${client}`))
    expect(await clientsAt(second)).toEqual([watcher.doc.clientID])
  })

  it('[P3] [P4] [P9] over two processes: drops and returns twice, then at the other one while the old connection hangs; there once, and gone at last', async () => {
    await using stage = await openStage()
    const { first, second, watcher, here, there, clientsAt } = stage
    const phone = await here.person('counter1', 'counter')
    phone.show({ ballot: 7 })
    const client = phone.doc.clientID
    await until('it is seen', () => stateOf(watcher, client)?.ballot === 7)
    for (const round of [1, 2]) {
      await phone.goOffline()
      await until(`it has gone, ${round}`, () => !others(watcher).has(client))
      phone.goOnline()
      await until(`it is back, ${round}`, () => stateOf(watcher, client)?.ballot === 7)
    }
    phone.leave()
    await until('it has left', () => !others(watcher).has(client))

    using old = await here.raw(here.token('counter1', 'counter', 4_711))
    old.send(frames.presence(u01, 4_711, 5, { ballot: 1 }))
    await until('it is seen', () => stateOf(watcher, 4_711)?.ballot === 1)
    const diary = diaryOf(watcher)
    using moved = await there.raw(there.token('counter1', 'counter', 4_711))
    moved.send(frames.presence(u01, 4_711, 0, { ballot: 2 }))
    await until('the new one is heard', () => stateOf(watcher, 4_711)?.ballot === 2)
    old.send(frames.presences(u01, [4_711, 7, null]))
    old.socket.close()
    await old.closed
    moved.send(frames.presence(u01, 4_711, 1, { ballot: 4 }))
    await until('it goes on', () => stateOf(watcher, 4_711)?.ballot === 4)
    expect(diary.filter((line) => line === '-4711')).toEqual([])
    for (const server of [first, second]) {
      await until('it is there once', async () => (await clientsAt(server)).filter((one) => one === 4_711).length === 1)
    }
    moved.socket.terminate()
    for (const server of [first, second]) await until('it has gone', async () => !(await clientsAt(server)).includes(4_711))
  })

  it('[P10] a killed process: its people vanish; stopped in order: at once, and it said so; started again: they are back', async () => {
    await using stage = await openStage()
    const { first, second, world, watcher, here, clientsAt } = stage
    const person = await here.person('counter1', 'counter')
    const { clientID } = person.doc
    person.show({ ballot: 7 })
    const seen = () => stateOf(watcher, clientID)?.ballot === 7
    await until('it is seen', seen)
    const killed_ms = performance.now()
    await first.kill()
    await until('it has vanished', () => !others(watcher).has(clientID))
    expect(performance.now() - killed_ms).toBeLessThan(vanish_ms_max)
    expect(await clientsAt(second)).toEqual([watcher.doc.clientID])
    const said = () => second.lines.map(({ msg }) => msg)
    expect(said()).toContain('another process has gone without a word')

    await first.start()
    await hearEachOther(world.instances)
    await until('it is back', seen)
    await first.stop()
    await until('it has gone', () => !others(watcher).has(clientID))
    await until('the goodbye is heard', () => said().includes('another process has ended'))
    expect(said().filter((line) => line === 'another process has gone without a word')).toHaveLength(1)
  })

  it('[P10] [N5] a frozen process: its people vanish, and are back when it goes on, with nobody doing anything', async () => {
    await using stage = await openStage()
    const { first, second, watcher, here, clientsAt } = stage
    const person = await here.person('counter1', 'counter')
    const { clientID } = person.doc
    person.show({ ballot: 7 })
    await until('it is seen', () => stateOf(watcher, clientID)?.ballot === 7)
    first.freeze()
    await until('it has vanished', () => !others(watcher).has(clientID))
    first.thaw()
    await until('it is back', () => stateOf(watcher, clientID)?.ballot === 7)
    // The one that stood still has not taken the other for gone.
    expect(first.lines.map(({ msg }) => msg)).not.toContain('another process has gone without a word')
    for (const server of [first, second]) {
      await until('both are on both', async () => (await clientsAt(server)).length === 2)
    }
  })

  it.each(['kill', 'freeze'] as const)(
    '[P10] [N5] during an outage of Redis (%s) nobody vanishes; after it who changed is changed and who left has gone, without an edit',
    async (how) => {
      await using stage = await openStage()
      const { redis, first, second, world, watcher, here, rosterAt } = stage
      const stays = await here.person('counter1', 'counter')
      const leaves = await here.person('counter2', 'counter')
      stays.show({ ballot: 7 })
      const all = [stays, leaves].map(({ doc }) => doc.clientID)
      await until('both are seen', () => all.every((client) => others(watcher).has(client)) && stateOf(watcher, all[0] ?? 0)?.ballot === 7)
      const diary = diaryOf(watcher)
      if (how === 'kill') await redis.kill()
      else redis.freeze()
      leaves.leave()
      stays.show({ ballot: 8 })
      // Longer than a process may be silent.
      await Promise.all([missesRedis(first, 6), missesRedis(second, 6)])
      expect(diary).toEqual([])
      if (how === 'kill') await redis.start()
      else redis.thaw()
      await hearEachOther(world.instances)
      await until('the change is seen', () => stateOf(watcher, all[0] ?? 0)?.ballot === 8)
      await until('who left has gone', () => !others(watcher).has(all[1] ?? 0))
      expect(diary.toSorted()).toEqual([`-${all[1]}`, `~${all[0]}`])
      await until('both have the same roster', async () => JSON.stringify(await rosterAt(first)) === JSON.stringify(await rosterAt(second)))
      expect([...first.lines, ...second.lines].map(({ msg }) => msg)).not.toContain('another process has gone without a word')
    },
  )
})
