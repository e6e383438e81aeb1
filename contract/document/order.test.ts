import { expect, test } from 'vitest'
import * as Y from 'yjs'
import type { CandidateNumber, ClientId, ElectorSerial, UserId } from '#contract/ids.ts'
import { attendanceRoot, attendedElectors, markAttendance, readAttendance, withdrawAttendance } from './attendance.ts'
import { appendToLog, ballotsRoot, countBallots, readLogs, tallySheet } from './ballots.ts'
import { figuresRoot, readFigure } from './figures.ts'
import { guaranteesRoot, readGuarantees, strikeList, writeGuarantee } from './guarantees.ts'
import { keyOf } from './keys.ts'
import { isAccepted, nextWalkin, readWalkins, ruleWalkin, walkinsRoot, writeWalkin } from './walkins.ts'

/** Mulberry32: 32 bits of state, enough to deal cards with. */
function makeRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** Three phones write for a while, each for itself, hearing of each other now and then. Answers everything they said. */
function play(random: (below: number) => number): Uint8Array[] {
  const said: Uint8Array[] = []
  const phones = [1, 2, 3].map((id) => {
    const doc = new Y.Doc()
    doc.clientID = 100 + id
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'heard') said.push(update)
    })
    return { doc, user: id as UserId }
  })
  for (let step = 0; step < 70; step += 1) {
    const { doc, user } = phones[random(3)] as (typeof phones)[number]
    const elector = (1 + random(6)) as ElectorSerial
    const at_s = 1 + step
    const acts = [
      () => markAttendance(attendanceRoot(doc), elector, user, at_s),
      () => withdrawAttendance(attendanceRoot(doc), elector, user, 'x'),
      () => attendanceRoot(doc).set(keyOf.attendanceRuling(elector), { by: user, at_s, why: '', saw: { [1 + random(3)]: at_s - 5 } }),
      () => writeGuarantee(guaranteesRoot(doc), elector, user, 'strength', random(2) === 0 ? 'weak' : null),
      () => writeGuarantee(guaranteesRoot(doc), elector, 1 as UserId, 'withdrawn', random(2) === 0),
      () => appendToLog(doc, random(4) === 0 ? 'B' : 'A', user, { n: 1, at_s, c: [1 + random(5)] as CandidateNumber[] }),
      () =>
        appendToLog(doc, 'A', user, {
          void: [(101 + random(3)) as ClientId, random(8)],
          at_s,
          why: '',
          ...(random(2) === 0 ? { instead: null } : {}),
        }),
      () => figuresRoot(doc).set(keyOf.figure('minute', 'ballots', user), random(3)),
      () => figuresRoot(doc).set(keyOf.figureRuling('minute', 'ballots'), { value: 7, by: user, at_s, saw: { 1: random(3) } }),
      () =>
        writeWalkin(
          walkinsRoot(doc),
          { ...nextWalkin(doc, user), n: random(2) },
          { name: 'x', serial: null, why: `${step}`, at_s: 1 + random(4) },
        ),
      () =>
        ruleWalkin(
          walkinsRoot(doc),
          { user: 1 as UserId, client: 101 as ClientId, n: random(2) },
          { accepted: random(2) === 0, by: user, at_s },
        ),
      () => Y.applyUpdate(doc, Y.encodeStateAsUpdate((phones[random(3)] as (typeof phones)[number]).doc), 'heard'),
    ]
    acts[random(acts.length)]?.()
  }
  return said
}

function facts(doc: Y.Doc) {
  const attended = attendedElectors(attendanceRoot(doc))
  const pledges = readGuarantees(guaranteesRoot(doc))
  return {
    attended,
    attendance: [...readAttendance(attendanceRoot(doc))].sort(([a], [b]) => a - b),
    pledges: [...pledges].sort(([a], [b]) => a - b),
    strike: strikeList(pledges, new Set(attended)),
    ballots: countBallots(readLogs(ballotsRoot(doc), 'A')),
    tally: tallySheet(ballotsRoot(doc), 'A'),
    check: tallySheet(ballotsRoot(doc), 'B'),
    figure: readFigure(figuresRoot(doc), 'minute', 'ballots'),
    walkins: readWalkins(walkinsRoot(doc)),
    accepted: readWalkins(walkinsRoot(doc)).filter(isAccepted).length,
  }
}

test('whatever the order in which updates arrive, every replica reads the same: statements and rulings have one status', () => {
  let compared = 0
  for (let seed = 1; seed <= 15; seed += 1) {
    const random = makeRandom(seed)
    const said = play(random)
    const merge = (updates: readonly Uint8Array[]) => {
      const doc = new Y.Doc()
      for (const update of updates) Y.applyUpdate(doc, update)
      expect(doc.store.pendingStructs, `seed ${seed}`).toBeNull()
      return facts(doc)
    }
    const expected = merge(said)
    for (let deal = 0; deal < 3; deal += 1) {
      const shuffled = [...said]
      for (let left = shuffled.length - 1; left > 0; left -= 1) {
        const other = random(left + 1)
        ;[shuffled[left], shuffled[other]] = [shuffled[other] as Uint8Array, shuffled[left] as Uint8Array]
      }
      expect(merge(shuffled), `seed ${seed}`).toEqual(expected)
      compared += 1
    }
  }
  expect(compared).toBe(45)
}, 30_000)
