import Check from 'lucide-solid/icons/check'
import ChevronRight from 'lucide-solid/icons/chevron-right'
import LayoutDashboard from 'lucide-solid/icons/layout-dashboard'
import Smartphone from 'lucide-solid/icons/smartphone'
import WifiOff from 'lucide-solid/icons/wifi-off'
import { createEffect, createSignal, For, onCleanup, Show } from 'solid-js'
import type { MeAnswer } from '#contract/api.ts'
import type { CommitteeId } from '#contract/ids.ts'
import { Avatar } from '../design/avatar.tsx'
import { Mark } from '../design/mark.tsx'
import { Nothing } from '../design/nothing.tsx'
import { electionName, personName } from '../i18n/names.ts'
import { say, text } from '../i18n/say.tsx'
import { hrefOf } from '../route.ts'
import { useSession } from '../session-context.ts'
import type { Session } from '../sync/session.ts'
import { UpdateOffer } from '../update/offer.tsx'
import { Account } from './account.tsx'
import './committees.css'
import { CommitteeCard } from './committee-card.tsx'
import { createLive } from './live.ts'
import { maySeeAll } from './may-see-all.ts'
import { StorageNotice } from './storage-notice.tsx'

export function Committees(props: { readonly me: MeAnswer }) {
  const session = useSession()
  const [account, setAccount] = createSignal(false)
  const offline = () => {
    const state = session.state()
    return state.phase === 'signed-in' && !state.online
  }
  lookWhileShown(session)
  const live = createLive(session, () => props.me.committees.map(({ id }) => id))
  const seatOf = (id: CommitteeId) => {
    const watch = live()
    return watch?.line() === 'live' && watch.book.ids().length > 0 ? watch.book.seat(id) : undefined
  }
  createEffect(() => {
    document.title = `${text('committees.title')} · ${text('app.name')}`
  })
  return (
    <div class="screen">
      <header class="banner" classList={{ 'pb-10!': session.unsent() > 0 }}>
        <div class="flex items-center gap-3">
          <Mark size={30} />
          <div class="min-w-0 grow">
            <h1 class="text-[22px]/[30px] font-bold">{say('committees.title')}</h1>
            <p class="truncate-line text-label text-on-banner-2">
              <bdi>{electionName(props.me.election)}</bdi>
            </p>
          </div>
          <button
            type="button"
            class="flex flex-none items-center gap-2 rounded-full"
            aria-label={`${text('account.title')}: ${personName(props.me.user)}`}
            aria-haspopup="dialog"
            onClick={() => setAccount(true)}
          >
            <span class="truncate-line hidden max-w-40 text-label sm:inline">
              <bdi>{personName(props.me.user)}</bdi>
            </span>
            <Avatar person={{ id: props.me.user.id, name: personName(props.me.user) }} large />
          </button>
        </div>
      </header>
      <Show when={session.unsent() > 0}>
        <p class="on-their-way" role="status">
          <span class="flex text-here">
            <Smartphone size={20} />
            <Check size={16} />
          </span>
          <b class="grow">{say('committees.on_their_way', { n: session.unsent() })}</b>
        </p>
      </Show>
      <main class="flex grow flex-col gap-2.5 overflow-y-auto px-3 py-3.5">
        <UpdateOffer />
        <Show when={session.storage() !== 'kept'}>
          <StorageNotice storage={session.storage()} unsent={session.unsent()} />
        </Show>
        <Show when={offline()}>
          <p class="flex items-center justify-center gap-1.5 text-label font-semibold text-here">
            <WifiOff size={18} />
            {say('committees.offline')}
          </p>
        </Show>
        <Show when={maySeeAll(props.me)}>
          <a class="card flex items-center gap-3.5 p-3.5" href={hrefOf({ place: 'overview' })}>
            <span class="text-ink">
              <LayoutDashboard size={24} />
            </span>
            <b class="grow">{say('ov.enter')}</b>
            <ChevronRight size={20} class="mirror text-text-2" />
          </a>
        </Show>
        <ul class="flex flex-col gap-2.5">
          <For
            each={props.me.committees}
            fallback={
              <li>
                <Nothing title={say('committees.empty')} next={say('committees.empty_next')} />
              </li>
            }
          >
            {(entry) => (
              <li>
                <CommitteeCard entry={entry} offline={offline()} seat={seatOf(entry.id)} />
              </li>
            )}
          </For>
        </ul>
        <p class="mt-auto pt-2 text-center text-meta text-text-3">{say('app.unofficial')}</p>
      </main>
      <Account open={account()} onClose={() => setAccount(false)} user={props.me.user} seesAll={maySeeAll(props.me)} />
    </div>
  )
}

const look_every_ms = 30_000

/** No document is open here, so nobody tells the list that a phase has changed: it asks, when it comes into sight and while it stays. */
function lookWhileShown(session: Session): void {
  const look = () => {
    if (document.visibilityState === 'visible') session.freshen()
  }
  const timer = setInterval(look, look_every_ms)
  document.addEventListener('visibilitychange', look)
  onCleanup(() => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', look)
  })
  look()
}
