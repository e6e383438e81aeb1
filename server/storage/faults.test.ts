import { expect, test } from 'vitest'
import { isStoreFault, storeFault } from './faults.ts'

const coded = (code: string) => Object.assign(new Error('fault'), { code })

test.each(['23503', '22001', '54000', 'P0001'])('%s would fail again: rejected', (code) => {
  expect(storeFault(coded(code))).toBe('rejected')
})

test.each(['08006', '57P01', '57014', '40P01', '53100', '25006', '28P01', '42P01', 'XX000', 'ECONNREFUSED', 'EPIPE'])(
  '%s may pass: unavailable',
  (code) => {
    expect(storeFault(coded(code))).toBe('unavailable')
  },
)

test.each([new Error('Query read timeout'), 'text', undefined, null])('what is no fault of Postgres: unavailable (%s)', (fault) => {
  expect(storeFault(fault)).toBe('unavailable')
})

test('a bug of ours is no fault of the store, a refused connection or a time-out is', () => {
  expect(isStoreFault(new TypeError('undefined is not a function'))).toBe(false)
  expect(
    [coded('ECONNREFUSED'), new Error('Query read timeout'), Object.assign(new Error(''), { severity: 'FATAL' })].map(isStoreFault),
  ).toEqual([true, true, true])
})
