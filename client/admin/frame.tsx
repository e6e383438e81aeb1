import FileUp from 'lucide-solid/icons/file-up'
import ScrollText from 'lucide-solid/icons/scroll-text'
import UserCog from 'lucide-solid/icons/user-cog'
import { createEffect, For, type JSX } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import { Banner } from '../design/banner.tsx'
import { say, text } from '../i18n/say.tsx'
import { hrefOf } from '../route.ts'
import './frame.css'

type Place = 'admin' | 'import' | 'audit'

const places = {
  admin: { icon: UserCog, title: 'adm.title' },
  import: { icon: FileUp, title: 'import.title' },
  audit: { icon: ScrollText, title: 'audit.title' },
} as const satisfies Record<Place, unknown>
const order = ['admin', 'import', 'audit'] as const

/** What the administrators' pages have in common: the banner, and the way from one to the other. */
export function AdminFrame(props: {
  readonly place: Place
  readonly title: JSX.Element
  readonly about: JSX.Element
  readonly actions?: JSX.Element
  /** The whole width of the screen. */
  readonly full?: boolean
  readonly children: JSX.Element
}) {
  createEffect(() => {
    document.title = `${text(places[props.place].title)} · ${text('app.name')}`
  })
  return (
    <div class={`screen ${props.full === true ? 'screen-full' : 'screen-wide'}`}>
      <Banner back={hrefOf({ place: 'committees' })} title={props.title} subtitle={props.about}>
        {props.actions}
      </Banner>
      <nav class="admin-nav" aria-label={text('adm.pages')}>
        <For each={order}>
          {(place) => (
            <a href={hrefOf({ place })} aria-current={place === props.place ? 'page' : undefined}>
              <Dynamic component={places[place].icon} size={18} />
              {say(places[place].title)}
            </a>
          )}
        </For>
      </nav>
      {props.children}
    </div>
  )
}
