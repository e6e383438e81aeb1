import CheckCheck from 'lucide-solid/icons/check-check'
import Undo from 'lucide-solid/icons/undo-2'
import { createMemo, For, Show } from 'solid-js'
import { unwrap } from 'solid-js/store'
import type { ElectorSerial } from '#contract/ids.ts'
import { nameParts, shortName } from '../../i18n/names.ts'
import { numeral, say, text } from '../../i18n/say.tsx'
import { useCommittee } from '../context.ts'
import { undoReason, withdraw } from './attend.ts'
import { latestMarks } from './lists.ts'

const shown_max = 4

export function LatestMarks() {
  const { committee } = useCommittee()
  const serials = createMemo(() => {
    committee.revision() // says when to look again; reading every row would wake this for each of them
    return latestMarks(unwrap(committee.attendance), shown_max)
  })
  return (
    <section class="latest" aria-labelledby="latest-title">
      <h2 id="latest-title" class="px-4 pb-1 text-meta font-semibold text-text-3">
        {say('pad.recent')}
      </h2>
      <ul>
        <For each={serials()} fallback={<li class="px-4 text-label text-text-2">{say('pad.recent_none')}</li>}>
          {(serial) => <LatestMark serial={serial} />}
        </For>
      </ul>
    </section>
  )
}

function LatestMark(props: { readonly serial: ElectorSerial }) {
  const view = useCommittee()
  const name = () => shortName(view.roll().bySerial.get(props.serial)?.name ?? '')
  const witnesses = () => view.committee.attendance[props.serial]?.witnesses ?? []
  const mine = () => witnesses().find((witness) => witness.mine)
  const last = () => witnesses().at(-1)
  return (
    <Show when={last()}>
      {(witness) => (
        <li class="latest-mark">
          <span class="w-10.5 flex-none text-title font-bold">{numeral(props.serial)}</span>
          <span class="truncate-line grow">
            <bdi>{name()}</bdi>
          </span>
          <span class="text-meta text-text-2">
            <bdi>{mine() ? say('you') : nameParts(view.committee.nameOf(witness().user)).given}</bdi>
          </span>
          <Show
            when={mine()}
            fallback={
              <span class="grid w-14 place-items-center text-ok">
                <CheckCheck size={18} />
                <span class="sr-only">{say('status.saved')}</span>
              </span>
            }
          >
            <button
              type="button"
              class="button quiet small px-2! text-label!"
              aria-label={`${text('undo')}: ${numeral(props.serial)} ${name()}`}
              onClick={() => withdraw(view, props.serial, undoReason)}
            >
              <Undo size={18} class="mirror" />
              {say('undo')}
            </button>
          </Show>
        </li>
      )}
    </Show>
  )
}
