import CheckCheck from 'lucide-solid/icons/check-check'
import CircleDashed from 'lucide-solid/icons/circle-dashed'
import TriangleAlert from 'lucide-solid/icons/triangle-alert'
import WifiOff from 'lucide-solid/icons/wifi-off'
import { createEffect, createSignal, For, Match, Show, Switch } from 'solid-js'
import type { MeAnswer } from '#contract/api.ts'
import type { CommitteeId } from '#contract/ids.ts'
import { Banner } from '../design/banner.tsx'
import { Nothing } from '../design/nothing.tsx'
import { electionName } from '../i18n/names.ts'
import { clock, moment, say, text } from '../i18n/say.tsx'
import { hrefOf } from '../route.ts'
import { useSession } from '../session-context.ts'
import { type Watch, watchEvents } from '../sync/events/watch.ts'
import { CommitteeSheet } from './committee-sheet.tsx'
import { Needs } from './needs.tsx'
import './overview.css'
import { createScope, type Scope } from './scope.ts'
import { Tiles } from './tiles.tsx'
import { Turnout } from './turnout.tsx'
import { Votes } from './votes.tsx'

/** All committees one answers for, as they are now: what needs somebody, how far each is, how many came, and the votes. */
export default function OverviewPage(props: { readonly me: MeAnswer }) {
  const watch = watchEvents(useSession(), { withCurve: true })
  const { book } = watch
  const scope = createScope(book, () => props.me)
  const [opened, setOpened] = createSignal<CommitteeId>()
  createEffect(() => {
    document.title = `${text('ov.title')} · ${text('app.name')}`
  })
  return (
    <div class="screen screen-full">
      <Banner
        back={hrefOf({ place: 'committees' })}
        title={
          <Show when={scope.election()} fallback={say('ov.title')}>
            {(election) => <bdi>{electionName(election())}</bdi>}
          </Show>
        }
        subtitle={
          <>
            {say('ov.title')} · {say('app.unofficial')}
          </>
        }
      >
        <Line watch={watch} />
      </Banner>
      <Choices scope={scope} />
      <main class="ov-page">
        <Show
          when={book.ids().length > 0}
          fallback={<Nothing title={say(watch.line() === 'lost' ? 'ov.no_server' : watch.line() === 'asking' ? 'ov.asking' : 'ov.none')} />}
        >
          <Needs book={book} scope={scope} now_ms={watch.now_ms()} onOpen={setOpened} />
          <Tiles book={book} scope={scope} opened={opened()} onOpen={setOpened} />
          <Turnout totals={scope.totals()} curve={watch.curve()} isAll={scope.isAll()} now_ms={watch.now_ms()} />
          <Votes scope={scope} />
        </Show>
      </main>
      <CommitteeSheet
        book={book}
        id={opened()}
        elections={props.me.elections}
        now_ms={watch.now_ms()}
        onClose={() => setOpened(undefined)}
      />
    </div>
  )
}

/** Whether this is of now, and if not, of when. The clock is the server's, and stands while it is not heard. */
function Line(props: { readonly watch: Watch }) {
  return (
    <div class="ov-line">
      <p role="status">
        <Switch>
          <Match when={props.watch.line() === 'live'}>
            <CheckCheck size={18} />
            {say('ov.live')}
          </Match>
          <Match when={props.watch.line() === 'behind'}>
            <TriangleAlert size={18} />
            {say('ov.behind')}
          </Match>
          <Match when={props.watch.line() === 'lost'}>
            <WifiOff size={18} />
            {say('ov.as_of', { when: moment(props.watch.heard_ms()) })}
          </Match>
          <Match when={props.watch.line() === 'asking'}>
            <CircleDashed size={18} />
            {say('ov.asking')}
          </Match>
        </Switch>
      </p>
      <b>{clock(props.watch.now_ms())}</b>
    </div>
  )
}

/** Only where there is something to choose. */
function Choices(props: { readonly scope: Scope }) {
  const { scope } = props
  return (
    <Show when={scope.elections().length > 1 || scope.constituencies().length > 0}>
      <div class="ov-choices">
        <Show when={scope.elections().length > 1}>
          <label class="field">
            <span class="sr-only">{say('import.election')}</span>
            <select onChange={(event) => scope.chooseElection(event.currentTarget.value)}>
              <For each={scope.elections()}>
                {(one) => (
                  <option value={one.id} selected={one.id === scope.election()?.id}>
                    {electionName(one)}
                  </option>
                )}
              </For>
            </select>
          </label>
        </Show>
        <Show when={scope.constituencies().length > 0}>
          <label class="field">
            <span class="sr-only">{say('ov.constituency')}</span>
            <select onChange={({ currentTarget: { value } }) => scope.chooseConstituency(value === '' ? undefined : value)}>
              <option value="">{text('ov.every_constituency')}</option>
              <For each={scope.constituencies()}>{(name) => <option value={name}>{name}</option>}</For>
            </select>
          </label>
        </Show>
      </div>
    </Show>
  )
}
