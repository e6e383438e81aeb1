import CircleAlert from 'lucide-solid/icons/circle-alert'
import CircleDashed from 'lucide-solid/icons/circle-dashed'
import Gavel from 'lucide-solid/icons/gavel'
import Plus from 'lucide-solid/icons/plus'
import UserRoundPlus from 'lucide-solid/icons/user-round-plus'
import { createEffect, createSignal, createUniqueId, For, on, Show } from 'solid-js'
import { textCharactersMax } from '#contract/document/values.ts'
import { parseElectorSerial } from '#contract/ids.ts'
import { SavedSign } from '../../design/saved.tsx'
import { Sheet } from '../../design/sheet.tsx'
import { ToastRegion } from '../../design/toast.tsx'
import { digitsTyped, inDigits } from '../../i18n/digits.ts'
import { nameParts, shortName } from '../../i18n/names.ts'
import { clock, numeral, say, text } from '../../i18n/say.tsx'
import { digits } from '../../settings.ts'
import type { CommitteeSession } from '../../sync/committee-session.ts'
import { ConflictCard, SettledConflict } from '../conflicts/card.tsx'
import { useCommittee } from '../context.ts'
import { tellRefusal } from './attend.ts'
import { electorOf, serial_digits_max } from './dock.tsx'

/** People who voted here and are not on the roll: written by who saw them, counted when a supervisor accepts. */
export function WalkinSheet(props: { readonly open: boolean; readonly serial: string; readonly onClose: () => void }) {
  return (
    <Sheet
      open={props.open}
      onClose={() => props.onClose()}
      title={say('walkin.title')}
      subtitle={<p class="text-label text-text-2">{say('walkin.note')}</p>}
    >
      <Content serial={props.serial} />
    </Sheet>
  )
}

function Content(props: { readonly serial: string }) {
  const view = useCommittee()
  const { committee } = view
  const mayAdd = () => committee.rights().includes('attendance')
  const [adding, setAdding] = createSignal(mayAdd() && (props.serial !== '' || committee.walkins().length === 0))
  return (
    <div class="flex flex-col gap-3">
      <Show when={adding() && mayAdd()}>
        <Form serial={props.serial} onDone={() => setAdding(false)} />
      </Show>
      <ul aria-label={text('walkin.list')} class="flex flex-col empty:hidden">
        {/* By key: every change makes the rows anew, and none may take the focus from a button. */}
        <For
          each={committee
            .walkins()
            .map(({ key }) => key)
            .toReversed()}
        >
          {(key) => <Show when={committee.walkins().find((walkin) => walkin.key === key)}>{(walkin) => <Walkin walkin={walkin()} />}</Show>}
        </For>
      </ul>
      <Show when={committee.walkins().length === 0 && !adding()}>
        <p class="text-label text-text-2">{say('walkin.none')}</p>
      </Show>
      <Show when={!adding() && mayAdd()}>
        <button type="button" class="button soft" onClick={() => setAdding(true)}>
          <Plus size={20} />
          {say('walkin.add')}
        </button>
      </Show>
      <div class="-mx-4">
        <ToastRegion toaster={view.toaster} />
      </div>
    </div>
  )
}

const reasons = ['walkin.why_moved', 'walkin.why_order', 'walkin.why_missing'] as const

function Form(props: { readonly serial: string; readonly onDone: () => void }) {
  const view = useCommittee()
  const [name, setName] = createSignal('')
  const [serial, setSerial] = createSignal(props.serial)
  const [why, setWhy] = createSignal('')
  const [asked, setAsked] = createSignal(false)
  createEffect(on(() => props.serial, setSerial, { defer: true }))
  const heading = createUniqueId()
  const onRoll = () => electorOf(view, serial())
  const save = () => {
    setAsked(true)
    if (name().trim() === '' || why().trim() === '') return
    const number = parseElectorSerial(serial())
    const done = view.committee.addWalkin({ name: name(), serial: number.ok ? number.value : null, why: why() })
    if (!done.ok) return tellRefusal(view, done.error)
    view.toaster.show({ icon: UserRoundPlus, text: () => say('walkin.added', { name: shortName(name()) }) })
    props.onDone()
  }
  return (
    <form
      class="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <label class="flex flex-col gap-1">
        <span class="label">{say('walkin.name')}</span>
        <span class="field" classList={{ wrong: asked() && name().trim() === '' }}>
          <input
            autocomplete="off"
            dir={name() === '' ? undefined : 'auto'}
            maxLength={textCharactersMax.name}
            value={name()}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </span>
      </label>
      <label class="flex flex-col gap-1">
        <span class="label">{say('walkin.serial')}</span>
        <span class="field">
          <input
            inputmode="numeric"
            autocomplete="off"
            value={inDigits(serial(), digits())}
            onInput={(event) => {
              setSerial(digitsTyped(event.currentTarget.value, serial_digits_max))
              event.currentTarget.value = inDigits(serial(), digits())
            }}
          />
        </span>
      </label>
      <Show when={onRoll()}>
        {(elector) => (
          <p class="flex items-start gap-1.5 text-label font-semibold text-warn">
            <CircleAlert size={18} class="mt-0.5 flex-none" />
            {say('walkin.on_roll', { serial: numeral(elector().serial), name: shortName(elector().name) })}
          </p>
        )}
      </Show>
      <p id={heading} class="label">
        {say('walkin.why')}
      </p>
      <div class="flex flex-wrap gap-2">
        <For each={reasons}>
          {(reason) => (
            <button
              type="button"
              class="button small"
              classList={{ soft: why() === text(reason), secondary: why() !== text(reason) }}
              aria-pressed={why() === text(reason)}
              onClick={() => setWhy(text(reason))}
            >
              {say(reason)}
            </button>
          )}
        </For>
      </div>
      <span class="field" classList={{ wrong: asked() && why().trim() === '' }}>
        <input
          aria-labelledby={heading}
          placeholder={text('elector.why_other')}
          autocomplete="off"
          dir={why() === '' ? undefined : 'auto'}
          maxLength={textCharactersMax.why}
          value={why()}
          onInput={(event) => setWhy(event.currentTarget.value)}
        />
      </span>
      <Show when={asked() && (name().trim() === '' || why().trim() === '')}>
        <p role="alert" class="field-problem">
          <CircleAlert size={18} />
          {say('walkin.needed')}
        </p>
      </Show>
      <button type="submit" class="button primary big mt-1">
        <UserRoundPlus size={24} />
        {say('walkin.save')}
      </button>
    </form>
  )
}

type WalkinRow = ReturnType<CommitteeSession['walkins']>[number]

function Walkin(props: { readonly walkin: WalkinRow }) {
  const view = useCommittee()
  const { committee } = view
  const name = () => nameParts(props.walkin.name)
  const rule = (accepted: boolean) => {
    const done = committee.acceptWalkin(props.walkin, accepted)
    if (!done.ok) tellRefusal(view, done.error)
  }
  return (
    <li class="flex flex-col gap-2 border-b border-line py-3 last:border-0">
      <p class="flex items-baseline gap-2">
        <span class="min-w-0 grow">
          <bdi>
            <b>{name().given}</b> {name().rest}
          </bdi>
        </span>
        <Show when={props.walkin.serial}>{(serial) => <b class="text-title">{numeral(serial())}</b>}</Show>
      </p>
      <p class="text-label text-text-2">
        <bdi>{props.walkin.why}</bdi>
      </p>
      <p class="flex flex-wrap items-center gap-x-3 gap-y-1 text-meta text-text-2">
        <span>
          {say('by_at', {
            who: props.walkin.mine ? say('you') : nameParts(committee.nameOf(props.walkin.user)).given,
            when: clock(props.walkin.at_s * 1_000),
          })}
        </span>
        <Verdict walkin={props.walkin} />
        <SavedSign durable={props.walkin.durable} />
      </p>
      <Show when={committee.conflicts.ofWalkin(props.walkin)}>
        {(row) => (
          <Show when={row().open} fallback={<SettledConflict row={row()} />}>
            <ConflictCard row={row()} />
          </Show>
        )}
      </Show>
      <Show when={committee.rights().includes('rule')}>
        <div class="flex gap-2">
          <button
            type="button"
            class="button small flex-1"
            classList={{ soft: props.walkin.accepted === true, secondary: props.walkin.accepted !== true }}
            aria-pressed={props.walkin.accepted === true}
            aria-label={text('walkin.accept_who', { name: shortName(props.walkin.name) })}
            onClick={() => rule(true)}
          >
            {say('walkin.accept')}
          </button>
          <button
            type="button"
            class="button small flex-1"
            classList={{ soft: props.walkin.accepted === false, secondary: props.walkin.accepted !== false }}
            aria-pressed={props.walkin.accepted === false}
            aria-label={text('walkin.refuse_who', { name: shortName(props.walkin.name) })}
            onClick={() => rule(false)}
          >
            {say('walkin.refuse')}
          </button>
        </div>
      </Show>
    </li>
  )
}

function Verdict(props: { readonly walkin: WalkinRow }) {
  const { committee } = useCommittee()
  const by = () => (props.walkin.ruledBy === undefined ? '' : nameParts(committee.nameOf(props.walkin.ruledBy)).given)
  return (
    <Show
      when={props.walkin.accepted !== undefined}
      fallback={
        <span class="chip">
          <CircleDashed size={16} />
          {say('walkin.waits')}
        </span>
      }
    >
      <span class="chip" classList={{ ok: props.walkin.accepted === true, line: props.walkin.accepted === false }}>
        <Gavel size={16} />
        {say(props.walkin.accepted === true ? 'walkin.accepted' : 'walkin.refused')} · <bdi>{by()}</bdi>
      </span>
    </Show>
  )
}
