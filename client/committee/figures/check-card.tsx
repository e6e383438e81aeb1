import EqualNot from 'lucide-solid/icons/equal-not'
import TriangleAlert from 'lucide-solid/icons/triangle-alert'
import { For, Show } from 'solid-js'
import type { Election } from '#contract/api.ts'
import { sidesOf, type Term } from '#contract/checks.ts'
import { figure, numeral, say, text } from '../../i18n/say.tsx'
import type { FailedCheck } from './field.ts'
import { figureName, originName } from './names.ts'

/** A check that failed, its sum written out. It is a flag: nothing is held up by it. */
export function CheckCard(props: { readonly check: FailedCheck; readonly election: Pick<Election, 'candidates'> }) {
  const off = () => {
    const { left, right } = sidesOf(props.check.sum)
    return Math.abs(left - right)
  }
  return (
    <section class="check-card">
      <TriangleAlert size={24} class="flex-none" />
      <div class="min-w-0 grow">
        <h3>{say(`check.${props.check.id}`, { n: off() })}</h3>
        <CheckSum check={props.check} election={props.election} />
      </div>
    </section>
  )
}

/** Items side by side and not one line of text: so they follow the reading direction in both languages. */
function CheckSum(props: { readonly check: FailedCheck; readonly election: Pick<Election, 'candidates'> }) {
  const sum = () => props.check.sum
  // Numbers of one source need no more than their names; where sources meet, it is their names that matter.
  const mixed = () => sum().terms.some(({ from }) => from !== sum().right.from)
  return (
    <p class="check-sum">
      <For each={sum().terms}>
        {(term, index) => (
          <>
            <Show when={index() > 0}>
              <i aria-hidden="true">+</i>
            </Show>
            <SumTerm term={term} mixed={mixed()} election={props.election} />
          </>
        )}
      </For>
      <Show when={sum().terms.length > 1}>
        <i>=</i>
        <span class="sum-term">
          <b>{figure(sidesOf(sum()).left)}</b>
        </span>
      </Show>
      <span class="sum-end">
        <Show when={sum().relation === '='} fallback={<i class="fails">{'>'}</i>}>
          <span class="sr-only">≠</span>
          <EqualNot size={20} strokeWidth={2.6} class="fails" />
        </Show>
        <SumTerm term={sum().right} mixed={mixed()} election={props.election} fails />
      </span>
    </p>
  )
}

function SumTerm(props: {
  readonly term: Term
  readonly mixed: boolean
  readonly election: Pick<Election, 'candidates'>
  readonly fails?: boolean
}) {
  return (
    <span class="sum-term" classList={{ fails: props.fails === true }}>
      <b>
        <Show when={props.term.times}>{(times) => <bdi>{numeral(times())} × </bdi>}</Show>
        {figure(props.term.value)}
      </b>
      <small>{props.term.what === 'ballots' ? text('figures.in_box') : figureName(props, props.term.what)}</small>
      <Show when={props.mixed}>
        <small>{originName(props.term.from)}</small>
      </Show>
    </span>
  )
}
