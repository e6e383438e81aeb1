import type { Phase } from '#contract/rights.ts'
import { type Attack, at_s, attack, type Bytes, ballot, call, edit, type Login, put, type } from './edits.ts'

const pledge = put('guarantees', ({ elector, me }) => `${elector}/${me}/strength`, 'strong')
const note = type('ملاحظة')
const mark = put('attendance', ({ elector, me }) => `${elector}/${me}`, at_s)
const walkin = put('walkins', ({ me, client }) => `${me}.${client}.0`, { name: 'سالم', serial: null, why: '', at_s })
const count = call(ballot(1))
const figure = put('figures', ({ me }) => `minute/valid/${me}`, 7)

/** Rulings of supervisors, in their own name. */
export const rulings = {
  attendance: put(
    'attendance',
    () => '1/#',
    ({ me }: { me: number }) => ({ by: me, at_s, why: '', saw: {} }),
  ),
  walkins: put(
    'walkins',
    ({ other, theirs }) => `${other}.${theirs}.0/#`,
    ({ me }: { me: number }) => ({ accepted: true, by: me, at_s }),
  ),
  figures: put(
    'figures',
    () => 'minute/ballots/#',
    ({ me }: { me: number }) => ({ value: 3, by: me, at_s, saw: {} }),
  ),
}

const strike = call(({ theirs }: { theirs: number }) => ({ void: [theirs, 0], at_s, why: 'misheard' }))
const scratch = edit((doc) => doc.getText('note/1').delete(0, 1))

/** The same bytes by who has no right to them, and by who has. */
const forbidden = (root: string, what: string, as: Login, twinAs: Login, same: Bytes): Attack =>
  attack('forbidden', root, what, as, { twin: same, twinAs, attack: same })

/** The same bytes, but for the phase. */
const late = (root: string, phase: Phase, as: Login, same: Bytes): Attack =>
  attack('late', root, `written when the phase is ${phase}`, as, { twin: same, attack: same, phase })

export const rightsAttacks: readonly Attack[] = [
  forbidden('guarantees', 'a pledge by a marker', 'marker1', 'coordinator1', pledge),
  forbidden('note/<elector>', 'typed by a counter', 'counter1', 'collector1', note),
  forbidden('note/<elector>', 'a character of somebody else’s deleted by a marker', 'marker1', 'collector1', scratch),
  forbidden('attendance', 'a mark by a collector', 'collector1', 'marker1', mark),
  forbidden('attendance', 'a mark by a viewer', 'viewer1', 'marker1', mark),
  forbidden('walkins', 'a walk-in by a counter', 'counter1', 'marker1', walkin),
  forbidden('ballots', 'a ballot by a marker', 'marker1', 'counter1', count),
  forbidden('ballots', 'somebody else’s ballot struck by a counter', 'counter1', 'supervisor1', strike),
  forbidden('figures', 'a figure by a marker', 'marker1', 'counter1', figure),
  forbidden('attendance', 'a ruling by a coordinator', 'coordinator1', 'supervisor1', rulings.attendance),
  forbidden('walkins', 'a ruling by a marker', 'marker1', 'supervisor1', rulings.walkins),
  forbidden('figures', 'a ruling by a counter', 'counter1', 'supervisor1', rulings.figures),
  attack('forbidden', 'meta', 'the phase written by an administrator', 'admin', { twin: pledge, attack: put('meta', 'phase', 'closed') }),
  attack('forbidden', 'conflicts', 'a conflict written by an administrator', 'admin', {
    twin: pledge,
    attack: put('conflicts', 'guarantees/1', { values: [] }),
  }),
  late('guarantees', 'setup', 'coordinator1', pledge),
  late('note/<elector>', 'closed', 'coordinator1', note),
  late('attendance', 'canvass', 'marker1', mark),
  late('walkins', 'canvass', 'coordinator1', walkin),
  late('ballots', 'polling', 'counter1', count),
  late('figures', 'polling', 'counter1', figure),
  late('attendance', 'closed', 'supervisor1', rulings.attendance),
]
