import ClockIcon from 'lucide-solid/icons/clock'
import GavelIcon from 'lucide-solid/icons/gavel'
import UserRoundIcon from 'lucide-solid/icons/user-round'
import UserRoundCheckIcon from 'lucide-solid/icons/user-round-check'
import { createComputed, createMemo, createSignal, onCleanup, Show } from 'solid-js'
import type { Elector } from '#contract/api.ts'
import { createLater } from '../../design/later.ts'
import { SavedSign } from '../../design/saved.tsx'
import { stamped } from '../../design/stamped.ts'
import { StrengthBars } from '../../design/strength.tsx'
import { nameParts, shortName } from '../../i18n/names.ts'
import { clock, moment, numeral, say, text } from '../../i18n/say.tsx'
import { type CommitteeView, useCommittee } from '../context.ts'
import { attend } from './attend.ts'
import { followUpOf, strongest } from './guarantee.ts'

const Clock = stamped(ClockIcon)
const Gavel = stamped(GavelIcon)
const UserRound = stamped(UserRoundIcon)
const UserRoundCheck = stamped(UserRoundCheckIcon)

const flashes = createLater(1_500)

type Marks = NonNullable<CommitteeView['committee']['attendance'][number]>
const unmarked: Marks = { witnesses: [], attended: false }

/**
 * One elector. Reads its own keys of the stores only, so somebody else's mark costs this row and nothing else; and what a mark
 * changes is there from the beginning, empty or hidden, so that a mark fills it in and builds nothing.
 */
export function ElectorRow(props: { readonly elector: Elector }) {
  const view = useCommittee()
  const serial = createMemo(() => props.elector.serial)
  const name = createMemo(() => nameParts(props.elector.name))
  const marks = createMemo(() => view.committee.attendance[serial()] ?? unmarked)
  const flashing = createFlash(serial, () => marks().witnesses.filter((witness) => !witness.mine).length)
  return (
    <div
      class="elector-row"
      classList={{ fresh: view.isFresh(serial()) || flashing(), inactive: !props.elector.active }}
      data-serial={serial()}
    >
      <button type="button" class="elector-open" aria-haspopup="dialog" onClick={() => view.openElector(serial())}>
        <span class="elector-serial">{numeral(serial())}</span>{' '}
        <span class="min-w-0 grow">
          <span class="elector-name">
            <bdi>
              <b>{name().given}</b> {name().rest}
            </bdi>
          </span>
          <span class="elector-meta">
            <Pledge serial={serial()} />
            <FollowUpChip serial={serial()} marks={marks()} />
            <Show when={!props.elector.active}>
              <span class="chip line">{say('roll.inactive')}</span>
            </Show>
            <Show when={marks().overruled}>
              <span class="chip line">
                <Gavel size={16} />
                {say('roll.overruled')}
              </span>
            </Show>
            <Witnesses serial={serial()} marks={marks()} />
          </span>
        </span>
      </button>
      <Show when={view.committee.rights().includes('attendance') || marks().attended}>
        <AttendButton elector={props.elector} marks={marks()} />
      </Show>
    </div>
  )
}

/** True for a moment after somebody else's change of the same elector: a row that shows another one now has not changed. */
function createFlash(serial: () => Elector['serial'], others: () => number): () => boolean {
  const [flashing, setFlashing] = createSignal(false)
  const end = () => setFlashing(false)
  // No effect, which would come after the row was drawn and have it drawn again.
  createComputed<readonly [Elector['serial'], number] | undefined>((before) => {
    const now = [serial(), others()] as const
    const changed = before !== undefined && before[0] === now[0] && before[1] !== now[1]
    setFlashing(changed)
    if (changed) flashes.later(end)
    else flashes.drop(end)
    return now
  }, undefined)
  onCleanup(() => flashes.drop(end))
  return flashing
}

/** How sure it is, of the pledges that stand the strongest. */
export function Pledge(props: { readonly serial: Elector['serial'] }) {
  const { committee } = useCommittee()
  const pledge = () => strongest(committee.guarantees[props.serial])
  return (
    <Show when={pledge()} fallback={<span class="text-text-3">{say('roll.no_guarantee')}</span>}>
      {(found) => (
        <span class="inline-flex items-center gap-1.5 text-text-2">
          <StrengthBars strength={found().strength} />
          <Show when={found().strength} fallback={say('strength.none')}>
            {(strength) => <>{say(`strength.${strength()}`)}</>}
          </Show>
        </span>
      )}
    </Show>
  )
}

/** When to call, while there is still somebody to bring. */
function FollowUpChip(props: { readonly serial: Elector['serial']; readonly marks: Marks }) {
  const { committee } = useCommittee()
  const at_s = () => (props.marks.attended ? undefined : followUpOf(committee.guarantees[props.serial]))
  return (
    <Show when={at_s()}>
      {(time_s) => (
        <span class="chip">
          <Clock size={16} />
          {say('roll.follow_up', { when: moment(time_s() * 1_000) })}
        </span>
      )}
    </Show>
  )
}

/** Who says so and since when, and for one's own mark where it is saved. As plain text: a change of it changes a text node. */
function Witnesses(props: { readonly serial: Elector['serial']; readonly marks: Marks }) {
  const view = useCommittee()
  const said = () => {
    const { witnesses } = props.marks
    const [first, ...more] = witnesses
    if (first === undefined) return ''
    const one = more.reduce((earliest, witness) => (witness.at_s < earliest.at_s ? witness : earliest), first)
    const when = clock(one.at_s * 1_000)
    if (more.length > 0) return text('roll.witnesses_at', { n: witnesses.length, when })
    if (one.mine) return text('by_at', { who: text('you'), when: view.isFresh(props.serial) ? text('now') : when })
    return text('by_at', { who: nameParts(view.committee.nameOf(one.user)).given, when })
  }
  return (
    <>
      <span class="elector-witnesses">{said()}</span>
      <span class="elector-saved">
        <SavedSign durable={props.marks.witnesses.every((witness) => witness.durable)} />
      </span>
    </>
  )
}

/** Marks; for one's own mark it opens the sheet, where it can be withdrawn with a reason. A slip never takes a mark away. */
function AttendButton(props: { readonly elector: Elector; readonly marks: Marks }) {
  const view = useCommittee()
  const named = createMemo(() => ({ serial: numeral(props.elector.serial), name: shortName(props.elector.name) }))
  const mine = () => props.marks.witnesses.some((witness) => witness.mine)
  const mayMark = () => view.committee.rights().includes('attendance')
  const onClick = () => {
    const { serial } = props.elector
    if (mine() || !mayMark()) view.openElector(serial)
    else attend(view, serial)
  }
  const label = () => {
    const n = props.marks.witnesses.length
    return n > 0 ? text('roll.attended_label', { ...named(), n }) : text('roll.attend', named())
  }
  return (
    <button type="button" class="attend" aria-pressed={props.marks.attended} aria-label={label()} onClick={onClick}>
      <UserRound size={28} />
      <UserRoundCheck size={28} />
      <span class="attend-count">{props.marks.attended ? numeral(props.marks.witnesses.length) : ''}</span>
    </button>
  )
}
