import { expect, test } from 'vitest'
import { parseHead } from './feed.ts'

test('a head is committee, number and instance; the instance may hold anything', () => {
  expect(parseHead('north-1:12:host:8:x')).toEqual({ ok: true, value: { committee: 'north-1', sequence: 12, instance: 'host:8:x' } })
})

test.each(['', 'north-1', 'north-1:12', 'NORTH:1:i', 'north-1:-1:i', 'north-1:1e3:i', ':1:i'])('%j is no head', (payload) => {
  expect(parseHead(payload)).toEqual({ ok: false, error: 'not a head' })
})
