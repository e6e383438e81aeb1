import Check from 'lucide-solid/icons/check'
import ListChecks from 'lucide-solid/icons/list-checks'
import { For, Show } from 'solid-js'
import type { Candidate } from '#contract/api.ts'
import type { CandidateNumber } from '#contract/ids.ts'
import { candidateName, listName, nameParts } from '../../i18n/names.ts'
import { numeral, say, text } from '../../i18n/say.tsx'
import type { CandidateList } from './lists.ts'

export type ListBlockProps = {
  readonly list: CandidateList
  /** First, second … on the ballot. */
  readonly place: number
  readonly marks: readonly CandidateNumber[]
  readonly full: boolean
  readonly onTap: (candidate: CandidateNumber) => void
  readonly onWhole: () => void
}

/** One list as one block, in reading order, as on the ballot. */
export function ListBlock(props: ListBlockProps) {
  const name = () => listName(props.list.name)
  const chosen = () => props.list.numbers.filter((number) => props.marks.includes(number)).length
  return (
    <section class="list-block" aria-label={name()}>
      <header class="list-head">
        <span class="list-place" aria-hidden="true">
          {numeral(props.place)}
        </span>
        <h2 class="truncate-line min-w-0 grow font-bold">
          <bdi>{name()}</bdi>
        </h2>
        <span class="columns-of-figures text-label font-semibold text-text-2" dir="ltr">
          {numeral(chosen())}/{numeral(props.list.numbers.length)}
        </span>
        <button type="button" class="list-whole" aria-label={text('count.whole_list_of', { list: name() })} onClick={() => props.onWhole()}>
          <ListChecks size={18} class="mirror" />
          {say('count.whole_list')}
        </button>
      </header>
      <div class="tiles">
        <For each={props.list.candidates}>
          {(candidate) => (
            <Tile
              candidate={candidate}
              chosen={props.marks.includes(candidate.number)}
              full={props.full}
              onTap={() => props.onTap(candidate.number)}
            />
          )}
        </For>
      </div>
    </section>
  )
}

type TileProps = { readonly candidate: Candidate; readonly chosen: boolean; readonly full: boolean; readonly onTap: () => void }

/** Both lists look the same: the app takes no side. At the limit a tile still answers the tap and says why it does not mark. */
function Tile(props: TileProps) {
  const name = () => nameParts(candidateName(props.candidate))
  return (
    <button
      type="button"
      class="tile"
      classList={{ full: props.full && !props.chosen }}
      aria-pressed={props.chosen}
      onClick={() => props.onTap()}
    >
      <span class="tile-number">{numeral(props.candidate.number)}</span>{' '}
      <span class="tile-name">
        <b>{name().given}</b> <span>{name().last || name().given}</span>
      </span>
      <Show when={props.chosen}>
        <Check size={15} strokeWidth={3.5} class="tile-tick" />
      </Show>
    </button>
  )
}
