import type { Connection } from '@hocuspocus/server'
import { expect, test } from 'vitest'
import { ManualClock } from '#actors/kernel/clock.ts'
import type { Result } from '#contract/result.ts'
import { err, ok } from '#contract/result.ts'
import type { Right } from '#contract/rights.ts'
import type { NoStanding, Standing } from '#server/auth/access.ts'
import { Seat } from './seat.ts'
import { Seats } from './seats.ts'

const standing = (rights: readonly Right[], role: Standing['being']['role'] = 'counter'): Standing => ({
  being: { name: 'سالم', role },
  access: { rights, phase: 'counting' },
  held: [],
  signOuts: 0,
})

function makeWorld() {
  const clock = new ManualClock()
  const asked: number[][] = []
  const said = new Map<number, string[]>()
  const now = new Map<number, Result<Standing, NoStanding>>()
  const world = { away: false, hold: undefined as Promise<void> | undefined, held: [] as (string | number)[][] }
  const seats = new Seats({
    clock,
    log: { info() {}, warn() {}, error() {} },
    onRefusal: () => {},
    access: {
      hold: async ({ user }, rights) => void world.held.push([user, ...rights]),
      standings: async (places) => {
        asked.push(places.map(({ user }) => user))
        const answers = places.map(({ user }) => now.get(user) ?? err('not-assigned' as const))
        await world.hold
        return world.away ? err('unavailable') : ok(answers)
      },
    },
  })
  /** `there`: what the database says by now, where that is something else than when they asked. */
  const come = (user: number, changes = seats.changes, there = standing(['read', 'count'])) => {
    const words: string[] = []
    said.set(user, words)
    now.set(user, ok(there))
    const connection = {
      document: { hasConnection: () => true },
      sendStateless: (text: string) => {
        const message = JSON.parse(text) as { type: string; rights?: string[] }
        words.push(`${message.type} ${message.rights?.join('+') ?? ''}`.trim())
      },
      close: ({ reason }: { reason: string }) => words.push(`close ${reason}`),
    } as unknown as Connection
    const socket = { refuse: (code: string) => words.push(`socket ${code}`) }
    const identity = { user, name: 'x', role: 'coordinator', expires_at: 9, jti: 'j' }
    const at = { committee: 'u01', client: 5 }
    const seat = new Seat(socket as never, at as never, identity as never, standing(['read', 'count']), changes)
    seats.sit(seat, connection)
    return seat
  }
  return { clock, seats, asked, said, now, world, come }
}

test('a change of all is one question, and only who has something different is told', async () => {
  const { clock, seats, asked, said, now, come } = makeWorld()
  for (let user = 1; user <= 600; user += 1) come(user)
  now.set(300, ok(standing(['read'])))
  seats.changed('any')
  await clock.advance(0)
  expect(asked.map((users) => users.length)).toEqual([600])
  expect(said.get(300)).toEqual(['rights read+count', 'rights read'])
  expect([...said.values()].filter((words) => words.length > 1)).toHaveLength(1)
})

test('changes that come during a question are one more question, of those concerned', async () => {
  const { clock, seats, asked, world, come } = makeWorld()
  for (const user of [1, 2, 3]) come(user)
  let answer = () => {}
  world.hold = new Promise((resolve) => {
    answer = resolve
  })
  seats.changed({ user: 1 as never })
  seats.changed({ user: 2 as never })
  seats.changed({ user: 2 as never })
  seats.changed({ user: 1 as never })
  answer()
  await clock.advance(0)
  expect(asked).toEqual([[1], [2, 1]])
})

test('while the database is away the rights hold; it is asked again until it answers', async () => {
  const { clock, seats, said, now, world, come } = makeWorld()
  const seat = come(1)
  now.set(1, ok(standing(['read'])))
  world.away = true
  seats.changed('any')
  await clock.advance(2_000)
  expect(seat.writer.rights).toEqual(['read', 'count'])
  world.away = false
  await clock.advance(500)
  expect(seat.writer.rights).toEqual(['read'])
  expect(said.get(1)).toEqual(['rights read+count', 'rights read'])
})

test('a change between the question of who comes in and their seat is caught up with', async () => {
  const { clock, seats, asked, come } = makeWorld()
  const before = seats.changes
  seats.changed('any')
  const seat = come(1, before, standing(['read']))
  await clock.advance(0)
  expect(asked).toEqual([[1]])
  expect(seat.access.rights).toEqual(['read'])
})

test('without `read` the document is closed, and what they still send comes late; disabled, the socket', async () => {
  const { clock, seats, said, now, come } = makeWorld()
  const [gone, disabled] = [come(1), come(2)]
  come(3)
  now.set(1, err('not-assigned'))
  now.set(2, err('unauthenticated'))
  seats.changed('any')
  await clock.advance(0)
  expect(said.get(1)).toEqual(['rights read+count', 'refused', 'close forbidden'])
  expect(said.get(2)).toEqual(['rights read+count', 'socket unauthenticated'])
  expect(said.get(3)).toEqual(['rights read+count'])
  const late = { rights: [], assigned: ['read', 'count'] }
  expect([gone.writer, disabled.writer]).toMatchObject([late, late])
})

test('the role is the database’s from the first moment, and a new one is told with the rights', async () => {
  const { clock, seats, said, now, come } = makeWorld()
  const seat = come(1)
  expect(seat.writer.role).toBe('counter')
  now.set(1, ok(standing(['read', 'count'], 'supervisor')))
  seats.changed({ user: 1 as never })
  await clock.advance(0)
  expect(seat.writer.role).toBe('supervisor')
  expect(said.get(1)).toEqual(['rights read+count', 'rights read+count'])
})

test('who has left is not asked for', async () => {
  const { clock, seats, asked, come } = makeWorld()
  const seat = come(1)
  seats.leave(seat)
  seats.changed('any')
  await clock.advance(1_000)
  expect([asked, seats.count]).toEqual([[], 0])
})

test('a right somebody was here with is noted once; what they write under it when it has ended is late', async () => {
  const { come, now, seats, world, clock } = makeWorld()
  const seat = come(1)
  expect(world.held).toEqual([[1, 'read', 'count']])
  now.set(1 as never, ok({ ...standing(['read']), held: ['read', 'count'] }))
  seats.changed('any')
  await clock.advance(0)
  expect(seat.writer).toMatchObject({ rights: ['read'], assigned: ['read', 'count'] })
  expect(world.held).toHaveLength(1)
})
