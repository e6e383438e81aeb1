import { Dialog } from '@kobalte/core/dialog'
import OctagonAlert from 'lucide-solid/icons/octagon-alert'
import Undo from 'lucide-solid/icons/undo-2'
import { createSignal, For, type JSX, onCleanup, Show } from 'solid-js'
import type { Choices } from '#contract/document/compare.ts'
import type { CandidateNumber } from '#contract/ids.ts'
import { Avatar } from '../../design/avatar.tsx'
import { candidateName, nameParts, shortName } from '../../i18n/names.ts'
import { numeral, say, text } from '../../i18n/say.tsx'
import type { DifferenceSide, SheetDifference } from '../../sync/binding/differences.ts'
import { useCommittee } from '../context.ts'
import { tellRefusal } from '../roll/attend.ts'
import type { Alarm } from './alarm.ts'
import { alertHands } from './alert.ts'
import './alarm.css'
import { sheetLetter } from './sheet-letter.ts'
import { aloneOn, makeText, onBoth, placesOf } from './side-words.ts'

/** A tap or a key on its way to the pad when this appears is no answer. */
const deaf_ms = 600

/**
 * The one thing that may take the screen: two sheets differ at a ballot, and it may still lie on the table. Neither answer is
 * suggested. It goes by itself when the sheets agree; the ballot on the pad stays beneath it as it was.
 */
export function AlarmDialog(props: { readonly alarm: Alarm }) {
  return (
    <Show when={props.alarm.asked()} keyed>
      {(difference) => (
        <Dialog open preventScroll={false}>
          <Dialog.Portal>
            <Dialog.Overlay class="scrim" />
            <Content difference={difference} alarm={props.alarm} />
          </Dialog.Portal>
        </Dialog>
      )}
    </Show>
  )
}

type ContentProps = { readonly difference: SheetDifference; readonly alarm: Alarm }

function Content(props: ContentProps) {
  const view = useCommittee()
  const opener = document.activeElement
  const [deaf, setDeaf] = createSignal(true)
  const timer = setTimeout(() => setDeaf(false), deaf_ms)
  onCleanup(() => clearTimeout(timer))
  alertHands()
  const { one, other } = props.difference
  const [mine, theirs] = other.sheet === view.counting.sheet() ? [other, one] : [one, other]
  let content: HTMLElement | undefined
  const answer = (how: 'right' | 'left') => () => deaf() || props.alarm.answer(props.difference, how)
  return (
    // With the role by hand: Kobalte's AlertDialog puts its content into the same object that Dialog is, and every sheet would be one.
    <Dialog.Content
      role="alertdialog"
      ref={(element: HTMLElement) => {
        content = element
      }}
      class="sheet alarm"
      // On the dialog and on no answer: Enter was meant for the ballot.
      onOpenAutoFocus={(event) => {
        event.preventDefault()
        content?.focus({ preventScroll: true })
      }}
      onCloseAutoFocus={(event) => {
        event.preventDefault()
        if (opener instanceof HTMLElement) opener.focus({ preventScroll: true })
      }}
      onEscapeKeyDown={(event) => event.preventDefault()}
      onInteractOutside={(event) => event.preventDefault()}
    >
      <div class="alarm-head" aria-live="assertive">
        <OctagonAlert size={32} class="flex-none" />
        <div>
          <Dialog.Description as="p">{say('differ.hold')}</Dialog.Description>
          <Dialog.Title as="h2">{say('differ.title', placesOf(props.difference))}</Dialog.Title>
        </div>
      </div>
      <div class="sheet-body pt-4!">
        <div class="alarm-sides">
          <Side side={mine} against={theirs} mine>
            <button type="button" class="button soft w-full" aria-disabled={deaf()} onClick={answer('right')}>
              {say(mine.user === view.user.id ? 'differ.right' : 'differ.right_ours')}
            </button>
          </Side>
          <Side side={theirs} against={mine}>
            <MakeSame mine={mine} theirs={theirs} n={props.difference.n} deaf={deaf()} />
          </Side>
        </div>
        <There side={theirs} />
        <Same one={mine.choices} other={theirs.choices} />
        <footer class="alarm-foot">
          <button type="button" class="button quiet w-full" aria-disabled={deaf()} onClick={answer('left')}>
            {say('differ.leave')}
          </button>
          <p class="text-meta text-text-2">{say('differ.kept')}</p>
        </footer>
      </div>
    </Dialog.Content>
  )
}

type SideProps = {
  readonly side: DifferenceSide
  readonly against: DifferenceSide
  readonly mine?: boolean
  readonly children: JSX.Element
}

/** What one sheet has that the other has not. Both sides have one size and one weight. */
function Side(props: SideProps) {
  const { committee, user } = useCommittee()
  const alone = () => aloneOn(props.side.choices, props.against.choices)
  const who = () => (props.side.user === user.id ? text('you') : nameParts(committee.nameOf(props.side.user)).given)
  const nameOf = (number: CandidateNumber) => {
    const candidate = committee.election.candidates.find((one) => one.number === number)
    return candidate === undefined ? '' : shortName(candidateName(candidate))
  }
  const word = () => {
    if (props.side.choices === null) return say('count.invalid')
    if (props.side.choices.length === 0) return say('count.blank')
    return alone().length === 0 ? '—' : undefined
  }
  return (
    <section class="alarm-side" classList={{ mine: props.mine === true }}>
      <h3>{say('differ.side', { sheet: sheetLetter(props.side.sheet), who: who() })}</h3>
      <Show when={word() === undefined} fallback={<b class="alarm-word">{word()}</b>}>
        <Show
          when={alone().length === 1}
          fallback={
            <ul class="alarm-list">
              <For each={alone()}>
                {(number) => (
                  <li>
                    <b>{numeral(number)}</b> <bdi>{nameOf(number)}</bdi>
                  </li>
                )}
              </For>
            </ul>
          }
        >
          <b class="alarm-number">{numeral(alone()[0] ?? '')}</b>
          <bdi class="alarm-name">{nameOf(alone()[0] as CandidateNumber)}</bdi>
        </Show>
      </Show>
      <div class="mt-auto w-full pt-2.5">{props.children}</div>
    </section>
  )
}

type MakeProps = { readonly mine: DifferenceSide; readonly theirs: DifferenceSide; readonly n: number; readonly deaf: boolean }

/** Strikes one's own ballot and lets the other reading count, for whoever called it or may rule, and once: strikes are final. */
function MakeSame(props: MakeProps) {
  const view = useCommittee()
  const { committee } = view
  const mayMake = () => props.mine.user === view.user.id || committee.rights().includes('rule')
  const make = () => {
    if (props.deaf) return
    const { sheet, client, index } = props.mine
    const why = text('differ.why', { sheet: sheetLetter(props.theirs.sheet) })
    const done = committee.correctBallot(sheet, `${client}:${index}`, why, props.theirs.choices)
    if (!done.ok) return tellRefusal(view, done.error)
    view.toaster.show({ icon: Undo, text: () => say('count.corrected', { n: numeral(props.n) }) })
  }
  return (
    <Show when={!props.mine.corrected} fallback={<p class="text-label text-text-2">{say('differ.final')}</p>}>
      <Show
        when={mayMake()}
        fallback={
          <p class="text-label text-text-2">{say('differ.by_other', { who: nameParts(committee.nameOf(props.mine.user)).given })}</p>
        }
      >
        <button type="button" class="button soft w-full" aria-disabled={props.deaf} onClick={make}>
          {makeText(props.theirs, props.mine)}
        </button>
      </Show>
    </Show>
  )
}

/** Who is on the other sheet now: the one to talk to. */
function There(props: { readonly side: DifferenceSide }) {
  const { counting } = useCommittee()
  const live = () => counting.on(props.side.sheet).live
  return (
    <For each={live().slice(0, 2)}>
      {({ user, name }) => (
        <p class="flex items-center gap-2 pt-3 text-[15px]/[22px]">
          <Avatar person={{ id: user, name, presence: 'present' }} />
          <span>{say('differ.there', { who: nameParts(name).given, sheet: sheetLetter(props.side.sheet) })}</span>
        </p>
      )}
    </For>
  )
}

function Same(props: { readonly one: Choices; readonly other: Choices }) {
  const both = () => onBoth(props.one, props.other)
  return (
    <Show when={both().length > 0}>
      <section class="pt-3">
        <h3 class="label">{say('differ.same')}</h3>
        <ul class="alarm-same">
          <For each={both()}>{(number) => <li>{numeral(number)}</li>}</For>
        </ul>
      </section>
    </Show>
  )
}
