import CheckCheck from 'lucide-solid/icons/check-check'
import OctagonAlert from 'lucide-solid/icons/octagon-alert'
import X from 'lucide-solid/icons/x'
import { createEffect, createSignal, on, Show } from 'solid-js'
import { numeral, say, text } from '../../i18n/say.tsx'
import type { SheetDifference } from '../../sync/binding/differences.ts'
import { useCommittee } from '../context.ts'
import type { Alarm, Standing } from './alarm.ts'
import './alarm.css'
import { placesOf } from './side-words.ts'

type StripProps = { readonly alarm: Alarm; readonly onCompare: () => void }

/**
 * What stands of the alarm in the count once it was answered, and for those who are not asked. Agreed on, it says so until the next
 * ballot is on the table: gone at once it would move the tiles under a finger that is about to tap.
 */
export function DifferenceStrip(props: StripProps) {
  const { committee, counting } = useCommittee()
  const [settled, setSettled] = createSignal<number>()
  const next = () => (counting.isCounting() ? committee.nextBallot(counting.sheet())() : 0)
  createEffect(
    on(props.alarm.standing, (now, before) => {
      if (now !== undefined) setSettled(undefined)
      else if (before?.mine === true && counting.isCounting()) setSettled(before.first.n)
    }),
  )
  createEffect(on([next, () => counting.sheet()], () => setSettled(undefined), { defer: true }))
  return (
    <div role="status" class="flex-none">
      <Show when={props.alarm.standing()}>
        {(now) => <StandingStrip now={now()} onLook={(difference) => look(props, now(), difference)} />}
      </Show>
      <Show when={settled()}>
        {(n) => (
          <div class="difference-strip settled">
            <CheckCheck size={20} />
            <span class="grow">{say('differ.settled', { n: numeral(n()) })}</span>
            <button type="button" class="icon-button -me-3" aria-label={text('close')} onClick={() => setSettled(undefined)}>
              <X size={20} />
            </button>
          </div>
        )}
      </Show>
    </div>
  )
}

/** Whoever counts on one of the two is asked again; the others see the sheets side by side. */
const look = ({ alarm, onCompare }: StripProps, { mine }: Standing, difference: SheetDifference) =>
  mine ? alarm.askAgain(difference) : onCompare()

/** The same on the page of all sheets, whichever two it is about. */
export function SheetsDifference(props: StripProps) {
  return <Show when={props.alarm.anywhere()}>{(now) => <StandingStrip now={now()} onLook={() => props.onCompare()} inset />}</Show>
}

function StandingStrip(props: {
  readonly now: Standing
  readonly onLook: (difference: SheetDifference) => void
  readonly inset?: boolean
}) {
  return (
    <button
      type="button"
      class="difference-strip"
      classList={{ inset: props.inset === true }}
      aria-haspopup="dialog"
      onClick={() => props.onLook(props.now.first)}
    >
      <OctagonAlert size={20} />
      <span class="min-w-0 grow">
        {say('differ.strip', placesOf(props.now.first))}
        <Show when={props.now.more > 0}> · {say('differ.more', { n: props.now.more })}</Show>
      </span>
      <b class="flex-none">{say('tray.look')}</b>
    </button>
  )
}
