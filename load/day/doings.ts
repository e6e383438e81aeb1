import type { Dice } from '../driver/dice.ts'
import type { Person } from '../driver/person.ts'
import type { Room } from './ground.ts'

/** What somebody has at hand when they do something. */
export type Hand = {
  readonly person: Person
  readonly room: Room
  readonly dice: Dice
  readonly sheet: string
  /** The next ballot on the sheet's table: its counters share a pile. */
  readonly nextBallot: () => number
}

const now_s = () => Math.floor(Date.now() / 1_000)
const strengths = ['strong', 'medium', 'weak'] as const
const confirmations = ['pending', 'confirmed', 'unreachable'] as const
const words = ['يرد مساءً ', 'سافر ', 'مع أخيه ', 'يحتاج توصيلة ', 'call again ', 'after work ', 'sure ', 'الطابق الثاني '] as const
const reasons = ['خطأ في الرقم', 'wrong line', 'مكرر'] as const

const elector = ({ room, dice }: Hand) => 1 + dice.below(room.electors)

/** What of one's own is still there to be taken back; the latest hundred, as nobody goes back further. */
function latest<Kind extends Person['book']['deeds'][number]['did']['kind']>({ person, dice }: Hand, kind: Kind) {
  const own = person.book.deeds.slice(-100).flatMap((deed) => (deed.did.kind === kind ? [deed] : []))
  return own[dice.below(Math.max(1, own.length))]
}

/** Everything the people of a day do. Each writes at most one edit; one that has nothing to take back writes none. */
export const doings = {
  mark: (hand) => hand.person.mark(elector(hand), now_s()),
  unmark: (hand) => {
    const did = latest(hand, 'mark')?.did
    if (did?.kind === 'mark') hand.person.withdraw(did.elector, hand.dice.pick(reasons))
  },
  pledge: (hand) => {
    const [field, value] = hand.dice.pick([
      ['strength', hand.dice.pick(strengths)],
      ['strength', hand.dice.pick(strengths)],
      ['confirmation', hand.dice.pick(confirmations)],
      ['quick_note', hand.dice.pick(words).trim()],
      ['follow_up', now_s() + 3_600],
      ['withdrawn', hand.dice.fraction() < 0.5],
    ])
    hand.person.pledge(elector(hand), field, value)
  },
  note: (hand) => {
    const serial = elector(hand)
    hand.person.show({ view: 'roll', elector: serial, typing: `note/${serial}` })
    hand.person.type(serial, hand.dice.pick(words))
  },
  look: (hand) =>
    hand.person.show({ view: hand.dice.pick(['roll', 'absent', 'count', 'figures']), elector: elector(hand), typing: undefined }),
  ballot: (hand) => {
    const { person, room, dice, sheet } = hand
    const n = hand.nextBallot()
    person.show({ view: 'count', sheet, ballot: n })
    person.call(sheet, n, choicesOf(room, dice), now_s())
  },
  strike: (hand) => {
    const deed = latest(hand, 'ballot')
    if (deed?.did.kind === 'ballot') hand.person.strike(deed.did.sheet, deed.client, deed.did.index, hand.dice.pick(reasons), now_s())
  },
  figure: ({ person, dice, room }) =>
    person.report(dice.pick(['announced', 'minute']), dice.pick(['registered', 'attended', 'ballots', 'valid']), dice.below(room.electors)),
} satisfies Record<string, (hand: Hand) => void>

export type Doing = keyof typeof doings

/** Mostly valid papers, with any number of choices up to what the election allows; now and then a blank or an invalid one. */
function choicesOf({ candidates, choices_max }: Room, dice: Dice): readonly number[] | null {
  const luck = dice.fraction()
  if (luck < 0.02) return null
  if (luck < 0.04) return []
  return dice
    .shuffled(candidates)
    .slice(0, 1 + dice.below(choices_max))
    .sort((a, b) => a - b)
}
