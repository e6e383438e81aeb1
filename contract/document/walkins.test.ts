import { expect, test } from 'vitest'
import * as Y from 'yjs'
import type { UserId } from '#contract/ids.ts'
import { isAccepted, nextWalkin, readWalkins, ruleWalkin, walkinsRoot, writeWalkin } from './walkins.ts'

const at_s = 1_764_000_000
const marker = 5 as UserId
const colleague = 6 as UserId
const supervisor = 2 as UserId
const person = (name: string, more_s = 0) => ({ name, serial: null, why: 'moved here', at_s: at_s + more_s })

function phone(client: number) {
  const doc = new Y.Doc()
  doc.clientID = client
  return doc
}

test('two phones that write at once keep both people, in one order on every replica', () => {
  const [a, b] = [phone(11), phone(12)]
  writeWalkin(walkinsRoot(a), nextWalkin(a, marker), person('Salem'))
  writeWalkin(walkinsRoot(a), nextWalkin(a, marker), person('Hamad', -60))
  writeWalkin(walkinsRoot(b), nextWalkin(b, colleague), person('Muna'))
  Y.applyUpdate(a, Y.encodeStateAsUpdate(b))
  Y.applyUpdate(b, Y.encodeStateAsUpdate(a))
  for (const doc of [a, b]) expect(readWalkins(walkinsRoot(doc)).map(({ value }) => value.name)).toEqual(['Hamad', 'Salem', 'Muna'])
})

test('each walk-in of one client has a place of its own; a page opened again begins anew', () => {
  const doc = phone(11)
  const first = nextWalkin(doc, marker)
  writeWalkin(walkinsRoot(doc), first, person('Salem'))
  expect([first, nextWalkin(doc, marker)]).toEqual([
    { user: 5, client: 11, n: 0 },
    { user: 5, client: 11, n: 1 },
  ])
  const again = phone(13)
  Y.applyUpdate(again, Y.encodeStateAsUpdate(doc))
  expect(nextWalkin(again, marker)).toEqual({ user: 5, client: 13, n: 0 })
})

test('a walk-in counts only when accepted, and the last word on it holds', () => {
  const doc = phone(11)
  const root = walkinsRoot(doc)
  const place = nextWalkin(doc, marker)
  writeWalkin(root, place, person('Salem'))
  const accepted = () => readWalkins(root).filter(isAccepted).length
  expect(accepted()).toBe(0)
  ruleWalkin(root, place, { accepted: true, by: supervisor, at_s })
  expect(accepted()).toBe(1)
  ruleWalkin(root, place, { accepted: false, by: supervisor, at_s })
  expect(accepted()).toBe(0)
  expect(readWalkins(root)[0]?.ruling).toEqual({ accepted: false, by: 2, at_s })
})

test('what is no walk-in, and a word on nobody, is not read', () => {
  const root = walkinsRoot(phone(11))
  root.set('5.11.0', { name: ' ', serial: null, why: '', at_s })
  root.set('5.11.01', person('Salem'))
  root.set('5.11.7/#', { accepted: true, by: 2, at_s })
  expect(readWalkins(root)).toEqual([])
  root.set('5.11.7', person('Salem'))
  expect(readWalkins(root)).toHaveLength(1)
})
