import { expect, test } from 'vitest'
import { ManualClock } from '#actors/kernel/clock.ts'
import { err, ok } from '#contract/result.ts'
import type { SeenDevice } from '#server/storage/devices.ts'
import { DeviceBook } from './device-book.ts'
import type { Seat } from './seat.ts'

function makeWorld() {
  const clock = new ManualClock()
  const world = { writes: [] as (readonly SeenDevice[])[], away: false }
  const devices = {
    save: async (seen: readonly SeenDevice[]) => {
      if (world.away) return err('unavailable' as const)
      world.writes.push(seen)
      return ok()
    },
  }
  const book = new DeviceBook({ devices, clock })
  const sit = (user: number, client: number) => ({ committee: 'u01', client, identity: { user } }) as unknown as Seat
  const hear = (seat: Seat, unsent: number, device = 'phone') => book.hear(seat, { unsent, device })
  return { clock, world, book, sit, hear }
}

test('a device is written at most once in five seconds, however often it speaks, with what it said last', async () => {
  const { clock, world, sit, hear } = makeWorld()
  const seat = sit(1, 10)
  for (let second = 1; second <= 20; second += 1) {
    hear(seat, second)
    await clock.advance(1_000)
  }
  expect(world.writes.map((rows) => rows.map(({ unsent }) => unsent))).toEqual([[1], [6], [11], [16]])
})

test('one that says nothing new is written once a minute, so that it is known to be here', async () => {
  const { clock, world, sit, hear } = makeWorld()
  hear(sit(1, 10), 0)
  await clock.advance(185_000)
  expect(world.writes).toHaveLength(4)
})

test('its leaving is written soon; two tabs are one device, and leave with the last', async () => {
  const { clock, world, book, sit, hear } = makeWorld()
  const [one, other] = [sit(1, 10), sit(1, 11)]
  hear(one, 2)
  hear(other, 3)
  await clock.advance(1_000)
  expect(world.writes).toMatchObject([[{ user: 1, device: 'phone', unsent: 3, here: true }]])
  book.leave(one)
  await clock.advance(1_000)
  expect(world.writes).toHaveLength(1)
  book.leave(other)
  await clock.advance(1_000)
  expect(world.writes.at(-1)).toMatchObject([{ unsent: 3, here: false }])
})

test('while the database is away nothing is lost: it is said when it is back', async () => {
  const { clock, world, book, sit, hear } = makeWorld()
  const [stays, goes] = [sit(1, 10), sit(2, 20)]
  world.away = true
  hear(stays, 1)
  hear(goes, 2)
  await clock.advance(2_000)
  book.leave(goes)
  await clock.advance(10_000)
  world.away = false
  await clock.advance(5_000)
  expect(world.writes.flat()).toMatchObject([
    { user: 2, here: false },
    { user: 1, here: true },
  ])
})

test('one that says neither its name nor what it has not sent is known by its client, and holds nothing', async () => {
  const { clock, world, book, sit } = makeWorld()
  book.hear(sit(1, 10), {})
  await clock.advance(1_000)
  expect(world.writes.flat()).toMatchObject([{ user: 1, unsent: 0, device: 'client-10' }])
})

test('closing writes that everybody has left, once', async () => {
  const { clock, world, book, sit, hear } = makeWorld()
  hear(sit(1, 10), 1)
  await clock.advance(1_000)
  await book.close()
  await clock.advance(120_000)
  expect(world.writes).toMatchObject([[{ here: true }], [{ here: false }]])
})
