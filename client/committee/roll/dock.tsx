import Hash from 'lucide-solid/icons/hash'
import Keyboard from 'lucide-solid/icons/keyboard'
import TriangleAlert from 'lucide-solid/icons/triangle-alert'
import { createSignal, Match, Switch } from 'solid-js'
import type { Elector } from '#contract/api.ts'
import { parseElectorSerial } from '#contract/ids.ts'
import { digitsTyped, inDigits } from '../../i18n/digits.ts'
import { shortName } from '../../i18n/names.ts'
import { numeral, say, text } from '../../i18n/say.tsx'
import { hrefOf } from '../../route.ts'
import { digits } from '../../settings.ts'
import { type CommitteeView, useCommittee } from '../context.ts'
import { attend } from './attend.ts'

/** Digits of the longest serial there can be. */
export const serial_digits_max = 6

/** The elector a typed number names; undefined where nobody has it. */
export function electorOf(view: CommitteeView, typed: string): Elector | undefined {
  const serial = parseElectorSerial(typed)
  return serial.ok ? view.roll().bySerial.get(serial.value) : undefined
}

/** A serial number and Enter, in thumb reach; who it is stands above the number before Enter is pressed. */
export function Dock() {
  const view = useCommittee()
  const [typed, setTyped] = createSignal('')
  const found = () => electorOf(view, typed())
  const submit = () => {
    const elector = found()
    if (elector === undefined) return
    attend(view, elector.serial)
    setTyped('')
  }
  return (
    <form
      class="dock"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <p class="dock-match" aria-live="polite">
        <Switch>
          <Match when={found()}>
            {(elector) => (
              <b>
                <bdi>{shortName(elector().name)}</bdi>
              </b>
            )}
          </Match>
          <Match when={typed() !== ''}>
            <span class="flex items-center gap-1.5 font-semibold text-alarm">
              <TriangleAlert size={16} />
              {say('roll.not_here', { code: numeral(view.committee.entry.code) })}
            </span>
          </Match>
        </Switch>
      </p>
      <div class="flex gap-2">
        <label class="field min-h-14! min-w-0 flex-1">
          <Hash size={20} class="flex-none text-text-2" />
          <input
            id="serial"
            inputmode="numeric"
            enterkeyhint="done"
            autocomplete="off"
            aria-label={text('roll.serial')}
            placeholder={text('roll.serial')}
            value={inDigits(typed(), digits())}
            onInput={(event) => {
              const kept = digitsTyped(event.currentTarget.value, serial_digits_max)
              setTyped(kept)
              event.currentTarget.value = inDigits(kept, digits())
            }}
          />
        </label>
        <a class="button primary big flex-none" href={hrefOf({ place: 'committee', id: view.committee.entry.id, tab: 'pad' })}>
          <Keyboard size={24} />
          {say('roll.number_pad')}
        </a>
      </div>
    </form>
  )
}
