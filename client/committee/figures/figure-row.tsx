import CheckCheck from 'lucide-solid/icons/check-check'
import CircleDashed from 'lucide-solid/icons/circle-dashed'
import EqualNot from 'lucide-solid/icons/equal-not'
import Gavel from 'lucide-solid/icons/gavel'
import TriangleAlert from 'lucide-solid/icons/triangle-alert'
import { For, type JSX, Match, Show, Switch } from 'solid-js'
import { type FigureSource, figureSources } from '#contract/document/keys.ts'
import { nameParts } from '../../i18n/names.ts'
import { figure, say, text } from '../../i18n/say.tsx'
import type { FigureRow as Row } from '../../sync/committee-session.ts'
import { useCommittee } from '../context.ts'
import type { Facts } from './facts.ts'
import { type FieldState, isBetween } from './field.ts'
import { figureName } from './names.ts'

export type FigureRowProps = {
  readonly figure: string
  readonly facts: Facts
  readonly onOpen: (source: FigureSource) => void
}

/** One field: our count, the announcement and the minute side by side, and one chip that carries who and what. */
export function FigureRow(props: FigureRowProps) {
  const { committee } = useCommittee()
  const ours = () => props.facts.ours(props.figure)
  const state = () => props.facts.state(props.figure)
  return (
    <section class="figure-row">
      <div class="flex items-center justify-between gap-2">
        <h3 class="min-w-0 font-semibold">{figureName(committee, props.figure)}</h3>
        <StateChip figure={props.figure} state={state()} fewer={props.figure === 'attended' ? fewer(state(), ours()) : 0} />
      </div>
      <div class="figure-cells">
        <span class="figure-cell" classList={{ quiet: props.figure === 'attended', apart: props.facts.oursFail(props.figure) }}>
          <span class="sr-only">{text('figures.ours')} </span>
          <b>{shown(ours())}</b>
        </span>
        <For each={figureSources}>
          {(source) => <Cell figure={props.figure} source={source} facts={props.facts} onOpen={() => props.onOpen(source)} />}
        </For>
      </div>
    </section>
  )
}

const shown = (value: number | undefined): string => (value === undefined ? '—' : figure(value))

/** Our marks are incomplete by nature: by how many they fall short of what is agreed on. */
const fewer = (state: FieldState, ours: number | undefined): number =>
  state.state === 'agreed' || state.state === 'resolved' ? Math.max(0, (state.row.value ?? 0) - (ours ?? 0)) : 0

type CellProps = { readonly figure: string; readonly source: FigureSource; readonly facts: Facts; readonly onOpen: () => void }

function Cell(props: CellProps) {
  const { committee } = useCommittee()
  const place = () => props.facts.place(props.source, props.figure)
  const status = () => {
    const own = place().row?.status ?? 'none'
    if (place().fails.some((check) => !isBetween(check))) return 'checked'
    return own !== 'differ' && place().fails.length > 0 ? 'apart' : own
  }
  const values = () => distinct(place().row)
  const plain = () => (values().length === 0 ? text('figures.none') : values().map(figure).join(' ≠ '))
  return (
    <button
      type="button"
      class={`figure-cell ${status()}`}
      aria-haspopup="dialog"
      aria-label={text('figures.cell', {
        figure: figureName(committee, props.figure),
        source: text(`figures.${props.source}`),
        value: plain(),
        state: text(`figures.is_${status()}`),
      })}
      onClick={() => props.onOpen()}
    >
      <Show when={values().length > 0} fallback={<b class="text-text-3">—</b>}>
        <For each={values()}>
          {(value, index) => (
            <>
              <Show when={index() > 0}>
                {' '}
                <EqualNot size={16} class="text-warn" />{' '}
              </Show>
              <b>{figure(value)}</b>
            </>
          )}
        </For>
      </Show>
    </button>
  )
}

/** What a cell shows: the figure to go by, or, while people differ, each of theirs once. */
function distinct(row: Row | undefined): readonly number[] {
  if (row === undefined) return []
  return row.value === undefined ? [...new Set(row.statements.map(({ value }) => value))] : [row.value]
}

function StateChip(props: { readonly figure: string; readonly state: FieldState; readonly fewer: number }) {
  const { committee } = useCommittee()
  const given = (user: Parameters<typeof committee.nameOf>[0]) => nameParts(committee.nameOf(user)).given
  const row = () => ('row' in props.state ? props.state.row : undefined)
  return (
    <Switch fallback={<span class="chip">{say('figures.none')}</span>}>
      <Match when={figureSources.some((source) => committee.conflicts.ofFigure(source, props.figure)?.open)}>
        <Chip class="warn" icon={<EqualNot size={16} />} words={say('conflict.chip', { what: text('conflict.figure') })} />
      </Match>
      <Match when={props.state.state === 'checked' && props.state.id}>
        {(id) => <Chip class="alarm" icon={<TriangleAlert size={16} />} words={say(`check.chip_${id()}`)} />}
      </Match>
      <Match when={props.state.state === 'apart' && props.state.id}>
        {(id) => <Chip class="warn" icon={<EqualNot size={16} />} words={say(`check.chip_${id()}`)} />}
      </Match>
      <Match when={props.state.state === 'differ' && row()}>
        {(now) => (
          <Chip
            class="warn"
            icon={<EqualNot size={16} />}
            words={
              <>
                {say('figures.differ')}
                <Said statements={now().statements.map(({ user, value }) => ({ who: given(user), value }))} />
              </>
            }
          />
        )}
      </Match>
      <Match when={props.state.state === 'waiting' && row()}>
        {(now) => (
          <Chip
            class="here dashed"
            icon={<CircleDashed size={16} />}
            words={<For each={now().statements}>{({ user }) => say('figures.waiting', { who: given(user) })}</For>}
          />
        )}
      </Match>
      <Match when={props.state.state === 'resolved' && row()?.ruling}>
        {(ruling) => (
          <Chip
            class=""
            icon={<Gavel size={16} />}
            words={
              <>
                {say('figures.resolved', { who: given(ruling().by) })}
                <Said statements={[...new Set(Object.values(ruling().saw))].map((value) => ({ value }))} />
              </>
            }
          />
        )}
      </Match>
      <Match when={props.state.state === 'agreed'}>
        <Chip
          class="ok"
          icon={<CheckCheck size={16} />}
          words={props.fewer > 0 ? say('figures.agreed_fewer', { n: props.fewer }) : say('figures.agreed')}
        />
      </Match>
    </Switch>
  )
}

function Chip(props: { readonly class: string; readonly icon: JSX.Element; readonly words: JSX.Element }) {
  return (
    <span class={`chip figure-chip ${props.class}`}>
      {props.icon}
      <span>{props.words}</span>
    </span>
  )
}

/** ` Mona 18, Yousef 16`: each a unit of its own, so that neither language moves a figure to another name. */
function Said(props: { readonly statements: readonly { readonly who?: string; readonly value: number }[] }) {
  return (
    <For each={props.statements}>
      {(statement, index) => (
        <>
          {index() === 0 ? ' ' : text('count.comma')}
          <bdi>
            <Show when={statement.who}>{(who) => <>{who()} </>}</Show>
            {figure(statement.value)}
          </bdi>
        </>
      )}
    </For>
  )
}
