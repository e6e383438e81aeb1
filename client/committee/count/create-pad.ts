import TriangleAlert from 'lucide-solid/icons/triangle-alert'
import Undo from 'lucide-solid/icons/undo-2'
import { type Accessor, createSignal, onCleanup } from 'solid-js'
import type { Choices } from '#contract/document/compare.ts'
import type { Sheet } from '#contract/ids.ts'
import { numeral, say } from '../../i18n/say.tsx'
import type { Ballot } from '../../sync/committee-session.ts'
import type { CommitteeView } from '../context.ts'
import { tellRefusal, undoReason } from '../roll/attend.ts'
import { emptyPad, type Pad, type PadAnswer, type PadEvent, padStep } from './pad.ts'

const pulse_ms = 12

/** The pure pad, its answers told and its ballots written on the sheet. */
export function createPad(view: CommitteeView, sheet: Accessor<Sheet>) {
  const choices_max = view.committee.election.choices_per_ballot
  // A page made anew in the middle of a ballot goes on with it; what was being corrected may have another place now.
  const { correcting, ...left } = view.desk.left ?? emptyPad
  const [state, setState] = createSignal<Pad>({ ...left, ...correcting?.beneath })
  view.desk.left = undefined
  view.desk.pad = state
  onCleanup(() => {
    if (view.desk.pad === state) view.desk.pad = undefined
  })

  const tell = (says: Extract<PadAnswer, { says: string }>['says']) => {
    const left = choices_max - state().marks.length
    const words = {
      full: () => say('count.full', { of: choices_max }),
      'list too long': () => say('count.list_too_long', { left, of: choices_max }),
      'nothing chosen': () => say('count.nothing_chosen'),
      'nothing changed': () => say('count.nothing_changed'),
    }
    view.toaster.show({ icon: TriangleAlert, text: words[says] })
  }
  /** True where it is written; what was refused stays on the table. */
  const write = (answer: { readonly save: Choices } | Extract<PadAnswer, { correct: unknown }>): boolean => {
    const { committee } = view
    const done =
      'save' in answer
        ? committee.call(sheet(), answer.save, committee.nextBallot(sheet())())
        : committee.correctBallot(sheet(), answer.correct.id, answer.correct.why, answer.instead)
    if (!done.ok) tellRefusal(view, done.error)
    return done.ok
  }
  const send = (event: PadEvent) => {
    const [after, answer] = padStep(state(), event, choices_max)
    if (answer !== undefined && 'says' in answer) return tell(answer.says)
    if (answer !== undefined && !write(answer)) return
    if (event.type === 'tap') navigator.vibrate?.(pulse_ms)
    // What it said is answered; under it are the last five.
    view.toaster.dismiss()
    setState(after)
    if (answer === undefined || 'save' in answer) return
    view.toaster.show({ icon: Undo, text: () => say('count.corrected', { n: numeral(answer.correct.n) }) })
  }

  /** Strikes one's own ballot and puts its choices back on the table, to be called again. */
  const undo = (ballot: Ballot) => {
    const done = view.committee.voidBallot(ballot.sheet, ballot.id, undoReason)
    if (!done.ok) return tellRefusal(view, done.error)
    send({ type: 'restore', choices: ballot.choices })
    view.toaster.show({ icon: Undo, text: () => say('count.voided', { n: numeral(ballot.n) }) })
  }
  return { state, send, undo }
}
