import ChevronDown from 'lucide-solid/icons/chevron-down'
import { createMemo, createSignal, For, type JSX, Show } from 'solid-js'
import type { AsideWrite } from '#contract/api.ts'
import type { LogEntry } from '#contract/document/values.ts'
import type { UserId } from '#contract/ids.ts'
import { figure, numeral, say, text } from '../../i18n/say.tsx'
import { keptReason } from '../../refusal-words.ts'
import { useCommittee } from '../context.ts'
import { partWords } from '../count/totals.tsx'
import { figureName } from '../figures/names.ts'
import { ballotText } from './ballot-words.ts'
import { type BallotsTold, type Group, partsOfPlace, tellBallots } from './groups.ts'
import { tellingOf } from './write-words.ts'

/** `decided`: what stands there now says nothing about it any more. */
export type GroupProps = { readonly group: Group; readonly author: UserId; readonly decided: boolean }

/** Why some writes were not taken, and what becomes of them. */
export function Answer(props: { readonly group: Group }) {
  return (
    <p class="flex flex-wrap items-center gap-2 text-label text-text-2">
      <Show when={props.group.verdict === 'never'}>
        <span class="chip alarm">{say('aside.verdict_never')}</span>
      </Show>
      <span>{props.group.code === undefined ? say('aside.verdict_anew') : say(keptReason(props.group.code))}</span>
    </p>
  )
}

/** One kind of writes: what they are, and, opened, each of them. */
export function GroupView(props: GroupProps) {
  const told = createMemo(() => (props.group.kind === 'ballots' ? tellBallots(props.group) : undefined))
  return (
    <section class="aside-group" data-kind={props.group.kind} data-verdict={props.group.verdict}>
      <h4 class="text-body font-bold">{titleOf(props, told())}</h4>
      <Show when={told()} fallback={<Lines {...props} />}>
        {(ballots) => (
          <>
            <Ballots told={ballots()} />
            <EachBallot {...props} />
          </>
        )}
      </Show>
    </section>
  )
}

function titleOf({ group, author }: GroupProps, told: BallotsTold | undefined): JSX.Element {
  const { committee } = useCommittee()
  if (told === undefined || group.kind !== 'ballots') return say(`aside.group_${group.kind === 'ballots' ? 'other' : group.kind}`)
  const sheet = told.sheet === undefined ? '' : text(`count.letter_${told.sheet}`)
  const [first] = group.writes
  const { user } = first === undefined ? {} : partsOfPlace(first)
  return user === undefined || user === author
    ? say('aside.group_ballots', { sheet })
    : say('aside.group_ballots_of', { sheet, who: committee.nameOf(user) })
}

const kinds = ['valid', 'blank', 'invalid'] as const

/** Forty ballots in five lines: how many, from where to where, of which kinds, and what each candidate would have of them. */
function Ballots(props: { readonly told: BallotsTold }) {
  const { committee } = useCommittee()
  const votes = () =>
    committee.election.candidates.flatMap(({ number }) => {
      const n = props.told.tally.votes.get(number) ?? 0
      return n === 0 ? [] : [{ number, n }]
    })
  return (
    <>
      <p class="text-[20px]/[28px] font-bold">
        {say('count.ballots_n', { n: props.told.tally.ballots })}
        <Show when={props.told.first !== undefined}>
          {text('count.comma')}
          <span class="aside-numbers">{numbersOf(props.told)}</span>
        </Show>
      </p>
      <dl class="aside-kinds">
        <For each={kinds}>
          {(kind) => (
            <div>
              <dt>{say(partWords[kind])}</dt> <dd>{figure(props.told.tally[kind])}</dd>
            </div>
          )}
        </For>
      </dl>
      <Show when={props.told.strikes > 0}>
        <p class="text-label">{say('aside.strikes', { n: props.told.strikes })}</p>
      </Show>
      <Show when={votes().length > 0}>
        <p class="label">{say('aside.votes')}</p>
        <ul class="aside-votes" aria-label={text('aside.votes')}>
          <For each={votes()}>
            {({ number, n }) => (
              <li>
                <bdi>{figureName(committee, `v${number}`)}</bdi>
                <b class="columns-of-figures" dir="ltr">
                  +{figure(n)}
                </b>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </>
  )
}

function numbersOf({ first = 0, last = 0 }: BallotsTold): JSX.Element {
  if (first === last) return say('aside.number', { n: numeral(first) })
  return say('aside.numbers', { first: numeral(first), last: numeral(last) })
}

function EachBallot(props: GroupProps) {
  const { committee } = useCommittee()
  const [isOpen, setOpen] = createSignal(false)
  const entries = () => props.group.writes.map(({ value }) => value).filter(isEntry)
  return (
    <Show when={entries().length > 0}>
      <Show when={isOpen()}>
        <ol class="aside-lines" aria-label={text('count.counted')}>
          <For each={entries()}>
            {(entry) => {
              const told = () => ballotText(committee, props.group, entry)
              return (
                <li>
                  <b class="block">{told().title}</b>
                  <span class="block text-label text-text-2">
                    <bdi>{told().what}</bdi>
                  </span>
                </li>
              )
            }}
          </For>
        </ol>
      </Show>
      <More isOpen={isOpen()} onToggle={() => setOpen(!isOpen())}>
        {say('aside.show_ballots')}
      </More>
    </Show>
  )
}

/** The server has looked at what can be admitted; the rest may be anything. */
const isEntry = (value: unknown): value is LogEntry =>
  typeof value === 'object' && value !== null && ('void' in value ? Array.isArray(value.void) : 'n' in value && 'c' in value)

const lines_shown = 4

function Lines(props: GroupProps) {
  const [isOpen, setOpen] = createSignal(false)
  const all = () => props.group.writes
  const shown = () => (isOpen() ? all() : all().slice(0, lines_shown))
  return (
    <>
      <ul class="aside-lines">
        <For each={shown()}>{(write) => <Line {...props} write={write} />}</For>
      </ul>
      <Show when={all().length > lines_shown}>
        <More isOpen={isOpen()} onToggle={() => setOpen(!isOpen())}>
          {say('aside.show_all', { n: all().length })}
        </More>
      </Show>
    </>
  )
}

/** What is kept aside, and beside it what stands at that place: who admits it puts the one over the other. */
function Line(props: GroupProps & { readonly write: AsideWrite }) {
  const view = useCommittee()
  const telling = () => tellingOf(props.group.kind)
  const there = () => view.committee.aside.standing(props.write.path, props.write.key)
  const value = (of: unknown) => (of === undefined ? text('aside.nothing') : telling().value(view, props.write, of))
  return (
    <li>
      <span class="block font-semibold">
        <bdi>{telling().title(view, props.write, props.author)}</bdi>
      </span>
      <Show when={!props.decided && props.group.kind !== 'other'} fallback={<AsText>{value(props.write.value)}</AsText>}>
        <dl class="tray-both">
          <div>
            <dt>{say(props.group.kind === 'notes' ? 'aside.note_end' : 'aside.would')}</dt>
            <dd>
              <bdi>{value(props.write.value)}</bdi>
            </dd>
          </div>
          <div>
            <dt>{say('aside.there')}</dt>
            <dd>
              <bdi>{value(there())}</bdi>
            </dd>
          </div>
        </dl>
      </Show>
    </li>
  )
}

/** A stranger's words begin where the page's do, whichever way they run. */
const AsText = (props: { readonly children: string }) => (
  <span class="aside-value">
    <bdi>{props.children}</bdi>
  </span>
)

function More(props: { readonly isOpen: boolean; readonly onToggle: () => void; readonly children: JSX.Element }) {
  return (
    <button type="button" class="button quiet small self-start" aria-expanded={props.isOpen} onClick={() => props.onToggle()}>
      <ChevronDown size={18} classList={{ 'rotate-180': props.isOpen }} />
      <Show when={props.isOpen} fallback={<span>{props.children}</span>}>
        {say('aside.show_fewer')}
      </Show>
    </button>
  )
}
