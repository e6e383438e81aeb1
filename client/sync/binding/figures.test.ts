import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { readFigure } from '#contract/document/figures.ts'
import { figureSources } from '#contract/document/keys.ts'
import type { UserId } from '#contract/ids.ts'
import { bindFigures, figureRowKey } from './figures.ts'
import { createPending } from './pending.ts'

const me = 7 as UserId

function world() {
  const doc = new Y.Doc()
  const durable = { clock: 0 }
  const pending = createPending((client, clock) => client !== doc.clientID || clock < durable.clock)
  const figures = bindFigures(doc, me, pending)
  const from = (user: number, key: string, value: unknown) => {
    const other = new Y.Doc()
    other.getMap('figures').set(`${key}/${user}`, value)
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other))
  }
  return { doc, durable, pending, from, row: (key: string) => figures.rows[key] }
}

test('a figure of two people is what the contract reads in the document, from the first statement to the ruling and back', () => {
  const { doc, from, row } = world()
  const compare = () => {
    for (const source of figureSources)
      for (const figure of ['ballots', 'v3']) {
        const { statements, ...rest } = readFigure(doc.getMap('figures'), source, figure)
        const bound = row(figureRowKey(source, figure))
        expect(bound?.status ?? 'none').toBe(rest.status)
        expect(bound?.value).toBe(rest.value)
        expect((bound?.statements ?? []).map(({ user, value }) => ({ user, value }))).toEqual(statements)
      }
    return row('minute/ballots')?.status
  }
  expect(compare()).toBeUndefined()
  doc.getMap('figures').set('minute/ballots/7', 40)
  expect(compare()).toBe('waiting')
  from(3, 'minute/ballots', 41)
  expect(compare()).toBe('differ')
  doc.getMap('figures').set('minute/ballots/#', { value: 41, by: 1, at_s: 9, saw: { 3: 41, 7: 40 } })
  expect(compare()).toBe('resolved')
  doc.getMap('figures').set('minute/ballots/7', 41)
  expect(compare()).toBe('agreed')
  expect(row('minute/ballots')?.ruling?.value).toBe(41)
})

test('a change reads the figure it touches and no other', () => {
  const { doc, row } = world()
  const root = doc.getMap('figures')
  for (const key of ['minute/ballots/7', 'minute/valid/7', 'announced/ballots/7']) root.set(key, 40)
  const asked: string[] = []
  const get = root.get.bind(root)
  root.get = (key) => {
    asked.push(key)
    return get(key)
  }
  root.set('announced/ballots/7', 41)
  expect(row('announced/ballots')?.value).toBe(41)
  expect(asked).toEqual(['announced/ballots/7', 'announced/ballots/#'])
  root.set('nonsense', 1)
  expect(asked.length).toBe(2)
})

test('my own statement is on this device until the server says it is durable; others’ are', () => {
  const { doc, durable, pending, from, row } = world()
  doc.getMap('figures').set('minute/ballots/7', 40)
  from(3, 'minute/ballots', 40)
  expect(row('minute/ballots')?.statements).toEqual([
    { user: 3, value: 40, mine: false, durable: true },
    { user: 7, value: 40, mine: true, durable: false },
  ])
  durable.clock = 1
  pending.settle()
  expect(row('minute/ballots')?.statements[1]?.durable).toBe(true)
})
