import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { attendanceRoot, attendedElectors } from './document/attendance.ts'
import { ballotsRoot, tallySheet } from './document/ballots.ts'
import { figuresRoot, readFigure } from './document/figures.ts'
import { guaranteesRoot, readGuarantees, strikeList } from './document/guarantees.ts'
import type { FigureSource } from './document/keys.ts'
import { findPlace, refuseValue, refuseWriter } from './document/schema.ts'
import type { ClientId, Sheet, UserId } from './ids.ts'
import { assignedRights, type Phase, type Role, usableRights } from './rights.ts'

// Golden vectors: what another implementation of a client can be checked against. The stories are told with plain Yjs and the
// expectations written by hand; nothing of ours makes them. `UPDATE=1 vitest run contract/vectors` writes the files anew.

const at_s = 1_764_000_000

type DocumentVector = {
  readonly story: string
  /** Yjs updates, version 1, in hex. In this order; in any other they mean the same. */
  readonly updates: readonly string[]
  readonly expected: {
    readonly attended: readonly number[]
    readonly strike: readonly number[]
    readonly sheets: Readonly<
      Record<string, { ballots: number; valid: number; blank: number; invalid: number; votes: Record<string, number> }>
    >
    readonly figures: Readonly<Record<string, { status: string; value: number | null }>>
  }
}

type PlaceVector = {
  readonly root: string
  readonly key: string
  readonly value: unknown
  readonly by: { readonly user: number; readonly client: number; readonly role: Role; readonly phase: Phase }
  /** Null: accepted. */
  readonly refusal: string | null
}

type Hand = Record<string, Y.Doc>

/** Phones by name, with fixed client ids; `say` lets one write, `meet` lets one hear all of another. */
function tell(
  clients: Record<string, number>,
  story: (say: (name: string, act: (doc: Y.Doc) => void) => void, meet: (a: string, b: string) => void) => void,
): string[] {
  const updates: string[] = []
  const phones: Hand = {}
  for (const [name, client] of Object.entries(clients)) {
    const doc = new Y.Doc()
    doc.clientID = client
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'met') updates.push(Buffer.from(update).toString('hex'))
    })
    phones[name] = doc
  }
  const phone = (name: string): Y.Doc => phones[name] ?? new Y.Doc()
  story(
    (name, act) => phone(name).transact(() => act(phone(name))),
    (a, b) => Y.applyUpdate(phone(a), Y.encodeStateAsUpdate(phone(b)), 'met'),
  )
  return updates
}

const nothing = { attended: [], strike: [], sheets: {}, figures: {} }

function documents(): DocumentVector[] {
  const set = (root: string, key: string, value: unknown) => (doc: Y.Doc) => void doc.getMap(root).set(key, value)
  const push =
    (key: string, ...entries: unknown[]) =>
    (doc: Y.Doc) => {
      const root = doc.getMap('ballots')
      if (!root.has(key)) root.set(key, new Y.Array())
      ;(root.get(key) as Y.Array<unknown>).push(entries)
    }
  return [
    {
      story: 'Two doors mark the same elector; one mark is withdrawn, one ruled out, and marked again after the ruling.',
      updates: tell({ door: 101, gate: 102, supervisor: 103 }, (say, meet) => {
        say('door', set('attendance', '7/2', at_s))
        say('gate', set('attendance', '7/3', at_s + 5))
        say('door', set('attendance', '8/2', at_s + 9))
        say('door', set('attendance', '8/2', { at_s: 0, why: 'wrong line' }))
        say('gate', set('attendance', '9/3', at_s + 10))
        say('gate', set('attendance', '12/3', at_s + 11))
        meet('supervisor', 'gate')
        say('supervisor', set('attendance', '9/#', { by: 1, at_s: at_s + 60, why: 'not here', saw: { 3: at_s + 10 } }))
        say('supervisor', set('attendance', '12/#', { by: 1, at_s: at_s + 61, why: 'not here', saw: { 3: at_s + 11 } }))
        say('gate', set('attendance', '12/3', at_s + 90))
      }),
      expected: { ...nothing, attended: [7, 12] },
    },
    {
      story: 'Pledges of two collectors, one of them withdrawn; two phones offline write the same field, and the higher client id stands.',
      updates: tell({ collector: 201, coordinator: 4_000_000_000, other: 202 }, (say, meet) => {
        say('collector', set('guarantees', '4/2/strength', 'strong'))
        say('collector', set('guarantees', '5/2/strength', 'weak'))
        say('collector', set('guarantees', '6/2/group', 'no pledge yet'))
        meet('other', 'collector')
        meet('coordinator', 'collector')
        say('other', set('guarantees', '5/3/confirmation', 'pending'))
        say('collector', set('guarantees', '5/2/withdrawn', true))
        say('collector', set('guarantees', '4/2/withdrawn', true))
        say('coordinator', set('guarantees', '4/2/withdrawn', false))
        say('coordinator', set('attendance', '5/9', at_s))
        say('coordinator', set('guarantees', '10/9/strength', 'medium'))
      }),
      expected: { ...nothing, attended: [5], strike: [4, 10] },
    },
    {
      story: 'Two counters share sheet A, one checks on B; ballots are voided, replaced, and voided twice.',
      updates: tell({ one: 301, two: 302, check: 303 }, (say, meet) => {
        say('one', push('A/2.301', { n: 1, at_s, c: [1, 4] }, { n: 2, at_s, c: [] }, { n: 3, at_s, c: [9] }))
        say('two', push('A/3.302', { n: 4, at_s, c: null }, { n: 5, at_s, c: [4] }))
        say('one', push('A/2.301', { void: [301, 2], at_s, why: 'misheard', instead: [8] }))
        meet('two', 'one')
        say('two', push('A/3.302', { void: [301, 2], at_s, why: 'later and by another: the first counts', instead: [7] }))
        say('two', push('A/3.302', { void: [302, 1], at_s, why: 'read twice' }))
        say('check', push('B/4.303', { n: 1, at_s, c: [1, 4] }))
      }),
      expected: {
        ...nothing,
        sheets: {
          A: { ballots: 4, valid: 2, blank: 1, invalid: 1, votes: { 1: 1, 4: 1, 8: 1 } },
          B: { ballots: 1, valid: 1, blank: 0, invalid: 0, votes: { 1: 1, 4: 1 } },
          C: { ballots: 0, valid: 0, blank: 0, invalid: 0, votes: {} },
        },
      },
    },
    {
      story: 'Figures: one alone, two who agree, two who differ, a ruling, and a ruling that a later change has opened again.',
      updates: tell({ one: 401, two: 402, supervisor: 403 }, (say) => {
        say('one', set('figures', 'minute/registered/2', 500))
        for (const [name, user] of [
          ['one', 2],
          ['two', 3],
        ] as const)
          say(name, set('figures', `minute/ballots/${user}`, 40))
        for (const [name, user] of [
          ['one', 2],
          ['two', 3],
        ] as const)
          say(name, set('figures', `minute/valid/${user}`, 30 + user))
        for (const [name, user] of [
          ['one', 2],
          ['two', 3],
        ] as const)
          say(name, set('figures', `announced/v7/${user}`, 10 + user))
        for (const [name, user] of [
          ['one', 2],
          ['two', 3],
        ] as const)
          say(name, set('figures', `announced/blank/${user}`, user))
        say('supervisor', set('figures', 'announced/v7/#', { value: 13, by: 1, at_s, saw: { 2: 12, 3: 13 } }))
        say('supervisor', set('figures', 'announced/blank/#', { value: 3, by: 1, at_s, saw: { 2: 2, 3: 3 } }))
        say('one', set('figures', 'announced/blank/2', 4))
      }),
      expected: {
        ...nothing,
        figures: {
          'minute/attended': { status: 'none', value: null },
          'minute/registered': { status: 'waiting', value: 500 },
          'minute/ballots': { status: 'agreed', value: 40 },
          'minute/valid': { status: 'differ', value: null },
          'announced/v7': { status: 'resolved', value: 13 },
          'announced/blank': { status: 'differ', value: null },
        },
      },
    },
  ]
}

// Electors 1 to 100, candidates 1 to 9, three choices a ballot; client 7 is user 2's, client 8 user 3's.
const committee = { electors: 100, candidates: 9, choices_per_ballot: 3, clients: { 7: 2, 8: 3 } as Record<string, number> }

function places(): PlaceVector[] {
  const by = (role: Role, phase: Phase = 'counting') => ({ user: 2, client: 7, role, phase })
  const rows: [PlaceVector['by'], string, string, unknown, string | null][] = [
    [by('marker'), 'attendance', '1/2', at_s, null],
    [by('marker'), 'attendance', '1/2', { at_s: 0, why: 'wrong line' }, null],
    [by('marker'), 'attendance', '1/2', 0, 'bad-value'],
    [by('marker'), 'attendance', '101/2', at_s, 'bad-value'],
    [by('marker'), 'attendance', '1/3', at_s, 'bad-key'],
    [by('marker'), 'attendance', '01/2', at_s, 'bad-key'],
    [by('marker'), 'attendances', '1/2', at_s, 'unknown-root'],
    [by('marker', 'closed'), 'attendance', '1/2', at_s, 'late'],
    [by('counter'), 'attendance', '1/2', at_s, 'forbidden'],
    [by('supervisor'), 'attendance', '1/#', { by: 2, at_s, why: '', saw: { 3: at_s } }, null],
    [by('supervisor'), 'attendance', '1/#', { by: 3, at_s, why: '', saw: {} }, 'bad-value'],
    [by('collector'), 'guarantees', '1/2/strength', 'weak', null],
    [by('collector'), 'guarantees', '1/2/strength', null, null],
    [by('collector'), 'guarantees', '1/2/strength', 'certain', 'bad-value'],
    [by('collector'), 'guarantees', '1/3/strength', 'weak', 'bad-key'],
    [by('coordinator'), 'guarantees', '1/3/strength', 'weak', null],
    [by('collector'), 'note/1', '', 'يعود مساءً', null],
    [by('collector'), 'note/01', '', 'x', 'unknown-root'],
    [by('marker'), 'walkins', '2.7.0', { name: 'سالم', serial: null, why: '', at_s }, null],
    [by('marker'), 'walkins', '2.8.0', { name: 'سالم', serial: null, why: '', at_s }, 'bad-key'],
    [by('supervisor'), 'walkins', '3.8.0/#', { accepted: true, by: 2, at_s }, null],
    [by('counter'), 'ballots', 'A/2.7', { n: 1, at_s, c: [1, 4, 9] }, null],
    [by('counter'), 'ballots', 'A/2.7', { n: 1, at_s, c: [4, 1] }, 'bad-value'],
    [by('counter'), 'ballots', 'A/2.7', { n: 1, at_s, c: [10] }, 'bad-value'],
    [by('counter'), 'ballots', 'A/2.8', { n: 1, at_s, c: [1] }, 'bad-key'],
    [by('counter'), 'ballots', 'A/2.7', { void: [7, 0], at_s, why: '' }, null],
    [by('counter'), 'ballots', 'A/2.7', { void: [8, 0], at_s, why: '' }, 'forbidden'],
    [by('supervisor'), 'ballots', 'A/2.7', { void: [8, 0], at_s, why: '', instead: null }, null],
    [by('counter'), 'figures', 'minute/v9/2', 0, null],
    [by('counter'), 'figures', 'minute/v10/2', 0, 'bad-value'],
    [by('counter'), 'figures', 'minute/votes/2', 0, 'bad-key'],
    [by('supervisor'), 'figures', 'minute/v9/#', { value: 4, by: 2, at_s, saw: { 2: 4, 3: 5 } }, null],
    [by('administrator'), 'meta', 'phase', 'closed', 'forbidden'],
  ]
  return rows.map(([author, root, key, value, refusal]) => ({ root, key, value, by: author, refusal }))
}

function golden<Vector>(name: string, make: () => Vector): Vector {
  const file = new URL(`vectors/${name}.json`, import.meta.url)
  if (process.env.UPDATE) writeFileSync(file, `${JSON.stringify(make(), null, 2)}\n`)
  return JSON.parse(readFileSync(file, 'utf8'))
}

describe('golden vectors', () => {
  const told = golden('documents', documents)
  const judged = golden('places', () => ({ committee, places: places() }))

  test('the files are what the stories make', () => {
    expect(told).toEqual(documents())
    expect(judged).toEqual({ committee, places: places() })
  })

  test.each(told)('$story', ({ updates, expected }) => {
    for (const order of [updates, updates.toReversed()]) {
      const doc = new Y.Doc()
      for (const update of order) Y.applyUpdate(doc, Buffer.from(update, 'hex'))
      const attended = attendedElectors(attendanceRoot(doc))
      expect(attended).toEqual(expected.attended)
      expect(strikeList(readGuarantees(guaranteesRoot(doc)), new Set(attended))).toEqual(expected.strike)
      for (const [sheet, figures] of Object.entries(expected.sheets)) {
        const { votes, ...tally } = tallySheet(ballotsRoot(doc), sheet as Sheet)
        expect({ ...tally, votes: Object.fromEntries(votes) }).toEqual(figures)
      }
      for (const [name, { status, value }] of Object.entries(expected.figures)) {
        const [source, figure] = name.split('/') as [FigureSource, string]
        const read = readFigure(figuresRoot(doc), source, figure)
        expect([name, read.status, read.value ?? null]).toEqual([name, status, value])
      }
    }
  })

  test.each(judged.places)('$by.role in $by.phase at $root $key: $refusal', ({ root, key, value, by, refusal }) => {
    const place = findPlace(root, key)
    if (typeof place === 'string') return expect(place).toBe(refusal)
    const assigned = assignedRights(by.role)
    const writer = { user: by.user as UserId, role: by.role, assigned, rights: usableRights(assigned, by.phase) }
    const { electors, candidates, choices_per_ballot, clients } = judged.committee
    const facts = {
      hasElector: (elector: number) => elector <= electors,
      hasCandidate: (candidate: number) => candidate <= candidates,
      choices_per_ballot,
    }
    const ownerOf = (client: ClientId) => clients[client] as UserId | undefined
    const code = refuseWriter(place, writer, by.client as ClientId) ?? refuseValue(place, value, writer, facts, ownerOf)
    expect(code ?? null).toBe(refusal)
  })
})
