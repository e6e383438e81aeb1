import { describe, expect, test } from 'vitest'
import { defaultLimits } from '#contract/limits.ts'
import { ManualClock } from '../kernel/clock.ts'
import { Turns } from './turns.ts'
import { makeWire, placeOf, upTo } from './wire.kit.ts'

const slow = { connection_messages_per_s_max: 10, connection_burst_max: 20 }

describe('rates', () => {
  test('[S2] within its rate every frame passes at once and in order, one by one or many in one read', async () => {
    const { clock, passed, delays, login, send } = makeWire(slow)
    login()
    send(20)
    expect(passed).toEqual(upTo(20))
    for (let second = 0; second < 30; second += 1) {
      await clock.advance(1_000)
      send(10)
    }
    expect(passed).toEqual(upTo(320))
    // The last token taken, nobody knows yet whether more will come: it is not read for that moment, and nothing waited.
    expect(delays.every((delay) => delay === 'messages')).toBe(true)
  })

  test('[S3] over it, it is not read; all passes in order at the rate, nothing dropped, nothing doubled', async () => {
    const { clock, passed, refused, isRead, login, send } = makeWire(slow)
    login()
    send(100)
    expect([passed.length, isRead()]).toEqual([20, false])
    send(50)
    await clock.advance(1_000)
    expect(passed).toEqual(upTo(30))
    await clock.advance(12_200)
    expect([passed, isRead(), refused]).toEqual([upTo(150), true, []])
  })

  test('[S4] the wires of a user share one bucket, another user’s are not touched, and the debt outlives the wire', async () => {
    const clock = new ManualClock()
    const [one, two, other] = [makeWire({}, clock), makeWire({}, clock), makeWire({}, clock)]
    const theirs = placeOf(clock, { ...defaultLimits, user_messages_per_s_max: 10, user_burst_max: 30 })
    one.login(theirs)
    two.login(theirs)
    other.login()
    one.send(25)
    two.send(25)
    other.send(25)
    expect([one.passed.length, two.passed.length, other.passed.length]).toEqual([25, 5, 25])
    expect(two.delays).toEqual(['user'])
    two.wire.end()
    const back = makeWire({}, clock)
    back.login(theirs)
    back.send(5)
    expect(back.passed).toEqual([])
    await clock.advance(500)
    expect(back.passed).toEqual(upTo(5))
  })

  test('[S4] [S5] bytes are shared as well: a new wire of the same user does not start afresh', async () => {
    const clock = new ManualClock()
    const limits = { ...defaultLimits, user_bytes_per_s_max: 1_000, user_burst_bytes_max: 10_000 }
    const theirs = placeOf(clock, limits)
    const one = makeWire(limits, clock)
    one.login(theirs)
    one.wire.asked(12_000)
    one.wire.end()
    const two = makeWire(limits, clock)
    two.login(theirs)
    two.send(1)
    expect([two.passed, two.delays]).toEqual([[], ['user']])
    await clock.advance(2_100)
    expect(two.passed).toEqual([0])
  })

  test('[S5] bytes count as they arrive, of an unfinished frame too; two merges of the largest size pass, more waits', async () => {
    const { clock, limits, passed, delays, isRead, login, send, sendPart, wire, frames } = makeWire()
    login()
    for (let n = 0; n < 2; n += 1) send(1, { bytes: limits.offline_bytes_max })
    await clock.advance(20)
    expect([passed.length, delays]).toEqual([2, ['bytes']])
    await clock.advance(1_000)
    expect(isRead()).toBe(true)
    sendPart(limits.connection_bytes_per_s_max * 2)
    expect(isRead()).toBe(false)
    await clock.advance(2_000)
    expect([isRead(), frames.length]).toEqual([true, 2])
    // Asked for: as if it had been sent.
    wire.asked(limits.connection_bytes_per_s_max * 3)
    send(1)
    expect(passed).toHaveLength(2)
    await clock.advance(3_100)
    expect(passed).toHaveLength(3)
  })

  test('[S7] with more waiting than it may send for over_rate_ms without a break it is closed, and not a moment sooner', async () => {
    const { clock, refused, passed, login, send } = makeWire({ ...slow, over_rate_ms: 5_000 })
    login()
    send(1_000)
    await clock.advance(4_900)
    expect(refused).toEqual([])
    await clock.advance(200)
    expect(refused).toEqual(['rate-limited'])
    const through = passed.length
    await clock.advance(5_000)
    expect(passed).toHaveLength(through)
  })

  test('[S7] who always waits for their answers is delayed for ever and never closed; nor is who was over it before, and now again', async () => {
    const { clock, refused, passed, delays, login, send } = makeWire({ ...slow, over_rate_ms: 5_000 })
    login()
    let sent = 0
    for (let turn = 0; turn < 300; turn += 1) {
      // Two at a time, the next two when these are through: far over the rate if it could.
      if (passed.length === sent) {
        send(2)
        sent += 2
      }
      await clock.advance(100)
    }
    expect(refused).toEqual([])
    expect(delays.length).toBeGreaterThan(20)
    for (let hour = 0; hour < 3; hour += 1) {
      send(40)
      sent += 40
      await clock.advance(3_600_000)
    }
    expect([refused, passed.length]).toEqual([[], sent])
  })
})

describe('answers', () => {
  test('[S6] with so many unanswered it is not read until one is answered; the time is not held against it', async () => {
    const { clock, passed, frames, delays, refused, wire, login, send } = makeWire({ connection_unanswered_max: 5, over_rate_ms: 1_000 })
    login()
    send(12, { awaits: 'committee:a' })
    expect([passed.length, delays]).toEqual([5, ['answers']])
    await clock.advance(600_000)
    expect([passed.length, refused]).toEqual([5, []])
    wire.answered(frames[0] as Uint8Array)
    wire.answered(frames[0] as Uint8Array)
    await clock.settle()
    expect(passed).toHaveLength(6)
    for (let n = 1; n < 12; n += 1) {
      wire.answered(frames[n] as Uint8Array)
      await clock.settle()
    }
    expect(passed).toEqual(upTo(12))
  })

  test('[S6] bytes count too: one long frame may exceed them, the next waits', async () => {
    const { clock, passed, frames, wire, login, send } = makeWire({ connection_unanswered_bytes_max: 1_000 })
    login()
    send(1, { bytes: 5_000, awaits: 'committee:a' })
    send(1, { awaits: 'committee:a' })
    expect(passed).toHaveLength(1)
    wire.answered(frames[0] as Uint8Array)
    await clock.settle()
    expect(passed).toHaveLength(2)
  })

  test('[S6] a document that ends frees its frames and no other’s; what awaits no answer never blocks', async () => {
    const { clock, passed, wire, login, send } = makeWire({ connection_unanswered_max: 4 })
    login()
    send(2, { awaits: 'committee:a' })
    send(2, { awaits: 'committee:b' })
    send(3)
    expect(passed).toHaveLength(4)
    wire.closed('committee:a')
    await clock.settle()
    expect(passed).toHaveLength(7)
    send(2, { awaits: 'committee:b' })
    send(1)
    expect(passed).toHaveLength(9)
  })
})

describe('large frames', () => {
  const large = { update_bytes_max: 1_000, large_frame_ms: 10_000, connection_unanswered_bytes_max: 100_000 }

  test('[S9] so many at a time; the next is not read until one has been answered, and then arrives whole', async () => {
    const clock = new ManualClock()
    const turns = new Turns(1)
    const [one, two, small] = [makeWire(large, clock, turns), makeWire(large, clock, turns), makeWire(large, clock, turns)]
    for (const { login } of [one, two, small]) login()
    one.sendPart(2_000)
    two.sendPart(2_000)
    expect([one.isRead(), two.isRead(), two.delays]).toEqual([true, false, ['large']])
    small.send(5, { bytes: 900 })
    expect(small.passed).toHaveLength(5)
    one.send(1, { bytes: 1_000, awaits: 'committee:a' })
    expect([one.passed.length, two.isRead()]).toEqual([1, false])
    one.wire.answered(one.frames[0] as Uint8Array)
    expect(two.isRead()).toBe(true)
    two.send(1, { bytes: 1_000, awaits: 'committee:a' })
    expect([two.passed.length, two.refused]).toEqual([1, []])
  })

  test('[S9] one that is not whole in time is closed and gives up its turn; so does one that goes', async () => {
    const clock = new ManualClock()
    const turns = new Turns(1)
    const [one, two, three] = [makeWire(large, clock, turns), makeWire(large, clock, turns), makeWire(large, clock, turns)]
    for (const { login, sendPart } of [one, two, three]) {
      login()
      sendPart(2_000)
    }
    await clock.advance(9_000)
    expect([one.refused, two.isRead()]).toEqual([[], false])
    await clock.advance(1_100)
    expect([one.refused, two.isRead(), two.refused]).toEqual([['rate-limited'], true, []])
    two.wire.end()
    expect(three.isRead()).toBe(true)
    await clock.advance(9_000)
    expect(three.refused).toEqual([])
  })
})

describe('before a login', () => {
  test('[S10] so many messages and bytes, and no more; after the login as any', () => {
    const limits = { unauthenticated_messages_max: 5, unauthenticated_bytes_max: 1_000 }
    const [many, long, honest] = [makeWire(limits), makeWire(limits), makeWire(limits)]
    many.send(6)
    expect([many.passed.length, many.refused]).toEqual([5, ['rate-limited']])
    long.send(1, { bytes: 1_000 })
    long.sendPart(1)
    expect([long.passed.length, long.refused]).toEqual([1, ['too-large']])
    honest.send(5, { bytes: 200 })
    honest.login()
    honest.send(50, { bytes: 200 })
    expect([honest.passed.length, honest.refused]).toEqual([55, []])
  })
})

describe('what is no frame', () => {
  test('[S17] a ping costs a message; over the rate it says so, and delays like any', async () => {
    const { clock, wire, isRead, refused, login, send, passed } = makeWire({ ...slow, over_rate_ms: 5_000 })
    login()
    expect(Array.from({ length: 60 }, () => wire.charge()).filter(Boolean)).toHaveLength(20)
    expect(isRead()).toBe(false)
    send(1)
    await clock.advance(4_300)
    expect([isRead(), passed.length]).toEqual([true, 1])
    await clock.advance(10_000)
    for (let n = 0; n < 500; n += 1) wire.charge()
    send(1)
    await clock.advance(5_100)
    expect(refused).toEqual(['rate-limited'])
  })
})
