import Check from 'lucide-solid/icons/check'
import Delete from 'lucide-solid/icons/delete'
import { createSignal, For, type JSX, Show } from 'solid-js'
import type { CandidateNumber } from '#contract/ids.ts'
import { Choice } from '../../design/choice.tsx'
import { listName } from '../../i18n/names.ts'
import { numeral, say, text } from '../../i18n/say.tsx'
import { ListBlock } from './candidates.tsx'
import type { CountKeyboard } from './create-keyboard.ts'
import type { CandidateList } from './lists.ts'
import './many-candidates.css'
import type { PadEvent } from './pad.ts'

export type ManyCandidatesProps = {
  readonly lists: readonly CandidateList[]
  readonly marks: readonly CandidateNumber[]
  readonly full: boolean
  readonly send: (event: PadEvent) => void
  readonly keyboard: CountKeyboard
}

/** More lists than this do not fit beside each other; then the filter is only chosen or all. */
const lists_max = 4

/**
 * More candidates than a phone has room for: their numbers are typed, as they are called, and the tiles above, filtered by list or
 * to those chosen, show what is marked and take a tap as well.
 */
export function ManyCandidates(props: ManyCandidatesProps) {
  const filters = () => ['all', 'chosen', ...(props.lists.length <= lists_max ? props.lists.map((_, index) => String(index)) : [])]
  const [filter, setFilter] = createSignal('all')
  const isShown = (candidate: CandidateNumber, list: number) =>
    filter() === 'all' || filter() === String(list) || (filter() === 'chosen' && props.marks.includes(candidate))
  const shown = () =>
    props.lists.flatMap((list, index) => {
      const candidates = list.candidates.filter(({ number }) => isShown(number, index))
      return candidates.length === 0 ? [] : [{ ...list, candidates, index }]
    })
  return (
    <>
      <div class="px-2 pb-1">
        <Choice label={text('count.filter')} options={filters()} chosen={filter()} onChoose={setFilter}>
          {(one) => <FilterName of={one} lists={props.lists} chosen={props.marks.length} />}
        </Choice>
      </div>
      <div class="ballot-lists many">
        <For each={shown()} fallback={<p class="m-auto text-label text-text-2">{say('count.nothing_chosen_yet')}</p>}>
          {(list) => (
            <ListBlock
              list={list}
              place={list.index + 1}
              marks={props.marks}
              full={props.full}
              onTap={(candidate) => props.send({ type: 'tap', candidate })}
              onWhole={() => props.send({ type: 'list', candidates: list.numbers })}
            />
          )}
        </For>
      </div>
      <CandidateKeys keyboard={props.keyboard} />
    </>
  )
}

function FilterName(props: { readonly of: string; readonly lists: readonly CandidateList[]; readonly chosen: number }): JSX.Element {
  const list = () => props.lists[Number(props.of)]
  return (
    <Show when={list()} fallback={props.of === 'all' ? say('count.filter_all') : say('count.filter_chosen', { n: props.chosen })}>
      {(one) => <bdi class="truncate-line">{listName(one().name)}</bdi>}
    </Show>
  )
}

/** 1 2 3 from the left in both directions of reading; delete, zero and mark at the right. */
const keys = ['1', '2', '3', 'Backspace', '4', '5', '6', '0', '7', '8', '9', 'Enter'] as const

function CandidateKeys(props: { readonly keyboard: CountKeyboard }) {
  const labels = { Backspace: () => text('pad.delete'), Enter: () => text('count.mark_typed') }
  return (
    <fieldset class="candidate-keys" aria-label={text('count.by_number')} dir="ltr">
      <For each={keys}>
        {(key) => (
          <button
            type="button"
            class="pad-key"
            classList={{ quiet: key === 'Backspace', marks: key === 'Enter' }}
            aria-label={key === 'Backspace' || key === 'Enter' ? labels[key]() : numeral(key)}
            aria-disabled={key === 'Enter' && props.keyboard.found() === undefined}
            // Mark without digits would be the hardware key that saves.
            onClick={() => (key === 'Enter' && props.keyboard.typed() === '' ? undefined : props.keyboard.press(key))}
          >
            <Show when={key !== 'Backspace'} fallback={<Delete size={24} />}>
              <Show when={key !== 'Enter'} fallback={<Check size={28} />}>
                {numeral(key)}
              </Show>
            </Show>
          </button>
        )}
      </For>
    </fieldset>
  )
}
