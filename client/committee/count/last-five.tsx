import Undo from 'lucide-solid/icons/undo-2'
import { createSignal, For, Show } from 'solid-js'
import type { Sheet as CountSheet } from '#contract/ids.ts'
import { numeral, say, text } from '../../i18n/say.tsx'
import type { Ballot } from '../../sync/committee-session.ts'
import { useCommittee } from '../context.ts'
import { sayKind, textKind } from './ballot-kind.ts'
import { BallotSheet } from './ballot-sheet.tsx'
import type { Correction } from './pad.ts'

export type LastFiveProps = {
  readonly sheet: CountSheet
  readonly onUndo: (ballot: Ballot) => void
  readonly onCorrect: (ballot: Correction) => void
}

/** One's own last five, newest first. The newest that stands can be taken back with one tap, the others open. */
export function LastFive(props: LastFiveProps) {
  const { committee } = useCommittee()
  const [opened, setOpened] = createSignal<Ballot>()
  const recent = () => committee.recent(props.sheet)()
  const newest = () => recent().find((ballot) => !ballot.voided)
  const undoable = (ballot: Ballot) => ballot.id === newest()?.id && !ballot.corrected
  return (
    <section class="last-five" aria-label={text('count.last_five')}>
      <For each={recent()}>
        {(ballot) => (
          <Show
            when={undoable(ballot)}
            fallback={
              <button
                type="button"
                class="last-ballot"
                classList={{ voided: ballot.voided }}
                aria-haspopup="dialog"
                aria-label={text('count.open_ballot', { n: numeral(ballot.n), what: textKind(ballot) })}
                onClick={() => setOpened(ballot)}
              >
                <b>{numeral(ballot.n)}</b> <span>{sayKind(ballot)}</span>
              </button>
            }
          >
            <button
              type="button"
              class="last-ballot newest"
              aria-label={text('count.open_ballot', { n: numeral(ballot.n), what: text('undo') })}
              onClick={() => props.onUndo(ballot)}
            >
              <Undo size={20} class="mirror" />
              <span class="flex flex-col">
                <b>{numeral(ballot.n)}</b> <span>{say('undo')}</span>
              </span>
            </button>
          </Show>
        )}
      </For>
      <Show when={opened()} keyed>
        {(ballot) => (
          <BallotSheet
            ballot={recent().find(({ id }) => id === ballot.id) ?? ballot}
            onClose={() => setOpened(undefined)}
            onVoid={() => {
              setOpened(undefined)
              props.onUndo(ballot)
            }}
            onCorrect={(why) => {
              setOpened(undefined)
              props.onCorrect({ id: ballot.id, n: ballot.n, choices: ballot.choices, why })
            }}
          />
        )}
      </Show>
    </section>
  )
}
