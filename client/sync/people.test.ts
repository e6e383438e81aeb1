import { expect, test } from 'vitest'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import type { UserId } from '#contract/ids.ts'
import { byElector, changedElectors, createPeople } from './people.ts'

const me = { id: 7 as UserId, name: 'Mona', role: 'coordinator' } as const
const ali = { id: 8, name: 'Ali', role: 'counter' }
const zaid = { id: 9, name: 'Zaid', role: 'marker' }

function room(states: Record<number, Record<string, unknown>> = {}) {
  const awareness = new Awareness(new Y.Doc())
  const people = createPeople(awareness, me)
  const hear = (client: number, state: Record<string, unknown>, at_ms = 1_000) => {
    awareness.states.set(client, state)
    awareness.meta.set(client, { clock: 1, lastUpdated: at_ms })
  }
  for (const [client, state] of Object.entries(states)) hear(Number(client), state)
  const read = (now_ms = 1_000) => people.at(now_ms)
  const others = (now_ms?: number) => read(now_ms).slice(1)
  return { awareness, hear, read, others, [Symbol.dispose]: () => awareness.destroy() }
}

test('this page comes first, then the others by name, each with where they are', () => {
  using here = room({
    5: { user: zaid, view: 'roll' },
    6: { user: ali, view: 'count', sheet: 'A', ballot: 12 },
  })
  expect(here.read().map(({ client, me: mine, at }) => [client, mine, at])).toEqual([
    [here.awareness.clientID, true, {}],
    [6, false, { view: 'count', sheet: 'A', ballot: 12 }],
    [5, false, { view: 'roll' }],
  ])
})

test('who says nothing of who they are, or nonsense, is not shown', () => {
  using here = room({
    1: {},
    2: { user: 'Ali' },
    3: { user: { id: 0, name: 'Ali', role: 'counter' } },
    4: { user: { id: 8, name: 'Ali', role: 'king' } },
    5: { user: ali },
  })
  expect(here.others().map(({ client }) => client)).toEqual([5])
})

test('of a state only the fields of the contract are taken, and each only in its shape', () => {
  const good = {
    view: 'roll',
    elector: 12,
    typing: 'note/12',
    cursor: { anchor: { tname: 'note/12', assoc: -1 }, head: { tname: 'note/12', assoc: -1 } },
    claim: { elector: 12, since_s: 1_000 },
    sheet: 'B',
    ballot: 3,
    took: 9,
    device: 'd1',
    unsent: 4,
  }
  const bad = {
    view: 'attic',
    elector: 0,
    typing: 'x'.repeat(201),
    cursor: 'here',
    claim: { elector: 12, since_s: 'now' },
    sheet: 'Z',
    ballot: 0,
    took: 'Ali',
    device: '',
    unsent: -1,
    toString: null,
  }
  using here = room({ 1: { user: ali, ...good, more: true }, 2: { user: zaid, ...bad } })
  expect(here.others().map(({ at }) => at)).toEqual([good, {}])
})

test('who has not been heard of for 20 seconds is away; this page never is', () => {
  using here = room({ 5: { user: ali } })
  expect(here.read(21_000).map(({ away }) => away)).toEqual([false, false])
  expect(here.read(21_001).map(({ away }) => away)).toEqual([false, true])
})

test('where nothing has changed the list is the same, also after a renewal; where something has, the others in it are', () => {
  using here = room({ 5: { user: ali, elector: 3 }, 6: { user: zaid } })
  const before = here.read()
  here.hear(6, { user: { ...zaid } }, 2_000)
  expect(here.read(2_000)).toBe(before)
  here.hear(6, { user: zaid, elector: 4 }, 3_000)
  const after = here.read(3_000)
  expect(after).not.toBe(before)
  expect(after.map((person, index) => person === before[index])).toEqual([true, true, false])
})

test('by elector there are those who look, others than this person, and those who call, this person too', () => {
  using here = room({
    5: { user: ali, elector: 3 },
    6: { user: zaid, elector: 3, claim: { elector: 4, since_s: 9 } },
    8: { user: me, elector: 3, claim: { elector: 3, since_s: 8 } },
  })
  const at = byElector(here.read(), me)
  expect(
    [...at].map(([elector, { looking, calling }]) => [elector, looking.map(({ client }) => client), calling.map(({ client }) => client)]),
  ).toEqual([
    [3, [5, 6], [8]],
    [4, [], [6]],
  ])
  expect([...byElector(here.read(30_000), me)].map(([elector, { looking }]) => [elector, looking.length])).toEqual([
    [3, 0],
    [4, 0],
  ])
})

test('somebody who goes to another elector changes these two and no other, and who types there changes none', () => {
  using here = room({ 5: { user: ali, elector: 3 }, 6: { user: zaid, elector: 8 } })
  const before = byElector(here.read(), me)
  here.hear(5, { user: ali, elector: 4 })
  const now = byElector(here.read(), me)
  expect(Object.entries(changedElectors(before, now)).map(([elector, at]) => [elector, at?.looking.length])).toEqual([
    ['3', undefined],
    ['4', 1],
  ])
  here.hear(5, { user: ali, elector: 4, typing: 'note/4' })
  expect(changedElectors(now, byElector(here.read(), me))).toEqual({})
})
