import * as Y from 'yjs'
import { type Attack, at_s, attack, type Bytes, ballot, block, call, edit, ownLog, put, raw, type } from './edits.ts'

/** So many entries a log may have in this world, and so many characters a note. */
export const logEntriesMax = 50
const noteCharactersMax = 4_000

const two = call(ballot(1), ballot(2))
const notAppended = (what: string, bytes: Bytes): Attack =>
  attack('not-append-only', 'ballots', what, 'counter1', { twin: two, attack: bytes })
const inLog = (write: (log: Y.Array<unknown>) => void): Bytes => edit((doc, ground) => write(ownLog(doc, ground)))

const sealed = (root: string, what: string, before: Bytes, bytes: Bytes): Attack =>
  attack('sealed', root, what, 'coordinator1', { twin: bytes, before, attack: bytes })

export const logAttacks: readonly Attack[] = [
  notAppended(
    'a ballot put before the first',
    inLog((log) => log.insert(0, [ballot(3)])),
  ),
  notAppended(
    'a ballot put between two',
    inLog((log) => log.insert(1, [ballot(3)])),
  ),
  notAppended(
    'an own ballot deleted',
    inLog((log) => log.delete(0, 1)),
  ),
  notAppended(
    'a ballot exchanged for another',
    inLog((log) => {
      log.delete(1, 1)
      log.insert(1, [ballot(2, [9])])
    }),
  ),
  notAppended(
    'a ballot appended and taken away at once',
    inLog((log) => {
      log.push([ballot(3)])
      log.delete(2, 1)
    }),
  ),
  notAppended(
    'the own log overwritten with an empty one',
    edit((doc, { me, client }) => doc.getMap('ballots').set(`B/${me}.${client}`, new Y.Array())),
  ),
  notAppended(
    'the own log overwritten with a better one',
    edit((doc, { me, client }) => doc.getMap('ballots').set(`B/${me}.${client}`, Y.Array.from([ballot(1, [9])]))),
  ),
  notAppended(
    'the own log deleted',
    edit((doc, { me, client }) => doc.getMap('ballots').delete(`B/${me}.${client}`)),
  ),
  notAppended(
    'a ballot of somebody else’s deleted',
    edit((doc, { other, theirs }) => doc.getMap<Y.Array<unknown>>('ballots').get(`A/${other}.${theirs}`)?.delete(0, 1)),
  ),
  notAppended(
    'somebody else’s log deleted',
    edit((doc, { other, theirs }) => doc.getMap('ballots').delete(`A/${other}.${theirs}`)),
  ),
  notAppended(
    'an entry that is gone already when it comes',
    raw((ground) => ({ blocks: [block(ground, { origin: [ground.client, ground.clock - 1], content: { deleted: 1 } })] })),
  ),
  attack('too-large', 'ballots', 'one entry more than a log may have', 'counter1', {
    twin: edit((doc, ground) => ownLog(doc, ground).push(Array.from({ length: logEntriesMax }, (_, at) => ballot(at + 1, [1])))),
    attack: call(ballot(logEntriesMax + 1, [1])),
  }),
  attack('too-large', 'note/<elector>', 'one character more than a note may have', 'coordinator1', {
    twin: type('ا'.repeat(noteCharactersMax)),
    attack: type('ا'),
  }),
  sealed(
    'attendance',
    'a good mark by a client that was refused',
    put('attendance', ({ elector, other }) => `${elector}/${other}`, at_s),
    put('attendance', ({ elector, me }) => `${elector}/${me}`, at_s),
  ),
  sealed('ballots', 'a good ballot by a client that was refused', call(ballot(0)), call(ballot(1))),
  sealed(
    'note/<elector>',
    'good text by a client that was refused',
    put('figures', ({ me }) => `minute/valid/${me}`, -1),
    type('ا'),
  ),
  sealed(
    'figures',
    'a good figure by a client that was refused',
    put('meta', 'phase', 'closed'),
    put('figures', ({ me }) => `minute/valid/${me}`, 7),
  ),
]
