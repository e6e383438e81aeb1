import CircleCheck from 'lucide-solid/icons/circle-check'
import Clock from 'lucide-solid/icons/clock'
import Phone from 'lucide-solid/icons/phone'
import PhoneCall from 'lucide-solid/icons/phone-call'
import PhoneMissed from 'lucide-solid/icons/phone-missed'
import PhoneOff from 'lucide-solid/icons/phone-off'
import UserRoundCheck from 'lucide-solid/icons/user-round-check'
import { createMemo, createSignal, onCleanup, Show } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import type { Elector } from '#contract/api.ts'
import type { Confirmation } from '#contract/document/values.ts'
import { speaksForOthers } from '#contract/rights.ts'
import { nameParts, shortName } from '../../i18n/names.ts'
import { moment, numeral, say, text } from '../../i18n/say.tsx'
import { ConflictChip } from '../conflicts/elector.tsx'
import { type CommitteeView, useCommittee } from '../context.ts'
import { LookingAvatars } from '../people/looking.tsx'
import { tellRefusal } from './attend.ts'
import { CallLink, CallQuestion, ClaimChip, createCalling } from './calling.tsx'
import { followUpOf, pledgeToWrite, strongest } from './guarantee.ts'
import { Pledge } from './row.tsx'

const minute_ms = 60_000
/** Who asks to be called later is called in an hour, unless another time is set in the sheet. */
const later_s = 3_600

/** Unix seconds, once a minute: time alone makes a call due. */
export function createMinute(): () => number {
  const read = () => Math.floor(Date.now() / 1_000)
  const [now_s, setNow] = createSignal(read())
  const timer = setInterval(() => setNow(read()), minute_ms)
  onCleanup(() => clearInterval(timer))
  return now_s
}

const icons = { pending: Clock, confirmed: CircleCheck, unreachable: PhoneMissed } as const

export function AbsentRow(props: {
  readonly elector: Elector
  readonly now_s: number
  /** The telephone of this one was dialled last. */
  readonly called: boolean
  readonly onCall: () => void
  readonly onDone: () => void
}) {
  const view = useCommittee()
  const { committee } = view
  const serial = () => props.elector.serial
  const name = createMemo(() => nameParts(props.elector.name))
  const pledge = () => strongest(committee.guarantees[serial()])
  const followUp = () => followUpOf(committee.guarantees[serial()])
  const attended = () => committee.attendance[serial()]?.attended === true
  const calling = createCalling(serial)
  /** Whoever says how the call went has put the telephone down. */
  const done = () => {
    if (calling.mine()) calling.end()
    props.onDone()
  }
  const toggle = () => {
    if (calling.mine()) done()
    else if (calling.begin()) props.onCall()
  }
  return (
    <div data-serial={serial()} class="absent-row" classList={{ attended: attended() }}>
      <div class="elector-row border-0!">
        <button type="button" class="elector-open" aria-haspopup="dialog" onClick={() => view.openElector(serial())}>
          <span class="elector-serial">{numeral(serial())}</span>{' '}
          <span class="min-w-0 grow">
            <span class="elector-name">
              <bdi>
                <b>{name().given}</b> {name().rest}
              </bdi>
            </span>
            <span class="elector-meta">
              <Show
                when={!attended()}
                fallback={
                  <span class="chip ok">
                    <UserRoundCheck size={16} />
                    {say(`pad.attended_${props.elector.sex}`)}
                  </span>
                }
              >
                <Pledge serial={serial()} />
                <Show when={pledge()}>
                  {(row) => (
                    <span class="text-text-2">
                      <bdi>{row().mine ? say('you') : nameParts(committee.nameOf(row().collector)).given}</bdi>
                    </span>
                  )}
                </Show>
                <ConflictChip serial={serial()}>
                  <ClaimChip
                    serial={serial()}
                    otherwise={
                      <Show when={followUp()}>
                        {(at_s) => (
                          <span class="chip" classList={{ warn: at_s() <= props.now_s }}>
                            <Clock size={16} />
                            {say('roll.follow_up', { when: moment(at_s() * 1_000) })}
                          </span>
                        )}
                      </Show>
                    }
                  />
                </ConflictChip>
                <Show when={pledge()?.confirmation}>
                  {(confirmation) => (
                    <span class="inline-flex items-center gap-1 text-text-2">
                      <Dynamic component={icons[confirmation()]} size={16} />
                      {say(`confirmation.${confirmation()}`)}
                    </span>
                  )}
                </Show>
              </Show>
              <LookingAvatars serial={serial()} />
            </span>
          </span>
        </button>
        <Show when={!attended()}>
          <CallLink
            elector={props.elector}
            calling={calling}
            onCall={props.onCall}
            class="call-button"
            label={text('absent.call', { name: shortName(props.elector.name) })}
          >
            <Phone size={26} />
          </CallLink>
          <Show when={calling.mayCall()}>
            <button
              type="button"
              class="claim-button"
              aria-label={text('claim.set_who', { name: shortName(props.elector.name) })}
              aria-pressed={calling.mine()}
              onClick={() => toggle()}
            >
              <PhoneCall size={24} />
            </button>
          </Show>
        </Show>
      </div>
      <Show when={!attended()}>
        <div class="px-3.5 pb-3 empty:hidden">
          <CallQuestion elector={props.elector} calling={calling} onCall={props.onCall} />
        </div>
        <Show when={props.called || calling.mine()}>
          <Outcome elector={props.elector} onDone={done} />
          <Show when={calling.mine()}>
            <button type="button" class="button soft small mx-3.5 mb-3" onClick={() => done()}>
              <PhoneOff size={20} />
              {say('claim.release')}
            </button>
          </Show>
        </Show>
      </Show>
    </div>
  )
}

/** One tap after a call. Where nobody's pledge is this person's to write, nothing is asked. */
function Outcome(props: { readonly elector: Elector; readonly onDone: () => void }) {
  const view = useCommittee()
  const collector = () => pledgeToWrite(view.committee.guarantees[props.elector.serial], speaksForOthers(view.user.role))
  const mayWrite = () => view.committee.rights().includes('guarantees') && collector() !== undefined
  const tap = (outcome: OutcomeName) => {
    write(view, props.elector, collector(), outcome)
    props.onDone()
  }
  return (
    <Show when={mayWrite()}>
      <fieldset class="outcome">
        <legend class="sr-only">{say('absent.how')}</legend>
        <button type="button" class="button soft small" onClick={() => tap('confirmed')}>
          <CircleCheck size={20} />
          {say('confirmation.confirmed')}
        </button>
        <button type="button" class="button soft small" onClick={() => tap('unreachable')}>
          <PhoneMissed size={20} />
          {say('confirmation.unreachable')}
        </button>
        <button type="button" class="button soft small" onClick={() => tap('later')}>
          <Clock size={20} />
          {say('absent.later')}
        </button>
      </fieldset>
    </Show>
  )
}

type OutcomeName = 'confirmed' | 'unreachable' | 'later'
type Written = { readonly confirmation: Confirmation | null; readonly follow_up?: number | null }

/** Confirmed needs no further call; nobody there leaves the time as it was; later is another time. */
function fieldsOf(outcome: OutcomeName): Written {
  if (outcome === 'confirmed') return { confirmation: 'confirmed', follow_up: null }
  if (outcome === 'unreachable') return { confirmation: 'unreachable' }
  return { confirmation: 'pending', follow_up: Math.floor(Date.now() / 1_000) + later_s }
}

function write(view: CommitteeView, elector: Elector, collector: ReturnType<typeof pledgeToWrite>, outcome: OutcomeName): void {
  if (collector === undefined) return
  const before = view.committee.guarantees[elector.serial]?.find((row) => row.collector === collector)
  const fields = fieldsOf(outcome)
  const done = view.committee.pledge(elector.serial, fields, collector)
  if (!done.ok) return tellRefusal(view, done.error)
  const name = shortName(elector.name)
  const again: Written = { confirmation: before?.confirmation ?? null, follow_up: before?.follow_up ?? null }
  view.toaster.show({
    icon: icons[fields.confirmation ?? 'pending'],
    text: () =>
      outcome === 'later'
        ? say('absent.written_later', { name, when: moment((fields.follow_up ?? 0) * 1_000) })
        : say(`absent.written_${outcome}`, { name }),
    action: {
      label: text('undo'),
      run: () => {
        const undone = view.committee.pledge(elector.serial, again, collector)
        if (!undone.ok) tellRefusal(view, undone.error)
      },
    },
  })
}
