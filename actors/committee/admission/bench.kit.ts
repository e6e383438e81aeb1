import * as Y from 'yjs'
import { Book } from '#actors/committee/conflicts/book.ts'
import { detect } from '#actors/committee/conflicts/detector.ts'
import { entryAt, makeAuthorOf } from '#actors/committee/conflicts/entries.ts'
import { attendanceRoot, markAttendance } from '#contract/document/attendance.ts'
import { appendToLog } from '#contract/document/ballots.ts'
import { figuresRoot } from '#contract/document/figures.ts'
import { guaranteesRoot, writeGuarantee } from '#contract/document/guarantees.ts'
import { keyOf } from '#contract/document/keys.ts'
import { editNote } from '#contract/document/notes.ts'
import type { Facts } from '#contract/document/values.ts'
import type { CandidateNumber, CommitteeId, ElectorSerial, Sequence } from '#contract/ids.ts'
import { at_s, docOf, Room, writerOf } from './histories.kit.ts'
import { LiveDocument } from './live.ts'

// `make bench ADMISSION=1`: what judging an update costs beside what `Y.applyUpdate` costs for the same update, in the same run: each
// update is judged and then applied, as the server does; and what the detector of conflicts takes before and behind the applying. Ratios, because absolute times on a shared machine say little. Exit 1 where
// judging costs more than applying.

const rounds = 15
const live_updates = 1_000
const merges = 5
const merge_operations = 5_000
const electors = 1_200

const facts: Facts = { hasElector: (it) => it <= electors, hasCandidate: (it) => it <= 20, choices_per_ballot: 3 }
const coordinator = writerOf(1, 'coordinator')

type Accepted = Extract<ReturnType<Room['judge']>, { verdict: 'accepted' }>
type Write = (doc: Y.Doc, n: number) => void

const elector = (n: number) => (1 + (n % electors)) as ElectorSerial
const user = coordinator.user

const writes: Readonly<Record<string, Write>> = {
  'a ballot': (doc, n) => appendToLog(doc, 'A', user, { n: n + 1, at_s, c: [1, 4, 9] as CandidateNumber[] }),
  'a mark': (doc, n) => markAttendance(attendanceRoot(doc), elector(n), user, at_s + n),
  'a pledge': (doc, n) => writeGuarantee(guaranteesRoot(doc), elector(n), user, 'strength', n % 2 === 0 ? 'strong' : 'weak'),
  'a figure': (doc, n) => void figuresRoot(doc).set(keyOf.figure('minute', 'ballots', user), n),
  'a letter of a note': (doc, n) => {
    const at = doc.getText(keyOf.note(elector(n >> 5))).length
    editNote(doc, elector(n >> 5), [{ at, removed: 0, inserted: 'ن' }])
  },
}

/** What a phone does in a dark hall: half of it ballots, then marks, pledges and notes. */
const offlineWrite: Write = (doc, n) => {
  const kinds = ['a ballot', 'a mark', 'a ballot', 'a pledge', 'a ballot', 'a mark', 'a ballot', 'a letter of a note', 'a ballot', 'a mark']
  writes[kinds[n % kinds.length] as string]?.(doc, n)
}

/** A committee in the middle of its count: marks and pledges of others, and 600 ballots. */
function committee(): Room {
  const room = new Room()
  const before = docOf(900)
  for (let n = 0; n < 600; n += 1) {
    writes['a mark']?.(before, n * 2)
    writes['a pledge']?.(before, n * 2)
    appendToLog(before, 'A', user, { n: n + 1, at_s, c: [2] as CandidateNumber[] })
  }
  room.receive(Y.encodeStateAsUpdate(before), coordinator, facts)
  return room
}

/** Of every update, in microseconds. */
type Times = { readonly judged_us: number[]; readonly applied_us: number[]; readonly watched_us: number[] }

/** Judges and applies one update after the other. */
function measure(room: Room, updates: Iterable<Uint8Array>, kind: 'live' | 'merge'): Times {
  const bare = room.copy()
  const watch = watcher(room)
  const judged_us: number[] = []
  const applied_us: number[] = []
  const watched_us: number[] = []
  for (const update of updates) {
    const began_ms = performance.now()
    const verdict = room.judge(update, coordinator, kind, facts)
    const judged_ms = performance.now() - began_ms
    if (verdict.verdict !== 'accepted') throw new Error(`an honest update was ${verdict.verdict}: ${JSON.stringify(verdict)}`)
    // The bytes as they came, as a server that does not judge would apply them, on a document nobody listens to.
    const from_ms = performance.now()
    Y.applyUpdate(bare, update)
    applied_us.push((performance.now() - from_ms) * 1_000)
    judged_us.push(judged_ms * 1_000)
    watched_us.push(watch(verdict))
    room.accept(verdict, coordinator)
  }
  return { judged_us, applied_us, watched_us }
}

/** Applies rows with the detector around them; answers what that takes besides the applying. */
function watcher(room: Room): (row: Accepted) => number {
  const live = new LiveDocument(room.copy())
  const book = new Book(
    'bench' as CommitteeId,
    makeAuthorOf(() => user),
  )
  let sequence = 0
  return (row) => {
    let applied_ms = 0
    let all_ms = 0
    live.doc.transact(() => {
      const began_ms = performance.now()
      const findings = detect(live, row, () => {
        const from_ms = performance.now()
        Y.applyUpdate(live.doc, row.update)
        applied_ms = performance.now() - from_ms
      })
      sequence += 1
      book.take({ ...row, sequence: sequence as Sequence, uuid: '', user, at_ms: at_s * 1_000 }, findings, (key) => entryAt(live, key))
      all_ms = performance.now() - began_ms
    })
    return (all_ms - applied_ms) * 1_000
  }
}

/** Two phones that do not hear each other write the same field: every update is a race with the other's last. */
function racingUpdates(room: Room): Uint8Array[] {
  const [here, there] = [liveUpdates(room, 7, raced), liveUpdates(room, 8, raced)] as const
  return here.flatMap((update, n) => [update, there[n] as Uint8Array]).slice(0, live_updates)
}

const raced: Write = (doc, n) => writeGuarantee(guaranteesRoot(doc), elector(1), user, 'group', `${doc.clientID} ${n}`)

function liveUpdates(room: Room, client: number, write: Write): Uint8Array[] {
  const doc = docOf(client)
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(room.doc))
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  for (let n = 0; n < live_updates; n += 1) doc.transact(() => write(doc, n))
  return updates
}

function mergeUpdate(room: Room, client: number): Uint8Array {
  const doc = docOf(client)
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(room.doc))
  for (let n = 0; n < merge_operations; n += 1) doc.transact(() => offlineWrite(doc, n))
  return Y.encodeStateAsUpdate(doc, Y.encodeStateVector(room.doc))
}

/** One phone after the other comes back, each made when the one before is in. */
function* offlineMerges(room: Room): Iterable<Uint8Array> {
  for (let client = 7; client < 7 + merges; client += 1) yield mergeUpdate(room, client)
}

/** A quarter of the measurements are faster: what else the machine does only ever makes one slower. */
const quartile = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 2] ?? Number.NaN

const cases: readonly (readonly [name: string, run: () => Times])[] = [
  ...Object.entries(writes).map(([name, write]) => {
    const run = (): Times => {
      const room = committee()
      return measure(room, liveUpdates(room, 7, write), 'live')
    }
    return [name, run] as const
  }),
  [
    'a pledge that races',
    () => {
      const room = committee()
      return measure(room, racingUpdates(room), 'live')
    },
  ],
  [
    `a merge of ${merge_operations} operations`,
    () => {
      const room = committee()
      return measure(room, offlineMerges(room), 'merge')
    },
  ],
]

// Rounds alternate between the cases, so that what else the machine does meets all of them; the first only warms up.
const times = new Map<string, Times>(cases.map(([name]) => [name, { judged_us: [], applied_us: [], watched_us: [] }]))
for (let round = 0; round <= rounds; round += 1) {
  for (const [name, run] of cases) {
    const taken = run()
    if (round === 0) continue
    times.get(name)?.judged_us.push(...taken.judged_us)
    times.get(name)?.applied_us.push(...taken.applied_us)
    times.get(name)?.watched_us.push(...taken.watched_us)
  }
}

console.log(
  `${'update'.padEnd(30)} ${'judged µs'.padStart(10)} ${'applied µs'.padStart(11)} ${'ratio'.padStart(6)} ${'watched µs'.padStart(11)}   lower quartile over ${rounds} rounds`,
)
let over = 0
for (const [name, { judged_us, applied_us, watched_us }] of times) {
  const judged = quartile(judged_us)
  const applied = quartile(applied_us)
  if (judged > applied) over += 1
  console.log(
    `${name.padEnd(30)} ${judged.toFixed(1).padStart(10)} ${applied.toFixed(1).padStart(11)} ${(judged / applied).toFixed(2).padStart(6)} ${quartile(watched_us).toFixed(1).padStart(11)}`,
  )
}
if (over > 0) console.log(`${over} of ${times.size} cost more to judge than to apply.`)
process.exitCode = over > 0 ? 1 : 0
