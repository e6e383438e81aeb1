import PhoneCallIcon from 'lucide-solid/icons/phone-call'
import PhoneOff from 'lucide-solid/icons/phone-off'
import { createMemo, createSignal, type JSX, Match, Show, Switch } from 'solid-js'
import type { Elector } from '#contract/api.ts'
import type { ElectorSerial, UserId } from '#contract/ids.ts'
import { stamped } from '../../design/stamped.ts'
import { nameParts, personName } from '../../i18n/names.ts'
import { clock, say } from '../../i18n/say.tsx'
import type { Person } from '../../sync/people.ts'
import { useCommittee } from '../context.ts'
import './calling.css'
import { telephone } from './telephone.ts'

const PhoneCall = stamped(PhoneCallIcon)

const given = ({ user }: Person): string => nameParts(personName(user)).given
const since_s = ({ at }: Person): number => at.claim?.since_s ?? 0

/** Of those who call an elector the first who is not `user`. */
const firstOther = (calling: readonly Person[], user: UserId): Person | undefined =>
  calling.filter((person) => person.user.id !== user).sort((a, b) => since_s(a) - since_s(b) || a.client - b.client)[0]

/** Who is on the phone with an elector, for a row: another first, for that is the news. */
export function ClaimChip(props: { readonly serial: ElectorSerial; readonly otherwise?: JSX.Element }) {
  const { committee, user } = useCommittee()
  const calling = createMemo(() => committee.at(props.serial).calling)
  const other = () => firstOther(calling(), user.id)
  return (
    <Switch fallback={props.otherwise}>
      <Match when={other()}>
        {(person) => (
          <span class="chip here">
            <PhoneCall size={16} />
            <span>{say('claim.other', { who: given(person()) })}</span>
          </span>
        )}
      </Match>
      <Match when={calling().length > 0}>
        <span class="chip ink">
          <PhoneCall size={16} />
          <span>{say('claim.mine')}</span>
        </span>
      </Match>
    </Switch>
  )
}

/**
 * Calling one elector. What is said of it to the others is no lock: where somebody else is calling already the person is told first,
 * once for each caller, and may go on.
 */
export function createCalling(serial: () => ElectorSerial) {
  const { committee, user } = useCommittee()
  const [told, setTold] = createSignal<{ readonly serial: ElectorSerial; readonly client: number }>()
  const calling = createMemo(() => committee.at(serial()).calling)
  const other = createMemo(() => firstOther(calling(), user.id))
  const mine = () => calling().some(({ me }) => me)
  const isTold = () => told()?.serial === serial() && told()?.client === other()?.client
  return {
    other,
    mine,
    mayCall: () => committee.rights().includes('contacts'),
    /** Whom to tell of before the call goes on. */
    question: () => (isTold() ? other() : undefined),
    /** False: the person is told of another's call first. */
    begin: (): boolean => {
      const caller = other()
      if (caller !== undefined && !mine() && !isTold()) {
        setTold({ serial: serial(), client: caller.client })
        return false
      }
      setTold(undefined)
      committee.claim(serial())
      return true
    },
    dismiss: () => setTold(undefined),
    end: () => committee.release(),
  }
}
export type Calling = ReturnType<typeof createCalling>

type CallProps = { readonly elector: Elector; readonly calling: Calling; readonly onCall?: () => void }

/** A telephone to tap. */
export function CallLink(props: CallProps & { readonly class: string; readonly label?: string; readonly children: JSX.Element }) {
  return (
    <Show when={telephone(props.elector)}>
      {(href) => (
        <a
          class={props.class}
          href={href()}
          aria-label={props.label}
          onClick={(event) => {
            if (props.calling.begin()) props.onCall?.()
            else event.preventDefault()
          }}
        >
          {props.children}
        </a>
      )}
    </Show>
  )
}

/** Somebody else is on the phone with them: who, since when, and what to do. Both answers weigh the same. */
export function CallQuestion(props: CallProps) {
  const go = () => {
    if (props.calling.begin()) props.onCall?.()
  }
  return (
    <Show when={props.calling.question()}>
      {(caller) => (
        <div role="alert" class="call-question">
          <p class="flex items-start gap-2 font-semibold">
            <PhoneCallIcon size={20} class="mt-0.5 flex-none text-here" />
            <span>{say('claim.ask', { who: given(caller()), when: clock(since_s(caller()) * 1_000) })}</span>
          </p>
          <div class="flex gap-2">
            <Show
              when={telephone(props.elector)}
              fallback={
                <button type="button" class="button secondary small grow" onClick={go}>
                  {say('claim.anyway')}
                </button>
              }
            >
              {(href) => (
                <a class="button secondary small grow" href={href()} onClick={go}>
                  {say('claim.anyway')}
                </a>
              )}
            </Show>
            <button type="button" class="button secondary small grow" onClick={() => props.calling.dismiss()}>
              {say('claim.not_now')}
            </button>
          </div>
        </div>
      )}
    </Show>
  )
}

/** Says by hand that one is calling, with another telephone, and that the call is over. */
function ClaimButton(props: { readonly calling: Calling }) {
  return (
    <Show
      when={props.calling.mine()}
      fallback={
        <button type="button" class="button secondary small" onClick={() => props.calling.begin()}>
          <PhoneCallIcon size={20} />
          {say('claim.set')}
        </button>
      }
    >
      <button type="button" class="button soft small" onClick={() => props.calling.end()}>
        <PhoneOff size={20} />
        {say('claim.release')}
      </button>
    </Show>
  )
}

/** In the sheet: who is calling, since when, or oneself; and to say so by hand. */
export function CallingNow(props: { readonly calling: Calling }) {
  return (
    <Show when={props.calling.other() !== undefined || props.calling.mine() || props.calling.mayCall()}>
      <div class="flex flex-wrap items-center gap-2">
        <p role="status" class="contents">
          <Show when={props.calling.question() === undefined && props.calling.other()}>
            {(person) => (
              <span class="chip here">
                <PhoneCallIcon size={16} />
                <span>{say('claim.other_since', { who: given(person()), when: clock(since_s(person()) * 1_000) })}</span>
              </span>
            )}
          </Show>
        </p>
        <Show when={props.calling.mine()}>
          <span class="chip ink">
            <PhoneCallIcon size={16} />
            <span>{say('claim.mine')}</span>
          </span>
        </Show>
        <Show when={props.calling.mayCall()}>
          <ClaimButton calling={props.calling} />
        </Show>
      </div>
    </Show>
  )
}
