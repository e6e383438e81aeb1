import { For } from 'solid-js'

export function TextField(props: {
  readonly label: string
  readonly value: string
  readonly onInput: (value: string) => void
  /** Runs from the left in both languages. */
  readonly latin?: boolean
  readonly secret?: boolean
  readonly describedBy?: string
}) {
  return (
    <label>
      <span class="label mb-1 block">{props.label}</span>
      <span class="field">
        <input
          type={props.secret === true ? 'password' : 'text'}
          class={props.latin === true ? 'latin-input' : ''}
          autocomplete={props.secret === true ? 'new-password' : 'off'}
          autocapitalize="none"
          spellcheck={false}
          maxLength={200}
          value={props.value}
          aria-describedby={props.describedBy}
          onInput={(event) => props.onInput(event.currentTarget.value)}
        />
      </span>
    </label>
  )
}

export function SelectField(props: {
  readonly label: string
  readonly value: string
  readonly options: readonly (readonly [value: string, name: string])[]
  readonly onChange: (value: string) => void
  readonly disabled?: boolean
}) {
  return (
    <label>
      <span class="label mb-1 block">{props.label}</span>
      <span class="field">
        <select
          class="min-w-0 grow self-stretch bg-transparent outline-none"
          disabled={props.disabled === true}
          onChange={(event) => props.onChange(event.currentTarget.value)}
        >
          <For each={props.options}>
            {([value, name]) => (
              <option value={value} selected={value === props.value}>
                {name}
              </option>
            )}
          </For>
        </select>
      </span>
    </label>
  )
}
