import { createRenderEffect, createRoot } from 'solid-js'
import { expect, test } from 'vitest'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import type { ElectorSerial, UserId } from '#contract/ids.ts'
import { handClock } from './hand-clock.ts'
import { createPresence } from './presence.ts'

const me = { id: 7 as UserId, name: 'Mona', role: 'coordinator' } as const
const serial = (n: number) => n as ElectorSerial

function page() {
  const hand = handClock()
  const awareness = new Awareness(new Y.Doc())
  const unsent = { n: 0 }
  const presence = createPresence({ clock: hand.clock, me, awareness: () => awareness, unsent: () => unsent.n, meet: () => {} })
  const told: (Record<string, unknown> | null)[] = []
  presence.start()
  awareness.on('update', (_news: unknown, origin: unknown) => {
    if (origin === 'local') told.push(awareness.getLocalState())
  })
  const hear = (client: number, state: Record<string, unknown> | null) => {
    if (state === null) awareness.states.delete(client)
    else awareness.states.set(client, { user: { id: client, name: `user ${client}`, role: 'marker' }, ...state })
    awareness.meta.set(client, { clock: 1, lastUpdated: hand.clock.now() })
    awareness.emit('change', [{ added: [], updated: [client], removed: [] }, 'wire'])
  }
  return { ...hand, awareness, unsent, presence, told, hear, [Symbol.dispose]: () => awareness.destroy() }
}

test('somebody who goes from one elector to another wakes the rows of these two, whoever else is here', () => {
  using here = page()
  for (let client = 100; client < 600; client += 1) here.hear(client, { elector: client })
  const woken: number[] = []
  const dispose = createRoot((end) => {
    for (let elector = 1; elector <= 1_000; elector += 1) {
      createRenderEffect(() => {
        here.presence.views.at(serial(elector))
        woken.push(elector)
      })
    }
    return end
  })
  const wokenBy = (change: () => void) => {
    woken.length = 0
    change()
    return woken.toSorted((a, b) => a - b)
  }
  expect(wokenBy(() => here.hear(100, { elector: 50 }))).toEqual([50, 100])
  expect(wokenBy(() => here.hear(101, { elector: 101, typing: 'note/101' }))).toEqual([])
  expect(wokenBy(() => here.hear(102, { elector: 102, unsent: 4 }))).toEqual([])
  expect(wokenBy(() => here.hear(102, { elector: 102, claim: { elector: 900, since_s: 5 } }))).toEqual([900])
  expect(wokenBy(() => here.hear(102, null))).toEqual([102, 900])
  dispose()
})

test('a place is told when it is another, and not when it is said again; what is undefined is taken back', () => {
  using here = page()
  const { present } = here.presence.views
  present({ view: 'roll', elector: serial(3) })
  present({ view: 'roll' })
  present({ elector: undefined })
  expect(here.told.map((state) => [state?.view, state?.elector])).toEqual([
    ['roll', 3],
    ['roll', undefined],
  ])
})

test('where this page is told from does not depend on what it tells: an effect that says where it is runs for that alone', () => {
  using here = page()
  let runs = 0
  const dispose = createRoot((end) => {
    createRenderEffect(() => {
      runs += 1
      here.presence.views.present({ view: 'roll', elector: serial(runs) })
    })
    return end
  })
  here.hear(100, { elector: 4 })
  here.hear(101, { elector: 5 })
  expect(runs).toBe(1)
  dispose()
})

test('edits not sent yet are told with a tick, once for a figure, and not with every edit', () => {
  using here = page()
  here.unsent.n = 5
  here.presence.tick()
  here.presence.tick()
  here.unsent.n = 0
  here.presence.tick()
  expect(here.told.map((state) => state?.unsent)).toEqual([5, 0])
})

test('a claim of this page is one of those who call, from the moment it is made', () => {
  using here = page()
  const { claim, release, at } = here.presence.views
  claim(serial(9))
  expect(at(serial(9)).calling.map((person) => person.me)).toEqual([true])
  expect(here.told.at(-1)?.claim).toEqual({ elector: 9, since_s: 1_000 })
  release()
  expect(at(serial(9)).calling).toEqual([])
})
