import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import type { Deed } from '../driver/record.ts'
import { lostForClient, lostInJournal, type Testimony } from './compare.ts'

const at_s = 1_763_856_000
const user = 7

/** A phone whose every edit is a row, and its record: written by hand, so that the comparing is judged by what is known. */
function makeDay() {
  const doc = new Y.Doc({ gc: false })
  const rows: Uint8Array[] = []
  const deeds: Deed[] = []
  doc.on('update', (update: Uint8Array) => rows.push(update))
  const write = (did: Deed['did'], act: () => void) => {
    doc.transact(act)
    deeds.push({
      committee: 'u01',
      client: doc.clientID,
      clock_end: Y.getState(doc.store, doc.clientID),
      done_ms: 0,
      did,
      acknowledged: true,
    })
  }
  const log = `A/${user}.${doc.clientID}`
  const ballots = doc.getMap<Y.Array<unknown>>('ballots')
  write({ kind: 'mark', elector: 4, at_s }, () => doc.getMap('attendance').set(`4/${user}`, at_s))
  write({ kind: 'withdraw', elector: 4, why: 'wrong line' }, () =>
    doc.getMap('attendance').set(`4/${user}`, { at_s: 0, why: 'wrong line' }),
  )
  write({ kind: 'note', elector: 4, text: 'يرد مساءً ' }, () => doc.getText('note/4').insert(0, 'يرد مساءً '))
  write({ kind: 'ballot', sheet: 'A', log, index: 0, n: 1, choices: [2, 5], at_s }, () => {
    ballots.set(log, new Y.Array())
    ballots.get(log)?.push([{ n: 1, at_s, c: [2, 5] }])
  })
  write({ kind: 'ballot', sheet: 'A', log, index: 1, n: 2, choices: null, at_s }, () => ballots.get(log)?.push([{ n: 2, at_s, c: null }]))
  write({ kind: 'figure', source: 'minute', figure: 'ballots', value: 2 }, () => doc.getMap('figures').set(`minute/ballots/${user}`, 2))
  const testimony: Testimony = { user, committee: 'u01', deeds }
  return { doc, rows, deeds, testimony }
}

/** What the server would give to somebody who comes new: garbage collected. */
function freshFrom(rows: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc()
  for (const row of rows) Y.applyUpdate(doc, row)
  const fresh = new Y.Doc()
  Y.applyUpdate(fresh, Y.encodeStateAsUpdate(doc))
  return fresh
}

const kinds = (losses: readonly { edit: string; how: string }[]) =>
  losses.map(({ edit, how }) => [/"kind":"(\w+)"/.exec(edit)?.[1] ?? edit.split(' ')[0], how])

describe('every acknowledged edit is asked for', () => {
  test('nothing is lost where everything is there, the overwritten in the journal too', () => {
    const { rows, testimony } = makeDay()
    expect(lostInJournal([testimony], rows)).toEqual([])
    expect(lostForClient([testimony], freshFrom(rows))).toEqual([])
  })

  test('a missing row is named, and what was built on it told apart; each row is missed', () => {
    const { rows, deeds, testimony } = makeDay()
    for (const index of rows.keys()) {
      const losses = lostInJournal([testimony], rows.toSpliced(index, 1))
      expect(kinds(losses)).toEqual(
        deeds.slice(index).map(({ did }, place) => [did.kind, place === 0 ? 'is in no row' : 'is in a row that builds on a missing one']),
      )
    }
  })

  test('a row lost from what the server gives is missed by the client as well; an overwritten value alone is not asked for there', () => {
    const { rows, testimony } = makeDay()
    expect(kinds(lostForClient([testimony], freshFrom(rows.slice(0, -1))))).toEqual([['figure', 'is not there']])
    expect(lostForClient([{ ...testimony, deeds: testimony.deeds.slice(0, 2) }], freshFrom(rows.slice(0, 2)))).toEqual([])
  })

  test('what was not acknowledged is not asked for', () => {
    const { rows, deeds, testimony } = makeDay()
    const last = deeds.at(-1)
    if (last) last.acknowledged = false
    expect(lostInJournal([testimony], rows.slice(0, -1))).toEqual([])
    expect(lostForClient([testimony], freshFrom(rows.slice(0, -1)))).toEqual([])
  })
})

describe('an edit that is there must be the one that was done', () => {
  const changed = (index: number, did: Deed['did']) => {
    const { rows, deeds, testimony } = makeDay()
    deeds[index] = { ...(deeds[index] as Deed), did }
    return { rows, testimony }
  }

  test.each([
    ['another value', 5, { kind: 'figure', source: 'minute', figure: 'ballots', value: 3 }, 'reads 2'],
    ['another place', 5, { kind: 'figure', source: 'announced', figure: 'ballots', value: 2 }, `stands at figures minute/ballots/${user}`],
    ['other choices', 4, { kind: 'ballot', sheet: 'A', log: '', index: 1, n: 2, choices: [], at_s }, 'stands at'],
    ['another text', 2, { kind: 'note', elector: 4, text: 'يرد صباحا ' }, 'reads'],
  ] as const)('%s is told', (_what, index, did, how) => {
    const { rows, testimony } = changed(index, did)
    expect(lostInJournal([testimony], rows)).toMatchObject([{ how: expect.stringContaining(how) }])
    expect(lostForClient([testimony], freshFrom(rows))).toMatchObject([{ how: expect.stringContaining(how) }])
  })

  test('what somebody overwrote behind its author’s back does not stand any more; what its author overwrote is no loss', () => {
    const { doc, rows, testimony } = makeDay()
    doc.getMap('figures').set(`minute/ballots/${user}`, 9)
    const ungarbled = new Y.Doc({ gc: false })
    for (const row of rows) Y.applyUpdate(ungarbled, row)
    expect(kinds(lostForClient([testimony], ungarbled))).toEqual([['figure', 'does not stand any more']])
  })

  test('more of a client than it did is told: an edit doubled or invented', () => {
    const { doc, rows, testimony } = makeDay()
    doc.getMap('figures').set(`minute/valid/${user}`, 9)
    expect(lostInJournal([testimony], rows)).toMatchObject([{ edit: `client ${doc.clientID}`, how: 'wrote more than was done' }])
  })
})
