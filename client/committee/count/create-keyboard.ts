import TriangleAlert from 'lucide-solid/icons/triangle-alert'
import { type Accessor, createSignal, type JSX, onCleanup } from 'solid-js'
import type { Candidate } from '#contract/api.ts'
import type { CandidateNumber, Sheet } from '#contract/ids.ts'
import { candidateName, nameParts } from '../../i18n/names.ts'
import { numeral, say } from '../../i18n/say.tsx'
import type { CommitteeView } from '../context.ts'
import type { createPad } from './create-pad.ts'
import { type KeyAct, keyStep } from './keys.ts'
import type { CandidateList } from './lists.ts'

export type KeyboardOptions = {
  readonly view: CommitteeView
  readonly sheet: Accessor<Sheet>
  readonly lists: readonly CandidateList[]
  readonly pad: ReturnType<typeof createPad>
  readonly onHelp: () => void
}

/** The keys of the table in `keys.ts`, on the pad, from wherever the focus is but fields and dialogs. Call under an owner. */
export function createKeyboard({ view, sheet, lists, pad, onHelp }: KeyboardOptions) {
  const [typed, setTyped] = createSignal('')
  const byNumber = new Map(view.committee.election.candidates.map((candidate) => [candidate.number, candidate]))
  const ballot = { hasCandidate: (candidate: CandidateNumber) => byNumber.has(candidate), lists: lists.length }

  const act = (done: KeyAct) => {
    switch (done.type) {
      case 'tap':
      case 'kind':
      case 'cancel':
        return pad.send(done)
      case 'save':
        return pad.send({ type: 'save', now_ms: performance.now(), by: 'key' })
      case 'list':
        return pad.send({ type: 'list', candidates: lists[done.place - 1]?.numbers ?? [] })
      case 'undo': {
        const newest = view.committee
          .recent(sheet())()
          .find((one) => !one.voided)
        return newest === undefined || newest.corrected || pad.state().correcting !== undefined ? undefined : pad.undo(newest)
      }
      case 'help':
        return onHelp()
      case 'unknown':
        return view.toaster.show({ icon: TriangleAlert, text: () => say('count.no_such_number', { n: numeral(done.typed) }) })
    }
  }
  /** The key did something here. */
  const press = (key: string, code = ''): boolean => {
    const step = keyStep(typed(), { key, code }, ballot)
    if (step === undefined) return false
    setTyped(step[0])
    if (step[1] !== undefined) act(step[1])
    return true
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return
    const target = event.target instanceof Element ? event.target : document.body
    if (target.closest('input, textarea, [role="dialog"], [role="alertdialog"]') !== null) return
    // Whoever has gone to a button with Tab presses that button.
    const presses = event.key === 'Enter' || event.key === ' '
    if (presses && typed() === '' && target.closest('button, a') !== null) return
    if (press(event.key, event.code)) event.preventDefault()
  }
  window.addEventListener('keydown', onKeyDown)
  onCleanup(() => window.removeEventListener('keydown', onKeyDown))

  const found = (): Candidate | undefined => byNumber.get(Number(typed()) as CandidateNumber)
  return {
    typed,
    press,
    found,
    /** The digits typed and whose they are. */
    reading: (): JSX.Element => {
      const candidate = found()
      if (candidate === undefined) return say('count.typed_nobody', { n: numeral(typed()) })
      const { given, last } = nameParts(candidateName(candidate))
      return say('count.typed', { n: numeral(typed()), name: `${given} ${last}` })
    },
  }
}
export type CountKeyboard = ReturnType<typeof createKeyboard>
