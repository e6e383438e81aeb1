import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { markAttendance, withdrawAttendance } from '#contract/document/attendance.ts'
import { appendToLog } from '#contract/document/ballots.ts'
import { writeGuarantee } from '#contract/document/guarantees.ts'
import type { ClientId, ElectorSerial, UserId } from '#contract/ids.ts'
import {
  type ClientRecord,
  createLedger,
  mayForget,
  mergeRecords,
  newClient,
  noneUnsent,
  total,
  unsentEntries,
  unsentOf,
} from './ledger.ts'

const me = 7 as UserId
const serial = (n: number) => n as ElectorSerial
const clockOf = (doc: Y.Doc, client = doc.clientID) => Y.getState(doc.store, client)
const call = (doc: Y.Doc, n: number) => appendToLog(doc, 'A', me, { n, at_s: 1_000 + n, c: [] })
const mark = (doc: Y.Doc, n: number) => markAttendance(doc.getMap('attendance'), serial(n), me, 1_000)

function ownDocument(records: Iterable<ClientRecord> = []) {
  const doc: Y.Doc = new Y.Doc({ gcFilter: (item) => !ledger.isOwn(item.id.client) })
  const ledger = createLedger(
    () => doc,
    () => 1,
  )
  ledger.load(records)
  ledger.claim(doc.clientID)
  return { doc, ledger }
}

test('an edit is unsent until the durable clock is past it, and its root names its kind', () => {
  const { doc, ledger } = ownDocument()
  mark(doc, 1)
  call(doc, 1)
  call(doc, 2)
  writeGuarantee(doc.getMap('guarantees'), serial(5), me, 'strength', 'weak')
  doc.getMap('figures').set('minute/ballots/7', 3)
  expect(ledger.count()).toEqual({ attendance: 1, ballots: 2, guarantees: 1, other: 1 })

  ledger.learn({ [doc.clientID]: 3 }) // the mark, the new log, the first ballot
  expect(ledger.count()).toEqual({ attendance: 0, ballots: 1, guarantees: 1, other: 1 })
  ledger.learn({ [doc.clientID]: clockOf(doc) })
  expect(ledger.count()).toEqual(noneUnsent)
})

test('making the log is no edit', () => {
  const { doc, ledger } = ownDocument()
  call(doc, 1)
  expect(clockOf(doc)).toBe(2)
  expect(total(ledger.count())).toBe(1)
})

test('a mark and its withdrawal are two edits, also when the first is overwritten', () => {
  const { doc, ledger } = ownDocument()
  mark(doc, 1)
  withdrawAttendance(doc.getMap('attendance'), serial(1), me, 'wrong line')
  mark(doc, 1)
  expect(ledger.count().attendance).toBe(3)
  expect(unsentOf(doc, doc.clientID, 1).attendance).toBe(2)
})

test('a merged run of ballots is counted from the durable clock inside it', () => {
  const { doc } = ownDocument()
  for (let n = 1; n <= 50; n += 1) call(doc, n)
  const log = doc.getMap('ballots').get(`A/7.${doc.clientID}`) as Y.Array<unknown>
  expect(unsentOf(doc, doc.clientID, 1 + 20).ballots).toBe(30)
  expect(unsentEntries(doc, log, doc.clientID, 1 + 20)).toBe(30)
  mark(doc, 1)
  expect(unsentEntries(doc, log, doc.clientID, 1 + 20)).toBe(30)
})

test('after a reload the unsent edits of the old client are counted from the document, whatever was written down last', () => {
  const before = ownDocument()
  mark(before.doc, 1)
  const kept = before.ledger.records() // the tab dies before it writes its record again
  mark(before.doc, 2)
  call(before.doc, 1)

  const after = ownDocument(kept)
  Y.applyUpdate(after.doc, Y.encodeStateAsUpdate(before.doc))
  expect(after.doc.clientID).not.toBe(before.doc.clientID)
  mark(after.doc, 3)
  expect(after.ledger.count()).toEqual({ attendance: 3, ballots: 1, guarantees: 0, other: 0 })
  after.ledger.learn({ [before.doc.clientID]: clockOf(before.doc) })
  expect(after.ledger.count().attendance).toBe(1)
})

test('what others wrote is durable and never counted', () => {
  const mine = ownDocument()
  const other = new Y.Doc()
  markAttendance(other.getMap('attendance'), serial(1), 8 as UserId, 1_000)
  Y.applyUpdate(mine.doc, Y.encodeStateAsUpdate(other))
  expect(total(mine.ledger.count())).toBe(0)
  expect(mine.ledger.covers(other.clientID, 0)).toBe(true)
  mark(mine.doc, 1)
  expect(mine.ledger.covers(mine.doc.clientID, 0)).toBe(false)
})

test('a durable clock never goes back, and clients that are not of this device are not taken in', () => {
  const { doc, ledger } = ownDocument()
  mark(doc, 1)
  expect(ledger.learn({ [doc.clientID]: 1 })).toBe(true)
  expect(ledger.learn({ [doc.clientID]: 0, '12345': 9 })).toBe(false)
  expect(total(ledger.count())).toBe(0)
  expect(ledger.isOwn(12_345)).toBe(false)
})

test('overwritten values of own clients are kept, of the running page and of the ones before', () => {
  const before = ownDocument()
  mark(before.doc, 1)
  const after = ownDocument(before.ledger.records())
  Y.applyUpdate(after.doc, Y.encodeStateAsUpdate(before.doc))
  withdrawAttendance(after.doc.getMap('attendance'), serial(1), me, 'x')
  mark(after.doc, 1)
  const contents = (doc: Y.Doc, client: number) =>
    (doc.store.clients.get(client) ?? []).map((struct) => (struct instanceof Y.Item ? struct.content.constructor : undefined))
  expect(contents(after.doc, before.doc.clientID)).toEqual([Y.ContentAny])

  const careless = new Y.Doc()
  Y.applyUpdate(careless, Y.encodeStateAsUpdate(before.doc))
  mark(careless, 1)
  expect(contents(careless, before.doc.clientID)).toEqual([Y.ContentDeleted])
})

test('[C51] a value that lost on this device before it was sent goes out with what it said, after a reload as well', () => {
  const server = new Y.Doc()
  server.clientID = 4_294_967_295 // of two that did not see each other the higher client stands
  const before = ownDocument()
  before.doc.getMap('guarantees').set('1/4/group', 'ours')
  server.getMap('guarantees').set('1/4/group', 'theirs')
  Y.applyUpdate(before.doc, Y.encodeStateAsUpdate(server))
  const after = ownDocument(before.ledger.records())
  Y.applyUpdate(after.doc, Y.encodeStateAsUpdate(before.doc))
  after.doc.getMap('attendance').set('1/4', 5)
  for (const { doc } of [before, after]) {
    expect(doc.getMap('guarantees').get('1/4/group')).toBe('theirs')
    const { structs } = Y.decodeUpdate(Y.encodeStateAsUpdate(doc, Y.encodeStateVector(server)))
    const sent = structs.flatMap((struct) => (struct instanceof Y.Item ? struct.content.getContent() : []))
    expect(sent).toContain('ours')
  }
})

const record = (fields: Partial<ClientRecord>): ClientRecord => ({ ...newClient(1, 0), ...fields })
const three = { ...noneUnsent, ballots: 3 }

test('of two tabs, the one that has seen more of a client has the count', () => {
  const ahead = record({ clock: 5, durable: 2, unsent: three })
  const behind = record({ clock: 2, durable: 2 })
  for (const merged of [mergeRecords(ahead, behind), mergeRecords(behind, ahead)]) expect(merged).toEqual(ahead)
})

test('two tabs add up to the later durable clock, and what it covers is no longer unsent', () => {
  const merged = mergeRecords(record({ clock: 5, durable: 2, unsent: three }), record({ clock: 3, durable: 5 }))
  expect(merged).toMatchObject({ clock: 5, durable: 5, unsent: noneUnsent })
})

test("another tab's edits that have not come here yet still count", () => {
  const { doc, ledger } = ownDocument([record({ client: 99, clock: 5, durable: 2, unsent: three })])
  mark(doc, 1)
  expect(ledger.count()).toEqual({ ...noneUnsent, ballots: 3, attendance: 1 })
})

test('a client is forgotten only when all of it is durable and nobody has used it for a week', () => {
  const week_ms = 7 * 86_400_000
  expect(mayForget(record({ clock: 5, durable: 5 }), week_ms + 1)).toBe(true)
  expect(mayForget(record({ clock: 5, durable: 4 }), week_ms + 1)).toBe(false)
  expect(mayForget(record({ clock: 5, durable: 5 }), week_ms)).toBe(false)
})

test('a void is counted as a ballot edit', () => {
  const { doc, ledger } = ownDocument()
  call(doc, 1)
  appendToLog(doc, 'A', me, { void: [doc.clientID as ClientId, 0], at_s: 5, why: 'misheard' })
  expect(ledger.count().ballots).toBe(2)
})
