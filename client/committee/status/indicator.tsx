import Check from 'lucide-solid/icons/check'
import CheckCheck from 'lucide-solid/icons/check-check'
import CloudUpload from 'lucide-solid/icons/cloud-upload'
import OctagonAlert from 'lucide-solid/icons/octagon-alert'
import Smartphone from 'lucide-solid/icons/smartphone'
import { createEffect, createMemo, createSignal, type JSX, Match, on, onCleanup, Switch } from 'solid-js'
import { say, text } from '../../i18n/say.tsx'
import { type CommitteeView, useCommittee } from '../context.ts'
import { type SavedState, savedState } from './saved-state.ts'

function createSavedState(view: CommitteeView): () => SavedState {
  const pile = createMemo<number>((most) => {
    const { unsent } = view.committee.status()
    return unsent === 0 ? 0 : Math.max(most, unsent)
  }, 0)
  return createMemo(() => savedState(view.committee.status(), pile()))
}

function wordsOf(state: SavedState): JSX.Element {
  switch (state.is) {
    case 'there':
      return say('status.saved')
    case 'here':
      return say('status.here', { n: state.n })
    case 'writing':
      return say('status.writing', { n: state.n })
    case 'sending':
      return say('status.sending', { n: state.n, of: state.of })
    case 'unkept':
      return say('status.not_sent', { n: state.n })
    case 'full':
      return say('status.no_room')
  }
}

const looks = { there: 'there', here: 'here', writing: 'here', sending: 'here', unkept: 'stop', full: 'stop' } as const

/** Where my work is, in one word; opens the whole story. */
export function SavedIndicator() {
  const view = useCommittee()
  const state = createSavedState(view)
  return (
    <button
      type="button"
      class={`saved ${looks[state().is]}`}
      data-link={view.committee.status().link}
      aria-haspopup="dialog"
      title={text('status.label')}
      onClick={view.openStatus}
    >
      <Switch>
        <Match when={looks[state().is] === 'stop'}>
          <OctagonAlert size={16} />
        </Match>
        <Match when={state().is === 'there'}>
          <CheckCheck size={18} />
        </Match>
        <Match when={state().is === 'sending'}>
          <CloudUpload size={16} />
        </Match>
        <Match when={state().is === 'writing'}>
          <Smartphone size={16} />
        </Match>
        <Match when={state().is === 'here'}>
          <Smartphone size={16} />
          <Check size={16} class="-ms-1" />
        </Match>
      </Switch>
      <span>{wordsOf(state())}</span>
    </button>
  )
}

const announce_every_ms = 10_000

/** Says the same aloud, at most every ten seconds: while counting it changes with every tap. */
export function SavedAnnouncer() {
  const state = createSavedState(useCommittee())
  const [said, setSaid] = createSignal<SavedState>(state())
  let timer: ReturnType<typeof setTimeout> | undefined
  createEffect(
    on(
      state,
      () => {
        timer ??= setTimeout(() => {
          timer = undefined
          setSaid(state())
        }, announce_every_ms)
      },
      { defer: true },
    ),
  )
  onCleanup(() => clearTimeout(timer))
  return (
    <p role="status" class="sr-only">
      {wordsOf(said())}
    </p>
  )
}
