import { createSignal, For, type JSX, Show } from 'solid-js'
import { say, text } from '../../i18n/say.tsx'
import type { WordKey } from '../../i18n/words.ts'

const reason_characters_max = 120

export type Reason = Extract<WordKey, `elector.why_${string}`>

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
