import { expect, test } from 'vitest'
import * as Y from 'yjs'
import type { Writer } from '#contract/document/schema.ts'
import type { ClientId } from '#contract/ids.ts'
import type { Verdict } from './admit.ts'
import { History, hasPending, makeRandom, oneSeed, Room, type Sent, seedsUpTo, unsaid, watchChanges, writerOf } from './histories.kit.ts'
import { brokenLaws, isSame, plainOf } from './law.kit.ts'
import { mutate } from './mutations.kit.ts'

/** Seeded and counted; long only where other tests take the machine. */
const patience_ms = 240_000

type Accepted = Extract<Verdict, { verdict: 'accepted' }>

/** Everything that must hold of an update that was accepted and is applied. Asserts only where something does not: it is asked often. */
function judgeEffect(
  doc: Y.Doc,
  changed: Set<string>,
  owners: ReadonlyMap<number, number>,
  { verdict, bytes, writer, ...tell }: { verdict: Accepted; bytes: Uint8Array; writer: Writer; seed: number; how: string },
  apply: () => void,
): void {
  const roots = new Set(doc.share.keys())
  const [before, states] = [plainOf(doc), statesOf(doc)]
  changed.clear()
  const told = () => ({ ...tell, by: writer, bytes: Buffer.from(bytes).toString('hex') })
  apply()
  const outside = unsaid(changed, verdict.touches)
  const paths = new Set(verdict.touches.map(({ path }) => path))
  const made = [...doc.share.keys()].filter((root) => !roots.has(root) && !paths.has(root))
  const broken = brokenLaws(before, plainOf(doc), writer)
  for (const client of grown(states, doc)) {
    const owner = owners.get(client)
    if (owner !== undefined && owner !== writer.user) broken.push(`client ${client} of ${owner}`)
    if (!verdict.clients.includes(client as ClientId)) broken.push(`client ${client} unsaid`)
  }
  if (hasPending(doc) || outside.length + made.length + broken.length > 0)
    expect({ ...told(), outside, made, broken, pending: hasPending(doc) }).toBeNull()
  hasNoEffect(doc, bytes, told)
}

/** The socket's own apply comes behind the row and finds nothing to do, whatever else the bytes say; nor does it make an empty root. */
function hasNoEffect(doc: Y.Doc, bytes: Uint8Array, told: () => object): void {
  const [whole, roots] = [Y.snapshot(doc), doc.share.size]
  Y.applyUpdate(doc, bytes)
  const effects = { pending: hasPending(doc), changed: !Y.equalSnapshots(whole, Y.snapshot(doc)), roots: doc.share.size - roots }
  if (effects.pending || effects.changed || effects.roots > 0) expect({ ...told(), effects }).toBeNull()
}

const statesOf = (doc: Y.Doc): Map<number, number> => Y.snapshot(doc).sv

/** Clients that have written more. */
const grown = (before: ReadonlyMap<number, number>, doc: Y.Doc): number[] =>
  [...statesOf(doc)].flatMap(([client, clock]) => (clock > (before.get(client) ?? 0) ? [client] : []))

/** Who sends what somebody else wrote, or writes too late. */
const strangers = [writerOf(9, 'viewer'), writerOf(3, 'marker'), writerOf(1, 'coordinator', 'polling'), writerOf(2, 'collector', 'closed')]

/** One history, and mutations of all that was sent in it. */
function torment(seed: number, count: Record<string, number>, accepted: Map<string, number>): void {
  const room = new Room()
  const changed = watchChanges(room.doc)
  const random = makeRandom(seed * 7_919)
  const past: Sent[] = []
  let fresh = 2_000_000
  const attempt = (sent: Sent, isKept: boolean): void => {
    fresh += 1
    const { bytes, how } = mutate({ update: sent.update, others: past.map(({ update }) => update), fresh, anew: isKept }, random)
    const writer = random(12) === 0 ? (strangers[random(strangers.length)] as Writer) : sent.writer
    if (bytes.length === sent.update.length && bytes.every((byte, at) => byte === sent.update[at])) return
    count.tried = (count.tried ?? 0) + 1
    const verdict = room.judge(bytes, writer)
    count[verdict.verdict] = (count[verdict.verdict] ?? 0) + 1
    if (verdict.verdict === 'nothing-new') hasNoEffect(room.copy(), bytes, () => ({ seed, how, bytes: Buffer.from(bytes).toString('hex') }))
    if (verdict.verdict !== 'accepted') return
    accepted.set(how, (accepted.get(how) ?? 0) + 1)
    const doc = isKept ? room.doc : room.copy()
    judgeEffect(doc, isKept ? changed : watchChanges(doc), new Map(room.owners), { verdict, bytes, writer, seed, how }, () => {
      if (isKept) room.accept(verdict, writer)
      else Y.applyUpdate(doc, verdict.update)
    })
  }
  const history = new History(seed, room, (sent) => {
    for (let times = 0; times < 3; times += 1) attempt(sent, false)
    room.receive(sent.update, sent.writer)
    past.push(sent)
  })
  for (let step = 0; step < 25; step += 1) history.step()
  history.end()
  // And now for good, one on the other: mutations of a document that mutations have made.
  for (let times = 0; times < 40; times += 1) attempt(past[random(past.length)] as Sent, true)
  const replayed = room.replayed()
  if (!isSame(replayed, room.doc)) expect({ seed, rows: plainOf(replayed) }).toEqual({ seed, rows: plainOf(room.doc) })
}

test(
  '[C1] [C3] to [C8]: of twenty thousand mutated updates none makes it throw; what is accepted does what was said of it and breaks no law',
  () => {
    const count: Record<string, number> = {}
    const accepted = new Map<string, number>()
    for (const seed of seedsUpTo(340)) torment(seed, count, accepted)
    if (oneSeed !== undefined) return
    expect(count.tried).toBeGreaterThanOrEqual(20_000)
    expect(count.accepted).toBeGreaterThanOrEqual((count.tried ?? 0) / 5)
    expect(count.refused).toBeGreaterThan(5_000)
    expect(count.missing).toBeGreaterThan(500)
    // By so many mutations and pairs of them something was made that may be.
    expect(accepted.size).toBeGreaterThan(200)
  },
  patience_ms,
)
