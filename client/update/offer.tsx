import RefreshCw from 'lucide-solid/icons/refresh-cw'
import { createContext, createEffect, Show, useContext } from 'solid-js'
import { assert } from '#contract/result.ts'
import type { Toaster } from '../design/toast.tsx'
import { say, text } from '../i18n/say.tsx'
import { useSession } from '../session-context.ts'
import type { Update } from './update.ts'

export const UpdateContext = createContext<Update>()

function useUpdate() {
  const update = useContext(UpdateContext)
  assert(update !== undefined, 'a screen stands inside UpdateContext')
  const session = useSession()
  // What this device cannot keep must first be on the server.
  const take = () => update.take(session.settle, () => session.storage() === 'kept' || session.unsent() === 0)
  return { state: update.state, take }
}

/** Inside a committee: said once, in passing. Whoever lets it go finds it again on the list of committees. */
export function announceUpdate(toaster: Toaster): void {
  const { state, take } = useUpdate()
  createEffect(() => {
    if (state() === 'offered') {
      toaster.show({ icon: RefreshCw, text: () => say('update.ready'), action: { label: text('update.take'), run: take } })
    } else if (state() === 'asked') toaster.show({ icon: RefreshCw, text: () => say('update.asked') })
  })
}

/** On the list of committees: stays until it is taken. */
export function UpdateOffer() {
  const { state, take } = useUpdate()
  return (
    <div role="status" class="flex-none">
      <Show when={state() !== 'none'}>
        <div class="toast">
          <RefreshCw size={20} class={state() === 'taking' ? 'animate-spin' : ''} />
          <span class="grow">{say(state() === 'asked' ? 'update.asked' : 'update.ready')}</span>
          <Show when={state() === 'offered'}>
            <button type="button" onClick={take}>
              {say('update.take')}
            </button>
          </Show>
        </div>
      </Show>
    </div>
  )
}
