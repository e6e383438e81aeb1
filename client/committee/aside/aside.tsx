import Inbox from 'lucide-solid/icons/inbox'
import WifiOff from 'lucide-solid/icons/wifi-off'
import { createMemo, createSignal, For, type JSX, Match, onCleanup, Show, Switch } from 'solid-js'
import type { AsideEntry } from '#contract/api.ts'
import { Nothing } from '../../design/nothing.tsx'
import { ToastRegion } from '../../design/toast.tsx'
import { numeral, say, text } from '../../i18n/say.tsx'
import { AppBar } from '../app-bar.tsx'
import { useCommittee } from '../context.ts'
import { Tabs } from '../tabs.tsx'
import { DecideSheet, type Decision } from './decide-sheet.tsx'
import { EntryCard } from './entry-card.tsx'
import './aside.css'

/** A phone that comes back sends its edits one by one: who looks sees what they grow to. */
const ask_every_ms = 10_000

type Asked = { readonly id: string; readonly decision: Decision }

/** What was refused or came late, for who decides on it: what waits first, below it, or beside it, what was decided. */
export function AsideScreen(props: { readonly wide: boolean }) {
  const view = useCommittee()
  const { committee } = view
  const { aside } = committee
  view.toaster.dismiss()
  const [asked, setAsked] = createSignal<Asked>()
  void aside.refresh()
  const timer = setInterval(() => {
    if (document.visibilityState === 'visible') void aside.refresh()
  }, ask_every_ms)
  onCleanup(() => clearInterval(timer))
  const all = () => aside.entries() ?? []
  const waiting = createMemo(() => all().filter(({ decided }) => decided === undefined))
  const decided = createMemo(() => all().filter((entry) => entry.decided !== undefined))
  const decide = (id: string) => (decision: Decision) => setAsked({ id, decision })
  const history = () => (
    <Cards title={say('aside.decided')} entries={decided()} decide={decide} none={<p class="text-text-2">{say('aside.none_decided')}</p>} />
  )
  return (
    <div class="screen screen-wide">
      <AppBar
        back={{ place: 'committee', id: committee.entry.id, tab: 'roll' }}
        title={say('aside.title')}
        subtitle={say('committee.title', { code: numeral(committee.entry.code) })}
        avatars={2}
      />
      <main class="panes">
        <section class="pane">
          <div class="aside-page">
            <p class="text-label text-text-2">{say('aside.about')}</p>
            <Standing />
            <Show when={aside.entries() !== undefined}>
              <Cards title={say('aside.undecided')} entries={waiting()} decide={decide} none={<NoneWaiting />} />
              <Show when={!props.wide && decided().length > 0}>{history()}</Show>
            </Show>
          </div>
        </section>
        <Show when={props.wide && aside.entries() !== undefined}>
          <section class="pane side">
            {/* There may be nothing in it to go to, and keys scroll it all the same. */}
            <section class="aside-page" tabindex="0" aria-label={text('aside.decided')}>
              {history()}
            </section>
          </section>
        </Show>
      </main>
      <ToastRegion toaster={view.toaster} />
      <Tabs current="aside" />
      <Show when={asked()}>
        {(asking) => (
          <Show when={all().find(({ id }) => id === asking().id)}>
            {(entry) => <DecideSheet entry={entry()} decision={asking().decision} onClose={() => setAsked(undefined)} />}
          </Show>
        )}
      </Show>
    </div>
  )
}

/** Whether what is shown is what the server says now. */
function Standing() {
  const { committee } = useCommittee()
  const { aside } = committee
  const isOffline = () => aside.failed() === 'offline' || committee.status().link === 'offline'
  return (
    <div role="status" class="empty:-mt-3.5">
      <Switch>
        <Match when={aside.entries() === undefined && aside.failed() === undefined && !isOffline()}>
          <p class="text-label text-text-2">{say('aside.loading')}</p>
        </Match>
        <Match when={aside.entries() === undefined}>
          <Nothing
            icon={<WifiOff size={32} />}
            title={say(isOffline() ? 'aside.offline_never' : 'aside.not_read')}
            next={say('aside.offline_never_next')}
            code={isOffline() ? undefined : aside.failed()}
          >
            <button type="button" class="button secondary small mt-2" onClick={() => void aside.refresh()}>
              {say('committee.retry')}
            </button>
          </Nothing>
        </Match>
        <Match when={isOffline() || aside.failed() !== undefined}>
          <p class="flex items-start gap-2 text-label font-semibold text-warn">
            <WifiOff size={18} class="mt-0.5 flex-none" />
            <span>{say(isOffline() ? 'aside.offline' : 'aside.not_read')}</span>
          </p>
        </Match>
      </Switch>
    </div>
  )
}

const NoneWaiting = () => <Nothing icon={<Inbox size={32} />} title={say('aside.none_waiting')} next={say('aside.none_waiting_next')} />

type CardsProps = {
  readonly title: JSX.Element
  readonly entries: readonly AsideEntry[]
  readonly decide: (id: string) => (decision: Decision) => void
  readonly none: JSX.Element
}

function Cards(props: CardsProps) {
  const ids = createMemo(() => props.entries.map(({ id }) => id), undefined, { equals: (a, b) => a.join() === b.join() })
  return (
    <div class="flex flex-col gap-2.5">
      <h2 class="text-title font-bold">{props.title}</h2>
      {/* By id: an entry that has grown keeps its card, and what was opened in it. */}
      <For each={ids()} fallback={props.none}>
        {(id) => (
          <Show when={props.entries.find((entry) => entry.id === id)}>
            {(entry) => <EntryCard entry={entry()} onDecide={props.decide(id)} />}
          </Show>
        )}
      </For>
    </div>
  )
}
