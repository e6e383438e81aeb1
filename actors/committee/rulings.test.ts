import { expect, test } from 'vitest'
import * as Y from 'yjs'
import type { UserId } from '#contract/ids.ts'
import { writerOf } from './admission/histories.kit.ts'
import { gated, Phone, World } from './committee.kit.ts'

const at_s = 1_763_856_000
const supervisor = writerOf(3, 'supervisor')
const counter = writerOf(6, 'counter')
const logOf = (user: UserId, client: number) => `A/${user}.${client}`
const append = (user: UserId, entry: object) => (doc: Y.Doc) => {
  const logs = doc.getMap<Y.Array<object>>('ballots')
  const key = logOf(user, doc.clientID)
  const log = logs.get(key) ?? logs.set(key, new Y.Array<object>())
  log.push([entry])
}
const call = (user: UserId, n: number) => append(user, { n, at_s, c: [1] })
const strike = (user: UserId, client: number) => append(user, { void: [client, 0], at_s, why: 'twice' })
const rule = (doc: Y.Doc) => void doc.getMap('attendance').set('1/#', { by: supervisor.user, at_s, why: 'other paper', saw: {} })

test('[C48] rulings and strikes of others’ ballots are told, once; statements, own ballots and own strikes are none', async () => {
  const world = new World()
  const one = world.start('one')
  await one.open()
  const [theirs, own] = [new Phone(7, counter), new Phone(8, supervisor)]
  const told = async (update: Uint8Array, writer = supervisor) => {
    const answers = one.send(update, writer)
    await world.clock.settle()
    const [answer] = answers
    expect(answer?.answer).toBe('merged')
    return answer?.answer === 'merged' ? answer.rulings : undefined
  }
  expect(await told(theirs.write(call(counter.user, 1)), counter)).toBeUndefined()
  expect(await told(theirs.write(strike(counter.user, 7)), counter)).toBeUndefined()
  const ruled = own.write(rule)
  expect(await told(ruled)).toEqual([{ path: 'attendance', key: '1/#' }])
  expect(await told(ruled)).toBeUndefined()
  expect(await told(own.write(call(supervisor.user, 1)))).toBeUndefined()
  expect(await told(own.write(strike(supervisor.user, 8)))).toBeUndefined()
  expect(await told(own.write(strike(supervisor.user, 7)))).toEqual([{ path: 'ballots', key: logOf(supervisor.user, 8) }])
})

test('[C48] nothing is told before the commit', async () => {
  const gate = gated()
  const world = new World()
  const one = world.start('one', { wrap: gate.wrap })
  await one.open()
  const answers = one.send(new Phone(8, supervisor).write(rule), supervisor)
  await world.clock.settle()
  expect(answers).toEqual([])
  gate.open()
  await world.clock.settle()
  expect(answers).toEqual([{ answer: 'merged', sequence: 1, rulings: [{ path: 'attendance', key: '1/#' }] }])
})
