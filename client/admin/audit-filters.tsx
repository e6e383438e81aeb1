import Search from 'lucide-solid/icons/search'
import X from 'lucide-solid/icons/x'
import { createSignal, For, onCleanup, Show } from 'solid-js'
import type { AuditFilter, CommitteeEntry } from '#contract/api.ts'
import { auditCharacters_max, auditKinds, isAuditKind } from '#contract/audit.ts'
import { parseCommitteeId } from '#contract/ids.ts'
import { siteName } from '../i18n/names.ts'
import { numeral, say, text } from '../i18n/say.tsx'

/** While somebody types. */
const pause_ms = 350

type Change = { readonly [Name in keyof AuditFilter]?: AuditFilter[Name] | undefined }

/** What to look for. Each part narrows what the others have left. */
export function AuditFilters(props: {
  readonly filter: AuditFilter
  readonly committees: readonly CommitteeEntry[]
  readonly onChange: (filter: AuditFilter) => void
}) {
  const change = (parts: Change) => {
    const all = Object.entries({ ...props.filter, ...parts }).filter(([, value]) => value !== undefined)
    props.onChange(Object.fromEntries(all) as AuditFilter)
  }
  return (
    <>
      <TextField onChange={(words) => change({ text: words })} />
      <div class="grid grid-cols-2 gap-2 lg:grid-cols-1">
        <label>
          <span class="label mb-1 block">{say('audit.kind')}</span>
          <span class="field">
            <select
              class="min-w-0 grow self-stretch bg-transparent outline-none"
              onChange={({ currentTarget: { value } }) => change({ kind: isAuditKind(value) ? value : undefined })}
            >
              <option value="">{text('audit.every')}</option>
              <For each={auditKinds}>{(kind) => <option value={kind}>{text(`audit.kind_${kind}`)}</option>}</For>
            </select>
          </span>
        </label>
        <label>
          <span class="label mb-1 block">{say('audit.committee')}</span>
          <span class="field">
            <select
              class="min-w-0 grow self-stretch bg-transparent outline-none"
              onChange={(event) => change(committeeIn(event.currentTarget))}
            >
              <option value="">{text('audit.every_committee')}</option>
              <For each={props.committees}>
                {(entry) => (
                  <option value={entry.id}>
                    {numeral(entry.code)} · {siteName(entry)}
                  </option>
                )}
              </For>
            </select>
          </span>
        </label>
        <TimeField label={text('audit.from')} onChange={(from) => change({ from })} />
        <TimeField label={text('audit.to')} onChange={(to) => change({ to })} />
      </div>
      <Show when={props.filter.user}>
        {(user) => (
          <button type="button" class="chip ink min-h-11! self-start" onClick={() => change({ user: undefined })}>
            {say('audit.only_person', { id: numeral(user()) })}
            <X size={16} />
          </button>
        )}
      </Show>
    </>
  )
}

function committeeIn({ value }: HTMLSelectElement): Change {
  const id = parseCommitteeId(value)
  return { committee: id.ok ? id.value : undefined }
}

function TextField(props: { readonly onChange: (words: string | undefined) => void }) {
  const [timer, setTimer] = createSignal<ReturnType<typeof setTimeout>>()
  onCleanup(() => clearTimeout(timer()))
  const typed = (words: string) => {
    clearTimeout(timer())
    setTimer(setTimeout(() => props.onChange(words.trim() === '' ? undefined : words.trim()), pause_ms))
  }
  return (
    <label class="field">
      <Search size={20} class="flex-none text-text-2" />
      <input
        type="search"
        maxLength={auditCharacters_max}
        aria-label={text('audit.search')}
        placeholder={text('audit.search_for')}
        onInput={(event) => typed(event.currentTarget.value)}
      />
    </label>
  )
}

/** In the device's own time. */
function TimeField(props: { readonly label: string; readonly onChange: (at_ms: number | undefined) => void }) {
  const at_ms = (value: string): number | undefined => {
    const at = new Date(value).getTime()
    return Number.isFinite(at) && at >= 0 ? at : undefined
  }
  return (
    <label class="field audit-time">
      <span class="label">{props.label}</span>
      <input type="datetime-local" onChange={(event) => props.onChange(at_ms(event.currentTarget.value))} />
    </label>
  )
}
