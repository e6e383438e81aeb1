import Power from 'lucide-solid/icons/power'
import { createEffect, createSignal, on, Show } from 'solid-js'
import type { Account } from '#contract/api.ts'
import { Sheet } from '../design/sheet.tsx'
import { personName } from '../i18n/names.ts'
import { say } from '../i18n/say.tsx'
import { useSession } from '../session-context.ts'
import { type AdminFailure, endSessions } from '../sync/admin.ts'
import { failureSaid } from './failure.tsx'

/**
 * Ends somebody's sessions: at once where all they wrote is on the server, else it says first what stays on their device and asks. It stays
 * open to say that it is done, because on the page little changes.
 */
export function EndSheet(props: {
  readonly account: Account | undefined
  readonly unsent: number
  readonly onClose: () => void
  readonly onEnded: () => void
}) {
  const session = useSession()
  const [step, setStep] = createSignal<'ask' | 'ending' | 'ended'>('ask')
  const [failed, setFailed] = createSignal<AdminFailure>()
  const end = async () => {
    const { account } = props
    if (account === undefined || step() === 'ending') return
    setStep('ending')
    setFailed(undefined)
    const ended = await endSessions(session, account.id)
    setStep(ended.ok ? 'ended' : 'ask')
    setFailed(ended.ok ? undefined : ended.error)
    if (ended.ok) props.onEnded()
  }
  createEffect(
    on(
      () => props.account?.id,
      (id) => {
        setStep('ask')
        setFailed(undefined)
        if (id !== undefined && props.unsent === 0) void end()
      },
    ),
  )
  return (
    <Sheet
      open={props.account !== undefined}
      onClose={() => props.onClose()}
      title={<Show when={props.account}>{(account) => say('adm.end_title', { name: personName(account()) })}</Show>}
    >
      <div class="flex flex-col gap-3 pb-2">
        <Show
          when={step() === 'ended'}
          fallback={
            <>
              <Show when={props.unsent > 0}>
                <div class="rounded-card border-2 border-dashed border-here bg-here-soft p-3.5">
                  <h3 class="text-body font-bold">{say('account.unsent', { n: props.unsent })}</h3>
                  <p class="text-label text-text-2">{say('adm.end_unsent')}</p>
                </div>
              </Show>
              <p class="text-label text-text-2">{say('adm.end_about')}</p>
              <Show when={failed()}>
                {(code) => (
                  <p role="alert" class="text-label font-semibold text-alarm">
                    {failureSaid(code())}
                  </p>
                )}
              </Show>
              <div class="flex flex-wrap gap-2">
                <button type="button" class="button secondary grow" onClick={() => props.onClose()}>
                  {say('adm.not_now')}
                </button>
                <button type="button" class="button primary grow" aria-busy={step() === 'ending'} onClick={() => void end()}>
                  <Power size={20} />
                  {say(props.unsent > 0 ? 'adm.end_anyway' : 'adm.end')}
                </button>
              </div>
            </>
          }
        >
          <p role="status">{say('adm.ended')}</p>
          <button type="button" class="button soft" onClick={() => props.onClose()}>
            {say('close')}
          </button>
        </Show>
      </div>
    </Sheet>
  )
}
