import ChartBar from 'lucide-solid/icons/chart-bar-big'
import File from 'lucide-solid/icons/file'
import FileX from 'lucide-solid/icons/file-x'
import Keyboard from 'lucide-solid/icons/keyboard'
import X from 'lucide-solid/icons/x'
import { createMemo, createSignal, For, type JSX, Show } from 'solid-js'
import { Tally } from '../../design/mark.tsx'
import { numeral, say, text } from '../../i18n/say.tsx'
import { useCommittee } from '../context.ts'
import './ballot-foot.css'
import { BallotNumber } from './ballot-number.tsx'
import { ListBlock } from './candidates.tsx'
import { CountToast } from './count-toast.tsx'
import { createKeyboard } from './create-keyboard.ts'
import { createPad } from './create-pad.ts'
import { KeysSheet } from './keys-sheet.tsx'
import { LastFive } from './last-five.tsx'
import { listsOf } from './lists.ts'
import { ManyCandidates } from './many-candidates.tsx'
import { marksShown } from './pad.ts'
import { SheetButton } from './sheets.tsx'
import { keepScreenOn } from './wake-lock.ts'

/** As many candidates as fit on a phone as tiles; with more, their numbers are typed. */
const tiles_max = 30

/** One ballot at a time: number, choices left, all candidates, the last five and one button that commits, without scrolling. */
export function BallotPad(props: { readonly onTotals: (() => void) | undefined; readonly onSheets: () => void }) {
  const view = useCommittee()
  const { election } = view.committee
  const choices_max = election.choices_per_ballot
  const lists = listsOf(election.candidates)
  const many = election.candidates.length > tiles_max
  const { sheet } = view.counting
  const pad = createPad(view, sheet)
  const [showsKeys, setShowsKeys] = createSignal(false)
  const keyboard = createKeyboard({ view, sheet, lists, pad, onHelp: () => setShowsKeys(true) })
  const next = createMemo(() => view.committee.nextBallot(sheet())())
  const marks = () => marksShown(pad.state())
  const left = () => choices_max - marks().length
  const correcting = () => pad.state().correcting?.of
  keepScreenOn()
  return (
    // What is tapped does not take the focus: Enter goes on to mean "save", not "that button again". Of this element alone (`on:`):
    // Solid's own events would rise to here from the sheets as well, whose fields have to be clicked into.
    <div
      class="ballot-pad"
      on:mousedown={(event) => event.preventDefault()}
      data-unsaved={pad.state().kind !== 'marks' || marks().length > 0 ? '' : undefined}
    >
      <section class="ballot-head">
        <Show when={correcting()} fallback={<BallotNumber n={next()} onSet={(n) => view.committee.setNextBallot(sheet(), n)} />}>
          {(of) => (
            <p class="ballot-number corrects">
              <span>{say('count.correcting')}</span> <b>{numeral(of().n)}</b>
            </p>
          )}
        </Show>
        <SheetButton sheet={sheet()} onOpen={() => props.onSheets()} />
        <Show when={props.onTotals}>
          {(open) => (
            <HeadButton label={text('count.totals')} onPress={() => open()()}>
              <ChartBar size={24} class="mirror" />
            </HeadButton>
          )}
        </Show>
        <HeadButton label={text('count.keys')} class="keys-button" onPress={() => setShowsKeys(true)}>
          <Keyboard size={24} />
        </HeadButton>
        <div class="flex min-w-0 flex-1 flex-col items-end gap-0.5" role="status">
          <Show when={keyboard.typed() === ''} fallback={<p class="typed">{keyboard.reading()}</p>}>
            <Tally used={marks().length} of={choices_max} />
            <p class="choices-left" classList={{ none: left() === 0 }}>
              {say('count.left', { n: <b>{numeral(left())}</b>, of: choices_max })}
            </p>
          </Show>
        </div>
      </section>
      <Show
        when={!many}
        fallback={<ManyCandidates lists={lists} marks={marks()} full={left() === 0} send={pad.send} keyboard={keyboard} />}
      >
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
      </Show>
      <CountToast toaster={view.toaster} />
      <Show
        when={correcting()}
        fallback={<LastFive sheet={sheet()} onUndo={pad.undo} onCorrect={(ballot) => pad.send({ type: 'correct', ballot })} />}
      >
        {(of) => (
          <section class="last-five corrects">
            <p class="grow text-label">{say('count.correcting_why', { why: of().why })}</p>
            <button type="button" class="button secondary small" onClick={() => pad.send({ type: 'cancel' })}>
              <X size={20} />
              {say('count.correct_cancel')}
            </button>
          </section>
        )}
      </Show>
      <section class="ballot-save">
        <KindButton kind="blank" chosen={pad.state().kind === 'blank'} onChoose={() => pad.send({ type: 'kind', kind: 'blank' })} />
        <KindButton kind="invalid" chosen={pad.state().kind === 'invalid'} onChoose={() => pad.send({ type: 'kind', kind: 'invalid' })} />
        <button type="button" class="button primary" onClick={() => pad.send({ type: 'save', now_ms: performance.now() })}>
          <Show when={correcting()} fallback={<span>{say('count.save', { n: numeral(next()) })}</span>}>
            {(of) => <span>{say('count.correct_save', { n: numeral(of().n) })}</span>}
          </Show>
        </button>
      </section>
      <KeysSheet open={showsKeys()} onClose={() => setShowsKeys(false)} />
    </div>
  )
}

function HeadButton(props: {
  readonly label: string
  readonly class?: string
  readonly onPress: () => void
  readonly children: JSX.Element
}) {
  return (
    <button
      type="button"
      class={`icon-button text-ink ${props.class ?? ''}`}
      aria-haspopup="dialog"
      aria-label={props.label}
      onClick={() => props.onPress()}
    >
      {props.children}
    </button>
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
