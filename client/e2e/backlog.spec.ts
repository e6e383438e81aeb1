import * as Y from 'yjs'
import { editNote } from '#contract/document/notes.ts'
import { textCharactersMax } from '#contract/document/values.ts'
import type { ElectorSerial } from '#contract/ids.ts'
import { defaultLimits } from '#contract/limits.ts'
import { logIn } from '#load/driver/entry.ts'
import { documentOf } from '#load/driver/oracle.ts'
import { Person } from '#load/driver/person.ts'
import { readFrame, updateFrame } from '../sync/frames.ts'
import { cutPieces } from '../sync/pieces.ts'
import { expect, type Stage, test } from './stage.ts'

// What the pages cut, the server's own admission has to take: every piece by itself, and nothing of it twice.

const committee = 'u02'
const stateOf = (doc: Y.Doc) => Y.decodeStateVector(Y.encodeStateVector(doc))
const serial = (n: number) => n as ElectorSerial

/** As on a phone: what is overwritten keeps its value. */
function phoneOf(state: Uint8Array): Y.Doc {
  const doc = new Y.Doc({ gcFilter: (item) => item.id.client !== doc.clientID })
  Y.applyUpdate(doc, state)
  return doc
}

/** A person on a line of their own, who sends updates as they are and hears what the server says of each. */
async function sender(stage: Stage): Promise<{ person: Person; send(piece: Uint8Array): void; merged: boolean[] }> {
  const { token, user } = await logIn(stage.server.url, 'coordinator1', 'lajna-demo')
  const person = new Person({ url: stage.server.url, user, token: () => token }, committee)
  const merged: boolean[] = []
  person.socket.on('message', ({ data }: MessageEvent<ArrayBuffer>) => {
    const frame = readFrame(new Uint8Array(data))
    if (frame.type === 'status') merged.push(frame.merged)
  })
  await person.synced()
  // What the page itself had to say when it came, which was nothing, is acknowledged too.
  await expect.poll(() => merged.splice(0)).toEqual([true])
  return { person, merged, send: (piece) => person.socket.send(updateFrame(`committee:${committee}`, piece)) }
}

/** The same as the answer to a question for everything, which may be larger than a live update. */
function asAnswer(frame: Uint8Array): Uint8Array {
  const step = 1 + `committee:${committee}`.length + 1
  return frame.with(step, 1)
}

/** The journal: how many rows, and the document that plain Yjs makes of them. */
async function journaled(stage: Stage): Promise<{ rows: number; doc: Y.Doc }> {
  const sql = await stage.sql()
  const { rows } = await sql.query<{ update: Buffer }>('select update from journal where committee_id = $1 order by sequence', [committee])
  return { rows: rows.length, doc: documentOf(rows.map(({ update }) => update)) }
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
  // Twice: on an empty document, and by another page of the same person on top of what the first has written.
  for (const edits of [900, 1_500]) {
    const { person, send, merged } = await sender(stage)
    const before = await journaled(stage)
    const doc = phoneOf(Y.encodeStateAsUpdate(before.doc))
    work(doc, person.user, edits)
    const pieces = cutPieces(doc, stateOf(before.doc)) ?? []
    expect(pieces.length).toBeGreaterThanOrEqual(15)
    pieces.forEach(send)
    await expect.poll(() => merged.length, { timeout: 90_000 }).toBe(pieces.length)
    expect(person.refused).toEqual([])
    expect(merged.every(Boolean)).toBe(true)

    const after = await journaled(stage)
    expect(after.rows).toBeLessThanOrEqual(before.rows + pieces.length)
    expect(stateOf(after.doc)).toEqual(stateOf(doc))
    for (const root of ['attendance', 'guarantees', 'ballots']) expect(after.doc.getMap(root).toJSON()).toEqual(doc.getMap(root).toJSON())
    for (let n = 1; n <= 30; n += 1) expect(after.doc.getText(`note/${n}`).toString()).toBe(doc.getText(`note/${n}`).toString())
    person.leave()
  }
})

test('more than one update may bring gets through in pieces; in one it is refused', async ({ stage }) => {
  const { person, send, merged } = await sender(stage)
  const before = await journaled(stage)
  const doc = phoneOf(Y.encodeStateAsUpdate(before.doc))
  const guarantees = doc.getMap('guarantees')
  const write = (edits: number) =>
    doc.transact(() => {
      for (let n = 0; n < edits; n += 1)
        guarantees.set(`${1 + (n % 600)}/${person.user}/quick_note`, `${n} `.padEnd(textCharactersMax.quick_note, 'x'))
    })
  const whole = () => Y.encodeStateAsUpdate(doc, Y.encodeStateVector(before.doc))
  // Just over the bound: a frame much larger than that would not even be read.
  write(Math.floor(defaultLimits.offline_bytes_max / 230))
  while (whole().length <= defaultLimits.offline_bytes_max) write(150)
  person.socket.send(asAnswer(updateFrame(`committee:${committee}`, whole())))
  await expect.poll(() => person.refused.flatMap(({ reasons }) => reasons.map(({ code }) => code))).toEqual(['too-large'])
  expect((await journaled(stage)).rows).toBe(before.rows)

  const pieces = cutPieces(doc, stateOf(before.doc)) ?? []
  expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(defaultLimits.update_bytes_max)
  const answers = merged.length
  pieces.forEach(send)
  await expect.poll(() => merged.slice(answers).filter(Boolean).length, { timeout: 90_000 }).toBe(pieces.length)
  const after = await journaled(stage)
  expect(after.doc.getMap('guarantees').toJSON()).toEqual(guarantees.toJSON())
  person.leave()
})
