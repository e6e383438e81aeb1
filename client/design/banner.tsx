import ArrowLeft from 'lucide-solid/icons/arrow-left'
import { type JSX, Show } from 'solid-js'
import { text } from '../i18n/say.tsx'

/** The head of a page that is not a committee's: the way back, what it is, and what belongs to all of it at the end. */
export function Banner(props: {
  readonly back: string
  readonly title: JSX.Element
  readonly subtitle?: JSX.Element
  readonly children?: JSX.Element
}) {
  return (
    <header class="banner flex items-center gap-3">
      <a class="icon-button" href={props.back} aria-label={text('back')}>
        <ArrowLeft size={24} class="mirror" />
      </a>
      <div class="min-w-0 grow">
        <h1 class="truncate-line text-[22px]/[30px] font-bold">{props.title}</h1>
        <Show when={props.subtitle}>
          <p class="truncate-line text-label text-on-banner-2">{props.subtitle}</p>
        </Show>
      </div>
      {props.children}
    </header>
  )
}
