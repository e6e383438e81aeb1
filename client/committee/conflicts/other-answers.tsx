import { createSignal, For, Match, Show, Switch } from 'solid-js'
import { textCharactersMax } from '#contract/document/values.ts'
import { inDigits, latinDigits } from '../../i18n/digits.ts'
import { say, text } from '../../i18n/say.tsx'
import { digits } from '../../settings.ts'
import type { ConflictRow } from '../../sync/binding/conflicts.ts'
import { figureFrom, figureTyped } from '../figures/field.ts'
import { FollowUp } from '../roll/follow-up.tsx'
import { byRule, type ThirdAnswer, thirdAnswer } from './answers.ts'
import { answerText } from './words.ts'

type Props = { readonly row: ConflictRow; readonly onAnswer: (value: unknown) => void }

/** Beside what was written: what the field's own rule says, as one more answer and not as the right one, and whatever else there is. */
export function OtherAnswers(props: Props) {
  const third = () => thirdAnswer(props.row)
  const said = (value: unknown) => answerText(props.row.root, props.row.parts, value)
  return (
    <div class="conflict-others">
      <Show when={byRule(props.row)}>
        {(value) => (
          <button type="button" class="button quiet small" onClick={() => props.onAnswer(value())}>
            <span>{say('conflict.stronger', { what: said(value()) })}</span>
          </button>
        )}
      </Show>
      <Switch>
        <Match when={choiceIn(third())}>
          {(values) => (
            <For each={values()}>
              {(value) => (
                <button type="button" class="button quiet small" onClick={() => props.onAnswer(value)}>
                  <span>{say('conflict.other_is', { what: said(value) })}</span>
                </button>
              )}
            </For>
          )}
        </Match>
        <Match when={third()}>{(by) => <Written third={by()} {...props} />}</Match>
      </Switch>
    </div>
  )
}

const choiceIn = (third: ThirdAnswer | undefined) => (third?.by === 'choice' ? third.values : undefined)

/** Behind one tap: a field would ask for something to be put into it. */
function Written(props: Props & { readonly third: ThirdAnswer }) {
  const [open, setOpen] = createSignal(false)
  return (
    <Show
      when={open()}
      fallback={
        <button type="button" class="button quiet small" onClick={() => setOpen(true)}>
          {say('conflict.other')}
        </button>
      }
    >
      <Show when={props.third.by === 'time'} fallback={<WrittenForm {...props} />}>
        <div class="field-tiles w-full">
          <FollowUp at_s={undefined} onChoose={props.onAnswer} />
        </div>
      </Show>
    </Show>
  )
}

function WrittenForm(props: Props & { readonly third: ThirdAnswer }) {
  const [typed, setTyped] = createSignal('')
  const isFigure = () => props.third.by === 'figure'
  const value = (): unknown => {
    if (!isFigure()) return typed().trim() === '' ? undefined : typed().trim()
    const number = figureFrom(typed())
    return number === undefined ? undefined : { value: number }
  }
  return (
    <form
      class="flex w-full gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        const answer = value()
        if (answer !== undefined) props.onAnswer(answer)
      }}
    >
      <label class="field min-h-11! min-w-0 flex-1">
        <input
          autocomplete="off"
          inputmode={isFigure() ? 'numeric' : 'text'}
          dir={typed() === '' || isFigure() ? undefined : 'auto'}
          aria-label={text('conflict.other')}
          maxLength={props.third.by === 'text' ? textCharactersMax[props.third.field] : 7}
          value={isFigure() ? inDigits(typed(), digits()) : typed()}
          ref={(field) => queueMicrotask(() => field.focus())}
          onInput={(event) => {
            setTyped(isFigure() ? figureTyped(latinDigits(event.currentTarget.value)) : event.currentTarget.value)
            if (isFigure()) event.currentTarget.value = inDigits(typed(), digits())
          }}
        />
      </label>
      <button type="submit" class="button secondary small" aria-disabled={value() === undefined}>
        {say('conflict.write')}
      </button>
    </form>
  )
}
