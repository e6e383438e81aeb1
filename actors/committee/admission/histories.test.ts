import { expect, test } from 'vitest'
import { History, hasPending, oneSeed, Room, type Sent, seedsUpTo, unsaid, watchChanges } from './histories.kit.ts'
import { isSame, plainOf } from './law.kit.ts'

/** Seeded and counted; long only where other tests take the machine. */
const patience_ms = 240_000

test(
  '[C1] [C10] five thousand honest histories, with work offline, garbage collected and relays: all of it accepted, none of it lost',
  () => {
    const told = { accepted: 0, 'nothing-new': 0, merges: 0, relayed: 0, collected: 0 }
    const seeds = seedsUpTo(5_000)
    for (const seed of seeds) {
      const room = new Room()
      const changed = watchChanges(room.doc)
      const receive = ({ update, writer, kind }: Sent) => {
        changed.clear()
        const verdict = room.receive(update, writer)
        if (verdict.verdict !== 'accepted' && verdict.verdict !== 'nothing-new') return expect({ seed, kind, verdict }).toBeNull()
        told[verdict.verdict] += 1
        if (verdict.verdict === 'nothing-new') return
        if (kind === 'merge') told.merges += 1
        if (verdict.clients.length > 1) told.relayed += 1
        const outside = unsaid(changed, verdict.touches)
        if (hasPending(room.doc) || outside.length > 0) expect({ seed, outside, pending: hasPending(room.doc) }).toBeNull()
      }
      const history = new History(seed, room, receive)
      for (let step = 10 + (seed % 16); step > 0; step -= 1) history.step()
      history.end()
      const replayed = room.replayed()
      for (const { doc, gc } of history.phones) {
        if (gc) told.collected += 1
        if (!isSame(doc, room.doc)) expect({ seed, phone: plainOf(doc) }).toEqual({ seed, phone: plainOf(room.doc) })
      }
      if (!isSame(replayed, room.doc)) expect({ seed, rows: plainOf(replayed) }).toEqual({ seed, rows: plainOf(room.doc) })
    }
    if (oneSeed !== undefined) return
    expect(seeds).toHaveLength(5_000)
    // The stories had in them what they are told for.
    expect(told.accepted).toBeGreaterThan(40_000)
    expect(told['nothing-new']).toBeGreaterThan(10_000)
    expect(told.merges).toBeGreaterThan(5_000)
    expect(told.relayed).toBeGreaterThan(200)
    expect(told.collected).toBeGreaterThan(9_000)
  },
  patience_ms,
)
