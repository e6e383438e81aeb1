import * as Y from 'yjs'
import { editNote } from '#contract/document/notes.ts'
import type { ElectorSerial } from '#contract/ids.ts'
import { logIn } from '#load/driver/entry.ts'
import { documentOf } from '#load/driver/oracle.ts'
import { Person } from '#load/driver/person.ts'
import { readFrame, updateFrame } from '../sync/frames.ts'
import { cutPieces } from '../sync/pieces.ts'
import { expect, test } from './stage.ts'

// What the pages cut, the server's own admission has to take: every piece by itself, and nothing of it twice.

const committee = 'u02'
const serial = (n: number) => n as ElectorSerial

/** As on a phone: what is overwritten keeps its value. */
function phoneOf(state: Uint8Array): Y.Doc {
  const doc = new Y.Doc({ gcFilter: (item) => item.id.client !== doc.clientID })
  Y.applyUpdate(doc, state)
  return doc
}

/** Everything a coordinator can do, again and again to the same few electors; `edits` of it, about. */
function work(doc: Y.Doc, user: number, edits: number): void {
  const attendance = doc.getMap('attendance')
  const guarantees = doc.getMap('guarantees')
  const logs = doc.getMap<Y.Array<unknown>>('ballots')
  logs.set(`A/${user}.${doc.clientID}`, new Y.Array())
  for (let n = 1; n <= edits / 8; n += 1) {
    const elector = 1 + (n % 30)
    attendance.set(`${elector}/${user}`, n % 3 === 0 ? { at_s: 0, why: 'undo' } : n)
    for (const value of ['weak', 'strong']) guarantees.set(`${elector}/${user}/strength`, value)
    guarantees.set(`${elector}/${user}/quick_note`, `call after ${n}`)
    logs.get(`A/${user}.${doc.clientID}`)?.push([{ n, at_s: n, c: n % 7 === 0 ? null : [1 + (n % 9)] }])
    if (n % 5 === 0) logs.get(`A/${user}.${doc.clientID}`)?.push([{ void: [doc.clientID, n - 2], at_s: n, why: 'heard wrong' }])
    const note = doc.getText(`note/${elector}`)
    editNote(doc, serial(elector), [{ at: Math.min(1, note.length), removed: Math.min(3, note.length), inserted: `n${n}` }])
    if (n % 4 === 0) editNote(doc, serial(elector), [{ at: 0, removed: 1, inserted: '' }])
  }
}

test('the server merges every piece of a backlog, and the rows make the document of the phone', async ({ stage }) => {
  const { token, user } = await logIn(stage.server.url, 'coordinator1', 'lajna-demo')
  const options = { url: stage.server.url, user, token: () => token }
  const sql = await stage.sql()
  const journaled = async () => {
    const { rows } = await sql.query<{ update: Buffer }>('select update from journal where committee_id = $1 order by sequence', [
      committee,
    ])
    return { rows: rows.length, doc: documentOf(rows.map(({ update }) => update)) }
  }
  // Twice: on an empty document, and by another page of the same person on top of what the first has written.
  for (const edits of [900, 1_500]) {
    const before = await journaled()
    const doc = phoneOf(Y.encodeStateAsUpdate(before.doc))
    work(doc, user, edits)
    const pieces = cutPieces(doc, Y.decodeStateVector(Y.encodeStateVector(before.doc))) ?? []
    expect(pieces.length).toBeGreaterThanOrEqual(15)

    const person = await new Person(options, committee).synced()
    const merged: boolean[] = []
    person.socket.on('message', ({ data }: MessageEvent<ArrayBuffer>) => {
      const frame = readFrame(new Uint8Array(data))
      if (frame.type === 'status') merged.push(frame.merged)
    })
    for (const piece of pieces) person.socket.send(updateFrame(`committee:${committee}`, piece))
    await expect.poll(() => merged.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(pieces.length)
    expect(person.refused).toEqual([])
    expect(merged.every(Boolean)).toBe(true)

    const after = await journaled()
    expect(after.rows).toBeLessThanOrEqual(before.rows + pieces.length)
    expect(Y.encodeStateVector(after.doc)).toEqual(Y.encodeStateVector(doc))
    for (const root of ['attendance', 'guarantees', 'ballots']) expect(after.doc.getMap(root).toJSON()).toEqual(doc.getMap(root).toJSON())
    for (let n = 1; n <= 30; n += 1) expect(after.doc.getText(`note/${n}`).toString()).toBe(doc.getText(`note/${n}`).toString())
    person.leave()
  }
})
