import { createUniqueId, For, type JSX } from 'solid-js'

export type ChoiceProps<Value extends string> = {
  /** Name of the group, for those who do not see it stand under its heading. */
  readonly label: string
  readonly options: readonly Value[]
  readonly chosen: Value | undefined
  readonly onChoose: (value: Value) => void
  readonly disabled?: boolean
  readonly children: (value: Value) => JSX.Element
}

/** One of a few, side by side. Nothing is chosen until somebody chooses. */
export function Choice<Value extends string>(props: ChoiceProps<Value>) {
  const name = createUniqueId()
  return (
    <div class="choice" role="radiogroup" aria-label={props.label}>
      <For each={props.options}>
        {(option) => (
          <label>
            <input
              type="radio"
              name={name}
              checked={props.chosen === option}
              disabled={props.disabled === true}
              onChange={() => props.onChoose(option)}
            />
            {props.children(option)}
          </label>
        )}
      </For>
    </div>
  )
}
