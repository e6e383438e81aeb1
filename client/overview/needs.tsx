import CheckCheck from 'lucide-solid/icons/check-check'
import ChevronRight from 'lucide-solid/icons/chevron-right'
import { createMemo, createSignal, For, Show } from 'solid-js'
import type { Alarm } from '#contract/alarms.ts'
import type { CommitteeId } from '#contract/ids.ts'
import type { Present } from '#contract/presence.ts'
import { Avatar, lettersOf, type Person } from '../design/avatar.tsx'
import { Nothing } from '../design/nothing.tsx'
import { personName } from '../i18n/names.ts'
import { figure, numeral, say, text } from '../i18n/say.tsx'
import { hrefOf } from '../route.ts'
import { createMedia } from '../settings.ts'
import type { Book } from '../sync/events/book.ts'
import { alarmPlace, alarmSince, alarmWhat } from './alarm-words.tsx'
import { looks } from './looks.ts'
import type { Scope } from './scope.ts'
import './needs.css'

/** More than this nobody works off a list: the tiles show the rest. */
const shown_max = 40
/** On a phone the committees stand below the list. */
const first_max = 5
const faces_max = 5

/** People, not devices. */
function peopleOf(roster: readonly Present[]): readonly Person[] {
  const people = new Map(roster.map(({ user }) => [user.id, { id: user.id, name: personName(user), presence: 'present' } as const]))
  return [...people.values()]
}

/** What somebody has to look at, the most urgent first: what, where, since when, who is there, and the way to it. */
export function Needs(props: {
  readonly book: Book
  readonly scope: Scope
  readonly now_ms: number
  readonly onOpen: (id: CommitteeId) => void
}) {
  const alarms = createMemo(() => props.book.alarms().filter(({ committee }) => props.scope.has(committee)))
  const wide = createMedia('(min-width: 1024px)')
  const [all, setAll] = createSignal(false)
  const isShort = () => !wide() && !all() && alarms().length > first_max
  const shown = createMemo(() => alarms().slice(0, isShort() ? first_max : shown_max))
  return (
    <section class="card ov-needs" aria-labelledby="ov-needs">
      <header class="ov-head">
        <h2 id="ov-needs">{say('ov.needs')}</h2>
        <Show when={alarms().length > 0}>
          <span class="ov-count">{figure(alarms().length)}</span>
        </Show>
      </header>
      <div class="ov-needs-list" tabindex={alarms().length > 6 ? 0 : undefined}>
        <Show
          when={alarms().length > 0}
          fallback={<Nothing icon={<CheckCheck size={28} />} title={say('ov.nothing')} next={say('ov.nothing_next')} />}
        >
          <ul>
            <For each={shown()}>{(alarm) => <Need alarm={alarm} {...props} />}</For>
          </ul>
          <Show when={isShort()}>
            <button type="button" class="button soft small m-3.5" onClick={() => setAll(true)}>
              <span>{say('ov.show_all', { n: alarms().length })}</span>
            </button>
          </Show>
          <Show when={!isShort() && alarms().length > shown_max}>
            <p class="px-4 py-3 text-label text-text-2">{say('ov.more', { n: figure(alarms().length - shown_max) })}</p>
          </Show>
        </Show>
      </div>
      <AtWork book={props.book} scope={props.scope} />
    </section>
  )
}

function Need(props: { readonly alarm: Alarm; readonly book: Book; readonly now_ms: number; readonly onOpen: (id: CommitteeId) => void }) {
  const seat = props.book.seat(props.alarm.committee)
  if (seat === undefined) return null
  const { icon: Icon, tone } = looks[props.alarm.kind]
  const people = () => peopleOf(seat.roster())
  const letters = () => lettersOf(people())
  const place = () => alarmPlace(props.alarm)
  const isUrgent = props.alarm.kind === 'difference' || props.alarm.kind === 'nobody'
  const words = () => say(isUrgent ? `ov.go_${props.alarm.kind as 'difference' | 'nobody'}` : 'ov.go')
  const look = `button soft small grow`
  return (
    <li class="ov-need" data-alarm={props.alarm.kind}>
      <span class={`ov-need-icon ${tone}`}>
        <Icon size={24} />
      </span>
      <div class="min-w-0 grow">
        <h3>{say('ov.where', { code: numeral(seat.line().entry.code), what: alarmWhat(props.alarm, seat.line()) })}</h3>
        <p>{alarmSince(props.alarm, seat.line(), props.now_ms)}</p>
        <div class="mt-1.5 flex items-center gap-1.5">
          <Show when={people().length > 0}>
            <span class="ov-faces" role="img" aria-label={text('people.open', { n: people().length })}>
              <For each={people().slice(0, faces_max)}>{(person) => <Avatar person={person} letters={letters().get(person.id)} />}</For>
            </span>
          </Show>
          <Show
            when={place()}
            fallback={
              <button type="button" class={look} aria-haspopup="dialog" onClick={() => props.onOpen(props.alarm.committee)}>
                {words()}
              </button>
            }
          >
            {(there) => (
              <a class={look} href={hrefOf(there())}>
                {words()}
                <ChevronRight size={18} class="mirror" />
              </a>
            )}
          </Show>
        </div>
      </div>
    </li>
  )
}

/** Some of those at work, how many, and in how many committees. */
function AtWork(props: { readonly book: Book; readonly scope: Scope }) {
  const some = createMemo(() => {
    const found = new Map<number, Person>()
    for (const id of props.scope.ids()) {
      for (const person of peopleOf(props.book.seat(id)?.roster() ?? [])) found.set(person.id, person)
      if (found.size > faces_max) break
    }
    return [...found.values()].slice(0, faces_max)
  })
  const letters = () => lettersOf(some())
  const more = () => props.book.people() - some().length
  return (
    <footer class="ov-at-work">
      <Show when={some().length > 0}>
        <span class="ov-faces" aria-hidden="true">
          <For each={some()}>{(person) => <Avatar person={person} letters={letters().get(person.id)} />}</For>
          <Show when={props.scope.isAll() && more() > 0}>
            <span class="avatar more" data-letters={`+${figure(more())}`} />
          </Show>
        </span>
      </Show>
      <p>
        <Show when={props.scope.isAll()}>{say('ov.at_work', { n: props.book.people() })} </Show>
        {say('ov.at_work_in', { n: figure(props.scope.totals().working), of: figure(props.scope.totals().committees) })}
      </p>
    </footer>
  )
}
