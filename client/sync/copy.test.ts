import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { copyUnsent } from './copy.ts'
import { createLedger, newClient } from './ledger.ts'

/** A phone whose own client has two edits on the server and three that are only here, beside others' work. */
function phone() {
  const server = new Y.Doc()
  server.getMap('attendance').set('9/2', 90)
  const doc = new Y.Doc()
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(server))
  const ledger = createLedger(
    () => doc,
    () => 7,
  )
  ledger.claim(doc.clientID)
  doc.getMap('attendance').set('1/3', 10)
  doc.getMap('attendance').set('2/3', 20)
  Y.applyUpdate(server, Y.encodeStateAsUpdate(doc))
  ledger.learn({ [doc.clientID]: 2 })
  doc.getMap('attendance').set('3/3', { at_s: 0, why: 'wrong person' })
  const log = new Y.Array()
  doc.getMap('ballots').set(`A/3.${doc.clientID}`, log)
  log.push([{ n: 1, at_s: 30, c: [4] }])
  doc.getText('note/5').insert(0, 'مريض')
  return { server, doc, ledger }
}

const bytes = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))

test('the copy has what is not on the server, each edit to be read, and nothing else', () => {
  const { doc, ledger } = phone()
  const copied = copyUnsent(doc, ledger)
  expect(copied.unsent).toBe(3)
  expect(copied.edits).toEqual([
    { root: 'attendance', key: '3/3', value: { at_s: 0, why: 'wrong person' } },
    { root: 'ballots', key: `A/3.${doc.clientID}`, value: { n: 1, at_s: 30, c: [4] } },
    { root: 'note/5', value: 'مريض' },
  ])
  const carried = Y.decodeUpdate(bytes(copied.update)).structs
  expect(new Set(carried.map(({ id }) => id.client))).toEqual(new Set([doc.clientID]))
  expect(Math.min(...carried.map(({ id }) => id.clock))).toBe(2)
})

test("applied to the committee's document, once or twice, the copy makes it the phone's", () => {
  const { server, doc, ledger } = phone()
  const update = bytes(copyUnsent(doc, ledger).update)
  for (let time = 0; time < 2; time += 1) Y.applyUpdate(server, update)
  expect(server.getMap('attendance').toJSON()).toEqual(doc.getMap('attendance').toJSON())
  expect(server.getMap('ballots').toJSON()).toEqual(doc.getMap('ballots').toJSON())
  expect(server.getText('note/5').toString()).toBe('مريض')
})

test('where everything is on the server the copy is empty', () => {
  const { doc, ledger } = phone()
  ledger.learn({ [doc.clientID]: Y.getState(doc.store, doc.clientID) })
  expect(copyUnsent(doc, ledger)).toMatchObject({ unsent: 0, edits: [] })
})

test('unsent work says since when it is here: the first of it, over all clients, and no longer than it is', () => {
  let now_ms = 100
  const doc = new Y.Doc()
  const ledger = createLedger(
    () => doc,
    () => now_ms,
  )
  ledger.load([{ ...newClient(doc.clientID, 0) }])
  doc.getMap('attendance').set('1/3', 10)
  ledger.count()
  now_ms = 200
  doc.getMap('attendance').set('2/3', 10)
  ledger.count()
  expect(ledger.records()[0]?.since_ms).toBe(100)
  ledger.learn({ [doc.clientID]: 2 })
  ledger.count()
  expect(ledger.records()[0]?.since_ms).toBeUndefined()
})
