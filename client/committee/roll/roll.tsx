import ListFilter from 'lucide-solid/icons/list-filter'
import Search from 'lucide-solid/icons/search'
import TriangleAlert from 'lucide-solid/icons/triangle-alert'
import UserRoundCheck from 'lucide-solid/icons/user-round-check'
import UserRoundPlus from 'lucide-solid/icons/user-round-plus'
import WifiOff from 'lucide-solid/icons/wifi-off'
import X from 'lucide-solid/icons/x'
import { createMemo, createSignal, For, type JSX, Match, Show, Switch } from 'solid-js'
import { unwrap } from 'solid-js/store'
import { Choice } from '../../design/choice.tsx'
import { Nothing } from '../../design/nothing.tsx'
import { Progress } from '../../design/progress.tsx'
import { ToastRegion } from '../../design/toast.tsx'
import { committeeName, siteName } from '../../i18n/names.ts'
import { figure, numeral, say, text } from '../../i18n/say.tsx'
import { AppBar } from '../app-bar.tsx'
import { type CommitteeView, useCommittee } from '../context.ts'
import { Tabs } from '../tabs.tsx'
import { Dock } from './dock.tsx'
import { filterRoll, type RollFilter, rollFilters } from './lists.ts'
import { NumberPad } from './number-pad.tsx'
import './roll.css'
import { RollList } from './roll-list.tsx'
import { ElectorRow } from './row.tsx'
import { searchRoll } from './search.ts'
import { createSteady } from './steady.ts'

export function RollScreen(props: { readonly wide: boolean }) {
  const view = useCommittee()
  const { entry } = view.committee
  const mayMark = () => view.committee.rights().includes('attendance')
  return (
    <div class="screen screen-wide">
      <AppBar
        back={{ place: 'committees' }}
        title={say('committee.title', { code: numeral(entry.code) })}
        subtitle={say('place', { site: siteName(entry), name: committeeName(entry) })}
        avatars={3}
        phase
      />
      <main class="panes">
        <section class="pane">
          <Score />
          <Roll />
          <ToastRegion toaster={view.toaster} />
          <Show when={mayMark() && !props.wide}>
            <Dock />
          </Show>
        </section>
        <Show when={mayMark() && props.wide}>
          <aside class="pane side">
            <NumberPad />
          </aside>
        </Show>
      </main>
      <Tabs current="roll" />
    </div>
  )
}

function Score() {
  const { committee } = useCommittee()
  // Before the document is read, and where it never came, zero would be a lie.
  const known = (n: number) => (committee.loaded() && committee.roll().state !== 'failed' ? figure(n) : '…')
  return (
    <section class="score">
      <p>
        <b>{known(committee.counts.attended)}</b> <span>{say('roll.attended_of', { of: committee.counts.registered })}</span>
      </p>
      <p class="justify-end">
        <b>{known(committee.counts.strike)}</b> <span>{say('roll.strike')}</span>
      </p>
      <Progress n={committee.counts.attended} of={committee.counts.registered} class="col-span-2 h-1.5!" />
      <WalkinScore />
    </section>
  )
}

/** Those who are not on the roll are counted apart, and only when accepted. */
function WalkinScore() {
  const { committee, openWalkins } = useCommittee()
  const counts = committee.walkinCounts
  return (
    <Show when={committee.walkins().length > 0}>
      <button type="button" class="walkin-score" aria-haspopup="dialog" onClick={() => openWalkins()}>
        <UserRoundPlus size={18} class="flex-none" />
        <Show when={counts().accepted > 0}>
          <span>{say('roll.walkins_accepted', { n: counts().accepted })}</span>
        </Show>
        <Show when={counts().waiting > 0}>
          <span>{say('roll.walkins_waiting', { n: counts().waiting })}</span>
        </Show>
        <Show when={counts().accepted + counts().waiting === 0}>
          <span>{say('walkin.title')}</span>
        </Show>
      </button>
    </Show>
  )
}

/** What of the roll is shown: found by what is typed, and of those the ones that pass the filter. */
function createFound(view: CommitteeView, query: () => string, filter: () => RollFilter) {
  const { committee } = view
  const live = createMemo(() => {
    const found = searchRoll(view.roll(), query())
    if (filter() === 'all') return found
    committee.revision() // says when to look again; reading every row would wake this for each of them
    return filterRoll(found, filter(), { attendance: unwrap(committee.attendance), guarantees: unwrap(committee.guarantees) })
  })
  return createSteady(live, () => `${filter()} ${query()}`)
}

function Roll() {
  const view = useCommittee()
  const [query, setQuery] = createSignal('')
  const [filter, setFilter] = createSignal<RollFilter>('all')
  const [filtering, setFiltering] = createSignal(false)
  const { shown: found, touch } = createFound(view, query, filter)
  const state = view.committee.roll
  const loading = () => {
    const now = state()
    return now.state === 'loading' ? now : undefined
  }
  const failed = () => {
    const now = state()
    return now.state === 'failed' ? now : undefined
  }
  return (
    <>
      <div class="flex flex-none flex-wrap gap-2 px-3 pt-2.5 pb-2">
        <label class="field min-h-12! min-w-0 flex-1">
          <Search size={20} class="flex-none text-text-2" />
          <input
            id="search"
            type="search"
            enterkeyhint="search"
            autocomplete="off"
            spellcheck={false}
            aria-label={text('roll.search')}
            placeholder={text('roll.search')}
            maxLength={80}
            value={query()}
            onInput={(event) => setQuery(event.currentTarget.value)}
          />
          <Show when={query() !== ''}>
            <button type="button" class="icon-button -me-3.5" aria-label={text('roll.search_clear')} onClick={() => setQuery('')}>
              <X size={20} />
            </button>
          </Show>
        </label>
        <button
          type="button"
          class="filter-button"
          aria-label={text('roll.filter')}
          aria-expanded={filtering()}
          aria-pressed={filter() !== 'all'}
          onClick={() => setFiltering(!filtering())}
        >
          <ListFilter size={24} />
        </button>
        <Show when={filtering() || filter() !== 'all'}>
          <div class="filters">
            <Choice<RollFilter> label={text('roll.filter')} options={rollFilters} chosen={filter()} onChoose={setFilter}>
              {(one) => say(`roll.filter_${one}`)}
            </Choice>
          </div>
        </Show>
        <p role="status" class="sr-only">
          <Show when={query() !== '' || filter() !== 'all'}>{say('roll.found', { n: found().length })}</Show>
        </p>
      </div>
      <Switch>
        <Match when={loading()}>{(now) => <RollLoading>{say('roll.loading', { have: now().have, of: now().of })}</RollLoading>}</Match>
        <Match when={!view.committee.loaded()}>
          <RollLoading>{say('committee.loading')}</RollLoading>
        </Match>
        <Match when={failed()?.code === 'offline'}>
          <div class="roll-ground">
            <Nothing
              icon={<WifiOff size={32} class="text-here" />}
              title={say('committee.not_here')}
              next={say('committee.not_here_next')}
            />
          </div>
        </Match>
        <Match when={failed()}>
          {(now) => (
            <div class="roll-ground">
              <Nothing
                icon={<TriangleAlert size={32} class="text-warn" />}
                title={say('committee.failed')}
                next={say('committee.failed_safe')}
                code={now().code}
              >
                <button type="button" class="button soft small mt-2" onClick={() => view.committee.reconnect()}>
                  {say('committee.retry')}
                </button>
              </Nothing>
            </div>
          )}
        </Match>
        <Match when={view.roll().electors.length === 0}>
          <div class="roll-ground">
            <Nothing icon={<UserRoundCheck size={32} />} title={say('roll.empty')} next={say('roll.empty_next')} />
          </div>
        </Match>
        <Match when={found().length === 0 && query() === ''}>
          <div class="roll-ground">
            <Nothing icon={<ListFilter size={32} />} title={say('roll.filter_none')} next={say('roll.filter_none_next')} />
          </div>
        </Match>
        <Match when={found().length === 0}>
          <div class="roll-ground">
            <Nothing icon={<Search size={32} />} title={say('roll.found', { n: 0 })} next={say('roll.nobody_next')} />
          </div>
        </Match>
        <Match when={true}>
          <RollList label={text('roll.list')} electors={found()} asked={`${filter()} ${query()}`} onTouch={touch}>
            {(elector) => <ElectorRow elector={elector()} />}
          </RollList>
        </Match>
      </Switch>
    </>
  )
}

function RollLoading(props: { readonly children: JSX.Element }) {
  return (
    <div class="roll-ground bones" aria-busy="true">
      <For each={Array.from({ length: 8 })}>
        {() => (
          <div class="elector-row px-4">
            <span class="bone h-6 w-11" />
            <span class="flex grow flex-col gap-2">
              <span class="bone h-5 w-4/5" />
              <span class="bone h-4 w-2/5" />
            </span>
            <span class="bone size-13 rounded-card" />
          </div>
        )}
      </For>
      <p class="sticky bottom-3 mx-auto w-fit rounded-full bg-raised px-4 py-1.5 text-label font-semibold shadow-float">{props.children}</p>
    </div>
  )
}
