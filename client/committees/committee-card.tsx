import Check from 'lucide-solid/icons/check'
import Inbox from 'lucide-solid/icons/inbox'
import Smartphone from 'lucide-solid/icons/smartphone'
import { createMemo, For, lazy, Match, Show, Suspense, Switch } from 'solid-js'
import type { CommitteeEntry } from '#contract/api.ts'
import { Avatar, lettersOf } from '../design/avatar.tsx'
import { Progress } from '../design/progress.tsx'
import { committeeName, personName, siteName } from '../i18n/names.ts'
import { moment, numeral, say, text } from '../i18n/say.tsx'
import { hrefOf } from '../route.ts'
import { useSession } from '../session-context.ts'
import type { Seat } from '../sync/events/book.ts'
import { PhaseChip } from './phase-chip.tsx'

const CardAlarm = lazy(() => import('./card-alarm.tsx'))
const faces_max = 3

type CardProps = {
  readonly entry: CommitteeEntry
  readonly offline: boolean
  /** What the server says of it now; undefined while it is not heard. */
  readonly seat: Seat | undefined
}

/**
 * A committee without opening it: as the server says while it is heard, and otherwise what this device knows, figures only where it was
 * opened here before. What is unsent here counts here first.
 */
export function CommitteeCard(props: CardProps) {
  const session = useSession()
  const known = session.kept(props.entry.id)
  const waiting = () => session.tray().filter(({ committee }) => committee === props.entry.id).length
  const live = () => (known().unsent > 0 ? undefined : props.seat?.line().summary)
  const phase = () => props.seat?.line().entry.phase ?? props.entry.phase
  const counted = () =>
    phase() === 'counting' || phase() === 'closed' ? (live() === undefined ? known().ballots : live()?.sheets.A?.ballots) : undefined
  /** The count is out of those who attended where this device has seen them, else out of the roll. */
  const progress = () => {
    const ballots = counted()
    const attended = live()?.attended ?? known().attended
    if (ballots !== undefined && ballots > 0)
      return { words: 'committees.ballots', n: ballots, of: Math.max(ballots, attended || props.entry.electors) } as const
    if (attended !== undefined) return { words: 'committees.attended', n: attended, of: props.entry.electors } as const
    return undefined
  }
  const code = () => numeral(props.entry.code)
  return (
    <a class="committee-card" href={hrefOf({ place: 'committee', id: props.entry.id })}>
      <div class="plate" classList={{ long: props.entry.code.length > 3 }}>
        <span>{code()}</span>
      </div>
      <div class="flex min-w-0 grow flex-col gap-1.5">
        <div class="flex items-start justify-between gap-2">
          <h2 class="min-w-0 text-body font-bold">
            <bdi>{siteName(props.entry)}</bdi> · <bdi class="inline-block">{committeeName(props.entry)}</bdi>
          </h2>
          <PhaseChip phase={phase()} />
        </div>
        <Switch>
          <Match when={progress()}>
            {(now) => (
              <>
                <div class="flex items-center justify-between gap-2">
                  <p class="text-[15px]/[22px] text-text-2">
                    {say(now().words, { n: <b class="text-title text-text">{numeral(now().n)}</b>, of: now().of })}
                  </p>
                  <Faces seat={props.seat} />
                </div>
                <Progress n={now().n} of={now().of} />
              </>
            )}
          </Match>
          <Match when={true}>
            <div class="flex items-center justify-between gap-2">
              <p class="text-[15px]/[22px] text-text-2">{say('committees.electors', { n: props.entry.electors })}</p>
              <Faces seat={props.seat} />
            </div>
          </Match>
        </Switch>
        <Suspense>
          <Show when={props.seat?.judged().alarms[0]} keyed>
            {(alarm) => <CardAlarm alarm={alarm} line={props.seat?.line()} />}
          </Show>
        </Suspense>
        <Show when={props.offline}>
          <p class="text-label text-text-2">
            <Show when={known().saved_at_ms} fallback={say('committees.not_here')}>
              {(at_ms) => <>{say('committees.here_as_of', { when: moment(at_ms()) })}</>}
            </Show>
          </p>
        </Show>
        <Show when={waiting()}>
          {(n) => (
            <span class="chip warn self-start">
              <Inbox size={16} />
              {say('tray.banner', { n: n() })}
            </span>
          )}
        </Show>
        <Show when={known().unsent > 0}>
          <span class="chip here self-start">
            <Smartphone size={16} />
            <Check size={16} />
            <Show when={known().unsent_since_ms} fallback={say('committees.kept', { n: known().unsent })}>
              {(since_ms) => <>{say('committees.kept_since', { n: known().unsent, when: moment(since_ms()) })}</>}
            </Show>
          </span>
        </Show>
      </div>
    </a>
  )
}

/** Who is there. */
function Faces(props: { readonly seat: Seat | undefined }) {
  const people = createMemo(() => {
    const all = (props.seat?.roster() ?? []).map(
      ({ user }) => [user.id, { id: user.id, name: personName(user), presence: 'present' }] as const,
    )
    return [...new Map(all).values()]
  })
  const letters = () => lettersOf(people())
  const more = () => people().length - faces_max
  return (
    <Show when={people().length > 0}>
      <span class="avatar-stack faces" role="img" aria-label={text('people.open', { n: people().length })}>
        <For each={people().slice(0, faces_max)}>{(person) => <Avatar person={person} letters={letters().get(person.id)} />}</For>
        <Show when={more() > 0}>
          <span class="avatar more" data-letters={`+${numeral(more())}`} />
        </Show>
      </span>
    </Show>
  )
}
