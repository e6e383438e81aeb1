import { describe, expect, test } from 'vitest'
import type { StoreFault } from '#actors/journal/store.ts'
import { ManualClock } from '#actors/kernel/clock.ts'
import type { UserId } from '#contract/ids.ts'
import { err, ok, type Result } from '#contract/result.ts'
import type { AuditRow } from '../storage/audit.ts'
import { type AuditEvent, AuditTrail, refusalEvent, window_ms } from './audit.ts'

const user = 7 as UserId
const refusal = (key: string, by: Partial<AuditEvent> = {}): AuditEvent => ({
  kind: 'refusal',
  code: 'bad-key',
  user,
  address: '10.0.0.1',
  committee: 'u01',
  subject: `attendance ${key}`,
  ...by,
})

function makeTrail(limits: { readonly waiting?: number; readonly distinct?: number } = {}) {
  const clock = new ManualClock()
  const written: AuditRow[] = []
  const batches: (readonly AuditRow[])[] = []
  const store: { answer: Result<undefined, StoreFault>; lost: number } = { answer: ok(), lost: 0 }
  let made = 0
  const trail = new AuditTrail({
    clock,
    instance: 'one',
    uuid: () => `uuid-${++made}`,
    limits: { audit_waiting_max: limits.waiting ?? 100, audit_distinct_max: limits.distinct ?? 60 },
    append: async (rows) => {
      batches.push(rows)
      if (store.answer.ok) written.push(...rows)
      return store.answer
    },
    onLost: (entries) => {
      store.lost += entries
    },
  })
  return { clock, trail, written, batches, store }
}

describe('conflation', () => {
  test('one refusal is written at once; the same again is one row a minute, with how many', async () => {
    const { clock, trail, written } = makeTrail()
    for (let time = 0; time < 50; time += 1) trail.record(refusal('1/7'))
    await clock.advance(500)
    expect(written.map(({ times }) => times)).toEqual([1])
    await clock.advance(window_ms)
    expect(written.map(({ times }) => times)).toEqual([1, 49])
    for (let time = 0; time < 5; time += 1) trail.record(refusal('1/7'))
    await clock.advance(window_ms)
    expect(written.map(({ times }) => times)).toEqual([1, 49, 5])
    await clock.advance(10 * window_ms)
    trail.record(refusal('1/7'))
    await clock.advance(500)
    expect(written.map(({ times }) => times)).toEqual([1, 49, 5, 1])
    expect(new Set(written.map(({ uuid }) => uuid)).size).toBe(4)
  })

  test('another person, address, committee, place or code is a row of its own', async () => {
    const { clock, trail, written } = makeTrail()
    const others: readonly Partial<AuditEvent>[] = [
      {},
      { user: 8 as UserId },
      { address: '10.0.0.2' },
      { committee: 'u02' },
      { subject: 'figures x' },
      { code: 'bad-value' },
    ]
    for (const other of others) trail.record(refusal('1/7', other))
    await clock.advance(500)
    expect(written).toHaveLength(others.length)
  })

  test('what is never equal is not conflated: two rulings at one place are two', async () => {
    const { clock, trail, written } = makeTrail()
    for (let time = 0; time < 2; time += 1) trail.record({ kind: 'ruling', user, committee: 'u01', subject: 'attendance 1/#' })
    await clock.advance(500)
    expect(written.map(({ times }) => times)).toEqual([1, 1])
  })

  test('somebody who is refused in ever new ways has so many rows a minute, then one a kind; a neighbour has their own', async () => {
    const { clock, trail, written } = makeTrail({ distinct: 3 })
    for (let key = 0; key < 40; key += 1) trail.record(refusal(`${key}/7`))
    trail.record(refusal('1/8', { user: 8 as UserId }))
    await clock.advance(window_ms + 500)
    const theirs = written.filter((row) => row.user === 7)
    expect(theirs.map(({ times, subject }) => [times, subject])).toEqual([
      [1, 'attendance 0/7'],
      [1, 'attendance 1/7'],
      [1, 'attendance 2/7'],
      [1, undefined],
      [36, undefined],
    ])
    expect(theirs.at(-1)).toMatchObject({ details: { various: true }, address: '10.0.0.1' })
    expect(written.find((row) => row.user === 8)).toMatchObject({ subject: 'attendance 1/8' })
  })

  test('who tries many logins from one network of version 6 is one source', async () => {
    const { clock, trail, written } = makeTrail({ distinct: 2 })
    for (let host = 1; host <= 9; host += 1)
      trail.record({ kind: 'login-refused', login: `guess${host}`, address: `2001:db8:1:2::${host}`, code: 'unauthenticated' })
    await clock.advance(window_ms + 500)
    expect(written.map(({ login, address, times }) => [login, address, times])).toEqual([
      ['guess1', '2001:db8:1:2::1', 1],
      ['guess2', '2001:db8:1:2::2', 1],
      [undefined, '2001:db8:1:2', 1],
      [undefined, '2001:db8:1:2', 6],
    ])
  })
})

describe('the queue', () => {
  test('is written in batches, in order, never more at once than one', async () => {
    const { clock, trail, written, batches } = makeTrail({ waiting: 2_000 })
    for (let n = 0; n < 1_200; n += 1) trail.record({ kind: 'ruling', subject: String(n) })
    expect(batches).toEqual([])
    await clock.advance(500)
    expect(batches.map((rows) => rows.length)).toEqual([500, 500, 200])
    expect(written.map(({ subject }) => subject)).toEqual(Array.from({ length: 1_200 }, (_, n) => String(n)))
  })

  test('over its bound the newest are counted, and one row says how many and of which kinds', async () => {
    const { clock, trail, written, store } = makeTrail({ waiting: 3 })
    store.answer = err('unavailable')
    for (let n = 0; n < 5; n += 1) trail.record({ kind: 'ruling', subject: String(n) })
    trail.record({ kind: 'import', subject: 'roll' })
    await clock.advance(5_000)
    expect(written).toEqual([])
    store.answer = ok()
    await clock.advance(1_000)
    expect(written.map(({ kind, subject, times }) => [kind, subject, times])).toEqual([
      ['ruling', '0', 1],
      ['ruling', '1', 1],
      ['ruling', '2', 1],
      ['omitted', undefined, 3],
    ])
    expect(written.at(-1)?.details).toEqual({ ruling: 2, import: 1 })
  })

  test('while the store is away the same rows are asked again, under the same uuids, and are as old as they are', async () => {
    const { clock, trail, batches, store } = makeTrail()
    store.answer = err('unavailable')
    trail.record(refusal('1/7'))
    await clock.advance(1_000)
    store.answer = ok()
    await clock.advance(500)
    expect(new Set(batches.map(([row]) => row?.uuid)).size).toBe(1)
    expect(batches.map(([row]) => row?.age_ms)).toEqual([500, 1_000, 1_500])
    await clock.advance(5_000)
    expect(batches).toHaveLength(3)
  })

  test('a batch that can never be written does not hold up the next', async () => {
    const { clock, trail, written, store } = makeTrail()
    store.answer = err('rejected')
    trail.record(refusal('1/7'))
    await clock.advance(500)
    store.answer = ok()
    trail.record(refusal('2/7'))
    await clock.advance(500)
    expect([written.map(({ subject }) => subject), store.lost]).toEqual([['attendance 2/7'], 1])
  })

  test('closing writes what waits and what is counted; without a store it says how much is lost', async () => {
    const { trail, written } = makeTrail()
    for (let time = 0; time < 3; time += 1) trail.record(refusal('1/7'))
    await trail.close()
    expect(written.map(({ times }) => times)).toEqual([1, 2])
    trail.record(refusal('2/7'))
    expect(written).toHaveLength(2)

    const away = makeTrail()
    away.store.answer = err('unavailable')
    away.trail.record(refusal('1/7'))
    await away.trail.close()
    expect(away.store.lost).toBe(1)
  })
})

describe('what people wrote', () => {
  test.each([
    ['ad\u202Enim', 'ad nim', 'admin'],
    ['a\u0000\u001b[2Jb', 'a  [2Jb', 'a [2J] b'],
    ['\u2066x\u2069', 'x', 'Ω-x'],
    ['x'.repeat(1_000), 'x'.repeat(200), 'x'.repeat(200)],
    ['\uD800x', '\uFFFDx', '😀x'],
  ])('%j is stripped and cut, its honest twin is not', async (attack, kept, honest) => {
    const { clock, trail, written } = makeTrail()
    for (const login of [attack, honest])
      trail.record({ kind: 'login-refused', login, address: '::ffff:10.0.0.9', details: { [login]: [login] } })
    await clock.advance(500)
    const distinct = kept === honest ? [kept] : [kept, honest]
    expect(written.map(({ login }) => login)).toEqual(distinct)
    expect(written.map(({ details }) => details)).toEqual(distinct.map((text) => ({ [text]: [text] })))
    expect(written[0]?.address).toBe('10.0.0.9')
  })
})

test('a limit is told from a refusal, and a server that is away or going is nobody’s doing', () => {
  expect(refusalEvent('rate-limited', { user })).toEqual({ kind: 'limit', code: 'rate-limited', user })
  expect(refusalEvent('forbidden')).toEqual({ kind: 'refusal', code: 'forbidden' })
  expect(refusalEvent('draining')).toBeUndefined()
})
