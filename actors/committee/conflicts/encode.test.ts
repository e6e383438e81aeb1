import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { LiveDocument } from '#actors/committee/admission/live.ts'
import type { Conflict } from '#contract/document/conflicts.ts'
import type { ClientId, CommitteeId, Sequence, UserId } from '#contract/ids.ts'
import { encodeEntries } from './encode.ts'
import { entriesUuid } from './uuid.ts'

const client = (2 ** 32 + 7) as ClientId
const entry = (value: unknown, id: string): Conflict => ({
  values: [
    { value, by: 3 as UserId, at_s: 1_764_000_000, id },
    { value: null, by: 5 as UserId, at_s: 1_764_000_001, id: '8:0' },
  ],
})

/** What Yjs itself writes on the same document. */
function byYjs(doc: Y.Doc, entries: readonly (readonly [string, Conflict])[]): Uint8Array {
  const copy = new Y.Doc()
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc))
  copy.clientID = client
  let update = new Uint8Array()
  copy.on('update', (bytes: Uint8Array) => {
    update = new Uint8Array(bytes)
  })
  copy.transact(() => {
    for (const [key, conflict] of entries) copy.getMap('conflicts').set(key, conflict)
  })
  return update
}

test('[C54] entries are written byte for byte as Yjs writes them: new ones, and over those that stand, of this client and of others', () => {
  const doc = new Y.Doc()
  const other = new Y.Doc()
  other.clientID = 2 ** 32 + 3
  const places = ['guarantees/1/3/group', 'attendance/1/#', 'guarantees/9/3/quick_note', 'walkins/2.7.0/#'] as const
  for (const key of places.slice(1, 3)) other.getMap('conflicts').set(key, entry('old', '1:1'))
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(other))
  const rounds = [
    [[places[0], entry('قوي', '7:0')]],
    places.map((key, index) => [key, entry({ by: 3, at_s: 1, why: 'x', saw: { 3: index } }, `7:${index}`)] as const),
    [
      [places[3], { ...entry(true, '7:9'), resolved: { by: 5 as UserId, at_s: 5, value: false } }],
      [places[0], entry(-1, '7:8')],
    ],
  ] as const
  for (const entries of rounds) {
    const bytes = encodeEntries(new LiveDocument(doc), client, entries)
    expect(bytes).toEqual(byYjs(doc, entries))
    Y.applyUpdate(doc, bytes)
    for (const [key, conflict] of entries) expect(doc.getMap('conflicts').get(key)).toEqual(conflict)
  }
  expect(doc.store.pendingStructs).toBeNull()
})

test('[C54] the uuid of a row of entries is the same wherever it is made, and another for every row that makes one', () => {
  const uuid = (committee: string, cause: number) => entriesUuid(committee as CommitteeId, cause as Sequence)
  expect(uuid('north-1', 7)).toBe(uuid('north-1', 7))
  expect(uuid('north-1', 7)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  const all = ['north-1', 'north-2'].flatMap((committee) => [1, 2, 12, 21].map((cause) => uuid(committee, cause)))
  expect(new Set(all).size).toBe(all.length)
})
