import { type Accessor, createMemo, createSignal } from 'solid-js'
import type { Sheet } from '#contract/ids.ts'
import type { DifferentPair, SheetDifference } from '../../sync/binding/differences.ts'
import type { CommitteeSession } from '../../sync/committee-session.ts'
import { type DifferenceAnswer, differenceAnswers, rememberAnswers } from '../../sync/memory.ts'
import type { CommitteeView } from '../context.ts'

/** The first difference to be told, and how many more there are. */
export type Standing = { readonly first: SheetDifference; readonly more: number; readonly mine: boolean }

export type Alarm = {
  /** What this person is asked about now: the ballot may still lie on the table. */
  readonly asked: Accessor<SheetDifference | undefined>
  /** What there is to see for whoever looks at the count, asked or not. */
  readonly standing: Accessor<Standing | undefined>
  /** Of any sheets: also of two that this person counts on neither of. */
  readonly anywhere: Accessor<Standing | undefined>
  answer(difference: SheetDifference, how: DifferenceAnswer['how']): void
  /** Asks again about what was put away. */
  askAgain(difference: SheetDifference): void
}

const has = (pair: { readonly one: Sheet; readonly other: Sheet }, sheet: Sheet): boolean => pair.one === sheet || pair.other === sheet

/**
 * When a counter is asked about a difference, pure but for what it reads. Once for each as long as neither side changes: whoever says
 * that theirs is right is asked at the next one; whoever leaves it to the supervisor is not asked again about these two sheets while
 * that difference stands, for a number that was skipped makes every ballot after it differ.
 */
function firstToAsk(committee: CommitteeSession, sheet: Sheet, answers: readonly DifferenceAnswer[]): SheetDifference | undefined {
  const { differences } = committee
  const answered = new Set(answers.map(({ key }) => key))
  const isLeft = (pair: DifferentPair) =>
    answers.some(
      ({ how, one, other, n, key }) =>
        how === 'left' && one === pair.one && other === pair.other && differences.at(one, other, n)?.key === key,
    )
  const firstOf = ({ one, other, numbers }: DifferentPair) => {
    for (const n of numbers) {
      const difference = differences.at(one, other, n)
      if (difference !== undefined && !answered.has(difference.key)) return difference
    }
    return undefined
  }
  const mine = differences.pairs().filter((pair) => has(pair, sheet) && !isLeft(pair))
  return earliest(mine.flatMap((pair) => firstOf(pair) ?? []))
}

const earliest = (all: readonly SheetDifference[]): SheetDifference | undefined =>
  all.reduce<SheetDifference | undefined>((first, one) => (first === undefined || one.n < first.n ? one : first), undefined)

/** The alarm of the count. Call under an owner. */
export function createAlarm({ committee, counting, user }: CommitteeView): Alarm {
  const { differences } = committee
  const [answers, setAnswers] = createSignal(differenceAnswers(user.id, committee.entry.id))
  const [again, setAgain] = createSignal<SheetDifference>()
  const mySheet = () => (counting.isCounting() ? counting.sheet() : undefined)

  const asked = createMemo(
    () => {
      const sheet = mySheet()
      if (sheet === undefined) return undefined
      const wanted = again()
      const still = wanted === undefined ? undefined : differences.at(wanted.one.sheet, wanted.other.sheet, wanted.n)
      if (still !== undefined && still.key === wanted?.key) return still
      return firstToAsk(committee, sheet, answers())
    },
    undefined,
    { equals: (a, b) => a?.key === b?.key },
  )
  const tell = (pairs: readonly DifferentPair[], mine: boolean): Standing | undefined => {
    const first = earliest(pairs.flatMap(({ one, other, numbers }) => differences.at(one, other, numbers[0] ?? 0) ?? []))
    if (first === undefined) return undefined
    return { first, more: pairs.reduce((sum, { numbers }) => sum + numbers.length, -1), mine }
  }
  return {
    asked,
    // A counter is told of their own sheet here: a line that comes and goes because of two others would move the tiles under the finger.
    standing: createMemo(() => {
      const sheet = mySheet()
      const pairs = differences.pairs()
      return sheet === undefined
        ? tell(pairs, false)
        : tell(
            pairs.filter((pair) => has(pair, sheet)),
            true,
          )
    }),
    anywhere: createMemo(() => tell(differences.pairs(), false)),
    answer({ key, n, one, other }, how) {
      setAgain(undefined)
      // What another tab of this person's has answered meanwhile stays.
      const before = differenceAnswers(user.id, committee.entry.id).filter((answer) => answer.key !== key)
      setAnswers([...before, { key, n, one: one.sheet, other: other.sheet, how }])
      rememberAnswers(user.id, committee.entry.id, answers())
    },
    askAgain: (difference) => setAgain(difference),
  }
}
