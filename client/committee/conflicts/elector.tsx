import EqualNotIcon from 'lucide-solid/icons/equal-not'
import { For, type JSX, Show } from 'solid-js'
import type { ElectorSerial, UserId } from '#contract/ids.ts'
import { stamped } from '../../design/stamped.ts'
import { say, text } from '../../i18n/say.tsx'
import { useCommittee } from '../context.ts'
import { fieldNames } from '../tray/entry-words.ts'
import { ConflictCard, SettledConflict } from './card.tsx'

const EqualNot = stamped(EqualNotIcon)

/** In an elector's row: that people disagree on them comes before anything else there is to say in a chip. */
export function ConflictChip(props: { readonly serial: ElectorSerial; readonly children?: JSX.Element }) {
  const { committee } = useCommittee()
  const open = () => committee.conflicts.ofElector(props.serial).filter((row) => row.open)
  const what = () => {
    const field = open()[0]?.parts.field
    return field === undefined ? text('conflict.attendance') : text(fieldNames[field])
  }
  return (
    <Show when={open().length > 0} fallback={props.children}>
      <span class="chip warn">
        <EqualNot size={16} />
        <Show when={open().length === 1} fallback={<span>{say('conflict.places', { n: open().length })}</span>}>
          <span>{say('conflict.chip', { what: what() })}</span>
        </Show>
      </span>
    </Show>
  )
}

/** Beside the heading of a pledge: which of its fields have two answers. */
export function PledgeConflicts(props: { readonly serial: ElectorSerial; readonly collector: UserId }) {
  const { committee } = useCommittee()
  const fields = () =>
    committee.conflicts.ofElector(props.serial).flatMap(({ open, root, parts }) => {
      const here = open && root === 'guarantees' && parts.user === props.collector
      return here && parts.field !== undefined ? [text(fieldNames[parts.field])] : []
    })
  return (
    <Show when={fields().length > 0}>
      <span class="chip warn whitespace-normal!">
        <EqualNot size={16} />
        <span>{say('conflict.chip', { what: fields().join(text('count.comma')) })}</span>
      </span>
    </Show>
  )
}

/** Of one elector: what waits for somebody's word, and, at the end, what was settled. */
export function ElectorConflicts(props: { readonly serial: ElectorSerial }) {
  const { committee } = useCommittee()
  const open = () => committee.conflicts.ofElector(props.serial).filter((row) => row.open)
  return (
    <Show when={open().length > 0}>
      <div class="flex flex-col gap-2">
        <For each={open()}>{(row) => <ConflictCard row={row} />}</For>
      </div>
    </Show>
  )
}

export function ElectorHistory(props: { readonly serial: ElectorSerial }) {
  const { committee } = useCommittee()
  const settled = () => committee.conflicts.ofElector(props.serial).filter((row) => !row.open)
  return (
    <Show when={settled().length > 0}>
      <section class="flex flex-col gap-2">
        <h3 class="label">{say('conflict.history')}</h3>
        <For each={settled()}>{(row) => <SettledConflict row={row} />}</For>
      </section>
    </Show>
  )
}
