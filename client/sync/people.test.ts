import { expect, test } from 'vitest'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import type { UserId } from '#contract/ids.ts'
import { readPeople } from './people.ts'

const me = { id: 7 as UserId, name: 'Mona', role: 'coordinator' } as const

function room(states: Record<number, Record<string, unknown>>) {
  const awareness = new Awareness(new Y.Doc())
  for (const [client, state] of Object.entries(states)) {
    awareness.states.set(Number(client), state)
    awareness.meta.set(Number(client), { clock: 1, lastUpdated: 1_000 })
  }
  const read = (now_ms = 1_000) => readPeople(awareness, me, now_ms)
  return { awareness, read, end: () => awareness.destroy() }
}

test('this page comes first, then the others by name, each with where they are', () => {
  const { read, awareness, end } = room({
    5: { user: { id: 9, name: 'Zaid', role: 'marker' }, view: 'roll' },
    6: { user: { id: 8, name: 'Ali', role: 'counter' }, view: 'count', sheet: 'A', ballot: 12 },
  })
  expect(read().map(({ client, me: mine, at }) => [client, mine, at])).toEqual([
    [awareness.clientID, true, {}],
    [6, false, { view: 'count', sheet: 'A', ballot: 12 }],
    [5, false, { view: 'roll' }],
  ])
  end()
})

test('who says nothing of who they are, or nonsense, is not shown', () => {
  const { read, end } = room({
    1: {},
    2: { user: 'Ali' },
    3: { user: { id: 0, name: 'Ali', role: 'counter' } },
    4: { user: { id: 8, name: 'Ali', role: 'king' } },
    5: { user: { id: 8, name: 'Ali', role: 'counter' } },
  })
  expect(
    read()
      .map(({ client }) => client)
      .slice(1),
  ).toEqual([5])
  end()
})

test('who has not been heard of for 20 seconds is away; this page never is', () => {
  const { read, end } = room({ 5: { user: { id: 8, name: 'Ali', role: 'counter' } } })
  expect(read(21_000).map(({ away }) => away)).toEqual([false, false])
  expect(read(21_001).map(({ away }) => away)).toEqual([false, true])
  end()
})
