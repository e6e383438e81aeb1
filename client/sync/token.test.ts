import { expect, test } from 'vitest'
import { err, ok } from '#contract/result.ts'
import type { FailureCode } from './api.ts'
import { handClock } from './hand-clock.ts'
import { createTokens, lifetime_ms, type TokenPorts } from './token.ts'

const jwt = (life_s: number, nth: number) => `h.${btoa(JSON.stringify({ iat: 5, exp: 5 + life_s, jti: nth })).replaceAll('=', '')}.s`

function world(life_s: number, ports: Partial<TokenPorts> = {}) {
  const hand = handClock()
  const log = { renewed: 0, asked: 0, refused: [] as FailureCode[], failing: undefined as FailureCode | undefined }
  const answer = () => ({ token: jwt(life_s, log.asked), expires_at: 0 })
  const tokens = createTokens({
    clock: hand.clock,
    alone: (run) => run(),
    renew: async () => {
      log.asked += 1
      return log.failing === undefined ? ok(answer()) : err({ code: log.failing })
    },
    onRenewed: () => {
      log.renewed += 1
    },
    onRefused: (code) => log.refused.push(code),
    ...ports,
  })
  return { ...hand, tokens, log, answer }
}

test("a token lives as long as its own claims say, whatever the phone's clock thinks", () => {
  expect(lifetime_ms({ token: jwt(900, 1), expires_at: 0 }, 9e12)).toBe(900_000)
  expect(lifetime_ms({ token: 'opaque', expires_at: 100 }, 40_000)).toBe(60_000)
})

test('a fresh token is given again and again without asking', async () => {
  const { tokens, log, answer } = world(900)
  tokens.accept(answer())
  expect(await tokens.get()).toEqual(await tokens.get())
  expect(log.asked).toBe(0)
})

test('a token of 15 minutes is renewed a minute before its end, one of 20 seconds after 15', async () => {
  const long = world(900)
  long.tokens.accept(long.answer())
  await long.advance(839_000)
  expect(long.log.asked).toBe(0)
  await long.advance(2_000)
  expect(long.log.asked).toBe(1)

  const short = world(20)
  short.tokens.accept(short.answer())
  await short.advance(14_000)
  expect(short.log.asked).toBe(0)
  await short.advance(60_000)
  expect(short.log.asked).toBe(4)
})

test('calls in one moment share one renewal', async () => {
  const { tokens, log } = world(900)
  const [a, b, c] = await Promise.all([tokens.get(), tokens.get(), tokens.get()])
  expect(log.asked).toBe(1)
  expect(a).toEqual(b)
  expect(b).toEqual(c)
})

test('asked for a newer one, the held token is not given', async () => {
  const { tokens, log, answer } = world(900)
  const first = answer()
  tokens.accept(first)
  const newer = await tokens.get(first.token)
  expect(newer.ok && newer.value !== first.token).toBe(true)
  expect(log.asked).toBe(1)
})

test('a refused renewal ends the session when the token that is held is over, and asks no more', async () => {
  const { tokens, log, answer, advance } = world(900)
  const held = answer()
  tokens.accept(held)
  log.failing = 'unauthenticated'
  await advance(840_000)
  expect(log).toMatchObject({ asked: 1, refused: [] })
  expect(await tokens.get()).toEqual(ok(held.token))
  expect(await tokens.get(held.token)).toEqual(err('unauthenticated'))
  await advance(59_000)
  expect(log).toMatchObject({ asked: 1, refused: [] })
  await advance(2_000)
  expect(log).toMatchObject({ asked: 1, refused: ['unauthenticated'] })
})

test('a renewal that nobody answers is tried again; one that is refused ends the session, once', async () => {
  const { tokens, log, advance, waiting } = world(900)
  log.failing = 'offline'
  expect(await tokens.get()).toEqual(err('offline'))
  expect(log.refused).toEqual([])
  await advance(5_000)
  expect(log.asked).toBe(2)
  log.failing = 'unauthenticated'
  await advance(5_000)
  expect(log.refused).toEqual(['unauthenticated'])
  expect(waiting()).toBe(0)
})

test('a token that arrives after the sign-out is not taken', async () => {
  let answerNow = () => {}
  const { tokens, log } = world(900, {
    alone: async (run) => {
      await new Promise<void>((resolve) => {
        answerNow = resolve
      })
      return run()
    },
  })
  const asked = tokens.get()
  tokens.clear()
  answerNow()
  expect(await asked).toEqual(err('unauthenticated'))
  expect(log.renewed).toBe(0)
})
