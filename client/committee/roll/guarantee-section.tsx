import CircleCheck from 'lucide-solid/icons/circle-check'
import Clock from 'lucide-solid/icons/clock'
import Eye from 'lucide-solid/icons/eye'
import PhoneOff from 'lucide-solid/icons/phone-missed'
import { For, Show } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import type { Confirmation, Strength } from '#contract/document/values.ts'
import type { ElectorSerial } from '#contract/ids.ts'
import { Choice } from '../../design/choice.tsx'
import { StrengthBars, strengths } from '../../design/strength.tsx'
import { say, text } from '../../i18n/say.tsx'
import type { CommitteeSession } from '../../sync/committee.ts'
import { useCommittee } from '../context.ts'
import { tellRefusal } from './attend.ts'
import type { GuaranteeRow } from './guarantee.ts'

const confirmations = ['pending', 'confirmed', 'unreachable'] as const satisfies readonly Confirmation[]
const confirmationIcons = { pending: Clock, confirmed: CircleCheck, unreachable: PhoneOff } as const

/** The pledges of one elector: this person's to write, the others' to read. */
export function GuaranteeSection(props: { readonly serial: ElectorSerial }) {
  const { committee } = useCommittee()
  const rows = () => committee.guarantees[props.serial] ?? []
  const others = () => rows().filter((row) => !row.mine)
  return (
    <>
      <Show when={committee.rights().includes('guarantees')}>
        <MyGuarantee serial={props.serial} row={rows().find((row) => row.mine)} />
      </Show>
      <For each={others()}>
        {(row) => (
          <section class="flex flex-wrap items-center gap-x-3 gap-y-1">
            <h3 class="label grow">{say('elector.guarantee_of', { who: committee.nameOf(row.collector) })}</h3>
            <OthersGuarantee row={row} />
          </section>
        )}
      </For>
    </>
  )
}

function OthersGuarantee(props: { readonly row: GuaranteeRow }) {
  return (
    <Show when={!props.row.withdrawn} fallback={<span class="chip line">{say('elector.withdrawn')}</span>}>
      <Show when={props.row.strength}>
        {(strength) => (
          <span class="chip ink">
            <StrengthBars strength={strength()} />
            {say(`strength.${strength()}`)}
          </span>
        )}
      </Show>
      <Show when={props.row.confirmation}>
        {(confirmation) => (
          <span class="chip">
            <Dynamic component={confirmationIcons[confirmation()]} size={16} />
            {say(`confirmation.${confirmation()}`)}
          </span>
        )}
      </Show>
    </Show>
  )
}

type Fields = Parameters<CommitteeSession['pledge']>[1]

/** Choosing a strength makes the guarantee; withdrawing keeps what was written and says that it no longer stands. */
function MyGuarantee(props: { readonly serial: ElectorSerial; readonly row: GuaranteeRow | undefined }) {
  const view = useCommittee()
  const exists = () => props.row?.strength !== undefined || props.row?.confirmation !== undefined
  const standing = () => (exists() && props.row?.withdrawn !== true ? props.row : undefined)
  const write = (fields: Fields) => {
    // Writing anything again is pledging again.
    const done = view.committee.pledge(props.serial, props.row?.withdrawn === true ? { withdrawn: false, ...fields } : fields)
    if (!done.ok) tellRefusal(view, done.error)
  }
  return (
    <section class="flex flex-col gap-2" aria-labelledby="my-guarantee">
      <div class="flex items-center justify-between gap-2">
        <h3 id="my-guarantee" class="label">
          {say('elector.my_guarantee')}
        </h3>
        <Show when={props.row?.withdrawn}>
          <span class="chip line">{say('elector.withdrawn')}</span>
        </Show>
      </div>
      <Choice<Strength>
        label={text('elector.strength')}
        options={strengths}
        chosen={standing()?.strength}
        onChoose={(strength) => write({ strength })}
      >
        {(strength) => (
          <>
            <StrengthBars strength={strength} />
            {say(`strength.${strength}`)}
          </>
        )}
      </Choice>
      <Show when={standing()} fallback={<p class="text-meta text-text-2">{say('elector.guarantee_start')}</p>}>
        <Choice<Confirmation>
          label={text('elector.confirmation')}
          options={confirmations}
          chosen={standing()?.confirmation}
          onChoose={(confirmation) => write({ confirmation })}
        >
          {(confirmation) => (
            <>
              <Dynamic component={confirmationIcons[confirmation]} size={18} />
              {say(`confirmation.${confirmation}`)}
            </>
          )}
        </Choice>
      </Show>
      <div class="flex flex-wrap items-center justify-between gap-2">
        <p class="flex items-center gap-1.5 text-meta text-text-2">
          <Eye size={16} />
          {say('elector.readers')}
        </p>
        <Show when={exists()}>
          <button type="button" class="button quiet small" onClick={() => write({ withdrawn: props.row?.withdrawn !== true })}>
            {say(props.row?.withdrawn ? 'elector.restore_guarantee' : 'elector.withdraw_guarantee')}
          </button>
        </Show>
      </div>
    </section>
  )
}
