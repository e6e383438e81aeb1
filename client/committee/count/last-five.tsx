import Check from 'lucide-solid/icons/check'
import CheckCheck from 'lucide-solid/icons/check-check'
import Smartphone from 'lucide-solid/icons/smartphone'
import Undo from 'lucide-solid/icons/undo-2'
import { createSignal, For, type JSX, Show } from 'solid-js'
import type { Sheet as CountSheet } from '#contract/ids.ts'
import { Sheet } from '../../design/sheet.tsx'
import { candidateName } from '../../i18n/names.ts'
import { clock, numeral, say, text } from '../../i18n/say.tsx'
import type { Ballot } from '../../sync/committee.ts'
import { useCommittee } from '../context.ts'

export type LastFiveProps = { readonly sheet: CountSheet; readonly onUndo: (ballot: Ballot) => void }

/** One's own last five, newest first. The newest that stands can be taken back with one tap, the others open. */
export function LastFive(props: LastFiveProps) {
  const { committee } = useCommittee()
  const [opened, setOpened] = createSignal<Ballot>()
  const recent = committee.recent(props.sheet)
  const newest = () => recent().find((ballot) => !ballot.voided)?.id
  return (
    <section class="last-five" aria-label={text('count.last_five')}>
      <For each={recent()}>
        {(ballot) => (
          <Show
            when={ballot.id === newest()}
            fallback={
              <button
                type="button"
                class="last-ballot"
                classList={{ voided: ballot.voided }}
                aria-haspopup="dialog"
                aria-label={text('count.open_ballot', { n: numeral(ballot.n), what: plainKind(ballot) })}
                onClick={() => setOpened(ballot)}
              >
                <b>{numeral(ballot.n)}</b>
                <span>{kindOf(ballot)}</span>
              </button>
            }
          >
            <button
              type="button"
              class="last-ballot newest"
              aria-label={text('count.undo_ballot', { n: numeral(ballot.n) })}
              onClick={() => props.onUndo(ballot)}
            >
              <Undo size={20} class="mirror" />
              <span class="flex flex-col">
                <b>{numeral(ballot.n)}</b>
                <span>{say('undo')}</span>
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
          />
        )}
      </Show>
    </section>
  )
}

function kindOf({ voided, choices }: Ballot): JSX.Element {
  if (voided) return say('count.is_voided')
  if (choices === null) return say('count.invalid')
  return choices.length === 0 ? say('count.blank') : say('count.names', { n: choices.length })
}

function plainKind({ voided, choices }: Ballot): string {
  if (voided) return text('count.is_voided')
  if (choices === null) return text('count.invalid')
  return choices.length === 0 ? text('count.blank') : text('count.names', { n: choices.length })
}

function BallotSheet(props: { readonly ballot: Ballot; readonly onClose: () => void; readonly onVoid: () => void }) {
  const { election } = useCommittee().committee
  const chosen = () => election.candidates.filter((candidate) => props.ballot.choices?.includes(candidate.number))
  return (
    <Sheet
      open
      onClose={() => props.onClose()}
      title={say('count.ballot_title', { n: numeral(props.ballot.n) })}
      subtitle={
        <p class="flex items-center gap-2 text-label text-text-2">
          {clock(props.ballot.at_s * 1_000)}
          <Show
            when={props.ballot.durable}
            fallback={
              <span class="chip here">
                <Smartphone size={16} />
                <Check size={16} />
                {say('roll.here')}
              </span>
            }
          >
            <span class="chip ok">
              <CheckCheck size={16} />
              {say('status.saved')}
            </span>
          </Show>
        </p>
      }
    >
      <div class="flex flex-col gap-3">
        <p class="text-title font-bold">{kindOf(props.ballot)}</p>
        <ul class="flex flex-wrap gap-2" classList={{ 'line-through': props.ballot.voided }}>
          <For each={chosen()}>
            {(candidate) => (
              <li class="chip line">
                <b>{numeral(candidate.number)}</b> <bdi>{candidateName(candidate)}</bdi>
              </li>
            )}
          </For>
        </ul>
        <Show when={!props.ballot.voided}>
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
