import Check from 'lucide-solid/icons/check'
import Trash from 'lucide-solid/icons/trash'
import { createMemo, createUniqueId, For, Show } from 'solid-js'
import type { AsideEntry } from '#contract/api.ts'
import { Avatar } from '../../design/avatar.tsx'
import { personName } from '../../i18n/names.ts'
import { moment, say } from '../../i18n/say.tsx'
import { keptReason } from '../../refusal-words.ts'
import { useCommittee } from '../context.ts'
import type { Decision } from './decide-sheet.tsx'
import { Answer, GroupView } from './group.tsx'
import { byAnswer, type Group, groupWrites, tellBallots } from './groups.ts'

/** Writes of an entry that a supervisor's word brings in. */
export const admissibleIn = (entry: AsideEntry): readonly Group[] =>
  groupWrites(entry.writes).filter(({ verdict }) => verdict === 'admissible')

/** How many ballots there are to count, where an entry brings in nothing else; 0 for a mixture. */
export function ballotsIn(groups: readonly Group[]): number {
  if (groups.some(({ kind }) => kind !== 'ballots')) return 0
  return groups.reduce((sum, group) => sum + tellBallots(group).tally.ballots, 0)
}

/** What one device sent and the server did not take: whose, when, what, why; and what was decided, or can be. */
export function EntryCard(props: { readonly entry: AsideEntry; readonly onDecide: (decision: Decision) => void }) {
  const title = createUniqueId()
  const groups = createMemo(() => groupWrites(props.entry.writes))
  return (
    <article class="aside-entry" aria-labelledby={title} data-entry={props.entry.id}>
      <header class="flex items-start gap-2.5">
        <Avatar person={{ id: props.entry.author.id, name: personName(props.entry.author) }} />
        <span class="min-w-0 grow">
          <h3 id={title} class="truncate-line text-title/[24px] font-bold">
            <bdi>{personName(props.entry.author)}</bdi>
          </h3>
          <span class="block text-meta text-text-2">{say('aside.came', { when: moment(props.entry.at_ms) })}</span>
        </span>
        <span class={`chip ${props.entry.kind === 'late' ? 'here' : 'warn'}`}>{say(`aside.kind_${props.entry.kind}`)}</span>
      </header>
      <Show when={groups().length > 0} fallback={<p>{say('aside.unreadable')}</p>}>
        <For each={byAnswer(groups())}>
          {(alike) => (
            <div class="aside-answer">
              <For each={alike.slice(0, 1)}>{(group) => <Answer group={group} />}</For>
              <For each={alike}>
                {(group) => <GroupView group={group} author={props.entry.author.id} decided={props.entry.decided !== undefined} />}
              </For>
            </div>
          )}
        </For>
      </Show>
      <Show when={props.entry.more > 0}>
        <p class="text-label text-text-2">{say('aside.more', { n: props.entry.more })}</p>
      </Show>
      <Besides entry={props.entry} />
      <Show when={props.entry.decided} fallback={<Decide {...props} />}>
        <Decided entry={props.entry} />
      </Show>
    </article>
  )
}

/** Reasons that no write carries: deletions, what could not be read, the device itself. */
function Besides(props: { readonly entry: AsideEntry }) {
  const told = () => new Set(props.entry.writes.flatMap(({ code }) => (code === undefined ? [] : [keptReason(code)])))
  const besides = () => [...new Set(props.entry.reasons.map(({ code }) => keptReason(code)))].filter((why) => !told().has(why))
  return <For each={besides()}>{(why) => <p class="text-label text-text-2">{say('aside.also', { why: say(why) })}</p>}</For>
}

function Decide(props: { readonly entry: AsideEntry; readonly onDecide: (decision: Decision) => void }) {
  const groups = () => admissibleIn(props.entry)
  return (
    <>
      <Show when={groups().length === 0}>
        <p class="text-label font-semibold">{say('aside.only_drop')}</p>
      </Show>
      <div class="flex flex-wrap gap-2">
        <Show when={groups().length > 0}>
          <button type="button" class="button primary grow" aria-haspopup="dialog" onClick={() => props.onDecide('admit')}>
            <Check size={20} />
            <span>
              <Show when={ballotsIn(groups())} fallback={say('aside.admit')}>
                {(n) => say('aside.count', { n: n() })}
              </Show>
            </span>
          </button>
        </Show>
        <button type="button" class="button secondary" aria-haspopup="dialog" onClick={() => props.onDecide('drop')}>
          <Trash size={20} />
          {say('aside.drop')}
        </button>
      </div>
    </>
  )
}

function Decided(props: { readonly entry: AsideEntry }) {
  const { user } = useCommittee()
  return (
    <Show when={props.entry.decided}>
      {(decided) => (
        <p class="aside-decided" classList={{ admitted: decided().decision === 'admitted' }}>
          <b class="flex items-center gap-1.5">
            <Show when={decided().decision === 'admitted'} fallback={<Trash size={18} />}>
              <Check size={18} />
            </Show>
            {say(`aside.is_${decided().decision}`)}
          </b>
          <span class="text-label">
            {say('by_at', {
              who: decided().by.id === user.id ? say('you') : personName(decided().by),
              when: moment(decided().at_ms),
            })}
          </span>
          <Show when={decided().why}>
            {(why) => (
              <span class="aside-why">
                <bdi>{why()}</bdi>
              </span>
            )}
          </Show>
        </p>
      )}
    </Show>
  )
}
