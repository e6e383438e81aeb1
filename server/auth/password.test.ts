import { expect, test } from 'vitest'
import { hashPassword, PasswordChecker } from './password.ts'

test('a password matches its own hash only; the same password hashes to another each time', async () => {
  const checker = new PasswordChecker()
  const [one, two] = await Promise.all([hashPassword('سر'), hashPassword('سر')])
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(one).not.toBe(two)
  expect(await checker.check(one, 'سر')).toEqual({ ok: true, value: true })
  expect(await checker.check(two, 'سر')).toEqual({ ok: true, value: true })
  expect(await checker.check(one, 'سر ')).toEqual({ ok: true, value: false })
})

test('a login that does not exist never matches, not even with the words behind its dummy', async () => {
  expect(await new PasswordChecker().check(undefined, 'no login has this password')).toEqual({ ok: true, value: false })
})

test('what is no hash never matches', async () => {
  expect(await new PasswordChecker().check('plain', 'plain')).toEqual({ ok: true, value: false })
})

test('of a crowd all are answered, up to the bound; beyond it `overloaded`, and later it works again', async () => {
  const checker = new PasswordChecker({ hashing_max: 2, waiting_max: 3 })
  const stored = await hashPassword('x')
  const crowd = await Promise.all(Array.from({ length: 8 }, () => checker.check(stored, 'x')))
  expect(crowd.filter((answer) => answer.ok)).toHaveLength(5)
  expect(crowd.filter((answer) => !answer.ok)).toEqual(Array(3).fill({ ok: false, error: 'overloaded' }))
  expect(await checker.check(stored, 'x')).toEqual({ ok: true, value: true })
})
