import Delete from 'lucide-solid/icons/delete'
import Keyboard from 'lucide-solid/icons/keyboard'
import UserRoundCheck from 'lucide-solid/icons/user-round-check'
import { createSignal, For, onMount, Show } from 'solid-js'
import { ToastRegion } from '../../design/toast.tsx'
import { digitsTyped, inDigits } from '../../i18n/digits.ts'
import { numeral, say, text } from '../../i18n/say.tsx'
import { hrefOf } from '../../route.ts'
import { digits } from '../../settings.ts'
import { AppBar } from '../app-bar.tsx'
import { useCommittee } from '../context.ts'
import { attend } from './attend.ts'
import { electorOf, serial_digits_max } from './dock.tsx'
import { MatchCard } from './match-card.tsx'
import './number-pad.css'
import { LatestMarks } from './latest-marks.tsx'

/** Marking one after the other: on phones a screen of its own. */
export function PadScreen() {
  const view = useCommittee()
  const { committee } = view
  const code = numeral(committee.entry.code)
  return (
    <div class="screen">
      <AppBar
        back={{ place: 'committee', id: committee.entry.id, tab: 'roll' }}
        title={say('pad.title')}
        subtitle={say('pad.subtitle', { code, n: committee.counts.attended, of: committee.counts.registered })}
        avatars={1}
      />
      <main class="flex min-h-0 flex-1 flex-col">
        <NumberPad toasts />
      </main>
    </div>
  )
}

const keys = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const

/** Digits, who that is, and one big key. Hardware keys write into the same field. Beside the roll (no `toasts`) it has no way out. */
export function NumberPad(props: { readonly toasts?: boolean }) {
  const view = useCommittee()
  const [typed, setTyped] = createSignal('')
  let field: HTMLInputElement | undefined
  onMount(() => props.toasts && field?.focus())
  const type = (next: string) => setTyped(digitsTyped(next, serial_digits_max))
  const found = () => electorOf(view, typed())
  const submit = () => {
    const elector = found()
    if (elector === undefined) return
    attend(view, elector.serial)
    setTyped('')
  }
  const key = (label: string, press: () => void) => ({
    type: 'button' as const,
    class: 'pad-key',
    'aria-label': label,
    // The field keeps the focus: its caret shows where digits go, and hardware keys go on working.
    onPointerDown: (event: PointerEvent) => event.preventDefault(),
    onClick: press,
  })
  return (
    <>
      <LatestMarks />
      <MatchCard typed={typed()} found={found()} />
      <Show when={props.toasts}>
        <ToastRegion toaster={view.toaster} />
      </Show>
      <form
        class="pad"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <div class="pad-display">
          <label class="label" for="pad-serial">
            {say('roll.serial')}
          </label>
          <input
            id="pad-serial"
            ref={field}
            inputmode="none"
            autocomplete="off"
            dir="ltr"
            value={inDigits(typed(), digits())}
            onInput={(event) => {
              type(event.currentTarget.value)
              event.currentTarget.value = inDigits(typed(), digits())
            }}
          />
          <Show when={props.toasts} fallback={<span class="w-11" />}>
            <a
              class="icon-button"
              href={hrefOf({ place: 'committee', id: view.committee.entry.id, tab: 'roll' })}
              aria-label={text('pad.close')}
            >
              <Keyboard size={24} />
            </a>
          </Show>
        </div>
        <fieldset class="pad-keys" aria-label={text('pad.keys')} dir="ltr">
          <For each={keys}>{(digit) => <button {...key(numeral(digit), () => type(`${typed()}${digit}`))}>{numeral(digit)}</button>}</For>
          <button {...key(text('pad.paper'), view.openPaper)} class="pad-key quiet words" dir="auto" aria-haspopup="dialog">
            {say('pad.paper')}
          </button>
          <button {...key(numeral(0), () => type(`${typed()}0`))}>{numeral(0)}</button>
          <button
            {...key(text('pad.not_on_roll'), () => view.openWalkins(found() === undefined ? typed() : ''))}
            class="pad-key quiet words"
            dir="auto"
            aria-haspopup="dialog"
          >
            {say('pad.not_on_roll')}
          </button>
          <button {...key(text('pad.delete'), () => type(typed().slice(0, -1)))} class="pad-key quiet delete">
            <Delete size={28} />
          </button>
          <button type="submit" class="pad-key enter" aria-disabled={found() === undefined}>
            <UserRoundCheck size={32} />
            <span>{say('pad.attended')}</span>
          </button>
        </fieldset>
      </form>
    </>
  )
}
