import Clock from 'lucide-solid/icons/clock'
import { createSignal, For, Show } from 'solid-js'
import { moment, say, text } from '../../i18n/say.tsx'

const quick = [
  { word: 'elector.follow_up_soon', minutes: 15 },
  { word: 'elector.follow_up_hour', minutes: 60 },
  { word: 'elector.follow_up_hours', minutes: 180 },
] as const

/** The phone's own time as its date field writes it: 2026-11-23T14:30. */
function fieldValue(at_s: number | undefined): string {
  if (at_s === undefined) return ''
  const local = new Date(at_s * 1_000)
  return new Date(local.getTime() - local.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

const nowPlus = (minutes: number): number => Math.floor(Date.now() / 1_000) + minutes * 60

/** When to call again: one tap for what is usual, the phone's own clock for anything else. Unix seconds; null: no time. */
export function FollowUp(props: { readonly at_s: number | undefined; readonly onChoose: (at_s: number | null) => void }) {
  const [open, setOpen] = createSignal(false)
  const choose = (at_s: number | null) => {
    props.onChoose(at_s)
    setOpen(false)
  }
  return (
    <>
      <button type="button" class="field-tile" aria-expanded={open()} onClick={() => setOpen(!open())}>
        <Clock size={20} class="flex-none text-text-2" />
        <span class="min-w-0">
          <span class="field-tile-label">{say('elector.follow_up')}</span>
          <b class="truncate-line block">
            <Show when={props.at_s} fallback={say('elector.follow_up_none')}>
              {(at_s) => <bdi>{moment(at_s() * 1_000)}</bdi>}
            </Show>
          </b>
        </span>
      </button>
      <Show when={open()}>
        <div class="order-last col-span-2 flex flex-wrap items-center gap-2">
          <For each={quick}>
            {({ word, minutes }) => (
              <button type="button" class="button secondary small" onClick={() => choose(nowPlus(minutes))}>
                {say(word)}
              </button>
            )}
          </For>
          <Show when={props.at_s !== undefined}>
            <button type="button" class="button quiet small" onClick={() => choose(null)}>
              {say('elector.follow_up_clear')}
            </button>
          </Show>
          <label class="field min-h-11! grow">
            <span class="sr-only">{text('elector.follow_up_other')}</span>
            <input
              type="datetime-local"
              value={fieldValue(props.at_s)}
              onChange={(event) => {
                const at_ms = new Date(event.currentTarget.value).getTime()
                if (Number.isFinite(at_ms) && at_ms > 0) choose(Math.floor(at_ms / 1_000))
              }}
            />
          </label>
        </div>
      </Show>
    </>
  )
}
