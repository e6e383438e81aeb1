import { createSignal, For, type JSX, Show } from 'solid-js'
import { say, text } from '../../i18n/say.tsx'
import type { WordKey } from '../../i18n/words.ts'

const reason_characters_max = 120

type Reason = Extract<WordKey, `elector.why_${string}` | `aside.because_${string}`>

/** A button for what needs a reason; the tap asks for it, and the reason does it. */
export function AskWhy(props: {
  readonly icon: JSX.Element
  /** What is done, on the button before the question and on that of a typed reason. */
  readonly what: JSX.Element
  readonly question: JSX.Element
  readonly reasons: readonly Reason[]
  readonly onReason: (why: string) => void
}) {
  const [asking, setAsking] = createSignal(false)
  return (
    <Show
      when={asking()}
      fallback={
        <button type="button" class="button quiet small mt-1" onClick={() => setAsking(true)}>
          {props.icon}
          {props.what}
        </button>
      }
    >
      <ReasonForm
        question={props.question}
        reasons={props.reasons}
        commit={props.what}
        onReason={(why) => {
          props.onReason(why)
          setAsking(false)
        }}
        onKeep={() => setAsking(false)}
      />
    </Show>
  )
}

/** Asks why: the usual reasons are one tap, any other is typed. Nothing is asked twice, and it can be left. */
export function ReasonForm(props: {
  readonly question: JSX.Element
  readonly reasons: readonly Reason[]
  /** What the button of a typed reason says. */
  readonly commit: JSX.Element
  readonly onReason: (why: string) => void
  readonly onKeep: () => void
}) {
  const [other, setOther] = createSignal('')
  const because = (why: string) => {
    if (why.trim() !== '') props.onReason(why.trim())
  }
  return (
    <form
      class="mt-2 flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        because(other())
      }}
    >
      <p class="text-label text-text-2">{props.question}</p>
      <div class="flex flex-wrap gap-2">
        <For each={props.reasons}>
          {(reason) => (
            <button type="button" class="button secondary small" onClick={() => because(text(reason))}>
              {say(reason)}
            </button>
          )}
        </For>
      </div>
      <div class="flex gap-2">
        <label class="field min-h-11! flex-1">
          <input
            aria-label={text('elector.why_other')}
            placeholder={text('elector.why_other')}
            maxLength={reason_characters_max}
            value={other()}
            onInput={(event) => setOther(event.currentTarget.value)}
          />
        </label>
        <Show
          when={other().trim() !== ''}
          fallback={
            <button type="button" class="button quiet small" onClick={() => props.onKeep()}>
              {say('elector.keep')}
            </button>
          }
        >
          <button type="submit" class="button primary small">
            {props.commit}
          </button>
        </Show>
      </div>
    </form>
  )
}
