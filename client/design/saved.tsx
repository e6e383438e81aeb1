import CheckIcon from 'lucide-solid/icons/check'
import CheckCheckIcon from 'lucide-solid/icons/check-check'
import SmartphoneIcon from 'lucide-solid/icons/smartphone'
import { Show } from 'solid-js'
import { say } from '../i18n/say.tsx'
import { stamped } from './stamped.ts'

const Check = stamped(CheckIcon)
const CheckCheck = stamped(CheckCheckIcon)
const Smartphone = stamped(SmartphoneIcon)

/** `durable`: a committed row of the server; else it is kept on this device only. */
type SavedProps = { readonly durable: boolean }

/** Where one piece of my work is, as a chip: in a sheet, where there is room for the word. */
export function SavedChip(props: SavedProps) {
  return (
    <Show
      when={props.durable}
      fallback={
        <span class="chip here">
          <Smartphone size={16} />
          <Check size={16} />
          {say('roll.here')}
        </span>
      }
    >
      <span class="chip ok">
        <CheckCheck size={16} />
        {say('status.saved')}
      </span>
    </Show>
  )
}

/** The same within a line of a list: what is saved is a sign only, what is not yet says so. */
export function SavedSign(props: SavedProps) {
  return (
    <Show
      when={props.durable}
      fallback={
        <span class="inline-flex items-center gap-0.5 font-semibold text-here">
          <Smartphone size={16} />
          <Check size={16} />
          {say('roll.here')}
        </span>
      }
    >
      <span class="text-ok">
        <CheckCheck size={16} />
        <span class="sr-only">{say('status.saved')}</span>
      </span>
    </Show>
  )
}
