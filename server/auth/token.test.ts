import jsonwebtoken from 'jsonwebtoken'
import { expect, test } from 'vitest'
import type { UserId } from '#contract/ids.ts'
import { makeTokens } from './token.ts'

const secret = 'a secret that is long enough for a test'
const user = { id: 7 as UserId, name: 'منى', role: 'coordinator' as const }
const claims = { sub: '7', name: 'منى', role: 'coordinator', iat: 1_000, exp: 1_900, jti: 'x' }

function makeWorld(start_s = 1_000) {
  let now_s = start_s
  const tokens = makeTokens({ secret, token_s: 900, now_ms: () => now_s * 1_000 + 999 })
  return { tokens, at: (second: number) => (now_s = second) }
}

test('a token says who, in what role and until when, and each has a jti of its own', () => {
  const { tokens } = makeWorld()
  const [one, two] = [tokens.sign(user), tokens.sign(user)]
  expect(one.expires_at).toBe(1_900)
  expect(jsonwebtoken.decode(one.token)).toEqual({ ...claims, jti: expect.stringMatching(/^[0-9a-f-]{36}$/) })
  expect(tokens.verify(one.token)).toMatchObject({ ok: true, value: { user: 7, name: 'منى', role: 'coordinator', expires_at: 1_900 } })
  expect(one.token).not.toBe(two.token)
})

test('it holds until its last second and is expired from `exp` on', () => {
  const { tokens, at } = makeWorld()
  const { token } = tokens.sign(user)
  at(1_899)
  expect(tokens.verify(token).ok).toBe(true)
  at(1_900)
  expect(tokens.verify(token)).toEqual({ ok: false, error: 'token-expired' })
})

test('a token of load tests, signed by hand with the secret, is as good', () => {
  const { jti: _, ...withoutJti } = claims
  expect(makeWorld().tokens.verify(jsonwebtoken.sign(withoutJti, secret)).ok).toBe(true)
})

const { exp: _exp, ...withoutEnd } = claims
test.each([
  ['signed with another secret', jsonwebtoken.sign(claims, 'another')],
  ['expired and signed with another secret', jsonwebtoken.sign({ ...claims, iat: 1, exp: 2 }, 'another')],
  ['signed with HS512', jsonwebtoken.sign(claims, secret, { algorithm: 'HS512' })],
  ['not signed', jsonwebtoken.sign(claims, '', { algorithm: 'none' })],
  ['without an end', jsonwebtoken.sign(withoutEnd, secret)],
  ['of an unknown role', jsonwebtoken.sign({ ...claims, role: 'king' }, secret)],
  ['of no user', jsonwebtoken.sign({ ...claims, sub: '0' }, secret)],
  ['a text', jsonwebtoken.sign('text', secret)],
  ['nonsense', 'a.b.c'],
  ['empty', ''],
])('a token %s is unauthenticated', (_name, token) => {
  expect(makeWorld().tokens.verify(token)).toEqual({ ok: false, error: 'unauthenticated' })
})
