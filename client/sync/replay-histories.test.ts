import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { appendToLog } from '#contract/document/ballots.ts'
import type { CandidateNumber, ClientId, UserId } from '#contract/ids.ts'
import { assignedRights, usableRights } from '#contract/rights.ts'
import { type Replayed, replay } from './replay.ts'

// Random afternoons of one device: in step for a while, then without a network, over reloads, with edits that are not permitted and
// some that race. What must come of them is kept on a list beside, as a tester would, and compared with plain Yjs.

const me = 7 as UserId
const other = 9
const facts = { hasElector: (n: number) => n <= 20, hasCandidate: (n: number) => n <= 9, choices_per_ballot: 3 }
const assigned = assignedRights('coordinator')
const writer = { user: me, role: 'coordinator' as const, assigned, rights: usableRights(assigned, 'counting') }
const limits = { note_characters_max: 4_000, log_ballots_max: 20_000 }

function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

const send = (from: Y.Doc, to: Y.Doc) => Y.applyUpdate(to, Y.encodeStateAsUpdate(from, Y.encodeStateVector(to)))
const copyOf = (doc: Y.Doc): Y.Doc => {
  const copy = new Y.Doc({ gc: false })
  send(doc, copy)
  return copy
}
const clocksOf = (doc: Y.Doc, clients: Iterable<number>) => new Map([...clients].map((client) => [client, Y.getState(doc.store, client)]))

type Listed = { readonly n: number; readonly c: readonly number[]; readonly client: number; readonly index: number; struck?: true }

class Afternoon {
  readonly server = new Y.Doc()
  readonly random: (below: number) => number
  readonly own = new Set<number>()
  doc: Y.Doc
  /** What the last of another tab's openings read from the disk. */
  snapshot: Y.Doc
  readonly ballots: Listed[] = []
  readonly maps = new Map<string, unknown>()
  readonly words: string[] = []
  readonly refused = new Set<string>()
  readonly raced = new Set<string>()
  private readonly unsent = new Set<string>()
  private made = 0

  constructor(seed: number) {
    this.random = seeded(seed)
    this.doc = new Y.Doc({ gc: false })
    this.own.add(this.doc.clientID)
    this.snapshot = this.doc
    const inStep = this.random(20)
    for (let step = 0; step < inStep; step += 1) this.edit(false)
    send(this.doc, this.server)
    const others = 1 + this.random(8)
    for (let step = 0; step < others; step += 1) this.elsewhere()
    send(this.server, this.doc)
    this.unsent.clear()
    this.raced.clear()
    const dark = 10 + this.random(60)
    const opened = this.random(dark)
    for (let step = 0; step < dark; step += 1) {
      if (step === opened) this.snapshot = copyOf(this.doc)
      const kind = this.random(20)
      if (kind === 0) this.reload()
      else if (kind < 4) this.elsewhere()
      else this.edit(true)
    }
  }

  private reload(): void {
    this.doc = copyOf(this.doc)
    this.own.add(this.doc.clientID)
  }

  private set(root: string, key: string, value: unknown): void {
    this.doc.getMap(root).set(key, value)
    this.unsent.add(`${root} ${key}`)
  }

  private edit(mayBeBad: boolean): void {
    this.made += 1
    const bad = mayBeBad && this.random(8) === 0
    const kind = this.random(6)
    if (kind === 0) this.mark(bad)
    else if (kind === 1) this.pledge(bad)
    else if (kind === 2) this.write()
    else if (kind === 3 && this.ballots.some(({ struck }) => struck === undefined)) this.strike()
    else this.call(bad)
  }

  private mark(bad: boolean): void {
    const key = `${1 + this.random(20) + (bad ? 100 : 0)}/${me}`
    this.set('attendance', key, this.made)
    if (bad) this.refused.add(`attendance ${key}`)
    else this.maps.set(`attendance ${key}`, this.made)
  }

  private pledge(bad: boolean): void {
    const key = `${1 + this.random(6)}/${bad ? me : other}/group`
    this.set('guarantees', key, bad ? 'x'.repeat(61) : `mine ${this.made}`)
    if (bad) this.refused.add(`guarantees ${key}`)
    else if (!this.raced.has(`guarantees ${key}`)) this.maps.set(`guarantees ${key}`, `mine ${this.made}`)
  }

  private write(): void {
    const text = this.doc.getText('note/3')
    const word = `<${this.made}>`
    const words = text.toString().match(/<\d+>/g) ?? []
    text.insert(words.slice(0, this.random(words.length + 1)).join('').length, word)
    this.words.push(word)
  }

  private call(bad: boolean): void {
    const c = bad ? [99] : [1 + this.random(9)]
    const index = appendToLog(this.doc, 'A', me, { n: this.made, at_s: this.made, c: c as CandidateNumber[] })
    if (bad) this.refused.add(`ballot ${this.made}`)
    else this.ballots.push({ n: this.made, c, client: this.doc.clientID, index })
  }

  private strike(): void {
    const standing = this.ballots.filter(({ struck }) => struck === undefined)
    const target = standing[this.random(standing.length)] as Listed
    target.struck = true
    appendToLog(this.doc, 'A', me, { void: [target.client as ClientId, target.index], at_s: this.made, why: '' })
  }

  private elsewhere(): void {
    this.made += 1
    const doc = copyOf(this.server)
    const key = `${1 + this.random(6)}/${other}/group`
    doc.getMap('guarantees').set(key, `theirs ${this.made}`)
    doc.getText('note/3').insert(0, `<${this.made}>`)
    this.words.push(`<${this.made}>`)
    send(doc, this.server)
    // Written in the dark by both: whoever of us was first, the server's stands.
    this.raced.add(`guarantees ${key}`)
    this.maps.set(`guarantees ${key}`, `theirs ${this.made}`)
  }

  /** Of the keys others wrote in the dark, those this device wrote as well. */
  racedKeys = (): readonly string[] => [...this.raced].filter((name) => this.unsent.has(name)).sort()
}

function replayFrom(day: Afternoon, old: Y.Doc, before?: { readonly fresh: Y.Doc; readonly done: Replayed; readonly upTo: Y.Doc }) {
  const fresh = copyOf(before?.fresh ?? day.server)
  const from = clocksOf(before?.upTo ?? day.server, day.own)
  for (const [client, clock] of clocksOf(day.server, day.own)) from.set(client, Math.max(clock, from.get(client) ?? 0))
  const isOwn = (client: number) => day.own.has(client) || client === before?.fresh.clientID
  const done = replay({ old, fresh, from, isOwn, refusals: [], writer, facts, limits, moved: before?.done.moved ?? {} })
  return { fresh, done, upTo: old }
}

/** Plain Yjs: ballots by their numbers, with what became of them. */
function ballotsIn(doc: Y.Doc): Map<number, readonly number[] | 'struck'> {
  const logs = [...doc.getMap<Y.Array<Record<string, never>>>('ballots')].map(([key, log]) => ({ key, entries: log.toArray() }))
  const struck = new Set(logs.flatMap(({ entries }) => entries.flatMap((entry) => (entry.void === undefined ? [] : [String(entry.void)]))))
  const found = logs.flatMap(({ key, entries }) =>
    entries.flatMap((entry, index): [number, readonly number[] | 'struck'][] => {
      if (entry.n === undefined) return []
      return [[entry.n, struck.has(`${key.split('.')[1]},${index}`) ? 'struck' : (entry.c ?? [])]]
    }),
  )
  expect(new Set(found.map(([n]) => n)).size, 'no ballot twice').toBe(found.length)
  return new Map(found.sort(([a], [b]) => a - b))
}

function expectListed(day: Afternoon, fresh: Y.Doc): void {
  expect(ballotsIn(fresh)).toEqual(new Map(day.ballots.map(({ n, c, struck }) => [n, struck ? 'struck' : c])))
  const maps = ['attendance', 'guarantees'].flatMap((root) => [...fresh.getMap(root)].map(([key, value]) => [`${root} ${key}`, value]))
  expect(Object.fromEntries(maps)).toEqual(Object.fromEntries(day.maps))
  expect((fresh.getText('note/3').toString().match(/<\d+>/g) ?? []).sort()).toEqual([...day.words].sort())
}

test('[R5] [R6] 150 random afternoons: what was permitted stands, once; what was not, and what raced, is told; nothing else is', {
  timeout: 60_000,
}, () => {
  let refused = 0
  let raced = 0
  for (let seed = 1; seed <= 150; seed += 1) {
    const day = new Afternoon(seed)
    const once = replayFrom(day, day.doc)
    expectListed(day, once.fresh)
    const told = once.done.leftOut
    const races = told.filter(({ kind }) => kind === 'raced').map(({ path, key }) => `${path} ${key}`)
    expect(races.sort(), `seed ${seed}`).toEqual(day.racedKeys())
    expect(told.length - day.racedKeys().length, `seed ${seed}`).toBe(day.refused.size)
    refused += day.refused.size
    raced += day.racedKeys().length
    const again = replayFrom(day, day.doc, once)
    expect([again.done.written, again.done.leftOut], 'a second time there is nothing left').toEqual([0, []])
    const server = copyOf(day.server)
    send(once.fresh, server)
    expectListed(day, server)
  }
  expect(refused).toBeGreaterThan(250)
  expect(raced).toBeGreaterThan(100)
})

test('[R4] the same afternoons with two tabs, each writing anew what it holds, one after the other: once all the same', {
  timeout: 60_000,
}, () => {
  for (let seed = 1; seed <= 150; seed += 1) {
    const day = new Afternoon(seed)
    const first = replayFrom(day, day.snapshot)
    const second = replayFrom(day, day.doc, first)
    expectListed(day, second.fresh)
  }
})
