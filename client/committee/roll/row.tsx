import ClockIcon from 'lucide-solid/icons/clock'
import GavelIcon from 'lucide-solid/icons/gavel'
import UserRoundIcon from 'lucide-solid/icons/user-round'
import UserRoundCheckIcon from 'lucide-solid/icons/user-round-check'
import { createEffect, createMemo, createSignal, Match, on, onCleanup, Show, Switch } from 'solid-js'
import { unwrap } from 'solid-js/store'
import type { Elector } from '#contract/api.ts'
import type { ElectorSerial } from '#contract/ids.ts'
import { SavedSign } from '../../design/saved.tsx'
import { stamped } from '../../design/stamped.ts'
import { StrengthBars } from '../../design/strength.tsx'
import { nameParts, shortName } from '../../i18n/names.ts'
import { clock, moment, numeral, say, text } from '../../i18n/say.tsx'
import { ConflictChip } from '../conflicts/elector.tsx'
import { type CommitteeView, useCommittee } from '../context.ts'
import { attend } from './attend.ts'
import { followUpOf, strongest } from './guarantee.ts'

const Clock = stamped(ClockIcon)
const Gavel = stamped(GavelIcon)
const UserRound = stamped(UserRoundIcon)
const UserRoundCheck = stamped(UserRoundCheckIcon)

const flash_ms = 1_500

/** A row of the store is only ever replaced whole: to follow its place is enough, and each field read through the store costs. */
const attendanceOf = ({ committee }: CommitteeView, serial: ElectorSerial) => unwrap(committee.attendance[serial])

/** One elector. Reads its own keys of the stores only, so somebody else's mark costs this row and nothing else. */
export function ElectorRow(props: { readonly elector: Elector }) {
  const view = useCommittee()
  const serial = () => props.elector.serial
  const name = createMemo(() => nameParts(props.elector.name))
  const witnesses = () => attendanceOf(view, serial())?.witnesses ?? []
  const flashing = createFlash(serial, () => witnesses().filter((witness) => !witness.mine).length)
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
            <ConflictChip serial={serial()}>
              <FollowUpChip serial={serial()} />
            </ConflictChip>
            <Show when={!props.elector.active}>
              <span class="chip line">{say('roll.inactive')}</span>
            </Show>
            <Show when={attendanceOf(view, serial())?.overruled}>
              <span class="chip line">
                <Gavel size={16} />
                {say('roll.overruled')}
              </span>
            </Show>
            <Witnesses serial={serial()} />
          </span>
        </span>
      </button>
      <Show when={view.committee.rights().includes('attendance') || witnesses().length > 0}>
        <AttendButton elector={props.elector} />
      </Show>
    </div>
  )
}

/** True for a moment after somebody else's change of the same elector: a row that shows another one now has not changed. */
function createFlash(serial: () => Elector['serial'], others: () => number): () => boolean {
  const [flashing, setFlashing] = createSignal(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  createEffect(
    on(
      () => [serial(), others()] as const,
      ([now, count], before) => {
        clearTimeout(timer)
        const changed = before !== undefined && before[0] === now && before[1] !== count
        setFlashing(changed)
        if (!changed) return
        timer = setTimeout(() => setFlashing(false), flash_ms)
      },
      { defer: true },
    ),
  )
  onCleanup(() => clearTimeout(timer))
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
function FollowUpChip(props: { readonly serial: Elector['serial'] }) {
  const view = useCommittee()
  const at_s = () => (attendanceOf(view, props.serial)?.attended === true ? undefined : followUpOf(view.committee.guarantees[props.serial]))
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

/** Who says so and since when, and for one's own mark where it is saved. */
function Witnesses(props: { readonly serial: Elector['serial'] }) {
  const view = useCommittee()
  const witnesses = () => attendanceOf(view, props.serial)?.witnesses ?? []
  const first = () => [...witnesses()].sort((a, b) => a.at_s - b.at_s)[0]
  const when = (at_s: number) => (view.isFresh(props.serial) ? say('now') : clock(at_s * 1_000))
  return (
    <Show when={first()}>
      {(one) => (
        <>
          <span class="text-text-2">
            <Switch>
              <Match when={witnesses().length > 1}>
                {say('roll.witnesses_at', { n: witnesses().length, when: clock(one().at_s * 1_000) })}
              </Match>
              <Match when={one().mine}>{say('by_at', { who: say('you'), when: when(one().at_s) })}</Match>
              <Match when={true}>
                {say('by_at', { who: nameParts(view.committee.nameOf(one().user)).given, when: clock(one().at_s * 1_000) })}
              </Match>
            </Switch>
          </span>
          <SavedSign durable={witnesses().every((witness) => witness.durable)} />
        </>
      )}
    </Show>
  )
}

/** Marks; for one's own mark it opens the sheet, where it can be withdrawn with a reason. A slip never takes a mark away. */
function AttendButton(props: { readonly elector: Elector }) {
  const view = useCommittee()
  const serial = () => props.elector.serial
  const witnesses = () => attendanceOf(view, serial())?.witnesses ?? []
  const mine = () => witnesses().some((witness) => witness.mine)
  const named = () => ({ serial: numeral(serial()), name: shortName(props.elector.name) })
  const attended = () => text('roll.attended_label', { ...named(), n: witnesses().length })
  const mayMark = () => view.committee.rights().includes('attendance')
  return (
    <button
      type="button"
      class="attend"
      aria-pressed={witnesses().length > 0}
      aria-label={witnesses().length > 0 ? attended() : text('roll.attend', named())}
      onClick={() => (mine() || !mayMark() ? view.openElector(serial()) : attend(view, serial()))}
    >
      <Show when={witnesses().length > 0} fallback={<UserRound size={28} />}>
        <UserRoundCheck size={28} />
        <span class="attend-count">{numeral(witnesses().length)}</span>
      </Show>
    </button>
  )
}
