import CheckCheck from 'lucide-solid/icons/check-check'
import Undo from 'lucide-solid/icons/undo-2'
import { createMemo, For, Show } from 'solid-js'
import { unwrap } from 'solid-js/store'
import type { ElectorSerial } from '#contract/ids.ts'
import { nameParts, shortName } from '../../i18n/names.ts'
import { numeral, say, text } from '../../i18n/say.tsx'
import type { CommitteeSession } from '../../sync/committee.ts'
import { useCommittee } from '../context.ts'
import { undoReason, withdraw } from './attend.ts'

const shown_max = 4

type Mark = { readonly serial: ElectorSerial; readonly at_s: number }

/** The last marks by anyone, newest first. O(marked): only where the pad stands, once per change of the figure. */
function latestMarks(attendance: CommitteeSession['attendance'], most: number): readonly Mark[] {
  const marks: Mark[] = []
  for (const [serial, row] of Object.entries(attendance)) {
    for (const { at_s } of row?.witnesses ?? []) marks.push({ serial: Number(serial) as ElectorSerial, at_s })
  }
  marks.sort((a, b) => b.at_s - a.at_s || b.serial - a.serial)
  // Two witnesses of one elector are one line, at the later time.
  return [...new Map(marks.toReversed().map((mark) => [mark.serial, mark])).values()].sort((a, b) => b.at_s - a.at_s).slice(0, most)
}

export function LatestMarks() {
  const { committee } = useCommittee()
  // The figure says when to look again; reading every row would wake this for every change of any of them.
  const serials = createMemo(() => {
    committee.counts()
    return latestMarks(unwrap(committee.attendance), shown_max).map((mark) => mark.serial)
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
