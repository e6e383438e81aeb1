import Check from 'lucide-solid/icons/check'
import OctagonAlert from 'lucide-solid/icons/octagon-alert'
import Trash from 'lucide-solid/icons/trash'
import TriangleAlert from 'lucide-solid/icons/triangle-alert'
import { createMemo, createSignal, For, type JSX, Show } from 'solid-js'
import type { AsideDecision, AsideEntry } from '#contract/api.ts'
import { countBallots, tallyBallots } from '#contract/document/ballots.ts'
import type { Sheet as CountSheet } from '#contract/ids.ts'
import { Sheet } from '../../design/sheet.tsx'
import { personName } from '../../i18n/names.ts'
import { figure, moment, say, text } from '../../i18n/say.tsx'
import { type DecisionWords, decisionRefusal } from '../../refusal-words.ts'
import { useCommittee } from '../context.ts'
import { ReasonForm } from '../roll/reason-form.tsx'
import { admissibleIn, ballotsIn } from './entry-card.tsx'
import { tellBallots, withGroup } from './groups.ts'

export type Decision = AsideDecision['decision']

export type DecideProps = { readonly entry: AsideEntry; readonly decision: Decision; readonly onClose: () => void }

/** Asks once more and names what comes of it: neither can be taken back. Where somebody was faster, it says who and what. */
export function DecideSheet(props: DecideProps) {
  const view = useCommittee()
  const { aside } = view.committee
  const [busy, setBusy] = createSignal(false)
  const [failed, setFailed] = createSignal<DecisionWords>()
  const groups = createMemo(() => admissibleIn(props.entry))
  const ballots = () => ballotsIn(groups())
  const decide = async (why?: string) => {
    setBusy(true)
    setFailed(undefined)
    // What is told afterwards is told of what was asked.
    const [counted, decision] = [ballots(), props.decision]
    const outcome = await aside.decide(props.entry.id, { decision, ...(why === undefined ? {} : { why }) })
    setBusy(false)
    if (!outcome.ok) return void setFailed(outcome.error.code === 'decided' ? undefined : decisionRefusal(outcome.error.code))
    props.onClose()
    const { left } = outcome.value
    view.toaster.show({
      icon: left > 0 ? TriangleAlert : decision === 'drop' ? Trash : Check,
      text: () => (left > 0 ? say('aside.left', { n: left }) : doneWords(decision, counted)),
    })
  }
  const title = () => {
    if (props.decision === 'drop') return say('aside.ask_drop')
    return ballots() > 0 ? say('aside.ask_count', { n: ballots() }) : say('aside.ask_admit')
  }
  return (
    <Sheet
      open
      onClose={() => props.onClose()}
      title={title()}
      subtitle={
        <p class="text-label text-text-2">{say('aside.from', { who: personName(props.entry.author), when: moment(props.entry.at_ms) })}</p>
      }
    >
      <div class="flex flex-col gap-3">
        <Show when={props.entry.decided === undefined || busy()} fallback={<Before entry={props.entry} onClose={() => props.onClose()} />}>
          <Show when={failed()}>
            {(words) => (
              <p role="alert" class="flex items-start gap-2 text-label font-semibold text-alarm">
                <OctagonAlert size={20} class="flex-none" />
                <span>{say(words())}</span>
              </p>
            )}
          </Show>
          <Show when={props.decision === 'drop'} fallback={<Admit {...props} busy={busy()} onAdmit={() => void decide()} />}>
            <p>{say('aside.drop_effect')}</p>
            <ReasonForm
              question={say('aside.drop_why')}
              reasons={['aside.because_again', 'aside.because_mistake', 'aside.because_not_allowed']}
              commit={say('aside.drop')}
              onReason={(why) => void (busy() ? undefined : decide(why))}
              onKeep={() => props.onClose()}
            />
          </Show>
        </Show>
      </div>
    </Sheet>
  )
}

function doneWords(decision: Decision, counted: number): JSX.Element {
  if (decision === 'drop') return say('aside.dropped')
  return counted > 0 ? say('aside.counted', { n: counted }) : say('aside.admitted')
}

/** Somebody was faster: nothing is left to decide. */
function Before(props: { readonly entry: AsideEntry; readonly onClose: () => void }) {
  return (
    <>
      <p role="alert" class="flex items-start gap-2 font-semibold">
        <TriangleAlert size={20} class="mt-0.5 flex-none text-warn" />
        <Show when={props.entry.decided}>
          {(decided) => (
            <span>
              {say(`aside.before_${decided().decision}`, { who: personName(decided().by), when: moment(decided().at_ms) })}
              <Show when={decided().why}>
                {(why) => (
                  <span class="block text-label text-text-2">
                    <bdi>{why()}</bdi>
                  </span>
                )}
              </Show>
            </span>
          )}
        </Show>
      </p>
      <button type="button" class="button secondary" onClick={() => props.onClose()}>
        {say('close')}
      </button>
    </>
  )
}

/** What comes of admitting it, in figures. */
function Admit(props: DecideProps & { readonly busy: boolean; readonly onAdmit: () => void }) {
  const { aside } = useCommittee().committee
  const groups = createMemo(() => admissibleIn(props.entry))
  const ballots = () => ballotsIn(groups())
  const sheets = () => {
    const asked = groups().filter(({ kind }) => kind === 'ballots')
    const touched = [...new Set(asked.map((group) => tellBallots(group).sheet))].filter((sheet): sheet is CountSheet => sheet !== undefined)
    return touched.map((sheet) => {
      const logs = aside.logs(sheet)
      const admitted = asked.filter((group) => tellBallots(group).sheet === sheet).reduce((sum, group) => withGroup(sum, group), logs)
      const count = (of: typeof logs) => tallyBallots(countBallots(of)).ballots
      return { sheet, now: count(logs), after: count(admitted) }
    })
  }
  const values = () => groups().flatMap(({ kind, writes }) => (kind === 'ballots' ? [] : writes))
  const over = () => values().filter(({ path, key }) => key !== '' && aside.standing(path, key) !== undefined).length
  const out = () => props.entry.writes.filter(({ admissible, code }) => !admissible && code !== undefined).length
  return (
    <>
      <ul class="flex flex-col gap-1">
        <For each={sheets()}>
          {({ sheet, now, after }) => (
            <li class="text-[18px]/[26px] font-bold">
              {say('aside.effect_sheet', { sheet: text(`count.letter_${sheet}`), now: figure(now), after: figure(after) })}
            </li>
          )}
        </For>
        <Show when={values().length > 0}>
          <li class="font-bold">{say('aside.effect_values', { n: values().length })}</li>
        </Show>
        <Show when={over() > 0}>
          <li class="font-bold text-warn">{say('aside.effect_over', { n: over() })}</li>
        </Show>
        <Show when={props.entry.more > 0}>
          <li>{say('aside.more', { n: props.entry.more })}</li>
        </Show>
        <Show when={out() > 0}>
          <li>{say('aside.effect_left', { n: out() })}</li>
        </Show>
        <li class="text-text-2">{say('aside.final')}</li>
      </ul>
      <div class="flex flex-wrap gap-2">
        <button type="button" class="button secondary grow" onClick={() => props.onClose()}>
          {say('aside.not_now')}
        </button>
        <button type="button" class="button primary grow" disabled={props.busy} aria-busy={props.busy} onClick={() => props.onAdmit()}>
          <Check size={20} />
          <span>{ballots() > 0 ? say('aside.count', { n: ballots() }) : say('aside.admit')}</span>
        </button>
      </div>
    </>
  )
}
