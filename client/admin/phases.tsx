import Check from 'lucide-solid/icons/check'
import { createMemo, createSignal, For, Show } from 'solid-js'
import type { Election, MeAnswer } from '#contract/api.ts'
import { type Phase, phases } from '#contract/rights.ts'
import { Sheet } from '../design/sheet.tsx'
import { electionName } from '../i18n/names.ts'
import { figure, numeral, say, text } from '../i18n/say.tsx'
import { useSession } from '../session-context.ts'
import { type AdminFailure, moveElection } from '../sync/admin.ts'
import { failureSaid } from './failure.tsx'
import '../committee/phases/phases.css'

/** Where the election is in its day, and all of it moved on at once. */
export function Phases(props: { readonly me: MeAnswer }) {
  const [chosen, setChosen] = createSignal<string>()
  const [open, setOpen] = createSignal(false)
  const election = createMemo(() => props.me.elections.find(({ id }) => id === chosen()) ?? props.me.election)
  const committees = createMemo(() => props.me.committees.filter((one) => one.election === election().id))
  const inPhase = (phase: Phase) => committees().filter((one) => one.phase === phase).length
  const at = () => phases.indexOf(election().phase)
  return (
    <section class="card adm-phases" aria-labelledby="adm-phases">
      <h2 id="adm-phases">{say('adm.phases')}</h2>
      <Show when={props.me.elections.length > 1}>
        <label class="field">
          <span class="sr-only">{say('import.election')}</span>
          <select onChange={(event) => setChosen(event.currentTarget.value)}>
            <For each={props.me.elections}>
              {(one) => (
                <option value={one.id} selected={one.id === election().id}>
                  {electionName(one)}
                </option>
              )}
            </For>
          </select>
        </label>
      </Show>
      <ol>
        <For each={phases}>
          {(phase, place) => (
            <li aria-current={phase === election().phase ? 'step' : undefined}>
              <span classList={{ past: place() < at() }} aria-hidden="true">
                <Show when={place() < at()} fallback={numeral(place() + 1)}>
                  <Check size={14} />
                </Show>
              </span>
              {say(`phase.${phase}`)}
              <Show when={inPhase(phase) > 0}>
                <small>{say('adm.committees_in', { n: figure(inPhase(phase)) })}</small>
              </Show>
            </li>
          )}
        </For>
      </ol>
      <button type="button" class="button soft small" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {say('adm.move')}
      </button>
      <Sheet
        open={open()}
        onClose={() => setOpen(false)}
        title={say('adm.move_title')}
        subtitle={
          <p class="text-label text-text-2">
            <bdi>{electionName(election())}</bdi>
          </p>
        }
      >
        <Move
          election={election()}
          committees={committees().length}
          own={committees().filter(({ phase }) => phase !== election().phase).length}
          onDone={() => setOpen(false)}
        />
      </Sheet>
    </section>
  )
}

/** Says what comes of it before it is done: this is felt in every room at once. `own`: committees that are elsewhere now. */
function Move(props: { readonly election: Election; readonly committees: number; readonly own: number; readonly onDone: () => void }) {
  const session = useSession()
  const [chosen, setChosen] = createSignal<Phase>(phases[phases.indexOf(props.election.phase) + 1] ?? 'closed')
  const [busy, setBusy] = createSignal(false)
  const [failed, setFailed] = createSignal<AdminFailure>()
  const move = async () => {
    if (busy()) return
    setBusy(true)
    setFailed(undefined)
    const moved = await moveElection(session, props.election.id, chosen())
    setBusy(false)
    if (moved.ok) props.onDone()
    else setFailed(moved.error)
  }
  const isBack = () => phases.indexOf(chosen()) < phases.indexOf(props.election.phase)
  return (
    <div class="flex flex-col gap-3 pb-2">
      <div role="radiogroup" aria-label={text('adm.phases')} class="phase-options">
        <For each={phases}>
          {(phase) => (
            <label class="phase-option" classList={{ now: phase === props.election.phase }}>
              <input type="radio" name="adm-phase" checked={chosen() === phase} onChange={() => setChosen(phase)} />
              <span class="min-w-0 grow">
                <b class="block">{say(`phase.${phase}`)}</b>
                <span class="block text-label text-text-2">{say(`phases.about_${phase}`)}</span>
              </span>
            </label>
          )}
        </For>
      </div>
      <div role="status" class="flex flex-col gap-1 rounded-card bg-sunk p-3 text-label">
        <p class="font-semibold">{say(`adm.after_${chosen()}`)}</p>
        <p>{say('adm.moves', { n: figure(props.committees) })}</p>
        <Show when={props.own > 0}>
          <p>{say('adm.own_phase', { n: figure(props.own) })}</p>
        </Show>
        <Show when={isBack()}>
          <p class="font-semibold text-warn">{say('adm.moves_back')}</p>
        </Show>
      </div>
      <Show when={failed()}>
        {(code) => (
          <p role="alert" class="text-label font-semibold text-alarm">
            {failureSaid(code())}
          </p>
        )}
      </Show>
      <button
        type="button"
        class="button primary big"
        aria-busy={busy()}
        disabled={chosen() === props.election.phase}
        onClick={() => void move()}
      >
        <span>{say('adm.move_to', { phase: say(`phase.${chosen()}`) })}</span>
      </button>
    </div>
  )
}
