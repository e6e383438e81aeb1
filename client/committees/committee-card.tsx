import Check from 'lucide-solid/icons/check'
import Inbox from 'lucide-solid/icons/inbox'
import Smartphone from 'lucide-solid/icons/smartphone'
import { Match, Show, Switch } from 'solid-js'
import type { CommitteeEntry } from '#contract/api.ts'
import { Progress } from '../design/progress.tsx'
import { committeeName, siteName } from '../i18n/names.ts'
import { moment, numeral, say } from '../i18n/say.tsx'
import { hrefOf } from '../route.ts'
import { useSession } from '../session-context.ts'
import { PhaseChip } from './phase-chip.tsx'

/** What this device knows of a committee without opening it: figures only where it was opened here before. */
export function CommitteeCard(props: { readonly entry: CommitteeEntry; readonly offline: boolean }) {
  const session = useSession()
  const known = session.kept(props.entry.id)
  const waiting = () => session.tray().filter(({ committee }) => committee === props.entry.id).length
  const counted = () => (props.entry.phase === 'counting' || props.entry.phase === 'closed' ? known().ballots : undefined)
  /** The count is out of those who attended where this device has seen them, else out of the roll. */
  const progress = () => {
    const ballots = counted()
    const attended = known().attended
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
          <PhaseChip phase={props.entry.phase} />
        </div>
        <Switch>
          <Match when={progress()}>
            {(now) => (
              <>
                <p class="text-[15px]/[22px] text-text-2">
                  {say(now().words, { n: <b class="text-title text-text">{numeral(now().n)}</b>, of: now().of })}
                </p>
                <Progress n={now().n} of={now().of} />
              </>
            )}
          </Match>
          <Match when={true}>
            <p class="text-[15px]/[22px] text-text-2">{say('committees.electors', { n: props.entry.electors })}</p>
          </Match>
        </Switch>
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
