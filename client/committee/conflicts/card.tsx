import CircleCheck from 'lucide-solid/icons/circle-check'
import Clock from 'lucide-solid/icons/clock'
import EqualNot from 'lucide-solid/icons/equal-not'
import Gavel from 'lucide-solid/icons/gavel'
import PhoneMissed from 'lucide-solid/icons/phone-missed'
import WifiOff from 'lucide-solid/icons/wifi-off'
import { createSignal, createUniqueId, For, type JSX, Show } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import type { ConflictValue } from '#contract/document/conflicts.ts'
import type { Confirmation, Strength } from '#contract/document/values.ts'
import { Avatar } from '../../design/avatar.tsx'
import { StrengthBars } from '../../design/strength.tsx'
import { moment, say, text } from '../../i18n/say.tsx'
import type { ConflictRow } from '../../sync/binding/conflicts.ts'
import { useCommittee } from '../context.ts'
import { tellRefusal } from '../roll/attend.ts'
import './conflicts.css'
import { OtherAnswers } from './other-answers.tsx'
import { answerText, whatText, whereText, whoText } from './words.ts'

const icons = { pending: Clock, confirmed: CircleCheck, unreachable: PhoneMissed } as const satisfies Record<Confirmation, unknown>

type CardProps = {
  readonly row: ConflictRow
  /** Among others of the committee: says whose it is as well, and not again what all of them are. */
  readonly named?: boolean
}

/** Answers that were written at once, side by side, of one size and one weight: neither is suggested. */
export function ConflictCard(props: CardProps) {
  const view = useCommittee()
  const title = createUniqueId()
  const [sent, setSent] = createSignal(false)
  const mayDecide = () => view.committee.mayDecide(props.row)
  const connected = () => view.committee.status().link === 'online'
  const settle = (value: unknown) => {
    if (!connected()) return
    const done = view.committee.settle(props.row, value)
    if (!done.ok) return tellRefusal(view, done.error)
    setSent(true)
  }
  return (
    <article class="conflict" aria-labelledby={title} data-conflict={props.row.at}>
      <header>
        <EqualNot size={20} class="mt-0.5 flex-none" />
        <h3 id={title} class="min-w-0">
          <Show when={props.named}>
            <span class="block">
              <bdi>{whereText(view, props.row)}</bdi>
            </span>
          </Show>
          {say('conflict.answers', { what: whatText(view, props.row), n: props.row.values.length })}
        </h3>
      </header>
      <Show when={props.named !== true}>
        <p class="text-label text-text-2">{say(mayDecide() ? 'conflict.choose' : 'conflict.kept')}</p>
      </Show>
      <div class="conflict-values">
        <For each={props.row.values}>
          {(value) => (
            <section class="conflict-value">
              <Wrote value={value} />
              <Answer row={props.row} value={value.value} />
              <Show when={mayDecide()}>
                <button
                  type="button"
                  class="button secondary small mt-auto"
                  aria-disabled={!connected()}
                  aria-label={`${takeText(view.user.id === value.by)}: ${answerText(props.row.root, props.row.parts, value.value)}`}
                  onClick={() => settle(value.value)}
                >
                  {takeText(view.user.id === value.by)}
                </button>
              </Show>
            </section>
          )}
        </For>
      </div>
      <Show when={mayDecide()} fallback={<WhoDecides row={props.row} />}>
        <Show
          when={connected()}
          fallback={
            <p class="flex items-center gap-2 py-2 text-label font-semibold">
              <WifiOff size={18} class="flex-none" />
              {say('conflict.offline')}
            </p>
          }
        >
          <OtherAnswers row={props.row} onAnswer={settle} />
        </Show>
        <p role="status" class="text-meta text-text-2 empty:hidden">
          <Show when={sent()}>{say('conflict.sent')}</Show>
        </p>
      </Show>
    </article>
  )
}

const takeText = (mine: boolean): string => text(mine ? 'conflict.keep_mine' : 'conflict.take')

/** Who and when. */
function Wrote(props: { readonly value: ConflictValue }) {
  const view = useCommittee()
  const isHere = () => view.committee.people().some(({ user, me, away }) => user.id === props.value.by && !me && !away)
  const person = () => ({
    id: props.value.by,
    name: view.committee.nameOf(props.value.by),
    ...(isHere() ? { presence: 'present' as const } : {}),
  })
  return (
    <p class="flex min-w-0 items-center gap-2">
      <Avatar person={person()} />
      <span class="min-w-0">
        <b class="truncate-line block">
          <bdi>{whoText(view, props.value.by)}</bdi>
        </b>
        <span class="block text-meta text-text-2">{moment(props.value.at_s * 1_000)}</span>
      </span>
    </p>
  )
}

function Answer(props: { readonly row: ConflictRow; readonly value: unknown }) {
  const field = () => props.row.parts.field
  const sign = (): JSX.Element => {
    if (field() === 'strength' && props.value !== null) return <StrengthBars strength={props.value as Strength} />
    const icon = field() === 'confirmation' ? icons[props.value as Confirmation] : undefined
    return icon === undefined ? undefined : <Dynamic component={icon} size={20} class="flex-none" />
  }
  return (
    <p class="conflict-answer">
      {sign()}
      <bdi>{answerText(props.row.root, props.row.parts, props.value)}</bdi>
    </p>
  )
}

/** For those who see the question and may not answer it: who does, and which of them is here. */
function WhoDecides(props: { readonly row: ConflictRow }) {
  const view = useCommittee()
  const deciders = () => {
    const roles = props.row.root === 'guarantees' ? ['coordinator', 'supervisor', 'administrator'] : ['supervisor', 'administrator']
    const here = view.committee.people().filter(({ user, me, away }) => !me && !away && roles.includes(user.role))
    return [...new Set(here.map(({ user }) => whoText(view, user.id)))]
  }
  return (
    <p class="flex items-start gap-2 text-label">
      <Gavel size={18} class="mt-0.5 flex-none" />
      <span>
        {say(props.row.root === 'guarantees' ? 'conflict.by_coordinator' : 'conflict.by_supervisor')}
        <Show when={deciders().length > 0}> {say('conflict.here_now', { who: deciders().join(text('count.comma')) })}</Show>
      </span>
    </p>
  )
}

/** What became of it. Both answers stay to be read. */
export function SettledConflict(props: CardProps) {
  const view = useCommittee()
  const said = (value: unknown) => answerText(props.row.root, props.row.parts, value)
  return (
    <Show when={props.row.resolved}>
      {(resolved) => (
        <article class="conflict-settled" data-conflict={props.row.at}>
          <h4 class="font-semibold">
            <Show when={props.named}>
              <span class="block">
                <bdi>{whereText(view, props.row)}</bdi>
              </span>
            </Show>
            {whatText(view, props.row)}
          </h4>
          <p class="flex items-start gap-2">
            <Gavel size={18} class="mt-0.5 flex-none" />
            <span>
              {resolved().by === view.user.id
                ? say('conflict.settled_mine', { when: moment(resolved().at_s * 1_000), what: said(resolved().value) })
                : say('conflict.settled', {
                    who: whoText(view, resolved().by),
                    when: moment(resolved().at_s * 1_000),
                    what: said(resolved().value),
                  })}
            </span>
          </p>
          <ul class="text-text-2">
            <For each={props.row.values}>
              {(value) => (
                <li>
                  {say('conflict.wrote', { who: whoText(view, value.by), when: moment(value.at_s * 1_000), what: said(value.value) })}
                </li>
              )}
            </For>
          </ul>
        </article>
      )}
    </Show>
  )
}
