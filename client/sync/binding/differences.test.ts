import { createRenderEffect, createRoot } from 'solid-js'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { appendToLog, ballotsRoot, countBallots, readLogs } from '#contract/document/ballots.ts'
import { compareSheets } from '#contract/document/compare.ts'
import type { LogEntry } from '#contract/document/values.ts'
import { type CandidateNumber, type ClientId, type Sheet, sheets, type UserId } from '#contract/ids.ts'
import { bindBallots } from './ballots.ts'
import { createDifferences } from './differences.ts'

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

const paired = sheets.flatMap((one, place) => sheets.slice(place + 1).map((other) => [one, other] as const))
const candidate = (n: number) => n as CandidateNumber

function watching(doc: Y.Doc) {
  const differences = createDifferences()
  bindBallots(doc, differences.watch)
  return differences
}

/** The whole comparison, as the contract makes it, number after number. */
function expected(doc: Y.Doc) {
  const ballotsOf = (sheet: Sheet) => countBallots(readLogs(ballotsRoot(doc), sheet))
  return paired.flatMap(([one, other]) => {
    const numbers: number[] = []
    let [a, b] = [ballotsOf(one), ballotsOf(other)]
    for (let first = compareSheets(a, b).first; first !== undefined; first = compareSheets(a, b).first) {
      const { n } = first
      numbers.push(n)
      a = a.filter((ballot) => ballot.n !== n)
      b = b.filter((ballot) => ballot.n !== n)
    }
    return numbers.length === 0 ? [] : [{ one, other, numbers }]
  })
}

test.each([1, 2, 3, 4, 5, 6])(
  'ballot by ballot, sheets differ where the whole comparison says, in any order of arrival (seed %i)',
  (seed) => {
    const random = seeded(seed)
    // Few candidates and few numbers: ballots agree, differ, are missing and stand twice, all of it often.
    const choices = () => (random(6) === 0 ? null : [1, 2].filter(() => random(3) > 0).map(candidate))
    const writers = [7, 7, 8, 9].map((user) => ({ doc: new Y.Doc(), user: user as UserId, calls: { A: 0, B: 0, C: 0, D: 0 } }))
    const watcher = new Y.Doc()
    const watched = watching(watcher)
    let differing = 0
    for (let turn = 0; turn < 250; turn += 1) {
      const writer = writers[random(writers.length)] as (typeof writers)[number]
      const sheet = sheets[random(3)] as Sheet
      let entry: LogEntry = { n: random(40) + 1, at_s: 1_000 + turn, c: choices() }
      if (random(4) === 0) {
        const target = writers[random(writers.length)] as (typeof writers)[number]
        const strike = { void: [target.doc.clientID as ClientId, random(target.calls[sheet] + 1)] as const, at_s: 2_000, why: 'x' }
        entry = random(2) === 0 ? strike : { ...strike, instead: choices() }
      }
      writer.calls[sheet] = appendToLog(writer.doc, sheet, writer.user, entry) + 1
      if (random(4) === 0) {
        const from = writers[random(writers.length)] as (typeof writers)[number]
        Y.applyUpdate(watcher, Y.encodeStateAsUpdate(from.doc, Y.encodeStateVector(watcher)))
        expect(watched.pairs()).toEqual(expected(watcher))
        differing += watched.pairs().length
      }
    }
    for (const { doc } of writers) Y.applyUpdate(watcher, Y.encodeStateAsUpdate(doc))
    expect(watched.pairs()).toEqual(expected(watcher))
    expect(watching(watcher).pairs()).toEqual(expected(watcher))
    expect(differing).toBeGreaterThan(20)
  },
)

function twoSheets() {
  const [a, b] = [new Y.Doc(), new Y.Doc()]
  const differences = createDifferences()
  const watcher = new Y.Doc()
  bindBallots(watcher, differences.watch)
  const call = (doc: Y.Doc, sheet: Sheet, user: number, entry: LogEntry) => {
    const index = appendToLog(doc, sheet, user as UserId, entry)
    Y.applyUpdate(watcher, Y.encodeStateAsUpdate(doc, Y.encodeStateVector(watcher)))
    return index
  }
  return { a, b, differences, watcher, call }
}

test('a difference keeps its key until one of its sides changes, and is gone when they agree', () => {
  const { a, b, differences, call } = twoSheets()
  const mine = call(a, 'A', 7, { n: 143, at_s: 1, c: [candidate(1), candidate(12)] })
  call(b, 'B', 8, { n: 143, at_s: 1, c: [candidate(1), candidate(21)] })
  const first = differences.at('A', 'B', 143)
  expect(first).toMatchObject({ n: 143, one: { sheet: 'A', user: 7, choices: [1, 12] }, other: { sheet: 'B', user: 8, choices: [1, 21] } })
  call(a, 'A', 7, { n: 144, at_s: 2, c: null })
  expect(differences.at('A', 'B', 143)?.key).toBe(first?.key)
  call(a, 'A', 7, { void: [a.clientID as ClientId, mine], at_s: 3, why: 'x', instead: [candidate(12)] })
  expect(differences.at('A', 'B', 143)?.one).toMatchObject({ choices: [12], corrected: true })
  expect(differences.at('A', 'B', 143)?.key).not.toBe(first?.key)
  call(b, 'B', 8, { void: [b.clientID as ClientId, 0], at_s: 4, why: 'x', instead: [candidate(12)] })
  expect(differences.pairs()).toEqual([])
})

test('a number that a sheet has not, or has twice, is no difference', () => {
  const { a, b, differences, call } = twoSheets()
  call(a, 'A', 7, { n: 1, at_s: 1, c: [] })
  call(b, 'B', 8, { n: 2, at_s: 1, c: null })
  expect(differences.pairs()).toEqual([])
  call(b, 'B', 8, { n: 1, at_s: 1, c: null })
  expect(differences.pairs()).toEqual([{ one: 'A', other: 'B', numbers: [1] }])
  call(a, 'A', 7, { n: 1, at_s: 2, c: [] })
  expect(differences.pairs()).toEqual([])
})

test('whoever looks at differences is not woken by ballots that differ from nothing', () => {
  const { a, differences, call } = twoSheets()
  let looks = 0
  const dispose = createRoot((end) => {
    createRenderEffect(() => {
      differences.pairs()
      looks += 1
    })
    return end
  })
  for (let n = 1; n <= 20; n += 1) call(a, 'A', 7, { n, at_s: n, c: [] })
  expect(looks).toBe(1)
  dispose()
})
