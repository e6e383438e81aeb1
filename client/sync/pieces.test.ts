import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { editNote } from '#contract/document/notes.ts'
import type { ElectorSerial } from '#contract/ids.ts'
import { cutPieces } from './pieces.ts'

const serial = (n: number) => n as ElectorSerial
const stateOf = (doc: Y.Doc) => Y.decodeStateVector(Y.encodeStateVector(doc))
const all = (doc: Y.Doc) => ({
  attendance: doc.getMap('attendance').toJSON(),
  guarantees: doc.getMap('guarantees').toJSON(),
  ballots: doc.getMap('ballots').toJSON(),
  notes: [1, 2, 3].map((n) => doc.getText(`note/${n}`).toString()),
})

/** As on the phone: what is overwritten keeps its value. */
function phone(server: Y.Doc, client: number): Y.Doc {
  const doc = new Y.Doc({ gcFilter: () => false })
  doc.clientID = client
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(server))
  return doc
}

/** What people had written before the network went. */
function before(): Y.Doc {
  const doc = new Y.Doc()
  doc.clientID = 1
  for (let n = 1; n <= 20; n += 1) doc.getMap('guarantees').set(`${n}/7/strength`, 'weak')
  editNote(doc, serial(1), [{ at: 0, removed: 0, inserted: 'lives at her son, ask twice' }])
  return doc
}

function call(doc: Y.Doc, ballots: number): void {
  const logs = doc.getMap<Y.Array<unknown>>('ballots')
  const key = `A/7.${doc.clientID}`
  if (!logs.has(key)) logs.set(key, new Y.Array())
  for (let n = 0; n < ballots; n += 1) logs.get(key)?.push([{ n: n + 1, at_s: 1, c: [1 + (n % 5)] }])
}

/** A morning without a network: marks, pledges changed twice and thrice, ballots, notes typed and deleted. */
function work(doc: Y.Doc, seed: number): void {
  for (let n = 0; n < 120; n += 1) {
    const step = (n * 7 + seed) % 6
    const elector = 1 + ((n * 13 + seed) % 40)
    if (step <= 1) doc.getMap('attendance').set(`${elector}/7`, n % 3 === 0 ? { at_s: 0, why: 'undo' } : n)
    else if (step <= 3) for (const value of ['weak', 'medium', 'strong']) doc.getMap('guarantees').set(`${elector}/7/strength`, value)
    else if (step === 4) call(doc, 3)
    else {
      const note = doc.getText(`note/${1 + (n % 3)}`)
      editNote(doc, serial(1 + (n % 3)), [
        { at: Math.floor(note.length / 2), removed: Math.min(2, Math.floor(note.length / 2)), inserted: `n${n} ` },
      ])
      if (n % 4 === 0 && note.length > 3) editNote(doc, serial(1 + (n % 3)), [{ at: 1, removed: 2, inserted: '' }])
    }
  }
}

/** The pieces merged one after the other, with what must hold after each of them; then what plain Yjs still has to say. */
function bring(server: Y.Doc, doc: Y.Doc): number {
  const pieces = cutPieces(doc, stateOf(server))
  const keys = new Set(server.getMap('guarantees').keys())
  for (const piece of pieces ?? []) {
    Y.applyUpdate(server, piece)
    expect(server.store.pendingStructs).toBeNull()
    expect(server.store.pendingDs).toBeNull()
    for (const key of keys) expect(server.getMap('guarantees').has(key)).toBe(true)
    for (const key of server.getMap('guarantees').keys()) keys.add(key)
  }
  return pieces?.length ?? 0
}

test('a backlog of everything arrives in pieces that each stand by themselves, and nothing is left for the exchange after them', () => {
  for (let seed = 0; seed < 12; seed += 1) {
    const server = before()
    const doc = phone(server, 100 + seed)
    work(doc, seed)
    expect(bring(server, doc)).toBeGreaterThanOrEqual(5)
    expect(stateOf(server)).toEqual(stateOf(doc))
    expect(all(server)).toEqual(all(doc))
    const known = Y.encodeStateAsUpdate(server)
    Y.applyUpdate(server, Y.encodeStateAsUpdate(doc))
    expect(Y.encodeStateAsUpdate(server), 'plain Yjs adds nothing').toEqual(known)
  }
})

test('others may write in between: both sides end with the same', () => {
  const server = before()
  const doc = phone(server, 100)
  work(doc, 3)
  const other = phone(server, 50)
  work(other, 4)
  const pieces = cutPieces(doc, stateOf(server)) ?? []
  pieces.forEach((piece, index) => {
    Y.applyUpdate(server, piece)
    if (index === 2) Y.applyUpdate(server, Y.encodeStateAsUpdate(other))
  })
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(server))
  expect(all(server)).toEqual(all(doc))
})

test('two pages that wrote in the same note, each on top of the other, go in an order that holds', () => {
  const server = before()
  const doc = phone(server, 100)
  const second = phone(server, 101)
  for (let round = 0; round < 40; round += 1) {
    const [from, to] = round % 2 === 0 ? [doc, second] : [second, doc]
    editNote(from, serial(1), [{ at: 3 + round, removed: 1, inserted: `${round}.` }])
    Y.applyUpdate(to, Y.encodeStateAsUpdate(from))
  }
  expect(bring(server, doc)).toBeGreaterThanOrEqual(2)
  expect(all(server)).toEqual(all(doc))
})

test('a piece that was lost half way is no harm: what is cut anew begins where the server is', () => {
  const server = before()
  const doc = phone(server, 100)
  work(doc, 1)
  const [first, second] = cutPieces(doc, stateOf(server)) ?? []
  for (const piece of [first, second]) Y.applyUpdate(server, piece as Uint8Array)
  Y.applyUpdate(server, first as Uint8Array)
  bring(server, doc)
  expect(all(server)).toEqual(all(doc))
})

test('one log of 600 ballots is cut between its entries, about as many to a piece', () => {
  const server = before()
  const doc = phone(server, 100)
  call(doc, 600)
  const cut = cutPieces(doc, stateOf(server)) ?? []
  const lengths = cut.map((piece) => {
    Y.applyUpdate(server, piece)
    return server.getMap<Y.Array<unknown>>('ballots').get('A/7.100')?.length ?? 0
  })
  expect(cut.length).toBeGreaterThanOrEqual(12)
  expect(lengths.at(-1)).toBe(600)
  expect(lengths).toEqual([...new Set(lengths)].sort((a, b) => a - b))
})

test('12 MB, more than one update may bring, goes in pieces of a live update each', { timeout: 30_000 }, () => {
  const server = before()
  const doc = phone(server, 100)
  doc.transact(() => {
    for (let n = 0; n < 30_000; n += 1) doc.getMap('attendance').set(`${n}/7`, { at_s: 0, why: 'x'.repeat(380) })
  })
  const pieces = cutPieces(doc, stateOf(server)) ?? []
  expect(pieces.reduce((sum, piece) => sum + piece.length, 0)).toBeGreaterThan(12_000_000)
  expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(65_536)
  for (const piece of pieces) Y.applyUpdate(server, piece)
  expect(stateOf(server)).toEqual(stateOf(doc))
})

test('a deletion in a note is there before the clock that vouches for it', () => {
  const server = before()
  const doc = phone(server, 100)
  call(doc, 100)
  editNote(doc, serial(1), [{ at: 0, removed: 9, inserted: '' }])
  const note = doc.getText('note/1').toString()
  const pieces = cutPieces(doc, stateOf(server)) ?? []
  const shown = pieces.map((piece) => {
    Y.applyUpdate(server, piece)
    return server.getText('note/1').toString()
  })
  expect(new Set(shown)).toEqual(new Set([note]))
})

test('little goes in one, and so does what no document of ours holds', () => {
  const server = before()
  const doc = phone(server, 100)
  call(doc, 20)
  expect(cutPieces(doc, stateOf(server))).toBeUndefined()
  for (let n = 0; n < 100; n += 1) doc.getArray('of a later version').push([new Y.Map()])
  expect(cutPieces(doc, stateOf(server))).toBeUndefined()
})

test('the strike of a ballot that another page of the same phone has called travels behind something of that page', () => {
  const server = before()
  const first = phone(server, 100)
  call(first, 60)
  const second = phone(server, 200) // Yjs would send the higher client first
  Y.applyUpdate(second, Y.encodeStateAsUpdate(first))
  const log = new Y.Array()
  second.getMap('ballots').set('A/7.200', log)
  log.push([{ void: [100, 59], at_s: 2, why: '' }])
  call(second, 60)
  const pieces = cutPieces(second, stateOf(server)) ?? []
  expect(pieces.length).toBeGreaterThan(1)
  const clients = pieces.map((piece) => new Set(Y.decodeUpdate(piece).structs.map(({ id }) => id.client)))
  const strike = pieces.findIndex((piece) => Y.decodeUpdate(piece).structs.some(({ id }) => id.client === 200 && id.clock === 1))
  expect(clients.slice(0, strike + 1).some((some) => some.has(100))).toBe(true)
  for (const piece of pieces) Y.applyUpdate(server, piece)
  expect(all(server)).toEqual(all(second))
})
