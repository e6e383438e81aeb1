import ChevronRight from 'lucide-solid/icons/chevron-right'
import { createMemo, For, type JSX, Show } from 'solid-js'
import { ballotsExpected, sheetToGoBy, voted } from '#contract/alarms.ts'
import type { Election } from '#contract/api.ts'
import type { CommitteeId } from '#contract/ids.ts'
import type { Present } from '#contract/presence.ts'
import { CheckCard } from '../committee/figures/check-card.tsx'
import { PhaseChip } from '../committees/phase-chip.tsx'
import { Avatar, lettersOf } from '../design/avatar.tsx'
import { Sheet } from '../design/sheet.tsx'
import { candidateName, committeeName, personName, siteName } from '../i18n/names.ts'
import { figure, moment, numeral, say, text } from '../i18n/say.tsx'
import { hrefOf, type Tab } from '../route.ts'
import type { Book, Seat } from '../sync/events/book.ts'
import { alarmPlace, alarmSince, alarmWhat } from './alarm-words.tsx'
import { failedChecks, paperOf } from './committee-facts.ts'
import { looks } from './looks.ts'

/** All there is to say of one committee without going there. */
export function CommitteeSheet(props: {
  readonly book: Book
  readonly id: CommitteeId | undefined
  readonly elections: readonly Election[]
  readonly now_ms: number
  readonly onClose: () => void
}) {
  // One that is gone from the picture closes its sheet.
  const seat = createMemo(() => (props.id !== undefined && props.book.ids().includes(props.id) ? props.book.seat(props.id) : undefined))
  const entry = () => seat()?.line().entry
  return (
    <Sheet
      open={seat() !== undefined}
      onClose={() => props.onClose()}
      title={<Show when={entry()}>{(one) => say('committees.of', { code: numeral(one().code), place: siteName(one()) })}</Show>}
      subtitle={
        <Show when={seat()}>
          {(one) => (
            <p class="mt-1 flex flex-wrap items-center gap-2 text-label text-text-2">
              <PhaseChip phase={one().line().entry.phase} />
              <bdi>{committeeName(one().line().entry)}</bdi>
            </p>
          )}
        </Show>
      }
      toRead
    >
      <Show when={seat()} keyed>
        {(one) => <Body seat={one} election={props.elections.find(({ id }) => id === one.line().entry.election)} now_ms={props.now_ms} />}
      </Show>
    </Sheet>
  )
}

function Body(props: { readonly seat: Seat; readonly election: Election | undefined; readonly now_ms: number }) {
  const line = () => props.seat.line()
  const summary = () => line().summary
  const failed = createMemo(() => (props.election === undefined ? [] : failedChecks(props.election, line())))
  return (
    <div class="flex flex-col gap-4 pb-2">
      <p class="text-label text-text-2">
        <Show when={summary()?.last_ms} fallback={say('ov.never')}>
          {(at_ms) => say('ov.last', { when: moment(at_ms()) })}
        </Show>
      </p>
      <Show when={props.seat.judged().alarms.length > 0}>
        <ul class="flex flex-col gap-2">
          <For each={props.seat.judged().alarms}>
            {(alarm) => {
              const { icon: Icon, tone } = looks[alarm.kind]
              const place = () => alarmPlace(alarm)
              return (
                <li class="flex items-center gap-3">
                  <span class={`ov-need-icon ${tone}`}>
                    <Icon size={24} />
                  </span>
                  <span class="min-w-0 grow">
                    <b class="block">{alarmWhat(alarm, line())}</b>
                    <span class="text-label text-text-2">{alarmSince(alarm, line(), props.now_ms)}</span>
                  </span>
                  <Show when={place()}>
                    {(there) => (
                      <a class="button soft small" href={hrefOf(there())}>
                        {say('ov.go')}
                      </a>
                    )}
                  </Show>
                </li>
              )
            }}
          </For>
        </ul>
      </Show>
      <Figures seat={props.seat} />
      <Roster roster={props.seat.roster()} />
      <Show when={failed().length > 0}>
        <section class="flex flex-col gap-2" aria-label={text('ov.checks')}>
          <h3 class="label">{say('ov.checks')}</h3>
          <For each={failed()}>
            {(check) => <Show when={props.election}>{(election) => <CheckCard check={check} election={election()} />}</Show>}
          </For>
        </section>
      </Show>
      <Show when={props.election}>{(election) => <VotesOf election={election()} seat={props.seat} />}</Show>
      <nav class="grid grid-cols-3 gap-2" aria-label={text('ov.open')}>
        <For each={['roll', 'count', 'figures'] as const satisfies readonly Tab[]}>
          {(tab) => (
            <a class="button soft small" href={hrefOf({ place: 'committee', id: props.seat.id, tab })}>
              {say(`committee.${tab}`)}
              <ChevronRight size={16} class="mirror" />
            </a>
          )}
        </For>
      </nav>
    </div>
  )
}

function Figures(props: { readonly seat: Seat }) {
  const line = () => props.seat.line()
  const summary = () => line().summary
  const part = (name: JSX.Element, value: JSX.Element) => (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
  return (
    <dl class="ov-parts">
      {part(say('ov.attended'), <Out n={voted(summary())} of={line().entry.electors} />)}
      {part(say('ov.strike'), figure(summary()?.strike ?? 0))}
      {part(say('ov.ballots'), <Out n={sheetToGoBy(summary())?.ballots ?? 0} of={ballotsExpected(summary())} />)}
      {part(say('ov.conflicts'), figure(summary()?.conflicts ?? 0))}
      {part(say('ov.unsent'), figure(line().unsent))}
      <Show when={line().aside !== undefined}>{part(say('ov.aside'), figure(line().aside ?? 0))}</Show>
    </dl>
  )
}

const Out = (props: { readonly n: number; readonly of: number }) => (
  <>
    {figure(props.n)} <small>{say('ov.of', { of: figure(props.of) })}</small>
  </>
)

/** Who is there, each device by itself: where they are, which sheet, which ballot, what they have not sent. */
function Roster(props: { readonly roster: readonly Present[] }) {
  const people = createMemo(() => props.roster.map(({ user }) => ({ id: user.id, name: personName(user), presence: 'present' as const })))
  const letters = createMemo(() => lettersOf([...new Map(people().map((person) => [person.id, person])).values()]))
  return (
    <section aria-label={text('ov.people')}>
      <h3 class="label">{say('ov.people')}</h3>
      <ul class="flex flex-col">
        <For each={props.roster} fallback={<li class="py-2 text-text-2">{say('ov.nobody_here')}</li>}>
          {(one) => (
            <li class="flex min-h-14 items-center gap-3 border-b border-line py-1.5 last:border-0">
              <Avatar person={{ id: one.user.id, name: personName(one.user), presence: 'present' }} letters={letters().get(one.user.id)} />
              <span class="min-w-0 grow">
                <b class="truncate-line block">
                  <bdi>{personName(one.user)}</bdi>
                </b>
                <span class="text-meta text-text-2">
                  {say(`role.${one.user.role}`)}
                  <Show when={one.view}>{(view) => <> · {say(`committee.${view()}`)}</>}</Show>
                  <Show when={one.sheet}>{(sheet) => <> · {say('count.sheet', { sheet: text(`count.letter_${sheet()}`) })}</>}</Show>
                  <Show when={one.ballot}>{(ballot) => <> · {say('ov.ballot', { n: numeral(ballot()) })}</>}</Show>
                </span>
              </span>
              <Show when={(one.unsent ?? 0) > 0}>
                <span class="chip here">{say('phases.unsent', { n: one.unsent ?? 0 })}</span>
              </Show>
            </li>
          )}
        </For>
      </ul>
    </section>
  )
}

function VotesOf(props: { readonly election: Election; readonly seat: Seat }) {
  const sheet = () => sheetToGoBy(props.seat.line().summary)
  const rows = createMemo(() => {
    const votes = sheet()?.votes ?? {}
    return paperOf(props.election, props.seat.line())
      .map((candidate) => ({ candidate, n: votes[candidate.number] ?? 0 }))
      .sort((one, other) => other.n - one.n || one.candidate.number - other.candidate.number)
  })
  return (
    <Show when={sheet()}>
      <section aria-label={text('ov.votes')}>
        <h3 class="label mb-1">{say('ov.votes')}</h3>
        <ul class="ov-votes-of">
          <For each={rows()}>
            {({ candidate, n }) => (
              <li>
                <b>{numeral(candidate.number)}</b>
                <bdi class="truncate-line grow">{candidateName(candidate)}</bdi>
                <b>{figure(n)}</b>
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  )
}
