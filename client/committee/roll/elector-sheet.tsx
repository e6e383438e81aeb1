import Phone from 'lucide-solid/icons/phone'
import UserRound from 'lucide-solid/icons/user-round'
import { Show } from 'solid-js'
import type { Elector } from '#contract/api.ts'
import type { ElectorSerial } from '#contract/ids.ts'
import { Sheet } from '../../design/sheet.tsx'
import { ToastRegion } from '../../design/toast.tsx'
import { nameParts } from '../../i18n/names.ts'
import { numeral, say, text } from '../../i18n/say.tsx'
import { ElectorConflicts, ElectorHistory } from '../conflicts/elector.tsx'
import { useCommittee } from '../context.ts'
import { LookingNow } from '../people/looking.tsx'
import { attend } from './attend.ts'
import { AttendanceSection } from './attendance-section.tsx'
import { CallingNow, CallLink, CallQuestion, createCalling } from './calling.tsx'
import './elector-sheet.css'
import { GuaranteeSection } from './guarantee-section.tsx'
import { NoteSection } from './note-section.tsx'

export function ElectorSheet(props: { readonly serial: ElectorSerial; readonly onClose: () => void }) {
  const view = useCommittee()
  return (
    <Show when={view.roll().bySerial.get(props.serial)}>
      {(elector) => (
        <Sheet
          open
          onClose={() => props.onClose()}
          before={
            <span class="serial-plate">
              <span class="sr-only">{text('elector.title', { serial: numeral(props.serial) })}</span>
              <span aria-hidden="true">{numeral(props.serial)}</span>
            </span>
          }
          title={<FullName elector={elector()} />}
          subtitle={<p class="text-label text-text-2">{say('pad.unit_family', { unit: elector().unit, family: elector().family })}</p>}
        >
          <Content elector={elector()} />
        </Sheet>
      )}
    </Show>
  )
}

/** All its parts, on as many lines as they need. */
function FullName(props: { readonly elector: Elector }) {
  const name = () => nameParts(props.elector.name)
  return (
    <bdi>
      {name().given} {name().rest}
    </bdi>
  )
}

function Content(props: { readonly elector: Elector }) {
  const view = useCommittee()
  const calling = createCalling(() => props.elector.serial)
  const mine = () => view.committee.attendance[props.elector.serial]?.witnesses.some((witness) => witness.mine) === true
  return (
    <div class="flex flex-col gap-4">
      <Show when={!props.elector.active}>
        <span class="chip line self-start">{say('roll.inactive')}</span>
      </Show>
      <div class="flex gap-2 empty:hidden">
        <Show when={view.committee.rights().includes('attendance') && !mine()}>
          <button type="button" class="button primary grow" onClick={() => attend(view, props.elector.serial)}>
            <UserRound size={24} />
            {say(`elector.attend_${props.elector.sex}`)}
          </button>
        </Show>
        <CallLink elector={props.elector} calling={calling} class={mine() ? 'button secondary grow' : 'button secondary'}>
          <Phone size={24} />
          {say('elector.call')}
        </CallLink>
      </div>
      <CallQuestion elector={props.elector} calling={calling} />
      <CallingNow calling={calling} />
      <LookingNow serial={props.elector.serial} />
      <ElectorConflicts serial={props.elector.serial} />
      <AttendanceSection elector={props.elector} />
      <GuaranteeSection serial={props.elector.serial} />
      <NoteSection serial={props.elector.serial} />
      <ElectorHistory serial={props.elector.serial} />
      <div class="-mx-4">
        <ToastRegion toaster={view.toaster} />
      </div>
    </div>
  )
}
