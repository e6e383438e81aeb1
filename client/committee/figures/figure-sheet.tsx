import Gavel from 'lucide-solid/icons/gavel'
import TriangleAlert from 'lucide-solid/icons/triangle-alert'
import { createSignal, For, type JSX, Show } from 'solid-js'
import { isPlausible } from '#contract/checks.ts'
import { conflictKey } from '#contract/document/conflicts.ts'
import { type FigureSource, keyOf } from '#contract/document/keys.ts'
import { Avatar } from '../../design/avatar.tsx'
import { SavedChip } from '../../design/saved.tsx'
import { Sheet } from '../../design/sheet.tsx'
import { inDigits, latinDigits } from '../../i18n/digits.ts'
import { clock, figure, say, text } from '../../i18n/say.tsx'
import { digits } from '../../settings.ts'
import { figureRowKey } from '../../sync/binding/figures.ts'
import { ConflictCard, SettledConflict } from '../conflicts/card.tsx'
import { Editing } from '../conflicts/editing.tsx'
import { useCommittee } from '../context.ts'
import { tellRefusal } from '../roll/attend.ts'
import { CheckCard } from './check-card.tsx'
import type { Facts } from './facts.ts'
import { figureFrom, figureTyped } from './field.ts'
import { figureName } from './names.ts'

export type FigureSheetProps = {
  readonly source: FigureSource
  readonly figure: string
  readonly facts: Facts
  readonly onClose: () => void
}

/** One figure of one source: who read what, one's own reading, and, for those with the right, the ruling. */
export function FigureSheet(props: FigureSheetProps) {
  const view = useCommittee()
  const { committee } = view
  const place = () => props.facts.place(props.source, props.figure)
  const rights = committee.rights
  const conflict = () => committee.conflicts.ofFigure(props.source, props.figure)
  const done = (written: ReturnType<typeof committee.state>) => (written.ok ? props.onClose() : tellRefusal(view, written.error))
  return (
    <Sheet
      open
      onClose={() => props.onClose()}
      title={figureName(committee, props.figure)}
      subtitle={<p class="text-label text-text-2">{text(`figures.${props.source}`)}</p>}
    >
      <div class="flex flex-col gap-4">
        <For each={place().fails}>{(check) => <CheckCard check={check} election={committee.election} />}</For>
        <Show when={conflict()}>
          {(row) => (
            <Show when={row().open} fallback={<SettledConflict row={row()} />}>
              <ConflictCard row={row()} />
            </Show>
          )}
        </Show>
        <Statements {...props} />
        {/* Whoever reads it and whoever settles it hear of each other: a reading that comes in opens a settled figure again. */}
        <Editing
          place={conflictKey('figures', keyOf.figure(props.source, props.figure, view.user.id))}
          among={conflictKey('figures', `${figureRowKey(props.source, props.figure)}/`)}
          what={figureName(committee, props.figure)}
        >
          <Show when={rights().includes('figures')}>
            <Reading
              figure={props.figure}
              label={text('figures.mine')}
              idle={say('figures.write_nothing')}
              button={(value) => say('figures.write', { n: figure(value) })}
              onWrite={(value) => done(committee.state(props.source, props.figure, value))}
            />
          </Show>
          <Show when={rights().includes('rule') && (place().row?.statements.length ?? 0) > 0}>
            <Ruling {...props} onRule={(value) => done(committee.rule(props.source, props.figure, value))} />
          </Show>
        </Editing>
      </div>
    </Sheet>
  )
}

function Statements(props: Pick<FigureSheetProps, 'source' | 'figure' | 'facts'>) {
  const { committee } = useCommittee()
  const row = () => props.facts.place(props.source, props.figure).row
  return (
    <section>
      <h3 class="label">{say('figures.said')}</h3>
      <ul>
        <For each={row()?.statements ?? []} fallback={<li class="py-2 text-label text-text-2">{say('figures.nobody_yet')}</li>}>
          {(statement) => (
            <li class="said">
              <Avatar person={{ id: statement.user, name: committee.nameOf(statement.user) }} />
              <span class="truncate-line grow font-semibold">
                <bdi>{statement.mine ? say('you') : committee.nameOf(statement.user)}</bdi>
              </span>
              <Show when={statement.mine}>
                <SavedChip durable={statement.durable} />
              </Show>
              <b class="columns-of-figures text-[20px]">{figure(statement.value)}</b>
            </li>
          )}
        </For>
      </ul>
      <Show when={row()?.ruling}>
        {(ruling) => (
          <p class="mt-1 flex items-start gap-2 text-label text-text-2">
            <Gavel size={18} class="mt-0.5 flex-none" />
            <span>
              {say(row()?.status === 'resolved' ? 'figures.ruled' : 'figures.ruled_before', {
                who: committee.nameOf(ruling().by),
                n: figure(ruling().value),
                when: clock(ruling().at_s * 1_000),
              })}
            </span>
          </p>
        )}
      </Show>
    </section>
  )
}

type ReadingProps = {
  readonly figure: string
  readonly label: string
  /** On the button before there is a number. */
  readonly idle: JSX.Element
  readonly button: (value: number) => JSX.Element
  readonly onWrite: (value: number) => void
}

/** A number and what it would do. One that cannot be is said to be so, and can be written all the same. */
function Reading(props: ReadingProps) {
  const { committee } = useCommittee()
  const [typed, setTyped] = createSignal('')
  const value = () => figureFrom(typed())
  const roll = () => committee.counts.registered
  const impossible = () => {
    const now = value()
    return now !== undefined && !isPlausible(props.figure, now, roll())
  }
  return (
    <form
      class="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        const now = value()
        if (now !== undefined) props.onWrite(now)
      }}
    >
      <h3 class="label">{props.label}</h3>
      <div class="flex gap-2">
        <label class="field min-w-0 flex-1">
          <input
            class="latin-input text-[26px] font-extrabold"
            inputmode="numeric"
            autocomplete="off"
            aria-label={props.label}
            value={inDigits(typed(), digits())}
            onInput={(event) => {
              setTyped(figureTyped(latinDigits(event.currentTarget.value)))
              event.currentTarget.value = inDigits(typed(), digits())
            }}
          />
        </label>
        <button type="submit" class="button primary" aria-disabled={value() === undefined}>
          <Show when={value() !== undefined} fallback={props.idle}>
            <span>{props.button(value() ?? 0)}</span>
          </Show>
        </button>
      </div>
      <p role="status" class="text-label font-semibold text-warn">
        <Show when={impossible()}>
          <span class="flex items-start gap-2">
            <TriangleAlert size={18} class="mt-0.5 flex-none" />
            <span>{say('figures.impossible', { n: figure(roll()) })}</span>
          </span>
        </Show>
      </p>
    </form>
  )
}

type RulingProps = Pick<FigureSheetProps, 'source' | 'figure' | 'facts'> & { readonly onRule: (value: number) => void }

/** Every reading has the same size and colour: the question takes no side. */
function Ruling(props: RulingProps) {
  const values = () => [...new Set((props.facts.place(props.source, props.figure).row?.statements ?? []).map(({ value }) => value))]
  return (
    <section class="flex flex-col gap-2 border-t border-line pt-3">
      <h3 class="label">{say('figures.rule')}</h3>
      <p class="text-label text-text-2">{say('figures.rule_note')}</p>
      <div class="flex flex-wrap gap-2">
        <For each={values()}>
          {(value) => (
            <button type="button" class="button secondary flex-1" onClick={() => props.onRule(value)}>
              <Gavel size={20} />
              <span>{say('figures.rule_for', { n: figure(value) })}</span>
            </button>
          )}
        </For>
      </div>
      <Reading
        figure={props.figure}
        label={text('figures.rule_other')}
        idle={say('figures.rule_nothing')}
        button={(value) => say('figures.rule_for', { n: figure(value) })}
        onWrite={props.onRule}
      />
    </section>
  )
}
