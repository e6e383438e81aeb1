import { expect, test } from 'vitest'
import type { UserId } from '#contract/ids.ts'
import type { Person } from '../../sync/people.ts'
import { peopleHere } from './here.ts'

const page = (client: number, id: number, more: Partial<Person> = {}): Person => ({
  client,
  user: { id: id as UserId, name: `user ${id}`, role: 'marker' },
  me: false,
  away: false,
  at: {},
  ...more,
})

test('somebody with two devices is one person; two tabs of a device are one device, with what each looks at', () => {
  const here = peopleHere([
    page(1, 5, { at: { device: 'phone', view: 'roll', unsent: 3 } }),
    page(2, 5, { at: { device: 'laptop', view: 'count', unsent: 1 } }),
    page(3, 5, { at: { device: 'phone', view: 'absent', unsent: 2 } }),
  ])
  expect(here).toHaveLength(1)
  expect(here[0]?.devices.map(({ key, places, unsent }) => [key, places.map(({ view }) => view), unsent])).toEqual([
    ['laptop', ['count'], 1],
    ['phone', ['roll', 'absent'], 3],
  ])
})

test('where a device says no name, each page of it stands for itself', () => {
  expect(peopleHere([page(1, 5), page(2, 5)])[0]?.devices).toHaveLength(2)
})

test('oneself comes first, and of the own devices this one', () => {
  const here = peopleHere([page(1, 5), page(2, 9, { at: { device: 'a' } }), page(3, 9, { me: true, at: { device: 'z' } })])
  expect(here.map(({ user, me }) => [user.id, me])).toEqual([
    [9, true],
    [5, false],
  ])
  expect(here[0]?.devices.map(({ key, mine }) => [key, mine])).toEqual([
    ['z', true],
    ['a', false],
  ])
})

test('a person is away only when away on every device', () => {
  const away = { away: true }
  expect(peopleHere([page(1, 5, away), page(2, 5)])[0]?.away).toBe(false)
  expect(peopleHere([page(1, 5, away), page(2, 5, away)])[0]?.away).toBe(true)
})
