import { createRenderEffect, createRoot } from 'solid-js'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { type Conflict, conflictsRoot, isOpen, readConflicts } from '#contract/document/conflicts.ts'
import type { ClientId, ElectorSerial, UserId } from '#contract/ids.ts'
import { bindConflicts } from './conflicts.ts'

const user = (n: number) => n as UserId
const serial = (n: number) => n as ElectorSerial

const said = (value: unknown, by: number) => ({ value, by: user(by), at_s: 100 + by, id: `${by}:0` })
const raced: Conflict = { values: [said('confirmed', 5), said('unreachable', 6)] }
const settled: Conflict = { ...raced, resolved: { by: user(2), at_s: 200, value: 'confirmed' } }

function bound() {
  const doc = new Y.Doc()
  return { root: conflictsRoot(doc), doc, conflicts: bindConflicts(doc) }
}

/** Runs `read` again whenever something it read has changed; answers how often it ran. */
function watched(read: () => unknown) {
  let runs = 0
  const stop = createRoot((end) => {
    createRenderEffect(() => {
      read()
      runs += 1
    })
    return end
  })
  return { runs: () => runs, stop }
}

test('[C51] a conflict is found by its elector, its figure, its walk-in; what is resolved stays there and is no longer open', () => {
  const { root, conflicts } = bound()
  root.set('guarantees/216/5/confirmation', raced)
  root.set('attendance/216/#', raced)
  root.set('figures/minute/ballots/#', raced)
  root.set('walkins/5.9.0/#', raced)
  expect(conflicts.open()).toBe(4)
  expect(conflicts.ofElector(serial(216)).map(({ at, open }) => [at, open])).toEqual([
    ['attendance/216/#', true],
    ['guarantees/216/5/confirmation', true],
  ])
  expect(conflicts.ofFigure('minute', 'ballots')?.parts).toEqual({ source: 'minute', figure: 'ballots' })
  expect(conflicts.ofWalkin({ user: user(5), client: 9 as ClientId, n: 0 })?.values).toHaveLength(2)
  root.set('guarantees/216/5/confirmation', settled)
  expect(conflicts.open()).toBe(3)
  expect(conflicts.ofElector(serial(216))[1]).toMatchObject({ open: false, values: raced.values, resolved: settled.resolved })
  root.set('guarantees/216/5/confirmation', raced)
  expect(conflicts.open()).toBe(4)
})

test('an entry wakes who shows its place, and nobody else', () => {
  const { root, conflicts } = bound()
  root.set('guarantees/1/5/strength', raced)
  root.set('guarantees/2/5/strength', raced)
  const [one, two, count] = [
    watched(() => conflicts.ofElector(serial(1))),
    watched(() => conflicts.ofElector(serial(2))),
    watched(conflicts.open),
  ]
  root.set('guarantees/1/5/strength', settled)
  expect([one.runs(), two.runs(), count.runs()]).toEqual([2, 1, 2])
  root.set('guarantees/1/5/strength', { ...settled, resolved: { by: user(3), at_s: 300, value: 'x' } })
  expect([one.runs(), two.runs(), count.runs()]).toEqual([3, 1, 2])
  root.set('guarantees/1/5/group', raced)
  expect([one.runs(), two.runs(), count.runs()]).toEqual([4, 1, 3])
  for (const { stop } of [one, two, count]) stop()
})

test('what has not the shape, or stands at no place that is known, is none', () => {
  const { root, conflicts } = bound()
  root.set('guarantees/1/5/strength', { values: 'x' })
  root.set('guarantees/1/5/colour', raced)
  root.set('ballots/A/5.9', raced)
  root.set('nowhere', raced)
  expect(conflicts.open()).toBe(0)
  expect(conflicts.all()).toEqual([])
  root.set('guarantees/1/5/strength', raced)
  expect(conflicts.open()).toBe(1)
  root.set('guarantees/1/5/strength', { values: 'x' })
  expect(conflicts.open()).toBe(0)
  expect(conflicts.ofElector(serial(1))).toEqual([])
})

test('after any history the binding says what a reading of the whole root says', () => {
  const { root, conflicts, doc } = bound()
  const places = ['guarantees/1/5/strength', 'guarantees/1/6/group', 'guarantees/2/5/strength', 'attendance/1/#', 'figures/minute/valid/#']
  for (let turn = 0; turn < 200; turn += 1) {
    const at = places[(turn * 7) % places.length] as string
    root.set(at, (turn * 5) % 3 === 0 ? settled : raced)
    const whole = readConflicts(root)
    expect(conflicts.all().map(({ at: one }) => one)).toEqual(whole.map(({ at: one }) => one))
    expect(conflicts.open()).toBe(whole.filter(({ conflict }) => isOpen(conflict)).length)
  }
  expect(bindConflicts(doc).all()).toEqual(conflicts.all())
})
