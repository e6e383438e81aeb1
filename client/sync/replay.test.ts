import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { appendToLog, countBallots, readLogs } from '#contract/document/ballots.ts'
import { writeGuarantee } from '#contract/document/guarantees.ts'
import { editNote } from '#contract/document/notes.ts'
import { nextWalkin, readWalkins, ruleWalkin, walkinsRoot, writeWalkin } from '#contract/document/walkins.ts'
import type { CandidateNumber, ClientId, ElectorSerial, UserId } from '#contract/ids.ts'
import type { Reason } from '#contract/messages.ts'
import { assignedRights, type Role, usableRights } from '#contract/rights.ts'
import { type Moved, type Replayed, replay } from './replay.ts'

const me = 7 as UserId
const other = 9 as UserId
const serial = (n: number) => n as ElectorSerial
const limits = { note_characters_max: 100, log_ballots_max: 50 }
const facts = { hasElector: (n: number) => n <= 20, hasCandidate: (n: number) => n <= 9, choices_per_ballot: 3 }

function writerOf(role: Role = 'coordinator') {
  const assigned = assignedRights(role)
  return { user: me, role, assigned, rights: usableRights(assigned, 'counting') }
}

const send = (from: Y.Doc, to: Y.Doc) => Y.applyUpdate(to, Y.encodeStateAsUpdate(from, Y.encodeStateVector(to)))
const clockOf = (doc: Y.Doc, client = doc.clientID) => Y.getState(doc.store, client)

/** A server and one device in step; what the device writes from now on is unsent. */
function room(prepare: (doc: Y.Doc) => void = () => {}) {
  const server = new Y.Doc()
  const prior = new Y.Doc()
  prepare(prior)
  send(prior, server)
  const old = new Y.Doc({ gc: false })
  send(server, old)
  const own = new Set([old.clientID])
  const again = (given: { reasons?: readonly Reason[]; role?: Role; moved?: Moved; from?: Map<number, number>; giveUp?: boolean } = {}) => {
    const fresh = new Y.Doc()
    send(server, fresh)
    const clocks = Object.fromEntries([...own].map((client) => [client, clockOf(old, client)]))
    const replayed: Replayed = replay({
      old,
      fresh,
      from: given.from ?? new Map([...own].map((client) => [client, clockOf(server, client)])),
      isOwn: (client) => own.has(client),
      refusals: given.reasons === undefined ? [] : [{ reasons: given.reasons, clocks }],
      writer: writerOf(given.role),
      facts,
      limits,
      moved: given.moved ?? {},
      ...(given.giveUp === undefined ? {} : { giveUp: given.giveUp }),
    })
    return { fresh, ...replayed }
  }
  /** Somebody else writes on the server. */
  const elsewhere = (write: (doc: Y.Doc) => void) => {
    const doc = new Y.Doc()
    send(server, doc)
    write(doc)
    send(doc, server)
  }
  return { server, old, own, again, elsewhere }
}

const call = (doc: Y.Doc, n: number, c: number[] = [1], at_s = 1_000 + n) =>
  appendToLog(doc, 'A', me, { n, at_s, c: c as CandidateNumber[] })
const strike = (doc: Y.Doc, client: number, index: number, ...instead: number[]) =>
  appendToLog(doc, 'A', me, {
    void: [client as ClientId, index],
    at_s: 2_000,
    why: '',
    ...(instead.length === 0 ? {} : { instead: instead as CandidateNumber[] }),
  })
const counted = (doc: Y.Doc) => countBallots(readLogs(doc.getMap('ballots'), 'A')).map(({ n, choices }) => [n, choices])

test('[R5] a key of a map is written anew with its last value, by the new client, and one that has it already is not', () => {
  const { old, server, again } = room((doc) => doc.getMap('attendance').set('3/7', 300))
  old.getMap('attendance').set('1/7', 100)
  old.getMap('attendance').set('1/7', { at_s: 0, why: 'wrong line' })
  old.getMap('attendance').set('3/7', 301)
  old.getMap('attendance').set('3/7', 300)
  const { fresh, leftOut, written } = again()
  expect(fresh.getMap('attendance').toJSON()).toEqual({ '1/7': { at_s: 0, why: 'wrong line' }, '3/7': 300 })
  expect([leftOut, written]).toEqual([[], 1])
  expect(clockOf(fresh)).toBe(1)
  expect(clockOf(server, old.clientID)).toBe(0)
})

test('[R1] what lies below the seal is in the document and is not written again', () => {
  const { old, server, again } = room()
  call(old, 1)
  old.getMap('attendance').set('1/7', 100)
  send(old, server)
  call(old, 2)
  old.getMap('attendance').set('2/7', 200)
  const { fresh, written } = again()
  expect(written).toBe(2)
  expect(counted(fresh)).toEqual(expect.arrayContaining([[1, [1]], [2, [1]]])) // biome-ignore format: one line
  expect(counted(fresh)).toHaveLength(2)
  expect(Object.keys(fresh.getMap('attendance').toJSON()).sort()).toEqual(['1/7', '2/7'])
})

test('[R5] entries of logs keep their order, and a strike finds its ballot where that stands now', () => {
  const { old, again } = room()
  call(old, 1)
  call(old, 2, [99]) // nobody stands under 99
  call(old, 3)
  strike(old, old.clientID, 2)
  call(old, 4, [2])
  strike(old, old.clientID, 4, 3)
  const { fresh, leftOut, moved } = again()
  const key = `A/7.${fresh.clientID}`
  const log = fresh.getMap<Y.Array<unknown>>('ballots').get(key)?.toJSON()
  expect(log?.map((entry) => entry.n ?? entry.void)).toEqual([1, 3, [fresh.clientID, 1], 4, [fresh.clientID, 3]])
  expect(counted(fresh)).toEqual([[1, [1]], [3, undefined], [4, [3]]]) // biome-ignore format: one line
  expect(leftOut).toEqual([
    { kind: 'refused', code: 'bad-value', path: 'ballots', key: `A/7.${old.clientID}`, value: { n: 2, at_s: 1_002, c: [99] } },
  ])
  expect(moved[`A/${old.clientID}:2`]).toEqual([fresh.clientID, 1])
  expect(moved[`A/${old.clientID}:1`]).toBeNull()
})

test('[R5] the strike of a ballot that is left out goes with it; what should have counted instead is told', () => {
  const { old, again } = room()
  call(old, 1, [99])
  strike(old, old.clientID, 0)
  call(old, 2, [98])
  strike(old, old.clientID, 2, 4)
  const { fresh, leftOut } = again()
  expect(counted(fresh)).toEqual([])
  expect(leftOut.map(({ value }) => (value as { n?: number; instead?: unknown }).n ?? (value as { instead?: unknown }).instead)).toEqual([
    1,
    2,
    [4],
  ])
})

test('[R5] a strike of a ballot that is in the document already keeps its place; of another’s it needs the right', () => {
  const { old, server, again, elsewhere } = room()
  call(old, 1)
  send(old, server)
  elsewhere((doc) => appendToLog(doc, 'A', other, { n: 5, at_s: 9, c: [] }))
  send(server, old)
  const theirs = readLogs(old.getMap('ballots'), 'A').find(({ user }) => user === other)?.client as ClientId
  strike(old, old.clientID, 0)
  strike(old, theirs, 0)
  const refused = again()
  expect(Object.fromEntries(counted(refused.fresh) as [number, unknown][])).toEqual({ 1: undefined, 5: [] })
  expect(refused.leftOut).toMatchObject([{ code: 'forbidden', value: { void: [theirs, 0] }, struck: { n: 5 } }])
  expect(Object.fromEntries(counted(again({ role: 'supervisor' }).fresh) as [number, unknown][])).toEqual({ 1: undefined, 5: undefined })
})

test('[R4] what another tab has written anew already is not written again, and a later strike follows it there', () => {
  const { old, server, again } = room()
  call(old, 1)
  call(old, 2)
  const first = again()
  expect(first.written).toBe(2)
  send(first.fresh, server)
  const done = clockOf(old)
  strike(old, old.clientID, 1)
  call(old, 3)
  const second = again({ from: new Map([[old.clientID, done]]), moved: first.moved })
  expect(second.written).toBe(2)
  expect(Object.fromEntries(counted(second.fresh) as [number, unknown][])).toEqual({ 1: [1], 2: undefined, 3: [1] })
  expect(second.moved).toMatchObject(first.moved)
})

test('[R4] a place that was moved twice is followed to its end', () => {
  const { old, again } = room()
  call(old, 1)
  const first = again()
  const next = room()
  next.own.add(first.fresh.clientID)
  send(first.fresh, next.old)
  const second = next.again({ moved: first.moved })
  expect(second.moved[`A/${old.clientID}:0`]).toEqual([second.fresh.clientID, 0])
})

test('[R5] a walk-in gets a key of the new client, and the word on it follows; left out, the word goes with it', () => {
  const { old, again } = room()
  const root = walkinsRoot(old)
  const value = { name: 'Salem', serial: null, why: 'moved', at_s: 50 }
  const one = nextWalkin(old, me)
  writeWalkin(root, one, value)
  ruleWalkin(root, one, { accepted: true, by: me, at_s: 60 })
  const two = nextWalkin(old, me)
  writeWalkin(root, two, { ...value, name: '' })
  ruleWalkin(root, two, { accepted: true, by: me, at_s: 61 })
  const { fresh, leftOut, moved } = again({ role: 'supervisor' })
  expect(readWalkins(walkinsRoot(fresh))).toEqual([
    { user: me, client: fresh.clientID, n: 0, value, ruling: { accepted: true, by: me, at_s: 60 } },
  ])
  expect(walkinsRoot(fresh).size).toBe(2)
  expect(leftOut).toMatchObject([{ code: 'bad-value', path: 'walkins', value: { name: '' } }])
  expect(moved[`${old.clientID}.0`]).toEqual([fresh.clientID, 0])
})

test('[R6] a shared key that somebody else has written since is not overwritten: both values are told', () => {
  const { old, again, elsewhere } = room((doc) => writeGuarantee(doc.getMap('guarantees'), serial(1), me, 'strength', 'weak'))
  const mine = old.getMap('guarantees')
  writeGuarantee(mine, serial(1), me, 'strength', 'medium')
  writeGuarantee(mine, serial(1), me, 'strength', 'strong')
  writeGuarantee(mine, serial(2), me, 'group', 'Friday')
  writeGuarantee(mine, serial(3), me, 'group', 'same')
  writeGuarantee(mine, serial(4), other, 'group', 'ours')
  elsewhere((doc) => {
    const root = doc.getMap('guarantees')
    writeGuarantee(root, serial(1), me, 'strength', null)
    writeGuarantee(root, serial(3), me, 'group', 'same')
    writeGuarantee(root, serial(4), other, 'group', 'theirs')
  })
  const { fresh, leftOut } = again()
  expect(fresh.getMap('guarantees').toJSON()).toEqual({
    '1/7/strength': null,
    '2/7/group': 'Friday',
    '3/7/group': 'same',
    '4/9/group': 'theirs',
  })
  expect(leftOut).toEqual([
    { kind: 'raced', path: 'guarantees', key: '1/7/strength', value: 'strong', theirs: null },
    { kind: 'raced', path: 'guarantees', key: '4/9/group', value: 'ours', theirs: 'theirs', by: other },
  ])
})

test('[R6] a value seen here before it was overwritten is no race; one that won over ours in this device is', () => {
  const { old, server, again, elsewhere } = room()
  elsewhere((doc) => writeGuarantee(doc.getMap('guarantees'), serial(1), me, 'group', 'theirs'))
  send(server, old)
  writeGuarantee(old.getMap('guarantees'), serial(1), me, 'group', 'after it')
  const seen = again()
  expect(seen.leftOut).toEqual([])
  expect(seen.fresh.getMap('guarantees').get('1/7/group')).toBe('after it')

  const raced = room()
  raced.old.clientID = 5
  raced.own.add(5)
  writeGuarantee(raced.old.getMap('guarantees'), serial(1), me, 'group', 'mine')
  raced.elsewhere((doc) => {
    doc.clientID = 6 // of two written at once that of the higher client stands
    writeGuarantee(doc.getMap('guarantees'), serial(1), me, 'group', 'theirs')
  })
  send(raced.server, raced.old)
  expect(raced.old.getMap('guarantees').get('1/7/group')).toBe('theirs')
  const { fresh, leftOut } = raced.again()
  expect(fresh.getMap('guarantees').get('1/7/group')).toBe('theirs')
  expect(leftOut).toMatchObject([{ kind: 'raced', value: 'mine', theirs: 'theirs' }])
})

test('[R6] a ruling that somebody else has written since names its author; a statement is only its author’s and is said anew', () => {
  const ruling = (by: UserId, why: string) => ({ by, at_s: 70, why, saw: {} })
  const { old, again, elsewhere } = room()
  old.getMap('attendance').set('1/#', ruling(me, 'mine'))
  old.getMap('figures').set('minute/valid/7', 40)
  elsewhere((doc) => {
    doc.getMap('attendance').set('1/#', ruling(other, 'theirs'))
    doc.getMap('figures').set('minute/valid/7', 41)
  })
  const { fresh, leftOut } = again({ role: 'supervisor' })
  expect(leftOut).toMatchObject([{ kind: 'raced', key: '1/#', by: other }])
  expect(fresh.getMap('figures').get('minute/valid/7')).toBe(40)
})

test('[R5] notes: characters typed here stand behind their neighbours, what was taken out here is gone, others’ words stay', () => {
  const { old, again, elsewhere } = room((doc) => doc.getText('note/1').insert(0, 'one two three'))
  editNote(old, serial(1), [{ at: 4, removed: 4, inserted: 'TWO ' }])
  editNote(old, serial(1), [{ at: 13 - 0, removed: 0, inserted: ' four' }])
  editNote(old, serial(2), [{ at: 0, removed: 0, inserted: 'begun here' }])
  editNote(old, serial(2), [{ at: 5, removed: 5, inserted: '' }])
  elsewhere((doc) => doc.getText('note/1').insert(0, 'Zero '))
  const { fresh, leftOut } = again()
  expect(old.getText('note/1').toString()).toBe('one TWO three four')
  expect(fresh.getText('note/1').toString()).toBe('Zero one TWO three four')
  expect(fresh.getText('note/2').toString()).toBe('begun')
  expect(leftOut).toEqual([])
})

test('[R5] notes: words typed behind what somebody else took out meanwhile stay at that place', () => {
  const { old, again, elsewhere } = room((doc) => doc.getText('note/1').insert(0, 'abcdef'))
  editNote(old, serial(1), [{ at: 3, removed: 0, inserted: 'X' }])
  editNote(old, serial(1), [{ at: 5, removed: 0, inserted: 'Y' }]) // abcXdYef
  editNote(old, serial(1), [{ at: 0, removed: 1, inserted: '' }])
  elsewhere((doc) => doc.getText('note/1').delete(1, 4)) // af
  expect(again().fresh.getText('note/1').toString()).toBe('XYf')
})

test('[R7] a note that may not be written is told as it was typed, and stays as the server has it', () => {
  const { old, again } = room((doc) => doc.getText('note/1').insert(0, 'there'))
  editNote(old, serial(1), [{ at: 0, removed: 5, inserted: 'x'.repeat(101) }])
  editNote(old, serial(99), [{ at: 0, removed: 0, inserted: 'nobody' }])
  const { fresh, leftOut } = again()
  expect(fresh.getText('note/1').toString()).toBe('there')
  expect(leftOut).toEqual([
    { kind: 'refused', code: 'too-large', path: 'note/1', key: '', value: 'x'.repeat(101), removed: 5 },
    { kind: 'refused', code: 'bad-value', path: 'note/99', key: '', value: 'nobody' },
  ])
})

test('[R5] what the refusal names is left out, with its code; what speaks of the update and of no place leaves nothing out', () => {
  const { old, again } = room()
  call(old, 1)
  call(old, 2)
  old.getMap('attendance').set('1/7', 100)
  old.getMap('attendance').set('2/7', 100)
  const key = `A/7.${old.clientID}`
  const { fresh, leftOut } = again({
    reasons: [
      { code: 'bad-value', path: 'ballots', key, index: 1 },
      { code: 'bad-value', path: 'attendance', key: '2/7' },
      { code: 'sealed', path: 'attendance', key: '1/7' },
      { code: 'malformed', path: '', key: '' },
    ],
  })
  expect(counted(fresh)).toEqual([[1, [1]]])
  expect(fresh.getMap('attendance').toJSON()).toEqual({ '1/7': 100 })
  expect(leftOut).toMatchObject([
    { code: 'bad-value', value: { n: 2 } },
    { code: 'bad-value', key: '2/7' },
  ])
})

test('[R5] one `late` is said of all that right: the server has kept it aside, and what a supervisor admits must not come twice', () => {
  const { old, again } = room()
  for (let n = 1; n <= 30; n += 1) call(old, n)
  old.getMap('attendance').set('1/7', 100)
  const reasons: Reason[] = [{ code: 'late', path: 'ballots', key: `A/7.${old.clientID}`, index: 0 }]
  const { fresh, leftOut } = again({ reasons })
  expect(counted(fresh)).toEqual([])
  expect(leftOut.map(({ kind, value }) => [kind, (value as { n: number }).n])).toEqual(
    Array.from({ length: 30 }, (_, at) => ['refused', at + 1]),
  )
  expect(fresh.getMap('attendance').size).toBe(1)
})

test('[R5] rights as they are now: without the right to count nothing of it is written, all else is', () => {
  const { old, again } = room()
  call(old, 1)
  old.getMap('attendance').set('1/7', 100)
  const { fresh, leftOut } = again({ role: 'marker' })
  expect(counted(fresh)).toEqual([])
  expect(leftOut).toMatchObject([{ kind: 'refused', code: 'forbidden', path: 'ballots' }])
  expect(fresh.getMap('attendance').size).toBe(1)
})

test('[R8] given up, nothing is written and everything is told', () => {
  const { old, again } = room()
  call(old, 1)
  strike(old, old.clientID, 0)
  old.getMap('attendance').set('1/7', 100)
  editNote(old, serial(1), [{ at: 0, removed: 0, inserted: 'words' }])
  const { fresh, leftOut, written } = again({ giveUp: true })
  expect([written, clockOf(fresh)]).toEqual([0, 0])
  expect(leftOut.map(({ path }) => path)).toEqual(['ballots', 'attendance', 'note/1'])
})
