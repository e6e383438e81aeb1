import { expect, test } from 'vitest'
import { ManualClock } from '#actors/kernel/clock.ts'
import { err, ok } from '#contract/result.ts'
import { Changes, type Concerned, parseNotice } from './changes.ts'

function makeWorld() {
  const clock = new ManualClock()
  const there = { access: 3, facts: 5 }
  const world = { there, away: false, needed: true, asked: 0, access: [] as Concerned[], facts: [] as Concerned[] }
  const changes = new Changes({
    clock,
    read: async () => {
      world.asked += 1
      return world.away ? err('unavailable') : ok({ ...there })
    },
    isNeeded: () => world.needed,
    onChange: { access: (concerned) => world.access.push(concerned), facts: (concerned) => world.facts.push(concerned) },
  })
  return { clock, changes, world }
}

test('a notice says which version it made and whom it concerns; anything else says nothing', () => {
  expect(parseNotice('7:user 12')).toEqual(ok({ version: 7, of: { user: 12 } }))
  expect(parseNotice('7:committee u01')).toEqual(ok({ version: 7, of: { committee: 'u01' } }))
  expect(parseNotice('7:*')).toEqual(ok({ version: 7, of: 'any' }))
  for (const bad of ['', '7', 'x:*', '7:user', '7:user 0', '7:committee U 1', '7:user 1 2', '-1:*']) {
    expect(parseNotice(bad), bad).toEqual(err('not a notice'))
  }
})

test('what is not known yet concerns everybody, once; then a second goes by in which nobody is told anything', async () => {
  const { clock, changes, world } = makeWorld()
  changes.gap()
  await clock.settle()
  expect([world.access, world.facts]).toEqual([['any'], ['any']])
  await clock.advance(5_000)
  expect([world.access, world.facts]).toEqual([['any'], ['any']])
})

test('a notice is passed on at once, and the poll does not tell it again', async () => {
  const { clock, changes, world } = makeWorld()
  changes.gap()
  await clock.settle()
  world.there.access = 4
  expect(changes.hear('access', '4:user 7')).toBe(true)
  expect(changes.hear('access', '4:user 8')).toBe(true)
  await clock.advance(3_000)
  expect(world.access).toEqual(['any', { user: 7 }, { user: 8 }])
  expect(world.facts).toEqual(['any'])
})

test('a notice that is missing is noticed by the next one, and then everybody is concerned', async () => {
  const { clock, changes, world } = makeWorld()
  changes.gap()
  await clock.settle()
  changes.hear('access', '5:user 7')
  changes.hear('access', '6:committee u01')
  expect(world.access).toEqual(['any', 'any', { committee: 'u01' }])
})

test('a change that no notice tells is found by the next poll', async () => {
  const { clock, changes, world } = makeWorld()
  changes.gap()
  await clock.settle()
  world.there.facts = 6
  await clock.advance(1_000)
  expect([world.access, world.facts]).toEqual([['any'], ['any', 'any']])
})

test('nobody here: nothing is asked; whoever comes first finds what has changed meanwhile', async () => {
  const { clock, changes, world } = makeWorld()
  changes.gap()
  await clock.settle()
  world.needed = false
  const { asked } = world
  world.there.access = 9
  await clock.advance(10_000)
  expect([world.asked, world.access]).toEqual([asked, ['any']])
  world.needed = true
  await clock.advance(1_000)
  expect(world.access).toEqual(['any', 'any'])
})

test('a database that is away is asked again every second; a gap meanwhile is not forgotten', async () => {
  const { clock, changes, world } = makeWorld()
  changes.gap()
  await clock.settle()
  world.away = true
  await clock.advance(3_000)
  expect(world.access).toEqual(['any'])
  changes.gap()
  await clock.settle()
  world.away = false
  await clock.advance(1_000)
  expect(world.access).toEqual(['any', 'any'])
  changes.stop()
  const { asked } = world
  await clock.advance(5_000)
  expect(world.asked).toBe(asked)
})
