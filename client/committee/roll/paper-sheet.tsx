import Undo from 'lucide-solid/icons/undo-2'
import UserRoundCheck from 'lucide-solid/icons/user-round-check'
import { createMemo, createSignal, For, type JSX, Show } from 'solid-js'
import type { ElectorSerial } from '#contract/ids.ts'
import { Sheet } from '../../design/sheet.tsx'
import { inDigits } from '../../i18n/digits.ts'
import { nameParts } from '../../i18n/names.ts'
import { figure, numeral, say, text } from '../../i18n/say.tsx'
import { digits } from '../../settings.ts'
import { useCommittee } from '../context.ts'
import { tellRefusal, undoReason } from './attend.ts'
import './paper-sheet.css'
import { parseSerials, reportOn } from './serial-list.ts'

/** Longer than any committee's paper, however it is written. */
const paper_characters_max = 50_000
/** Names shown of a paper; the figures tell the rest. */
const names_max = 200

/** A paper with the numbers of those who attended: read, told what it would change, then marked with one tap. */
export function PaperSheet(props: { readonly open: boolean; readonly onClose: () => void }) {
  // Outside the sheet: who closes it in the middle of a paper finds it as it was.
  const [typed, setTyped] = createSignal('')
  const [marked, setMarked] = createSignal<readonly ElectorSerial[]>()
  return (
    <Sheet open={props.open} onClose={() => props.onClose()} title={say('paper.title')}>
      <Show when={marked()} fallback={<Reading typed={typed()} onType={setTyped} onMarked={setMarked} />}>
        {(serials) => (
          <Done
            serials={serials()}
            onAnother={() => {
              setTyped('')
              setMarked(undefined)
            }}
          />
        )}
      </Show>
    </Sheet>
  )
}

function Reading(props: {
  readonly typed: string
  readonly onType: (text: string) => void
  readonly onMarked: (serials: readonly ElectorSerial[]) => void
}) {
  const view = useCommittee()
  const list = createMemo(() => parseSerials(props.typed))
  const report = createMemo(() => reportOn(list(), view.roll(), view.committee.attendance))
  const commit = () => {
    const done = view.committee.markAll(report().fresh.map(({ serial }) => serial))
    if (!done.ok) return tellRefusal(view, done.error)
    props.onMarked(done.value)
  }
  const numbers = (serials: readonly (ElectorSerial | string)[]) => serials.map((serial) => numeral(serial)).join(' · ')
  return (
    <div class="flex flex-col gap-3">
      <label class="flex flex-col gap-1">
        <span class="label">{say('paper.numbers')}</span>
        <textarea
          class="paper"
          rows={4}
          inputmode="text"
          autocomplete="off"
          spellcheck={false}
          maxLength={paper_characters_max}
          value={inDigits(props.typed, digits())}
          onInput={(event) => props.onType(event.currentTarget.value)}
        />
        <span class="text-meta text-text-2">{say('paper.hint')}</span>
      </label>
      <dl class="paper-report" aria-label={text('paper.report')}>
        <Figure title={say('paper.fresh')} n={report().fresh.length} strong />
        <Figure title={say('paper.attended')} n={report().attended.length} />
        <Figure title={say('paper.unknown')} n={report().unknown.length} warns />
        <Figure title={say('paper.twice')} n={list().repeated.length} />
      </dl>
      <Listed title={say('paper.unknown')}>{numbers(report().unknown)}</Listed>
      <Listed title={say('paper.unclear')}>{numbers(list().unclear)}</Listed>
      <Listed title={say('paper.twice')}>{numbers(list().repeated)}</Listed>
      <Listed title={say('paper.attended')}>{numbers(report().attended.map(({ serial }) => serial))}</Listed>
      <Show when={report().fresh.length > 0}>
        <details class="paper-names">
          <summary>{say('paper.names')}</summary>
          <ul>
            <For each={report().fresh.slice(0, names_max)}>
              {({ serial, name }) => (
                <li>
                  <b class="columns-of-figures">{numeral(serial)}</b>{' '}
                  <bdi>
                    {nameParts(name).given} {nameParts(name).rest}
                  </bdi>
                </li>
              )}
            </For>
            <Show when={report().fresh.length > names_max}>
              <li>…</li>
            </Show>
          </ul>
        </details>
      </Show>
      <button
        type="button"
        class="button primary big sticky bottom-0"
        aria-disabled={report().fresh.length === 0}
        onClick={() => report().fresh.length > 0 && commit()}
      >
        <UserRoundCheck size={24} />
        <Show when={report().fresh.length > 0} fallback={say('paper.nothing_new')}>
          <span>{say('paper.commit', { n: report().fresh.length })}</span>
        </Show>
      </button>
    </div>
  )
}

function Figure(props: { readonly title: JSX.Element; readonly n: number; readonly strong?: boolean; readonly warns?: boolean }) {
  return (
    <div classList={{ strong: props.strong === true && props.n > 0, warns: props.warns === true && props.n > 0 }}>
      <dt>{props.title}</dt>
      <dd>{figure(props.n)}</dd>
    </div>
  )
}

/** Which numbers, where there are any. */
function Listed(props: { readonly title: JSX.Element; readonly children: string }) {
  return (
    <Show when={props.children !== ''}>
      <p class="text-label">
        <b>{props.title}</b>{' '}
        <span class="columns-of-figures text-text-2">
          <bdi>{props.children}</bdi>
        </span>
      </p>
    </Show>
  )
}

function Done(props: { readonly serials: readonly ElectorSerial[]; readonly onAnother: () => void }) {
  const view = useCommittee()
  const [undone, setUndone] = createSignal(false)
  const undo = () => {
    const done = view.committee.unmarkAll(props.serials, undoReason)
    if (!done.ok) return tellRefusal(view, done.error)
    setUndone(true)
  }
  return (
    <div class="flex flex-col gap-3">
      <p role="status" class="flex items-center gap-2 text-title font-bold">
        <Show when={!undone()} fallback={<Undo size={24} class="mirror" />}>
          <UserRoundCheck size={24} class="text-ink" />
        </Show>
        <Show when={!undone()} fallback={say('paper.undone')}>
          <span>{say('paper.done', { n: props.serials.length })}</span>
        </Show>
      </p>
      <div class="flex gap-2">
        <Show when={!undone()}>
          <button type="button" class="button secondary flex-1" onClick={undo}>
            <Undo size={20} class="mirror" />
            {say('paper.undo')}
          </button>
        </Show>
        <button type="button" class="button soft flex-1" onClick={() => props.onAnother()}>
          {say('paper.another')}
        </button>
      </div>
    </div>
  )
}
