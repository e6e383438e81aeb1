import { expect, test } from 'vitest'
import { defaultLimits, type Limits } from '#contract/limits.ts'
import type { Refusal } from '#contract/refusals.ts'
import type { Result } from '#contract/result.ts'
import type { Behaviour } from '../kernel/behaviour.ts'
import { ManualClock } from '../kernel/clock.ts'
import { makeDirectory } from '../kernel/directory.ts'
import { type Place, type SessionAddress, type SessionMessage, type SessionState, sessionBehaviour } from './session.ts'

function makeSessions(over: Partial<Limits> = {}, change: Partial<Behaviour<SessionAddress, SessionState, SessionMessage>> = {}) {
  const clock = new ManualClock()
  const limits = { ...defaultLimits, ...over }
  const silent = () => {}
  const sessions = makeDirectory<SessionAddress, SessionState, SessionMessage>(
    { ...sessionBehaviour({ clock, limits }), ...change },
    { clock, log: { info: silent, warn: silent, error: silent }, limits: { mailbox_messages_max: 100, idle_ms: 1_000 } },
  )
  const makeConnection = () => {
    const closed: string[] = []
    return { closed, refuse: (code: string) => closed.push(code) }
  }
  const enter = async (user: SessionAddress, connection: ReturnType<typeof makeConnection>) => {
    const { promise, resolve } = Promise.withResolvers<Result<Place, Refusal>>()
    sessions.tell(user, { type: 'enter', connection, reply: resolve })
    return promise
  }
  const outcome = async (...args: Parameters<typeof enter>) => {
    const answer = await enter(...args)
    return answer.ok ? 'in' : answer.error.code
  }
  return { clock, sessions, makeConnection, enter, outcome }
}

test('[S12] so many connections a user; one more is refused and takes nothing from those there; one that ends makes room', async () => {
  const { sessions, makeConnection, outcome } = makeSessions({ user_connections_max: 2 })
  const [one, two, three] = [makeConnection(), makeConnection(), makeConnection()]
  expect([await outcome('7', one), await outcome('7', two), await outcome('7', three)]).toEqual(['in', 'in', 'too-many-connections'])
  expect(await outcome('8', makeConnection())).toBe('in')
  expect([...one.closed, ...two.closed]).toEqual([])
  sessions.tell('7', { type: 'end', connection: one })
  expect([await outcome('7', three), await outcome('7', one)]).toEqual(['in', 'too-many-connections'])
})

test('[S12] so many documents a connection; one that is left makes room; the user’s other connections have their own', async () => {
  const { sessions, makeConnection, outcome } = makeSessions({ connection_documents_max: 3 })
  const [one, two] = [makeConnection(), makeConnection()]
  for (let document = 0; document < 3; document += 1) expect(await outcome('7', one)).toBe('in')
  expect([await outcome('7', one), await outcome('7', two)]).toEqual(['too-many-connections', 'in'])
  sessions.tell('7', { type: 'leave', connection: one })
  expect([await outcome('7', one), await outcome('7', one)]).toEqual(['in', 'too-many-connections'])
})

test('[S4] a user’s connections are lent the same buckets, another user’s others', async () => {
  const { makeConnection, enter } = makeSessions()
  const bucketOf = async (user: SessionAddress) => {
    const answer = await enter(user, makeConnection())
    return answer.ok ? answer.value : undefined
  }
  const [one, two, other] = [await bucketOf('7'), await bucketOf('7'), await bucketOf('8')]
  expect(one).toBeDefined()
  expect(two).toBe(one)
  expect(other).not.toBe(one)
})

test('[S14] a session sleeps without a connection and with a full bucket, not sooner: a debt is not forgiven by going away', async () => {
  const { clock, sessions, makeConnection, enter } = makeSessions()
  const connection = makeConnection()
  const place = await enter('7', connection)
  await clock.advance(5_000)
  expect(sessions.awake()).toEqual(['7'])
  if (place.ok) place.value.messages.take(defaultLimits.user_burst_max + defaultLimits.user_messages_per_s_max * 4)
  sessions.tell('7', { type: 'end', connection })
  await clock.advance(5_000)
  expect(sessions.awake()).toEqual(['7'])
  const back = await enter('7', makeConnection())
  expect(back.ok && back.value.messages === (place.ok && place.value.messages)).toBe(true)
})

test('[S14] paid back, it is gone', async () => {
  const { clock, sessions, makeConnection, outcome } = makeSessions()
  const connection = makeConnection()
  await outcome('7', connection)
  sessions.tell('7', { type: 'end', connection })
  await clock.advance(1_100)
  expect(sessions.awake()).toEqual([])
})

test('[S13] a session that fails closes its connections `overloaded`, and they come back to a fresh one', async () => {
  const behaviour = sessionBehaviour({ clock: new ManualClock(), limits: defaultLimits })
  const { clock, sessions, makeConnection, outcome } = makeSessions(
    {},
    {
      receive(state, message) {
        if (message.type === 'leave') throw new Error('a defect')
        return behaviour.receive(state, message)
      },
    },
  )
  const [one, other] = [makeConnection(), makeConnection()]
  await outcome('7', one)
  await outcome('8', other)
  sessions.tell('7', { type: 'leave', connection: one })
  await clock.settle()
  expect([one.closed, other.closed]).toEqual([['overloaded'], []])
  expect(await outcome('7', makeConnection())).toBe('in')
})
