import Check from 'lucide-solid/icons/check'
import OctagonAlert from 'lucide-solid/icons/octagon-alert'
import { createEffect, createMemo, createSignal, createUniqueId, For, type JSX, onCleanup, Show } from 'solid-js'
import { type Phase, phases } from '#contract/rights.ts'
import { PhaseChip } from '../../committees/phase-chip.tsx'
import { Sheet } from '../../design/sheet.tsx'
import { numeral, say, text } from '../../i18n/say.tsx'
import type { CommitteeSession } from '../../sync/committee-session.ts'
import { AsideLink } from '../aside/strip.tsx'
import { useCommittee } from '../context.ts'
import { Closing } from './closing.tsx'
import './phases.css'

const ask_every_ms = 3_000

/** A phase of its own, or the election's. */
type Choice = Phase | 'election'

/** The day's course in this committee: where it is, where it may go, and, before it is closed, who still has work to send. */
export function PhaseSheet(props: { readonly open: boolean; readonly onClose: () => void }) {
  const { committee } = useCommittee()
  return (
    <Sheet
      open={props.open}
      onClose={() => props.onClose()}
      title={say('phases.title', { code: numeral(committee.entry.code) })}
      subtitle={
        <p class="mt-1 flex items-center gap-2 text-label text-text-2">
          {say('phases.now', { phase: <PhaseChip phase={committee.phase()} /> })}
        </p>
      }
    >
      <Course committee={committee} onDone={() => props.onClose()} />
    </Sheet>
  )
}

function Course(props: { readonly committee: CommitteeSession; readonly onDone: () => void }) {
  const view = useCommittee()
  const [chosen, setChosen] = createSignal<Choice | undefined>(nextPhase(props.committee.phase()))
  const [busy, setBusy] = createSignal(false)
  const [failed, setFailed] = createSignal<'phases.failed' | 'phases.refused'>()
  const outcome = createMemo(() => {
    const choice = chosen()
    return choice === 'election' ? props.committee.election.phase : choice
  })
  const isClosing = () => outcome() === 'closed' && props.committee.phase() !== 'closed'
  const devices = createDevices(props.committee, isClosing)
  const change = async () => {
    const choice = chosen()
    if (choice === undefined) return
    setBusy(true)
    setFailed(undefined)
    const changed = await props.committee.changePhase(choice === 'election' ? null : choice)
    setBusy(false)
    if (!changed.ok) return setFailed(changed.error.code === 'forbidden' ? 'phases.refused' : 'phases.failed')
    props.onDone()
    const phase = outcome()
    if (phase !== undefined) view.toaster.show({ icon: Check, text: () => say('phases.changed', { phase: say(`phase.${phase}`) }) })
  }
  return (
    <div class="flex flex-col gap-3">
      <Choices chosen={chosen()} now={props.committee.phase()} onChoose={setChosen} />
      <Show when={failed()}>
        {(words) => (
          <p role="alert" class="flex items-center gap-2 text-label font-semibold text-alarm">
            <OctagonAlert size={20} class="flex-none" />
            {say(words())}
          </p>
        )}
      </Show>
      <Show
        when={isClosing()}
        fallback={
          <button type="button" class="button primary big" disabled={chosen() === undefined || busy()} onClick={() => void change()}>
            <Show when={outcome()} fallback={say('phases.now', { phase: say(`phase.${props.committee.phase()}`) })}>
              {(phase) => say('phases.set', { phase: say(`phase.${phase()}`) })}
            </Show>
          </button>
        }
      >
        <Closing
          code={props.committee.entry.code}
          asked={devices()}
          busy={busy()}
          onClose={() => void change()}
          onWait={() => props.onDone()}
        />
      </Show>
      <AsideLink onFollow={() => props.onDone()} />
    </div>
  )
}

/** Asked when closing is chosen, and again while it is looked at: what is on its way arrives, and devices tell it some seconds later. */
function createDevices(committee: CommitteeSession, isAsked: () => boolean) {
  const [devices, setDevices] = createSignal<Awaited<ReturnType<CommitteeSession['devices']>>>()
  createEffect(() => {
    if (!isAsked()) return
    void committee.aside.refresh()
    let over = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const ask = async () => {
      const answer = await committee.devices()
      if (over) return
      setDevices(answer)
      timer = setTimeout(() => void ask(), ask_every_ms)
    }
    void ask()
    onCleanup(() => {
      over = true
      clearTimeout(timer)
      setDevices(undefined)
    })
  })
  return devices
}

function Choices(props: { readonly chosen: Choice | undefined; readonly now: Phase; readonly onChoose: (choice: Choice) => void }) {
  const name = createUniqueId()
  const option = (choice: Choice, title: JSX.Element, about: JSX.Element) => (
    <label class="phase-option" classList={{ now: choice === props.now }}>
      <input type="radio" name={name} checked={props.chosen === choice} onChange={() => props.onChoose(choice)} />
      <span class="min-w-0 grow">
        <b class="block">{title}</b>
        <span class="block text-label text-text-2">{about}</span>
      </span>
    </label>
  )
  return (
    <div role="radiogroup" aria-label={text('phases.open', { phase: text(`phase.${props.now}`) })} class="phase-options">
      <For each={phases}>{(phase) => option(phase, say(`phase.${phase}`), say(`phases.about_${phase}`))}</For>
      {option('election', say('phases.election'), say('phases.election_about'))}
    </div>
  )
}

const nextPhase = (phase: Phase): Phase | undefined => phases[phases.indexOf(phase) + 1]
