import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { type Content, decodeUpdate } from './decode.ts'
import { History, hasPending, Room, type Sent, unsaid, watchChanges } from './histories.kit.ts'

const bounds = { structs_max: 20_000, value_depth_max: 4, clock_jump_max: 1_000_000 }
const seeds = Array.from({ length: 30 }, (_, index) => index + 1)
const steps = 80

const kinds: Record<string, Content['type']> = {
  ContentAny: 'values',
  ContentString: 'text',
  ContentDeleted: 'deleted',
  ContentType: 'shared',
}

/** What Yjs's own decoder makes of an update, in the words of ours. */
function decodedByYjs(update: Uint8Array) {
  const { structs, ds } = Y.decodeUpdate(update)
  return {
    structs: structs.map((struct) => {
      const { id, length } = struct
      if (!(struct instanceof Y.Item)) return { client: id.client, clock: id.clock, length, kind: 'gc' }
      const parent = struct.parent as string | Y.ID | null
      return {
        client: id.client,
        clock: id.clock,
        length,
        kind: kinds[struct.content.constructor.name],
        origin: struct.origin && { ...struct.origin },
        rightOrigin: struct.rightOrigin && { ...struct.rightOrigin },
        parent: parent === null ? null : typeof parent === 'string' ? { root: parent } : { item: { ...parent } },
        key: struct.parentSub,
        content:
          struct.content instanceof Y.ContentType ? null : struct.content instanceof Y.ContentDeleted ? null : struct.content.getContent(),
      }
    }),
    deletes: [...ds.clients].flatMap(([client, ranges]) => ranges.map(({ clock, len }) => ({ client, clock, length: len }))),
  }
}

function decodedByUs(update: Uint8Array) {
  const decoded = decodeUpdate(update, bounds)
  if (!decoded.ok) throw new Error(decoded.error)
  return {
    structs: decoded.value.blocks.flatMap(({ structs }) =>
      structs.map(({ client, clock, length, item }) => {
        if (item === undefined) return { client, clock, length, kind: 'gc' }
        const { origin = null, rightOrigin = null, parent = null, key = null, content } = item
        const inside = content.type === 'values' ? content.values : content.type === 'text' ? content.text.split('') : null
        return { client, clock, length, kind: content.type, origin, rightOrigin, parent, key, content: inside }
      }),
    ),
    deletes: decoded.value.deletes,
  }
}

// An `expect` for each of a hundred thousand comparisons would take longer than all the rest: it is asked where they differ.
const equal = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0
/** Seeded, and long enough to need more than the usual time where other tests take the machine. */
const patience_ms = 60_000

function play(seed: number, room: Room, send: (sent: Sent, history: History) => void): void {
  const history: History = new History(seed, room, (sent) => send(sent, history))
  for (let step = 0; step < steps; step += 1) history.step()
  history.end()
}

test(
  '[C1] what honest phones send is decoded as Yjs decodes it, and merged: all of it, only what is new, and nothing else',
  () => {
    const told = { accepted: 0, 'nothing-new': 0, cut: 0, relayed: 0 }
    for (const seed of seeds) {
      const room = new Room()
      const changed = watchChanges(room.doc)
      play(seed, room, ({ update, writer, kind }) => {
        const [ours, theirs] = [decodedByUs(update), decodedByYjs(update)]
        if (JSON.stringify(ours) !== JSON.stringify(theirs)) expect(ours, `seed ${seed}`).toEqual(theirs)
        const whole = room.rows.length % 8 === 0 ? room.copy() : undefined
        changed.clear()
        const verdict = room.receive(update, writer)
        if (verdict.verdict !== 'accepted' && verdict.verdict !== 'nothing-new') expect({ seed, kind, verdict }).toBeNull()
        if (verdict.verdict === 'accepted') {
          told.accepted += 1
          if (verdict.update.length < update.length) told.cut += 1
          if (verdict.clients.length > 1) told.relayed += 1
          const outside = unsaid(changed, verdict.touches)
          if (outside.length > 0) expect({ seed, outside }).toBeNull()
        } else told['nothing-new'] += 1
        if (hasPending(room.doc)) expect({ seed, left: 'over' }).toBeNull()
        const again = room.judge(update, writer)
        if (again.verdict !== 'nothing-new') expect({ seed, again }).toBeNull()
        // What was cut off was there already: the whole says no more than the row.
        if (whole !== undefined) {
          Y.applyUpdate(whole, update)
          expect(Y.encodeStateAsUpdate(whole), `seed ${seed}`).toEqual(Y.encodeStateAsUpdate(room.copy()))
        }
        const before = Y.encodeStateAsUpdate(room.doc)
        Y.applyUpdate(room.doc, update)
        if (!equal(Y.encodeStateAsUpdate(room.doc), before)) expect({ seed, again: 'another effect' }).toBeNull()
      })
      expect(room.replayed().toJSON(), `seed ${seed}`).toEqual(room.doc.toJSON())
    }
    // The stories had in them what they are told for.
    expect(told.accepted).toBeGreaterThan(900)
    expect(told['nothing-new']).toBeGreaterThan(50)
    expect(told.cut).toBeGreaterThan(50)
    expect(told.relayed).toBeGreaterThan(20)
  },
  patience_ms,
)

test(
  '[C10] every phone ends with what the room has: nothing that was accepted was lost on the way',
  () => {
    for (const seed of seeds.slice(0, 20)) {
      const room = new Room()
      const history = new History(seed, room, ({ update, writer }) => room.receive(update, writer))
      for (let step = 0; step < steps; step += 1) history.step()
      history.end()
      for (const { doc } of history.phones) {
        for (const root of ['guarantees', 'attendance', 'walkins', 'ballots', 'figures'])
          expect(doc.getMap(root).toJSON(), `seed ${seed}`).toEqual(room.doc.getMap(root).toJSON())
        for (const elector of [1, 2, 3, 4]) {
          const note = `note/${elector}`
          expect(doc.getText(note).toString(), `seed ${seed}`).toBe(room.doc.getText(note).toString())
        }
      }
    }
  },
  patience_ms,
)
