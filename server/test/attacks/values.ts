import * as Y from 'yjs'
import type { GuaranteeField } from '#contract/document/keys.ts'
import { type Attack, at_s, attack, type Bytes, ballot, block, call, edit, type Ground, put, raw, type } from './edits.ts'
import { rulings } from './rights.ts'

const badValue = (root: string, what: string, twin: Bytes, bytes: Bytes): Attack =>
  attack('bad-value', root, what, 'coordinator1', { twin, attack: bytes })

const guarantee = (field: GuaranteeField, good: unknown, what: string, bad: unknown): Attack => {
  const written = (value: unknown) =>
    put(
      'guarantees',
      ({ elector, me }) => `${elector}/${me}/${field}`,
      () => value,
    )
  return badValue('guarantees', what, written(good), written(bad))
}

const markOf = (value: unknown): Bytes =>
  put(
    'attendance',
    ({ elector, me }) => `${elector}/${me}`,
    () => value,
  )
const attendance = (what: string, bad: unknown, good: unknown = at_s): Attack => badValue('attendance', what, markOf(good), markOf(bad))

const goodWalkin = { name: 'سالم', serial: null, why: '', at_s }
const walkinOf = (value: unknown): Bytes =>
  put(
    'walkins',
    ({ me, client }) => `${me}.${client}.0`,
    () => value,
  )
const walkin = (what: string, bad: object): Attack => badValue('walkins', what, walkinOf(goodWalkin), walkinOf({ ...goodWalkin, ...bad }))

const entry = (what: string, bad: unknown, good: unknown = ballot(1)): Attack => badValue('ballots', what, call(good), call(bad))

const figureOf = (figure: string, value: unknown): Bytes =>
  put(
    'figures',
    ({ me }) => `minute/${figure}/${me}`,
    () => value,
  )
const figure = (what: string, bad: unknown): Attack => badValue('figures', what, figureOf('valid', 7), figureOf('valid', bad))

const note = (what: string, write: (text: Y.Text) => void): Attack =>
  badValue(
    'note/<elector>',
    what,
    type('ملاحظة'),
    edit((doc, { elector }) => write(doc.getText(`note/${elector}`))),
  )

/** Somebody else's word taken away, beside one's own changed. */
const deleted = (root: string, twin: Bytes, key: (ground: Ground) => string): Attack =>
  badValue(
    root,
    'a key of somebody else’s deleted',
    twin,
    edit((doc, ground) => doc.getMap(root).delete(key(ground))),
  )

const ruling = (root: keyof typeof rulings, what: string, bytes: Bytes): Attack =>
  attack('bad-value', root, what, 'supervisor1', { twin: rulings[root], attack: bytes })

export const valueAttacks: readonly Attack[] = [
  guarantee('strength', 'weak', 'a strength there is not', 'huge'),
  guarantee('quick_note', 'يتصل غدا', 'text that turns the direction of what follows', 'abc\u202Edef'),
  guarantee('group', 'ا'.repeat(60), 'text over its length', 'ا'.repeat(61)),
  guarantee('follow_up', at_s, 'a day that never comes', 1e15),
  guarantee('withdrawn', null, 'nothing at all', undefined),
  guarantee('withdrawn', true, 'bytes', new Uint8Array(8)),
  badValue(
    'guarantees',
    'an elector who is not on the roll',
    put('guarantees', ({ me }) => `803/${me}/strength`, 'weak'),
    put('guarantees', ({ me }) => `804/${me}/strength`, 'weak'),
  ),
  badValue(
    'guarantees',
    'a map within the map',
    put('guarantees', ({ elector, me }) => `${elector}/${me}/group`, 'g'),
    put(
      'guarantees',
      ({ elector, me }) => `${elector}/${me}/group`,
      () => new Y.Map(),
    ),
  ),
  deleted(
    'guarantees',
    put('guarantees', ({ elector, me }) => `${elector}/${me}/group`, null),
    ({ other }) => `1/${other}/strength`,
  ),
  note('bold', (text) => text.format(0, text.length, { bold: true })),
  note('an embed', (text) => text.insertEmbed(0, { image: 'x' })),
  badValue(
    'note/<elector>',
    'values among the characters',
    type('ا'),
    raw((ground) => ({ blocks: [block(ground, { parent: `note/${ground.elector}`, content: { values: [1] } })] })),
  ),
  badValue(
    'note/<elector>',
    'an elector who is not on the roll',
    type('ا'),
    edit((doc) => doc.getText('note/900').insert(0, 'ا')),
  ),
  attendance('a time before time', -1),
  attendance('half a second', at_s + 0.5),
  attendance('a word', 'yes'),
  attendance('a withdrawal with a time', { at_s: 5, why: '' }, { at_s: 0, why: '' }),
  attendance('a withdrawal with more to say', { at_s: 0, why: '', by: 1 }, { at_s: 0, why: 'x' }),
  deleted('attendance', markOf({ at_s: 0, why: 'mistaken' }), ({ other }) => `1/${other}`),
  badValue(
    'attendance',
    'an own mark overwritten and the new one deleted at once',
    markOf(at_s),
    edit((doc, { elector, me }) => {
      doc.getMap('attendance').set(`${elector}/${me}`, at_s + 1)
      doc.getMap('attendance').delete(`${elector}/${me}`)
    }),
  ),
  ruling(
    'attendance',
    'a ruling in another’s name',
    put('attendance', '1/#', ({ other }: Ground) => ({ by: other, at_s, why: '', saw: {} })),
  ),
  ruling(
    'attendance',
    'a ruling that saw nonsense',
    put('attendance', '1/#', ({ me }: Ground) => ({ by: me, at_s, why: '', saw: { x: 1 } })),
  ),
  walkin('without a name', { name: ' ' }),
  walkin('with a field too many', { admin: true }),
  walkin('with a name that turns around', { name: 'a\u2066b' }),
  deleted('walkins', walkinOf(goodWalkin), ({ other, theirs }) => `${other}.${theirs}.0`),
  ruling(
    'walkins',
    'a ruling that is no yes or no',
    put(
      'walkins',
      ({ other, theirs }) => `${other}.${theirs}.0/#`,
      ({ me }: Ground) => ({ accepted: 1, by: me, at_s }),
    ),
  ),
  entry('a candidate twice', ballot(1, [2, 2]), ballot(1, [2, 3])),
  entry('candidates in disorder', ballot(1, [3, 2]), ballot(1, [2, 3])),
  entry('a candidate there is not', ballot(1, [31]), ballot(1, [30])),
  entry(
    'more choices than a paper has',
    ballot(
      1,
      Array.from({ length: 16 }, (_, at) => at + 1),
    ),
    ballot(
      1,
      Array.from({ length: 15 }, (_, at) => at + 1),
    ),
  ),
  entry('ballot number 0', ballot(0)),
  entry('a word', 'ballot', ballot(1, null)),
  entry('a void of nothing in particular', { void: [1], at_s, why: '' }, ({ client }: Ground) => ({ void: [client, 0], at_s, why: '' })),
  entry(
    'a void with a candidate instead who is not there',
    ({ client }: Ground) => ({ void: [client, 0], at_s, why: '', instead: [99] }),
    ({ client }: Ground) => ({ void: [client, 0], at_s, why: '', instead: [9] }),
  ),
  badValue(
    'ballots',
    'a list of values in the place of a log',
    call(ballot(1)),
    put(
      'ballots',
      ({ me, client }) => `C/${me}.${client}`,
      () => [ballot(1)],
    ),
  ),
  badValue(
    'ballots',
    'a map in the place of a log',
    call(ballot(1)),
    put(
      'ballots',
      ({ me, client }) => `C/${me}.${client}`,
      () => new Y.Map(),
    ),
  ),
  figure('less than nothing', -1),
  figure('half a vote', 0.5),
  figure('digits', '12'),
  figure('more than any committee has', 10_000_001),
  badValue('figures', 'votes of a candidate there is not', figureOf('v30', 1), figureOf('v31', 1)),
  deleted('figures', figureOf('valid', 8), ({ other }) => `minute/ballots/${other}`),
  ruling(
    'figures',
    'a ruling in another’s name',
    put('figures', 'minute/ballots/#', ({ other }: Ground) => ({ value: 3, by: other, at_s, saw: {} })),
  ),
]
