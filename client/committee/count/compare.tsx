import CircleCheck from 'lucide-solid/icons/check-check'
import EqualNot from 'lucide-solid/icons/equal-not'
import TriangleAlert from 'lucide-solid/icons/triangle-alert'
import { createMemo, createSignal, For, type JSX, Show } from 'solid-js'
import { type Choices, compareSheets, type SheetComparison, tallyParts } from '#contract/document/compare.ts'
import type { CandidateNumber, Sheet as CountSheet } from '#contract/ids.ts'
import { Choice } from '../../design/choice.tsx'
import { Sheet } from '../../design/sheet.tsx'
import { candidateName } from '../../i18n/names.ts'
import { figure, numeral, say, text } from '../../i18n/say.tsx'
import { useCommittee } from '../context.ts'
import { sheetLetter } from './sheet-letter.ts'
import { writtenSheets } from './sheets.tsx'
import { partWords } from './totals.tsx'

export type CompareSheetProps = { readonly open: boolean; readonly onClose: () => void }

/** Sheet A beside another count of the same box: totals, and the ballot at which to look in the pile. */
export function CompareSheet(props: CompareSheetProps) {
  return (
    <Sheet open={props.open} onClose={() => props.onClose()} title={say('count.compare')} toRead>
      <Comparison />
    </Sheet>
  )
}

function Comparison() {
  const { committee } = useCommittee()
  const [asked, setAsked] = createSignal<CountSheet>()
  const written = () => writtenSheets(committee)
  const one = () => written()[0]
  const others = () => written().slice(1)
  const other = () => others().find((sheet) => sheet === asked()) ?? others()[0]
  const pair = createMemo(() => {
    const [a, b] = [one(), other()]
    return a === undefined || b === undefined ? undefined : { a, b, made: compareSheets(committee.ballots(a), committee.ballots(b)) }
  })
  return (
    <div class="flex flex-col gap-3">
      <Show when={others().length > 1}>
        <Choice label={text('count.compare_with')} options={others()} chosen={other()} onChoose={setAsked}>
          {(sheet) => say('count.sheet', { sheet: sheetLetter(sheet) })}
        </Choice>
      </Show>
      <Show when={pair()} keyed>
        {({ a, b, made }) => (
          <>
            <FirstDifference a={a} b={b} made={made} />
            <Remarks a={a} b={b} made={made} />
            <CompareTable a={a} b={b} made={made} />
          </>
        )}
      </Show>
    </div>
  )
}

type PairProps = { readonly a: CountSheet; readonly b: CountSheet; readonly made: SheetComparison }

function FirstDifference(props: PairProps) {
  const equal = () => props.made.parts.length === 0 && props.made.candidates.length === 0
  return (
    <Show
      when={props.made.first}
      fallback={
        <p class="chip self-start" classList={{ ok: equal() }}>
          <CircleCheck size={16} />
          {say('count.compare_no_ballot', { n: props.made.compared })}
        </p>
      }
    >
      {(first) => (
        <section class="first-difference">
          <h3>
            <EqualNot size={20} />
            <span>{say('count.compare_first', { n: numeral(first().n) })}</span>
          </h3>
          <dl>
            <dt>{sheetLetter(props.a)}</dt>
            <dd>
              <Reading choices={first().one} other={first().other} />
            </dd>
            <dt>{sheetLetter(props.b)}</dt>
            <dd>
              <Reading choices={first().other} other={first().one} />
            </dd>
          </dl>
        </section>
      )}
    </Show>
  )
}

/** What one sheet has at that ballot: the candidates that the other has not come first and bold. */
function Reading(props: { readonly choices: Choices; readonly other: Choices }) {
  const { election } = useCommittee().committee
  const nameOf = (number: CandidateNumber) => {
    const candidate = election.candidates.find((one) => one.number === number)
    return candidate === undefined ? '' : candidateName(candidate)
  }
  const alone = () => (props.choices ?? []).filter((candidate) => !props.other?.includes(candidate))
  const shared = () => (props.choices?.length ?? 0) - alone().length
  return (
    <Show
      when={props.choices !== null && props.choices.length > 0}
      fallback={say(props.choices === null ? 'count.invalid' : 'count.blank')}
    >
      <span class="flex flex-wrap gap-x-3">
        <For each={alone()}>
          {(candidate) => (
            <span>
              <b>{numeral(candidate)}</b> <bdi>{nameOf(candidate)}</bdi>
            </span>
          )}
        </For>
        <Show when={shared() > 0}>
          <span class="text-text-2">{say('count.compare_shared', { n: shared() })}</span>
        </Show>
      </span>
    </Show>
  )
}

const numbers_max = 12
const listed = (numbers: readonly number[]): string =>
  `${numbers.slice(0, numbers_max).map(numeral).join(text('count.comma'))}${numbers.length > numbers_max ? '…' : ''}`

/** Numbers that stand twice, and numbers that only one sheet has. */
function Remarks(props: PairProps) {
  const remarks = () =>
    [
      { words: 'count.compare_repeated', sheet: props.a, numbers: props.made.repeated.one },
      { words: 'count.compare_repeated', sheet: props.b, numbers: props.made.repeated.other },
      { words: 'count.compare_missing', sheet: props.a, numbers: props.made.missing.one },
      { words: 'count.compare_missing', sheet: props.b, numbers: props.made.missing.other },
    ] as const
  return (
    <ul class="flex flex-col gap-1 text-label">
      <For each={remarks().filter(({ numbers }) => numbers.length > 0)}>
        {(remark) => (
          <li class="flex items-start gap-2">
            <TriangleAlert size={18} class="mt-0.5 flex-none text-warn" />
            <span>{say(remark.words, { sheet: sheetLetter(remark.sheet), numbers: listed(remark.numbers) })}</span>
          </li>
        )}
      </For>
    </ul>
  )
}

function CompareTable(props: PairProps) {
  const { election } = useCommittee().committee
  const row = (name: JSX.Element, one: number, other: number) => (
    <tr classList={{ differs: one !== other }}>
      <th scope="row">{name}</th>
      <td>{figure(one)}</td>
      <td>{figure(other)}</td>
      <td>
        <Show when={one !== other}>
          <EqualNot size={18} aria-label={text('count.compare_differs')} role="img" />
        </Show>
      </td>
    </tr>
  )
  return (
    <table class="compare">
      <thead>
        <tr>
          <th scope="col">
            <span class="sr-only">{say('count.compare_what')}</span>
          </th>
          <th scope="col">{sheetLetter(props.a)}</th>
          <th scope="col">{sheetLetter(props.b)}</th>
          <td />
        </tr>
      </thead>
      <tbody>
        <For each={tallyParts}>{(part) => row(say(partWords[part]), props.made.one[part], props.made.other[part])}</For>
        <For each={election.candidates}>
          {(candidate) =>
            row(
              <>
                <b class="inline-block min-w-8">{numeral(candidate.number)}</b> <bdi>{candidateName(candidate)}</bdi>
              </>,
              props.made.one.votes.get(candidate.number) ?? 0,
              props.made.other.votes.get(candidate.number) ?? 0,
            )
          }
        </For>
      </tbody>
    </table>
  )
}
