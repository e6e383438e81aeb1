import Pencil from 'lucide-solid/icons/pencil'
import { createSignal, Show } from 'solid-js'
import { Sheet } from '../../design/sheet.tsx'
import { digitsTyped, inDigits, wholeNumber } from '../../i18n/digits.ts'
import { numeral, say, text } from '../../i18n/say.tsx'
import { digits } from '../../settings.ts'

const number_digits_max = 5

/** The number of the ballot on the table; a tap sets it, where the room and the app have come apart. */
export function BallotNumber(props: { readonly n: number; readonly onSet: (n: number) => void }) {
  const [open, setOpen] = createSignal(false)
  return (
    <>
      <button
        type="button"
        class="ballot-number"
        aria-haspopup="dialog"
        aria-label={text('count.ballot_change', { n: numeral(props.n) })}
        onClick={() => setOpen(true)}
      >
        <span>{say('count.ballot')}</span> <b>{numeral(props.n)}</b>
        <Pencil size={16} />
      </button>
      <Sheet open={open()} onClose={() => setOpen(false)} title={say('count.number_title')}>
        <NumberForm
          n={props.n}
          onSet={(n) => {
            props.onSet(n)
            setOpen(false)
          }}
        />
      </Sheet>
    </>
  )
}

function NumberForm(props: { readonly n: number; readonly onSet: (n: number) => void }) {
  const [typed, setTyped] = createSignal(String(props.n))
  const [wrong, setWrong] = createSignal(false)
  const submit = () => {
    const n = wholeNumber(typed())
    if (n === undefined) setWrong(true)
    else props.onSet(n)
  }
  return (
    <form
      class="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <p class="text-label text-text-2">{say('count.number_hint')}</p>
      <div>
        <label class="field" classList={{ wrong: wrong() }}>
          <input
            class="latin-input text-[36px] font-extrabold"
            inputmode="numeric"
            autocomplete="off"
            aria-label={text('count.number_title')}
            aria-describedby="number-problem"
            value={inDigits(typed(), digits())}
            ref={(field) => queueMicrotask(() => field.select())}
            onInput={(event) => {
              setTyped(digitsTyped(event.currentTarget.value, number_digits_max))
              event.currentTarget.value = inDigits(typed(), digits())
            }}
          />
        </label>
        <p id="number-problem" role="alert" class="field-problem">
          <Show when={wrong()}>{say('count.number_wrong')}</Show>
        </p>
      </div>
      <button type="submit" class="button primary big">
        {say('count.number_set')}
      </button>
    </form>
  )
}
