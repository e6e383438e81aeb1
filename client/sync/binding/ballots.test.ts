import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { appendToLog, ballotsRoot, tallySheet } from '#contract/document/ballots.ts'
import type { LogEntry } from '#contract/document/values.ts'
import type { CandidateNumber, ClientId, UserId } from '#contract/ids.ts'
import { bindBallots } from './ballots.ts'

/** Small, seeded, good enough to shuffle (mulberry32). */
function seeded(seed: number) {
  let state = seed
  return (below: number) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

const choices = (random: (below: number) => number) => {
  const kind = random(8)
  if (kind === 0) return null
  const all = Array.from({ length: 9 }, (_, index) => (index + 1) as CandidateNumber)
  return kind === 1 ? [] : all.filter(() => random(3) === 0)
}

const binding = (doc: Y.Doc) => {
  const bound = bindBallots(doc)
  return { bound, tally: (sheet: 'A' | 'B') => bound.sheet(sheet).tally() }
}
const expected = (doc: Y.Doc, sheet: 'A' | 'B') => {
  const { votes, ...figures } = tallySheet(ballotsRoot(doc), sheet)
  return { ...figures, votes: Object.fromEntries(votes) }
}

test.each([1, 2, 3, 4, 5, 6])('the running tally is the tally of the whole log, in any order of arrival (seed %i)', (seed) => {
  const random = seeded(seed)
  const writers = [7, 7, 8, 9].map((user) => ({ doc: new Y.Doc(), user: user as UserId, calls: { A: 0, B: 0 } }))
  const watcher = new Y.Doc()
  const watched = binding(watcher)
  let voids = 0
  for (let turn = 0; turn < 300; turn += 1) {
    const writer = writers[random(writers.length)] as (typeof writers)[number]
    const sheet = random(4) === 0 ? 'B' : 'A'
    let entry: LogEntry = { n: turn + 1, at_s: 1_000 + turn, c: choices(random) }
    if (random(5) === 0) {
      // Strikes may come before their ballot, twice, at nothing at all, and with or without a replacement.
      const target = writers[random(writers.length)] as (typeof writers)[number]
      const strike = { void: [target.doc.clientID as ClientId, random(target.calls[sheet] + 1)] as const, at_s: 2_000, why: 'x' }
      entry = random(2) === 0 ? strike : { ...strike, instead: choices(random) }
      voids += 1
    }
    writer.calls[sheet] = appendToLog(writer.doc, sheet, writer.user, entry) + 1
    if (random(3) === 0) {
      const from = writers[random(writers.length)] as (typeof writers)[number]
      Y.applyUpdate(watcher, Y.encodeStateAsUpdate(from.doc, Y.encodeStateVector(watcher)))
      expect(watched.tally('A')).toEqual(expected(watcher, 'A'))
    }
  }
  for (const { doc } of writers) Y.applyUpdate(watcher, Y.encodeStateAsUpdate(doc))
  expect(voids).toBeGreaterThan(30)
  for (const sheet of ['A', 'B'] as const) {
    expect(watched.tally(sheet)).toEqual(expected(watcher, sheet))
    expect(watched.tally(sheet).ballots).toBeGreaterThan(10)
    expect(binding(watcher).tally(sheet)).toEqual(expected(watcher, sheet))
  }
})

test('an entry that is none, and a key that is none, count nothing', () => {
  const doc = new Y.Doc()
  const { tally } = binding(doc)
  const root = ballotsRoot(doc)
  const log = new Y.Array<unknown>()
  root.set('A/7.5', log)
  log.push([{ n: 1, at_s: 5, c: [3, 1] }, 'rubbish', { n: 1, at_s: 5, c: [1, 3] }])
  root.set('A/seven', new Y.Array())
  root.set('A/8.5', 'not a log')
  expect(tally('A')).toEqual({ ballots: 1, valid: 1, blank: 0, invalid: 0, votes: { 1: 1, 3: 1 } })
})

test('a log that is cut or replaced is read anew', () => {
  const doc = new Y.Doc()
  const { tally } = binding(doc)
  const writer = 7 as UserId
  appendToLog(doc, 'A', writer, { n: 1, at_s: 5, c: null })
  appendToLog(doc, 'A', writer, { n: 2, at_s: 5, c: [] })
  const log = ballotsRoot(doc).get(`A/7.${doc.clientID}`) as Y.Array<unknown>
  log.delete(0, 1)
  expect(tally('A')).toMatchObject({ ballots: 1, blank: 1 })
  ballotsRoot(doc).set(`A/7.${doc.clientID}`, new Y.Array())
  expect(tally('A').ballots).toBe(0)
})
