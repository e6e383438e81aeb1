import ArrowLeft from 'lucide-solid/icons/arrow-left'
import { type JSX, Show } from 'solid-js'
import { PhaseIcon } from '../committees/phase-chip.tsx'
import { AvatarStack } from '../design/avatar.tsx'
import { text } from '../i18n/say.tsx'
import { hrefOf, type Route } from '../route.ts'
import { createMedia } from '../settings.ts'
import { AsideStrip } from './aside/strip.tsx'
import { ConflictBadge } from './conflicts/conflicts-sheet.tsx'
import { useCommittee } from './context.ts'
import { othersHere } from './people/people.tsx'
import { SavedIndicator } from './status/indicator.tsx'
import { TrayBanner } from './tray/tray.tsx'

/** A wide screen has room for more. */
const avatars_wide = 5

/** Back, where one is, who else is here, and, always in the same corner, where the work is saved. */
export function AppBar(props: {
  readonly back: Route
  readonly title: JSX.Element
  readonly subtitle?: JSX.Element
  readonly low?: boolean
  /** On a phone: as many as leave the title its room. */
  readonly avatars: number
  /** A way to the phase, for those who may change it, and to what waits for a decision, for those who decide. */
  readonly phase?: boolean
  readonly children?: JSX.Element
}) {
  const view = useCommittee()
  const wide = createMedia('(min-width: 1024px)')
  return (
    <>
      <header class="app-bar" classList={{ low: props.low === true }}>
        <a class="icon-button" href={hrefOf(props.back)} aria-label={text('back')}>
          <ArrowLeft size={24} class="mirror" />
        </a>
        <div class="min-w-0 grow">
          <h1 class="truncate-line text-title/[24px] font-bold">{props.title}</h1>
          <Show when={props.subtitle}>
            <p class="truncate-line text-[13px]/[18px] text-text-2">{props.subtitle}</p>
          </Show>
        </div>
        {props.children}
        <ConflictBadge />
        <Show when={props.phase === true && view.committee.rights().includes('phase')}>
          <button
            type="button"
            class="icon-button"
            aria-haspopup="dialog"
            aria-label={text('phases.open', { phase: text(`phase.${view.committee.phase()}`) })}
            onClick={view.openPhase}
          >
            <PhaseIcon phase={view.committee.phase()} />
          </button>
        </Show>
        <AvatarStack people={othersHere(view.committee)} most={wide() ? avatars_wide : props.avatars} onOpen={view.openPeople} />
        <SavedIndicator />
      </header>
      <TrayBanner />
      <Show when={props.phase === true}>
        <AsideStrip />
      </Show>
    </>
  )
}
