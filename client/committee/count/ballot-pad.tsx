import ChartBar from 'lucide-solid/icons/chart-bar-big'
import File from 'lucide-solid/icons/file'
import FileX from 'lucide-solid/icons/file-x'
import TriangleAlert from 'lucide-solid/icons/triangle-alert'
import Undo from 'lucide-solid/icons/undo-2'
import { createSignal, For, Show } from 'solid-js'
import type { CandidateNumber } from '#contract/ids.ts'
import { Tally } from '../../design/mark.tsx'
import { numeral, say, text } from '../../i18n/say.tsx'
import type { Ballot } from '../../sync/committee.ts'
import { type CommitteeView, useCommittee } from '../context.ts'
import { tellRefusal, undoReason } from '../roll/attend.ts'
import './ballot-foot.css'
import { BallotNumber } from './ballot-number.tsx'
import { ListBlock } from './candidates.tsx'
import { CountToast } from './count-toast.tsx'
import { LastFive } from './last-five.tsx'
import { listsOf } from './lists.ts'
import { emptyPad, marksShown, type PadEvent, padStep } from './pad.ts'

const sheet = 'A'

/** One ballot at a time: number, choices left, all candidates, the last five and one button that commits, without scrolling. */
export function BallotPad(props: { readonly onTotals: (() => void) | undefined }) {
  const view = useCommittee()
  const { election } = view.committee
  const choices_max = election.choices_per_ballot
  const lists = listsOf(election.candidates)
  const pad = createPad(view, choices_max)
  const next = view.committee.nextBallot(sheet)
  const marks = () => marksShown(pad.state())
  const left = () => choices_max - marks().length
  return (
    <div class="ballot-pad" data-unsaved={pad.state().kind !== 'marks' || marks().length > 0 ? '' : undefined}>
      <section class="ballot-head">
        <BallotNumber n={next()} onSet={(n) => view.committee.setNextBallot(sheet, n)} />
        <Show when={props.onTotals}>
          {(open) => (
            <button
              type="button"
              class="icon-button text-ink"
              aria-haspopup="dialog"
              aria-label={text('count.totals')}
              onClick={() => open()()}
            >
              <ChartBar size={24} class="mirror" />
            </button>
          )}
        </Show>
        <div class="flex flex-1 flex-col items-end gap-0.5" role="status">
          <Tally used={marks().length} of={choices_max} />
          <p class="choices-left" classList={{ none: left() === 0 }}>
            {say('count.left', { n: <b>{numeral(left())}</b>, of: choices_max })}
          </p>
        </div>
      </section>
      <div class="ballot-lists">
        <For each={lists}>
          {(list, index) => (
            <ListBlock
              list={list}
              place={index() + 1}
              marks={marks()}
              full={left() === 0}
              onTap={(candidate) => pad.send({ type: 'tap', candidate })}
              onWhole={() => pad.send({ type: 'list', candidates: list.numbers })}
            />
          )}
        </For>
      </div>
      <CountToast toaster={view.toaster} />
      <LastFive sheet={sheet} onUndo={(ballot) => undo(view, ballot, pad.send)} />
      <section class="ballot-save">
        <KindButton kind="blank" chosen={pad.state().kind === 'blank'} onChoose={() => pad.send({ type: 'kind', kind: 'blank' })} />
        <KindButton kind="invalid" chosen={pad.state().kind === 'invalid'} onChoose={() => pad.send({ type: 'kind', kind: 'invalid' })} />
        <button type="button" class="button primary" onClick={() => pad.send({ type: 'save', now_ms: performance.now() })}>
          <span>{say('count.save', { n: numeral(next()) })}</span>
        </button>
      </section>
    </div>
  )
}

function KindButton(props: { readonly kind: 'blank' | 'invalid'; readonly chosen: boolean; readonly onChoose: () => void }) {
  return (
    <button type="button" class="button secondary kind" aria-pressed={props.chosen} onClick={() => props.onChoose()}>
      <Show when={props.kind === 'blank'} fallback={<FileX size={20} />}>
        <File size={20} />
      </Show>
      {say(`count.${props.kind}`)}
    </button>
  )
}

const pulse_ms = 12

/** The pure pad, its answers told and its ballots written. */
function createPad(view: CommitteeView, choices_max: number) {
  const [state, setState] = createSignal(emptyPad)
  const tell = (words: 'count.full' | 'count.list_too_long' | 'count.nothing_chosen') => {
    const left = choices_max - state().marks.length
    view.toaster.show({
      icon: TriangleAlert,
      text: () =>
        words === 'count.full'
          ? say(words, { of: choices_max })
          : words === 'count.list_too_long'
            ? say(words, { left, of: choices_max })
            : say(words),
    })
  }
  const write = (choices: readonly CandidateNumber[] | null): boolean => {
    const done = view.committee.call(sheet, choices, view.committee.nextBallot(sheet)())
    if (!done.ok) tellRefusal(view, done.error)
    return done.ok
  }
  const send = (event: PadEvent) => {
    const [after, answer] = padStep(state(), event, choices_max)
    if (answer === undefined) {
      if (event.type === 'tap') navigator.vibrate?.(pulse_ms)
      // What it said is answered; under it are the last five.
      view.toaster.dismiss()
      setState(after)
      return
    }
    if ('says' in answer) {
      if (answer.says === 'full') tell('count.full')
      else if (answer.says === 'list too long') tell('count.list_too_long')
      else tell('count.nothing_chosen')
      return
    }
    // What was refused stays on the table.
    if (!write(answer.save)) return
    view.toaster.dismiss()
    setState(after)
  }
  return { state, send }
}

/** Strikes one's own ballot and puts its choices back on the table, to be corrected. */
function undo(view: CommitteeView, ballot: Ballot, send: (event: PadEvent) => void): void {
  const done = view.committee.voidBallot(ballot.sheet, ballot.id, undoReason)
  if (!done.ok) return tellRefusal(view, done.error)
  send({ type: 'restore', choices: ballot.choices })
  view.toaster.show({ icon: Undo, text: () => say('count.voided', { n: numeral(ballot.n) }) })
}
