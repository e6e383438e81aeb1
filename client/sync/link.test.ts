import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { encodeServerMessage } from '#contract/messages.ts'
import { ok } from '#contract/result.ts'
import type { FailureCode } from './api.ts'
import { soon, startLink, startServer } from './link.kit.ts'

const mark = (doc: Y.Doc, n: number) => void doc.getMap('attendance').set(`${n}/7`, n)
const marks = (doc: Y.Doc) => doc.getMap('attendance').size

test('a few edits made before the line is up go in one exchange, those after it one by one', async () => {
  const server = await startServer()
  const { doc, link, until } = startLink(server.port)
  for (let n = 0; n < 40; n += 1) mark(doc, n)
  link.start()
  await until('online')
  await soon(() => expect(marks(server.kept)).toBe(40))
  expect(server.seen.updates).toBe(0)
  mark(doc, 40)
  mark(doc, 41)
  await soon(() => expect(marks(server.kept)).toBe(42))
  expect(server.seen.updates).toBe(2)
})

test('many go in pieces, no edit of the meantime is lost, and what comes after them goes one by one again', async () => {
  const server = await startServer()
  const { doc, link, until } = startLink(server.port)
  for (let n = 0; n < 600; n += 1) mark(doc, n)
  server.rules.merges = (update) => {
    if (update === 7) for (let n = 600; n < 610; n += 1) mark(doc, n)
    return true
  }
  link.start()
  await until('online')
  await soon(() => expect(marks(server.kept)).toBe(610))
  expect(server.seen).toMatchObject({ updates: 20, exchanges: 1 })
  mark(doc, 610)
  await soon(() => expect(marks(server.kept)).toBe(611))
  expect(server.seen.updates).toBe(21)
})

test('where a piece is not merged, all the rest goes in one, as it always did', async () => {
  const server = await startServer()
  const { doc, link, until } = startLink(server.port)
  for (let n = 0; n < 600; n += 1) mark(doc, n)
  server.rules.merges = (update) => update !== 3
  link.start()
  await until('online')
  await soon(() => expect(marks(server.kept)).toBe(600))
  expect(server.seen.updates).toBeLessThan(10)
  mark(doc, 600)
  await soon(() => expect(marks(server.kept)).toBe(601))
})

test('a line cut between two pieces begins anew where the server is', async () => {
  const server = await startServer()
  const { doc, link, until } = startLink(server.port)
  for (let n = 0; n < 600; n += 1) mark(doc, n)
  server.rules.merges = (update) => {
    if (update === 8) server.cut()
    return true
  }
  link.start()
  await until('waiting')
  expect(marks(server.kept)).toBeLessThan(600)
  link.wake()
  await until('online')
  await soon(() => expect(marks(server.kept)).toBe(600))
  expect(server.seen.updates).toBeLessThanOrEqual(8 + 20)
  expect(Y.getState(server.kept.store, doc.clientID)).toBe(Y.getState(doc.store, doc.clientID))
})

test('the token carries the client of this page', async () => {
  const server = await startServer()
  const { doc, link, until } = startLink(server.port)
  link.start()
  await until('online')
  expect(server.seen.tokens.map((token) => JSON.parse(token))).toEqual([{ jwt: 't1', client: doc.clientID }])
})

test('a server that goes and comes back gets every edit of the meantime, once', async () => {
  const server = await startServer()
  const { doc, link, until, advance, last } = startLink(server.port)
  link.start()
  await until('online')
  mark(doc, 1)
  await soon(() => expect(marks(server.kept)).toBe(1))
  await server.stop()
  await until('waiting')
  for (let n = 2; n < 50; n += 1) mark(doc, n)
  expect(last()?.next_try_ms).toBeGreaterThan(0)
  await advance(500) // nobody there
  await until('connecting')
  await until('waiting')

  const again = await startServer(server.kept, server.port)
  await advance(500)
  await until('online')
  await soon(() => expect(marks(again.kept)).toBe(49))
  expect(again.seen.updates).toBe(0)
  expect(Y.getState(again.kept.store, doc.clientID)).toBe(Y.getState(doc.store, doc.clientID))
  expect(last()?.reconnects).toBe(1)
})

test('a line cut in the middle of edits loses none', async () => {
  const server = await startServer()
  const { doc, link, until } = startLink(server.port)
  link.start()
  for (let round = 0; round < 5; round += 1) {
    await until('online')
    for (let n = 0; n < 20; n += 1) mark(doc, round * 20 + n)
    server.cut()
    await until('waiting')
    link.wake()
  }
  await until('online')
  await soon(() => expect(marks(server.kept)).toBe(100))
})

test('a refused token is renewed once and the line comes up; edits of the meantime arrive', async () => {
  const server = await startServer()
  server.rules.authenticate = (token) => (JSON.parse(token).jwt === 't2' ? undefined : 'token-expired')
  let held = 't1'
  const token = async (besides?: string) => {
    if (besides === held) held = 't2'
    return ok(held)
  }
  const { doc, link, until, states } = startLink(server.port, { token })
  mark(doc, 1)
  link.start()
  await until('online')
  await soon(() => expect(marks(server.kept)).toBe(1))
  expect(states.map(({ phase }) => phase)).toEqual(['connecting', 'renewing', 'connecting', 'online'])
})

test('asked for a newer token on an open line, the client sends one and stays', async () => {
  const server = await startServer()
  let held = 't1'
  const token = async (besides?: string) => {
    if (besides === held) held = 't2'
    return ok(held)
  }
  const { link, until, states } = startLink(server.port, { token })
  link.start()
  await until('online')
  for (const connection of server.document()?.getConnections() ?? []) connection.requestToken()
  await soon(() => expect(server.seen.synced.map((text) => JSON.parse(text).jwt)).toEqual(['t2']))
  expect(states.map(({ phase }) => phase)).toEqual(['connecting', 'online'])
})

test('a server that refuses every token is not asked without end', async () => {
  const server = await startServer()
  server.rules.authenticate = () => 'token-expired'
  const { link, until, last, states } = startLink(server.port)
  link.start()
  await until('waiting')
  expect(last()?.code).toBe('unauthenticated')
  expect(states.filter(({ phase }) => phase === 'renewing')).toHaveLength(4)
})

test.each(['forbidden', 'not-assigned', 'unknown-committee'])('%s ends the line until the person asks again', async (reason) => {
  const server = await startServer()
  server.rules.authenticate = () => reason
  const { link, until, last, advance } = startLink(server.port)
  link.start()
  await until('ended')
  expect(last()?.code).toBe(reason)
  link.wake()
  await advance(60_000)
  expect(server.seen.tokens).toHaveLength(1)
  server.rules.authenticate = () => undefined
  link.reconnect()
  await until('online')
})

test('a document closed by the server ends the line by its code', async () => {
  const server = await startServer()
  const { link, until, last } = startLink(server.port)
  link.start()
  await until('online')
  for (const connection of server.document()?.getConnections() ?? []) connection.close({ code: 4403, reason: 'forbidden' })
  await until('ended')
  expect(last()?.code).toBe('forbidden')
})

test('without a token no socket is opened, and the wait goes on', async () => {
  const server = await startServer()
  let code: FailureCode | undefined = 'offline'
  const { link, until, advance } = startLink(server.port, {
    token: async () => (code === undefined ? ok('t1') : { ok: false, error: code }),
  })
  link.start()
  await until('waiting')
  expect(server.seen.tokens).toHaveLength(0)
  code = undefined
  await advance(500)
  await until('online')
})

test('a silent line is noticed within 20 seconds; one that answers lives on', async () => {
  const server = await startServer()
  const { link, until, advance, states, last } = startLink(server.port)
  link.start()
  await until('online')
  await soon(() => expect(server.seen.exchanges).toBe(1))
  for (let turn = 2; turn < 8; turn += 1) {
    await advance(10_000)
    await soon(() => expect(server.seen.exchanges).toBe(turn)) // asked, answered, and asked back
  }
  expect(last()?.phase).toBe('online')
  const before = states.length
  server.deafen()
  await advance(20_000)
  expect(states.slice(before).map(({ phase }) => phase)).toContain('waiting')
  expect(last()?.reconnects).toBe(0)
})

test('when the browser says that the network is gone, a silent line is noticed within 2 seconds; one that answers stays up', async () => {
  const server = await startServer()
  const { link, until, advance, states, last } = startLink(server.port)
  link.start()
  await until('online')
  await soon(() => expect(server.seen.exchanges).toBe(1))
  const before = states.length
  for (let turn = 2; turn < 5; turn += 1) {
    link.doubt()
    await soon(() => expect(server.seen.exchanges).toBe(turn))
    await advance(4_000)
  }
  expect(states).toHaveLength(before)
  server.deafen()
  link.doubt()
  link.wake() // a question more does not put the end off
  await advance(2_000)
  expect(last()).toMatchObject({ phase: 'waiting', code: 'offline' })
})

test('a silent line is noticed within 20 seconds, whenever it falls silent', async () => {
  const server = await startServer()
  const { link, until, advance, states, last } = startLink(server.port)
  link.start()
  await until('online')
  await soon(() => expect(server.seen.exchanges).toBe(1))
  await advance(9_900)
  link.wake()
  await soon(() => expect(server.seen.exchanges).toBe(2))
  server.deafen()
  const before = states.length
  await advance(19_900)
  expect(states.slice(before).map(({ phase }) => phase)).toContain('waiting')
  expect(last()?.reconnects).toBe(0)
})

test("the server's words arrive parsed; what is not understood is passed over", async () => {
  const server = await startServer()
  const { link, until, messages } = startLink(server.port)
  link.start()
  await until('online')
  const durable = { type: 'durable', clocks: { '5': 3 }, deletes: [], sequence: 9 as never, head: 'ab' } as const
  server.document()?.broadcastStateless('{"type":"of a later version"}')
  server.document()?.broadcastStateless(encodeServerMessage(durable))
  await soon(() => expect(messages).toEqual([durable]))
})
