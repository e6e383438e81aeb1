import ClipboardList from 'lucide-solid/icons/clipboard-list'
import HandHelping from 'lucide-solid/icons/hand-helping'
import Lock from 'lucide-solid/icons/lock'
import Settings from 'lucide-solid/icons/settings'
import Vote from 'lucide-solid/icons/vote'
import { Dynamic } from 'solid-js/web'
import type { Phase } from '#contract/rights.ts'
import { say } from '../i18n/say.tsx'

const looks = {
  setup: { icon: Settings, class: 'line' },
  canvass: { icon: HandHelping, class: '' },
  polling: { icon: Vote, class: '' },
  counting: { icon: ClipboardList, class: 'ink' },
  closed: { icon: Lock, class: 'line' },
} as const satisfies Record<Phase, unknown>

/** For where there is no room for the word: who uses it says the phase. */
export function PhaseIcon(props: { readonly phase: Phase }) {
  return <Dynamic component={looks[props.phase].icon} size={22} class={props.phase === 'counting' ? 'mirror' : ''} />
}

export function PhaseChip(props: { readonly phase: Phase }) {
  return (
    <span class={`chip flex-none ${looks[props.phase].class}`}>
      <Dynamic component={looks[props.phase].icon} size={16} class={props.phase === 'counting' ? 'mirror' : ''} />
      {say(`phase.${props.phase}`)}
    </span>
  )
}
