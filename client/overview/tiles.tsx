import { createMemo, createSelector, For, Show, untrack } from 'solid-js'
import { progressOf } from '#contract/alarms.ts'
import type { CommitteeId } from '#contract/ids.ts'
import { siteName } from '../i18n/names.ts'
import { figure, numeral, say, text } from '../i18n/say.tsx'
import { digits, language } from '../settings.ts'
import type { Book, Seat } from '../sync/events/book.ts'
import { stages, type Totals } from '../sync/events/totals.ts'
import { looks, People } from './looks.ts'
import type { Scope } from './scope.ts'
import './tiles.css'

/** Committees by site, each a tile: number, sign and word of its state, people at work, how far it is. */
export function Tiles(props: {
  readonly book: Book
  readonly scope: Scope
  readonly opened: CommitteeId | undefined
  readonly onOpen: (id: CommitteeId) => void
}) {
  const isOpened = createSelector(() => props.opened)
  const sites = createMemo(() => {
    const ids = props.scope.ids()
    language()
    digits() // a site's name may have some
    return untrack(() => sitesOf(props.book, ids))
  })
  return (
    <section class="card ov-committees" aria-labelledby="ov-committees">
      <header class="ov-head">
        <h2 id="ov-committees">{say('ov.committees')}</h2>
        <p>
          <Stages totals={props.scope.totals()} />
        </p>
      </header>
      <div class="ov-sites" tabindex={sites().length > 6 ? 0 : undefined}>
        <For each={sites()}>
          {(site) => (
            <section class="ov-site" aria-label={site.name}>
              <h3>
                <bdi>{site.name}</bdi>
              </h3>
              <div class="ov-tiles">
                <For each={site.seats}>
                  {(seat) => <Tile seat={seat} isOpened={isOpened(seat.id)} onOpen={() => props.onOpen(seat.id)} />}
                </For>
              </div>
            </section>
          )}
        </For>
      </div>
    </section>
  )
}

/** How many are where, in the day's order. */
function Stages(props: { readonly totals: Totals }) {
  const there = () => stages.filter((stage) => props.totals.stages[stage] > 0)
  return (
    <For each={there()}>
      {(stage, at) => (
        <>
          {at() > 0 ? ' · ' : ''}
          {say('ov.of_stage', { n: figure(props.totals.stages[stage]), stage: text(`ov.state_${stage}`) })}
        </>
      )}
    </For>
  )
}

function Tile(props: { readonly seat: Seat; readonly isOpened: boolean; readonly onOpen: () => void }) {
  const { line, judged } = props.seat
  const look = () => looks[judged().state]
  const code = () => numeral(line().entry.code)
  const people = createMemo(() => line().people)
  // In steps finer than a pixel: one more mark of a thousand does not make the browser lay the bar out again.
  const percent = createMemo(() => Math.round(progressOf(line()) * 200) / 2)
  return (
    <button
      type="button"
      class={`ov-tile ${look().tone}`}
      classList={{ long: line().entry.code.length > 4 }}
      aria-haspopup="dialog"
      aria-expanded={props.isOpened}
      data-committee={props.seat.id}
      onClick={() => props.onOpen()}
    >
      <span class="sr-only">
        {text('ov.tile', { code: code(), state: text(`ov.state_${judged().state}`) })} · {text('people.open', { n: people() })}
      </span>
      <span class="ov-tile-top" aria-hidden="true">
        <b>{code()}</b>
        <span>
          <People size={16} />
          {figure(people())}
        </span>
      </span>
      <span class="ov-tile-state" aria-hidden="true">
        <Show when={look()} keyed>
          {({ icon: Icon }) => (
            <span classList={{ mirror: judged().state === 'counting' }}>
              <Icon size={16} />
            </span>
          )}
        </Show>
        <span class="truncate-line">{say(`ov.state_${judged().state}`)}</span>
      </span>
      <span class="ov-tile-progress" aria-hidden="true">
        <i style={{ width: `${percent()}%` }} />
      </span>
    </button>
  )
}

type Site = { readonly name: string; readonly seats: readonly Seat[] }

/** In the order of their first committee, by its number. */
function sitesOf(book: Book, ids: readonly CommitteeId[]): readonly Site[] {
  const seats = ids.map((id) => book.seat(id)).filter((seat) => seat !== undefined)
  const numbers = new Map(seats.map((seat) => [seat.id, seat.line().entry.code]))
  const order = new Intl.Collator('en', { numeric: true })
  seats.sort((one, other) => order.compare(numbers.get(one.id) ?? '', numbers.get(other.id) ?? ''))
  const sites = Map.groupBy(seats, (seat) => siteName(seat.line().entry))
  return [...sites].map(([name, there]) => ({ name, seats: there }))
}
