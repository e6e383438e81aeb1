import CheckCheck from 'lucide-solid/icons/check-check'
import EqualNot from 'lucide-solid/icons/equal-not'
import { For, Show } from 'solid-js'
import type { ElectorSerial } from '#contract/ids.ts'
import { Nothing } from '../../design/nothing.tsx'
import { Sheet } from '../../design/sheet.tsx'
import { ToastRegion } from '../../design/toast.tsx'
import { figure, say, text } from '../../i18n/say.tsx'
import type { ConflictRow } from '../../sync/binding/conflicts.ts'
import { useCommittee } from '../context.ts'
import { ConflictCard, SettledConflict } from './card.tsx'

/** As many as are looked through in one go; the next come up as these are settled. */
const shown_max = 30

/** In the committee's bar while something waits for a word; opens all of it. */
export function ConflictBadge() {
  const view = useCommittee()
  return (
    <Show when={view.committee.conflicts.open()}>
      {(n) => (
        <button type="button" class="conflict-badge" aria-haspopup="dialog" onClick={view.openConflicts}>
          <EqualNot size={18} />
          <span aria-hidden="true">{figure(n())}</span>
          <span class="sr-only">{text('conflict.places', { n: n() })}</span>
        </button>
      )}
    </Show>
  )
}

/** Every place of the committee where people wrote at once and nobody has decided, and what was decided last. */
export function ConflictsSheet(props: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Sheet
      open={props.open}
      onClose={() => props.onClose()}
      title={say('conflict.title')}
      subtitle={<p class="text-label text-text-2">{say('conflict.note')}</p>}
      toRead
    >
      <Content />
    </Sheet>
  )
}

function Content() {
  const view = useCommittee()
  const { conflicts } = view.committee
  const open = () => conflicts.all().filter((row) => row.open)
  const settled = () =>
    conflicts
      .all()
      .filter((row) => !row.open)
      .sort((a, b) => (b.resolved?.at_s ?? 0) - (a.resolved?.at_s ?? 0))
  return (
    <div class="flex flex-col gap-3">
      <Show
        when={open().length > 0}
        fallback={<Nothing icon={<CheckCheck size={32} class="text-ok" />} title={say('conflict.none')} next={say('conflict.none_next')} />}
      >
        <For each={open().slice(0, shown_max)}>
          {(row) => (
            <div class="flex flex-col">
              <ConflictCard row={row} named />
              <OpenElector row={row} />
            </div>
          )}
        </For>
        <Show when={open().length > shown_max}>
          <p class="text-label text-text-2">{say('conflict.more', { n: open().length - shown_max })}</p>
        </Show>
      </Show>
      <Show when={settled().length > 0}>
        <section class="flex flex-col gap-2">
          <h3 class="label">{say('conflict.history')}</h3>
          <For each={settled().slice(0, shown_max)}>{(row) => <SettledConflict row={row} named />}</For>
        </section>
      </Show>
      <div class="-mx-4">
        <ToastRegion toaster={view.toaster} />
      </div>
    </div>
  )
}

function OpenElector(props: { readonly row: ConflictRow }) {
  const view = useCommittee()
  const elector = (): ElectorSerial | undefined => {
    const { elector: serial } = props.row.parts
    return serial !== undefined && view.roll().bySerial.has(serial) ? serial : undefined
  }
  return (
    <Show when={elector()}>
      {(serial) => (
        <button
          type="button"
          class="button quiet small self-start px-1!"
          onClick={() => {
            const opened = serial()
            view.closePanel()
            view.openElector(opened)
          }}
        >
          {say('conflict.open_elector')}
        </button>
      )}
    </Show>
  )
}
