import Pencil from 'lucide-solid/icons/pencil'
import Undo from 'lucide-solid/icons/undo-2'
import { For, Show } from 'solid-js'
import { SavedChip } from '../../design/saved.tsx'
import { Sheet } from '../../design/sheet.tsx'
import { candidateName } from '../../i18n/names.ts'
import { clock, numeral, say, text } from '../../i18n/say.tsx'
import type { Ballot } from '../../sync/committee-session.ts'
import { useCommittee } from '../context.ts'
import { sayKind } from './ballot-kind.ts'

const reasons = ['count.why_pressed', 'count.why_heard', 'count.why_judge'] as const

export type BallotSheetProps = {
  readonly ballot: Ballot
  readonly onClose: () => void
  readonly onVoid: () => void
  /** Why it is corrected: kept with the correction. */
  readonly onCorrect: (why: string) => void
}

/** One saved ballot: what it says, where it is, and what can be done about it. */
export function BallotSheet(props: BallotSheetProps) {
  const { election } = useCommittee().committee
  const chosen = () => election.candidates.filter((candidate) => props.ballot.choices?.includes(candidate.number))
  const isOpen = () => !props.ballot.voided && !props.ballot.corrected
  return (
    <Sheet
      open
      onClose={() => props.onClose()}
      title={say('count.ballot_title', { n: numeral(props.ballot.n) })}
      subtitle={<Subtitle ballot={props.ballot} />}
    >
      <div class="flex flex-col gap-3">
        <h3 class="text-title font-bold">{sayKind(props.ballot)}</h3>
        <ul class="flex flex-wrap gap-2" classList={{ 'line-through': props.ballot.voided }}>
          <For each={chosen()}>
            {(candidate) => (
              <li class="chip line">
                <b>{numeral(candidate.number)}</b> <bdi>{candidateName(candidate)}</bdi>
              </li>
            )}
          </For>
        </ul>
        <Show when={props.ballot.corrected}>
          <p class="text-label text-text-2">{say('count.correct_final')}</p>
        </Show>
        <Show when={isOpen()}>
          <h3 class="label">{say('count.correct')}</h3>
          <p class="text-label text-text-2">{say('count.correct_note')}</p>
          <div class="flex flex-wrap gap-2">
            <For each={reasons}>
              {(reason) => (
                <button type="button" class="button secondary small" onClick={() => props.onCorrect(text(reason))}>
                  <Pencil size={18} />
                  {say(reason)}
                </button>
              )}
            </For>
          </div>
          <h3 class="label mt-1">{say('count.void_title')}</h3>
          <p class="text-label text-text-2">{say('count.void_note')}</p>
          <button type="button" class="button secondary" onClick={() => props.onVoid()}>
            <Undo size={20} class="mirror" />
            {say('count.void')}
          </button>
        </Show>
      </div>
    </Sheet>
  )
}

function Subtitle(props: { readonly ballot: Ballot }) {
  return (
    <p class="flex items-center gap-2 text-label text-text-2">
      {clock(props.ballot.at_s * 1_000)}
      <SavedChip durable={props.ballot.durable} />
    </p>
  )
}
