import CircleCheck from 'lucide-solid/icons/circle-check'
import Clock from 'lucide-solid/icons/clock'
import Eye from 'lucide-solid/icons/eye'
import Flag from 'lucide-solid/icons/flag'
import Pencil from 'lucide-solid/icons/pencil'
import PhoneOff from 'lucide-solid/icons/phone-missed'
import UsersRound from 'lucide-solid/icons/users-round'
import { type Component, createSignal, createUniqueId, For, type JSX, Show } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import { conflictKey } from '#contract/document/conflicts.ts'
import { type GuaranteeField, keyOf } from '#contract/document/keys.ts'
import { type Confirmation, type Strength, textCharactersMax } from '#contract/document/values.ts'
import type { ElectorSerial, UserId } from '#contract/ids.ts'
import { speaksForOthers } from '#contract/rights.ts'
import { Choice } from '../../design/choice.tsx'
import { StrengthBars, strengths } from '../../design/strength.tsx'
import { moment, say, text } from '../../i18n/say.tsx'
import type { CommitteeSession } from '../../sync/committee-session.ts'
import { confirmations } from '../conflicts/answers.ts'
import { Editing } from '../conflicts/editing.tsx'
import { PledgeConflicts } from '../conflicts/elector.tsx'
import { useCommittee } from '../context.ts'
import { tellRefusal } from './attend.ts'
import { createDraft } from './draft.ts'
import { FollowUp } from './follow-up.tsx'
import type { GuaranteeRow } from './guarantee.ts'
import './guarantee-section.css'

const confirmationIcons = { pending: Clock, confirmed: CircleCheck, unreachable: PhoneOff } as const

/** The pledges of one elector: this person's to write, the others' to read, and to write for those who may speak for others. */
export function GuaranteeSection(props: { readonly serial: ElectorSerial }) {
  const view = useCommittee()
  const { committee } = view
  const rows = () => committee.guarantees[props.serial] ?? []
  const mayWrite = () => committee.rights().includes('guarantees')
  const others = () => rows().flatMap((row) => (row.mine ? [] : [row.collector]))
  return (
    <>
      <Show when={mayWrite()}>
        <Pledge serial={props.serial} collector={view.user.id} title={say('elector.my_guarantee')} row={rows().find((row) => row.mine)} />
      </Show>
      {/* By collector, not by row: every change makes the rows anew, and none may build a field again that somebody types in. */}
      <For each={others()}>
        {(collector) => (
          <OthersPledge
            serial={props.serial}
            collector={collector}
            row={rows().find((row) => row.collector === collector)}
            mayWrite={mayWrite() && speaksForOthers(view.user.role)}
          />
        )}
      </For>
    </>
  )
}

type PledgeProps = { readonly serial: ElectorSerial; readonly collector: UserId; readonly row: GuaranteeRow | undefined }

function OthersPledge(props: PledgeProps & { readonly mayWrite: boolean }) {
  const { committee } = useCommittee()
  const [editing, setEditing] = createSignal(false)
  const who = () => committee.nameOf(props.collector)
  const title = () => say('elector.guarantee_of', { who: who() })
  return (
    <Show
      when={editing() && props.mayWrite}
      fallback={
        <section class="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h3 class="label grow">{title()}</h3>
          <PledgeConflicts serial={props.serial} collector={props.collector} />
          <Show when={props.row}>{(row) => <PledgeChips row={row()} />}</Show>
          <Show when={props.mayWrite}>
            <button
              type="button"
              class="button quiet small"
              aria-label={text('elector.edit_guarantee', { who: who() })}
              onClick={() => setEditing(true)}
            >
              <Pencil size={18} />
              {say('elector.edit')}
            </button>
          </Show>
        </section>
      }
    >
      <Pledge {...props} title={title()} />
    </Show>
  )
}

/** All that a pledge says, to read. */
function PledgeChips(props: { readonly row: GuaranteeRow }) {
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
      <Show when={props.row.follow_up}>
        {(at_s) => (
          <span class="chip">
            <Clock size={16} />
            {say('roll.follow_up', { when: moment(at_s() * 1_000) })}
          </span>
        )}
      </Show>
      <Show when={props.row.group}>{(group) => <IconText icon={UsersRound}>{group()}</IconText>}</Show>
      <Show when={props.row.quick_note}>{(note) => <IconText icon={Flag}>{note()}</IconText>}</Show>
    </Show>
  )
}

function IconText(props: { readonly icon: Component<{ size: number; class: string }>; readonly children: JSX.Element }) {
  return (
    <span class="flex w-full items-center gap-1.5 text-label text-text-2">
      <Dynamic component={props.icon} size={16} class="flex-none" />
      <bdi>{props.children}</bdi>
    </span>
  )
}

type Fields = Parameters<CommitteeSession['pledge']>[1]

/** Choosing a strength makes the guarantee; withdrawing keeps what was written and says that it no longer stands. */
function Pledge(props: PledgeProps & { readonly title: JSX.Element }) {
  const view = useCommittee()
  const heading = createUniqueId()
  const place = (field: GuaranteeField) => conflictKey('guarantees', keyOf.guarantee(props.serial, props.collector, field))
  const exists = () => props.row?.strength !== undefined || props.row?.confirmation !== undefined
  const standing = () => (exists() && props.row?.withdrawn !== true ? props.row : undefined)
  const write = (fields: Fields) => {
    // Writing anything again is pledging again.
    const again = props.row?.withdrawn === true ? { withdrawn: false, ...fields } : fields
    const done = view.committee.pledge(props.serial, again, props.collector)
    if (!done.ok) tellRefusal(view, done.error)
  }
  return (
    <section class="flex flex-col gap-2" aria-labelledby={heading}>
      <div class="flex items-center justify-between gap-2">
        <h3 id={heading} class="label">
          {props.title}
        </h3>
        <PledgeConflicts serial={props.serial} collector={props.collector} />
        <Show when={props.row?.withdrawn}>
          <span class="chip line">{say('elector.withdrawn')}</span>
        </Show>
      </div>
      <Editing place={place('strength')} what={text('elector.strength')}>
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
      </Editing>
      <Show when={standing() !== undefined} fallback={<p class="text-meta text-text-2">{say('elector.guarantee_start')}</p>}>
        <Editing place={place('confirmation')} what={text('elector.confirmation')}>
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
        </Editing>
        <div class="field-tiles">
          <Editing place={place('follow_up')} what={text('elector.follow_up')} wide>
            <FollowUp at_s={standing()?.follow_up} onChoose={(follow_up) => write({ follow_up })} />
          </Editing>
          <Editing place={place('group')} what={text('elector.group')} wide>
            <TextTile icon={UsersRound} field="group" value={standing()?.group} onWrite={(group) => write({ group })} />
          </Editing>
          <Editing place={place('quick_note')} what={text('elector.quick_note')} wide>
            <TextTile icon={Flag} field="quick_note" value={standing()?.quick_note} onWrite={(quick_note) => write({ quick_note })} />
          </Editing>
        </div>
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

function TextTile(props: {
  readonly icon: Component<{ size: number; class: string }>
  readonly field: 'group' | 'quick_note'
  readonly value: string | undefined
  readonly onWrite: (text: string) => void
}) {
  const draft = createDraft(
    () => props.value ?? '',
    (typed) => props.onWrite(typed),
  )
  return (
    <label class="field-tile" classList={{ 'col-span-2': props.field === 'quick_note' }}>
      <Dynamic component={props.icon} size={20} class="flex-none text-text-2" />
      <span class="min-w-0 grow">
        <span class="field-tile-label">{say(`elector.${props.field}`)}</span>
        <input
          autocomplete="off"
          placeholder="…"
          dir={draft.text() === '' ? undefined : 'auto'}
          maxLength={textCharactersMax[props.field]}
          value={draft.text()}
          onInput={(event) => draft.type(event.currentTarget.value)}
          onChange={draft.leave}
          onBlur={draft.leave}
        />
      </span>
    </label>
  )
}
