import { once } from 'node:events'
import { connect } from 'node:net'
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { documentOf, marksIn } from '#load/driver/oracle.ts'
import { demoUser } from './demo-users.ts'
import { scrape } from './metrics.ts'
import { frames, RawSocket } from './raw.ts'
import { until } from './until.ts'
import { startWorld, type World } from './world.ts'

const at_s = 1_763_856_000
const u01 = 'committee:u01'

const journalOf = async (world: World, committee = 'u01') => documentOf((await world.rows(committee)).map(({ update }) => update))
const metricsOf = (world: World) => scrape(world.instances[0].url)

describe('rates', () => {
  it('[S3] [S8] far over the rate: everything is acknowledged, nothing lost, over one connection, while somebody else is not held up', async () => {
    await using world = await startWorld({
      demo: true,
      env: { LIMIT_CONNECTION_MESSAGES_PER_S_MAX: '20', LIMIT_CONNECTION_BURST_MAX: '40', LIMIT_PING_MS: '1000' },
    })
    const user = await demoUser(world.sql)
    const eager = await world.person('u01', user('coordinator1')).synced()
    const calm = await world.person('u01', user('coordinator2')).synced()
    expect((await metricsOf(world)).of('delays_total')).toBe(0)
    for (let elector = 1; elector <= 200; elector += 1) eager.mark(elector, at_s)
    for (let elector = 1; elector <= 5; elector += 1) calm.mark(elector, at_s)
    await calm.book.downTo(0)
    expect(eager.book.unacknowledged).toBeGreaterThan(0)
    // 160 over the burst at 20 a second: several pings fall into the time in which its pongs are not read.
    await eager.book.downTo(0)
    expect(marksIn(await journalOf(world))).toHaveLength(205)
    expect([eager.connects, eager.sentAway, calm.connects]).toEqual([1, [], 1])
    const metrics = await metricsOf(world)
    expect(metrics.of('delays_total', 'cause="messages"')).toBeGreaterThan(0)
    expect(metrics.of('refusals_total')).toBe(0)
  })

  it('[S4] [S7] over the rate for too long: closed 4429, by the connection’s rate and by the user’s; within both it stays', async () => {
    await using world = await startWorld({
      demo: true,
      env: {
        LIMIT_CONNECTION_MESSAGES_PER_S_MAX: '30',
        LIMIT_USER_MESSAGES_PER_S_MAX: '40',
        LIMIT_USER_BURST_MAX: '400',
        LIMIT_OVER_RATE_MS: '1500',
      },
    })
    const user = await demoUser(world.sql)
    const { url } = world.instances[0]
    const honest = await world.person('u01', user('coordinator1')).synced()
    using alone = await new RawSocket(url).login(u01, world.sign(user('viewer1'), 'viewer'))
    const flood = (socket: RawSocket, count: number) => socket.send(...Array.from({ length: count }, () => frames.stateVector(u01)))
    flood(alone, 20_000)
    expect(await alone.closed).toEqual([4429, 'rate-limited'])

    // Each within its own burst, all together over their user's.
    const token = world.sign(user('collector1'), 'collector')
    const together = await Promise.all([1, 2, 3].map(() => new RawSocket(url).login(u01, token)))
    for (const socket of together) flood(socket, 280)
    const [code] = await Promise.race(together.map(({ closed }) => closed))
    for (const socket of together) socket[Symbol.dispose]()
    expect(code).toBe(4429)
    const metrics = await metricsOf(world)
    expect(metrics.of('delays_total', 'cause="user"')).toBeGreaterThan(0)
    expect(metrics.of('refusals_total', 'code="rate-limited"')).toBeGreaterThanOrEqual(2)
    honest.mark(1, at_s)
    await honest.book.downTo(0)
    expect(honest.connects).toBe(1)
  })

  it('[S5] [S9] several large offline merges at once pass, each in one piece, with the default limits', async () => {
    await using world = await startWorld({ demo: true })
    const user = await demoUser(world.sql)
    const people = ['coordinator1', 'coordinator2'].map((login) => {
      const doc = new Y.Doc()
      // What a phone holds that wrote all day without a network, and is opened anew.
      for (let elector = 1; elector <= 500; elector += 1) doc.getText(`note/${elector}`).insert(0, '記'.repeat(2_000))
      return world.person('u01', user(login), 'coordinator', { doc })
    })
    for (const person of people) await person.synced()
    await until('both are acknowledged', () => people.every(({ provider }) => !provider.hasUnsyncedChanges))
    await until('both are in the journal', async () => (await world.rows('u01')).length === 2)
    for (const { update } of await world.rows('u01')) expect(update.length).toBeGreaterThan(3_000_000)
    expect((await journalOf(world)).getText('note/500').length).toBe(4_000)
    expect(people.map(({ connects, sentAway, refused }) => [connects, sentAway, refused])).toEqual([
      [1, [], []],
      [1, [], []],
    ])
  })

  it('[S17] a flood of pings is held like any other; a few are answered', async () => {
    await using world = await startWorld({ demo: true, env: { LIMIT_OVER_RATE_MS: '1000' } })
    const user = await demoUser(world.sql)
    const { url } = world.instances[0]
    using polite = await new RawSocket(url).login(u01, world.sign(user('viewer1'), 'viewer'))
    polite.socket.ping('here')
    expect(String((await once(polite.socket, 'pong'))[0])).toBe('here')
    using loud = await new RawSocket(url).login(u01, world.sign(user('collector1'), 'collector'))
    let pongs = 0
    loud.socket.on('pong', () => {
      pongs += 1
    })
    for (let n = 0; n < 50_000; n += 1) loud.socket.ping()
    expect((await loud.closed)[0]).toBe(4429)
    expect(pongs).toBeLessThanOrEqual(600)
    expect(polite.socket.readyState).toBe(WebSocket.OPEN)
  })
})

describe('what waits for an answer', () => {
  it('[S6] with the database away a connection is not read on; when it is back everything is written, once', async () => {
    await using world = await startWorld({ demo: true, env: { LIMIT_CONNECTION_UNANSWERED_MAX: '8' } })
    const user = await demoUser(world.sql)
    const writer = await world.person('u01', user('coordinator1')).synced()
    const name = new URL(world.database.url).pathname.slice(1)
    await world.admin.query(`alter database ${name} allow_connections false`)
    await world.admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and application_name like $2', [
      name,
      'lajna journal%',
    ])
    for (let elector = 1; elector <= 150; elector += 1) writer.mark(elector, at_s)
    await until('it is not read', async () => (await metricsOf(world)).of('delays_total', 'cause="answers"') > 0)
    expect((await metricsOf(world)).of('connections_delayed')).toBe(1)
    await world.admin.query(`alter database ${name} allow_connections true`)
    await writer.book.downTo(0)
    expect(marksIn(await journalOf(world))).toHaveLength(150)
    expect([writer.connects, writer.sentAway]).toEqual([1, []])
  })
})

describe('documents of a connection', () => {
  it('[S12] so many and no more; those there go on, and one that is closed makes room', async () => {
    await using world = await startWorld({ demo: true, env: { LIMIT_CONNECTION_DOCUMENTS_MAX: '2' } })
    const user = await demoUser(world.sql)
    const token = world.sign(user('admin'), 'administrator')
    const socket = new HocuspocusProviderWebsocket({
      url: `${world.instances[0].url.replace('http', 'ws')}/collaboration`,
      WebSocketPolyfill: WebSocket,
    })
    const refused: string[] = []
    const open = (committee: string) => {
      const provider = new HocuspocusProvider({
        name: `committee:${committee}`,
        document: new Y.Doc(),
        websocketProvider: socket,
        token,
        onAuthenticationFailed: ({ reason }) => refused.push(reason),
      })
      provider.attach()
      return provider
    }
    const synced = (provider: HocuspocusProvider) => until('it is in step', () => provider.isSynced)
    const [one, two] = [open('u01'), open('u02')]
    await Promise.all([synced(one), synced(two)])
    const three = open('u03')
    await until('the third is refused', () => refused.length > 0)
    expect(refused).toEqual(['too-many-connections'])
    one.document.getMap('attendance').set(`1/${user('admin')}`, at_s)
    await until('the first goes on', () => !one.hasUnsyncedChanges)
    three.destroy()
    two.destroy()
    await until('there is room', async () => {
      const again = open('u03')
      await until('an answer', () => again.isSynced || refused.length > 1)
      return again.isSynced
    })
    socket.destroy()
  })
})

describe('presence', () => {
  it('[S15] a state over its size is refused and the one before stays; one of just that size is seen; the socket lives', async () => {
    await using world = await startWorld({ demo: true })
    const user = await demoUser(world.sql)
    const watcher = await world.person('u01', user('viewer1'), 'viewer').synced()
    using sender = await new RawSocket(world.instances[0].url).login(u01, world.sign(user('coordinator1'), 'coordinator'))
    const seen = () => (watcher.provider.awareness?.getStates().get(4_711) as { ballot?: number } | undefined)?.ballot
    const stateOf = (bytes: number, ballot: number) => ({ ballot, more: ''.padEnd(bytes - '{"ballot":1,"more":""}'.length, '.') })
    sender.send(frames.presence(u01, 4_711, 1, stateOf(2_048, 1)))
    await until('it is seen', () => seen() === 1)
    sender.send(frames.presence(u01, 4_711, 2, stateOf(2_049, 2)))
    await until('it is refused', () => sender.heard.some(({ type }) => type === 'refused'))
    expect(sender.heard.find(({ type }) => type === 'refused')).toEqual({
      type: 'refused',
      client: null,
      reasons: [{ code: 'too-large', path: 'awareness', key: '' }],
    })
    expect(seen()).toBe(1)
    sender.send(frames.presence(u01, 4_711, 3, stateOf(100, 3)))
    await until('the next is seen', () => seen() === 3)
    expect((await metricsOf(world)).of('refusals_total', 'code="too-large"')).toBe(1)
  })

  it('[S16] too many states are conflated: others see the last, few of those between, and the socket lives', async () => {
    await using world = await startWorld({ demo: true })
    const user = await demoUser(world.sql)
    const watcher = await world.person('u01', user('viewer1'), 'viewer').synced()
    using sender = await new RawSocket(world.instances[0].url).login(u01, world.sign(user('coordinator1'), 'coordinator'))
    const seen = new Set<unknown>()
    const look = () => seen.add((watcher.provider.awareness?.getStates().get(4_711) as { ballot?: number } | undefined)?.ballot)
    watcher.provider.awareness?.on('change', look)
    for (let ballot = 1; ballot <= 200; ballot += 1) sender.send(frames.presence(u01, 4_711, ballot, { ballot }))
    await until('the last is seen', () => seen.has(200))
    expect(seen.size).toBeLessThan(100)
    expect(sender.socket.readyState).toBe(WebSocket.OPEN)
    const metrics = await metricsOf(world)
    expect(metrics.of('delays_total', 'cause="presence"')).toBeGreaterThan(100)
    expect(metrics.of('refusals_total')).toBe(0)
  })
})

describe('before a login', () => {
  it('[S10] so many messages, then 4429; so many bytes, then 4413; who logs in may send more than both', async () => {
    await using world = await startWorld({
      demo: true,
      env: { LIMIT_UNAUTHENTICATED_MESSAGES_MAX: '20', LIMIT_UNAUTHENTICATED_BYTES_MAX: '5000', LIMIT_UNAUTHENTICATED_MS: '60000' },
    })
    const user = await demoUser(world.sql)
    const { url } = world.instances[0]
    using many = await new RawSocket(url).open()
    many.send(...Array.from({ length: 30 }, () => frames.stateVector(u01)))
    expect(await many.closed).toEqual([4429, 'rate-limited'])
    using long = await new RawSocket(url).open()
    long.send(frames.update(u01, new Uint8Array(6_000)))
    expect(await long.closed).toEqual([4413, 'too-large'])
    const person = await world.person('u01', user('coordinator1')).synced()
    for (let elector = 1; elector <= 60; elector += 1) person.mark(elector, at_s)
    person.type(1, 'long '.repeat(700))
    person.type(2, 'long '.repeat(700))
    await person.book.downTo(0)
    expect(person.connects).toBe(1)
  })

  it('[S11] over the bound of an address nobody is let in for a quarter of their time, then the oldest goes; behind a proxy as well', async () => {
    await using world = await startWorld({
      demo: true,
      env: { LIMIT_UNAUTHENTICATED_ADDRESS_MAX: '3', LIMIT_UNAUTHENTICATED_MS: '24000', TRUST_PROXY: '1' },
    })
    const user = await demoUser(world.sql)
    const { url } = world.instances[0]
    const from = (address: string) => new RawSocket(url, { headers: { 'x-forwarded-for': `6.6.6.6, ${address}` } }).open()
    const other = await from('2.2.2.2')
    const crowd = [await from('1.1.1.1'), await from('1.1.1.1'), await from('1.1.1.1')]
    await expect(from('1.1.1.1')).rejects.toThrow('429')
    const elsewhere = await from('3.3.3.3')
    let honest: RawSocket | undefined
    await until('there is room', async () => {
      honest = await from('1.1.1.1').catch(() => undefined)
      return honest !== undefined
    })
    expect(await crowd[0]?.closed).toEqual([4429, 'too-many-connections'])
    await honest?.login(u01, world.sign(user('viewer1'), 'viewer'))
    expect(honest?.opened).toEqual([u01])
    expect([other, elsewhere, crowd[1], crowd[2], honest].map((socket) => socket?.socket.readyState)).toEqual([1, 1, 1, 1, 1])
    for (const socket of [other, elsewhere, ...crowd, honest]) socket?.[Symbol.dispose]()
  })

  it('[S18] what is no frame closes the socket 4400', async () => {
    await using world = await startWorld({ demo: true })
    const { url } = world.instances[0]
    for (const bytes of [new Uint8Array([255, 255, 255]), 'text', new Uint8Array([1, 65, 77, 0])]) {
      using socket = await new RawSocket(url).open()
      socket.socket.send(bytes)
      expect(await socket.closed).toEqual([4400, 'unparseable'])
    }
    expect((await metricsOf(world)).of('refusals_total', 'code="unparseable"')).toBe(3)
  })
})

describe('requests', () => {
  /** What the server answers to bytes that are sent as they are. */
  async function answerTo(url: string, ...parts: string[]): Promise<string> {
    const stream = connect(Number(new URL(url).port), '127.0.0.1')
    let text = ''
    stream.on('data', (data) => {
      text += data.toString()
    })
    stream.on('error', () => {}) // what was answered before is what counts
    for (const part of parts) stream.write(part)
    await once(stream, 'close')
    return text.split('\r\n', 1)[0] ?? ''
  }

  it('a head that does not come, one too long and one that is none are answered and counted; a whole one is served', async () => {
    await using world = await startWorld({ env: { LIMIT_HTTP_HEADERS_MS: '700' } })
    const { url } = world.instances[0]
    expect(await answerTo(url, 'GET /health/live HTTP/1.1\r\nhost: a\r\n')).toBe('HTTP/1.1 408 Request Timeout')
    expect(await answerTo(url, `GET / HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`)).toBe(
      'HTTP/1.1 431 Request Header Fields Too Large',
    )
    expect(await answerTo(url, 'hello\r\n\r\n')).toBe('HTTP/1.1 400 Bad Request')
    expect(await answerTo(url, 'GET /health/live HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')).toBe('HTTP/1.1 200 OK')
    const metrics = await metricsOf(world)
    expect([metrics.of('refusals_total', 'code="unparseable"'), metrics.of('refusals_total', 'code="too-large"')]).toEqual([2, 1])
  })

  it('a body over its size is refused 413, one within it is read', async () => {
    await using world = await startWorld({ demo: true })
    const logIn = (password: string) =>
      fetch(`${world.instances[0].url}/api/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ login: 'viewer1', password }),
      })
    expect((await logIn('x'.repeat(20_000))).status).toBe(413)
    expect((await logIn('lajna-demo')).status).toBe(200)
  })
})
