import * as Y from 'yjs'
import { type Attack, at_s, attack, type Bytes, ballot, block, edit, type Login, mark, ownLog, put, raw, type } from './edits.ts'

const strong = (key: Parameters<typeof put>[1]): Bytes => put('guarantees', key, 'strong')
const marked = (key: Parameters<typeof put>[1]): Bytes => put('attendance', key, at_s)
const counted = (key: Parameters<typeof put>[1]): Bytes => put('figures', key, 7)
const walkedIn = (key: Parameters<typeof put>[1]): Bytes => put('walkins', key, { name: 'سالم', serial: null, why: '', at_s })
const logged = (key: (ground: Parameters<Bytes>[0]) => string): Bytes =>
  edit((doc, ground) => doc.getMap('ballots').set(key(ground), Y.Array.from([ballot(1)])))

const own = {
  guarantee: strong(({ elector, me }) => `${elector}/${me}/strength`),
  mark: marked(({ elector, me }) => `${elector}/${me}`),
  figure: counted(({ me }) => `minute/valid/${me}`),
  walkin: walkedIn(({ me, client }) => `${me}.${client}.0`),
  log: logged(({ me, client }) => `B/${me}.${client}`),
}

const badKey = (root: string, what: string, twin: Bytes, bytes: Bytes, as: Login = 'coordinator1'): Attack =>
  attack('bad-key', root, what, as, { twin, attack: bytes })

const unknownRoot = (root: string, bytes: Bytes, twin: Bytes): Attack =>
  attack('unknown-root', root, `a root named “${root}”`, 'coordinator1', { twin, attack: bytes })

const foreignClient = (what: string, bytes: Bytes): Attack =>
  attack('foreign-client', '', what, 'coordinator1', {
    // Two clients in one update, as when one tab brings what another wrote.
    twin: raw((ground) => ({
      blocks: [block(ground, mark(ground)), { client: ground.second, clock: 0, structs: [mark(ground, { key: `1/${ground.me}` })] }],
    })),
    attack: bytes,
  })

export const placeAttacks: readonly Attack[] = [
  unknownRoot('votes', put('votes', '1', 1_000), own.figure),
  unknownRoot(
    'Ballots',
    put('Ballots', ({ me, client }) => `B/${me}.${client}`, 1),
    own.log,
  ),
  unknownRoot('__proto__', put('__proto__', 'polluted', true), own.mark),
  unknownRoot(
    'note/007',
    edit((doc) => doc.getText('note/007').insert(0, 'ا')),
    type('ا'),
  ),
  badKey(
    'guarantees',
    'a field there is not',
    own.guarantee,
    strong(({ elector, me }) => `${elector}/${me}/colour`),
  ),
  badKey(
    'guarantees',
    'another collector’s pledge, by a collector',
    own.guarantee,
    strong(({ elector, other }) => `${elector}/${other}/strength`),
    'collector1',
  ),
  badKey(
    'note/<elector>',
    'a key set in a text',
    type('ا'),
    edit((doc, { elector }) => doc.getMap(`note/${elector}`).set('colour', 'red')),
  ),
  badKey(
    'attendance',
    'a mark in another’s name',
    own.mark,
    marked(({ elector, other }) => `${elector}/${other}`),
  ),
  badKey(
    'attendance',
    'a key that means the same place as another',
    own.mark,
    marked(({ elector, me }) => `0${elector}/${me}`),
  ),
  badKey(
    'attendance',
    'a value without a key',
    own.mark,
    edit((doc) => doc.getArray('attendance').push([at_s])),
  ),
  badKey(
    'attendance',
    'a key of a million characters',
    own.mark,
    marked(() => '1'.repeat(100_000)),
  ),
  badKey(
    'walkins',
    'a walk-in in another’s name',
    own.walkin,
    walkedIn(({ other, client }) => `${other}.${client}.0`),
  ),
  badKey(
    'walkins',
    'a walk-in under another client',
    own.walkin,
    walkedIn(({ me, second }) => `${me}.${second}.0`),
  ),
  badKey(
    'ballots',
    'a log in another’s name',
    own.log,
    logged(({ other, client }) => `B/${other}.${client}`),
  ),
  badKey(
    'ballots',
    'a log under another client',
    own.log,
    logged(({ me, second }) => `B/${me}.${second}`),
  ),
  badKey(
    'ballots',
    'a sheet there is not',
    own.log,
    logged(({ me, client }) => `Z/${me}.${client}`),
  ),
  badKey(
    'ballots',
    'an entry at the end of another’s log',
    own.log,
    edit((doc, { other, theirs }) =>
      doc
        .getMap<Y.Array<unknown>>('ballots')
        .get(`A/${other}.${theirs}`)
        ?.push([ballot(4)]),
    ),
  ),
  badKey(
    'figures',
    'a figure in another’s name',
    own.figure,
    counted(({ other }) => `minute/valid/${other}`),
  ),
  badKey(
    'figures',
    'a figure there is not',
    own.figure,
    counted(({ me }) => `minute/winners/${me}`),
  ),
  badKey(
    'figures',
    'a source there is not',
    own.figure,
    counted(({ me }) => `radio/valid/${me}`),
  ),
  foreignClient(
    'a mark of mine by a client of somebody else’s',
    edit(
      (doc, { elector, me }) => doc.getMap('attendance').set(`${elector}/${me}`, at_s),
      ({ theirs }) => theirs,
    ),
  ),
  foreignClient(
    'a log of mine by a client of somebody else’s',
    edit(
      (doc, ground) => ownLog(doc, { ...ground, client: ground.theirs }).push([ballot(9)]),
      ({ theirs }) => theirs,
    ),
  ),
  foreignClient(
    'a client of the kind the server writes with',
    raw((ground) => ({ blocks: [{ client: 2 ** 32 + ground.elector, clock: 0, structs: [mark(ground)] }] })),
  ),
]
