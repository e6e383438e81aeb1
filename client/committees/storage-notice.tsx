import OctagonAlert from 'lucide-solid/icons/octagon-alert'
import { Show } from 'solid-js'
import { say } from '../i18n/say.tsx'
import type { Session } from '../sync/session.ts'
import { CopyButton } from './copy-button.tsx'

/** This device keeps nothing, or no more: said where people begin, before they have written what would be lost. */
export function StorageNotice(props: { readonly storage: ReturnType<Session['storage']>; readonly unsent: number }) {
  return (
    <section role="alert" class="flex flex-col gap-2.5 rounded-card border-2 border-alarm bg-alarm-soft p-3.5">
      <p class="flex gap-2.5 text-[15px]/[22px] font-semibold">
        <OctagonAlert size={20} class="flex-none text-alarm" />
        <span>{say(props.storage === 'full' ? 'committees.full' : 'committees.not_kept')}</span>
      </p>
      <Show when={props.unsent > 0}>
        <CopyButton />
      </Show>
    </section>
  )
}
