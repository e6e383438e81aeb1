import { For, Show } from 'solid-js'
import { candidateName, listName } from '../../i18n/names.ts'
import { figure, numeral, say } from '../../i18n/say.tsx'
import { useCommittee } from '../context.ts'
import { listsOf } from './lists.ts'
import './totals.css'

const parts = [
  ['count.counted', 'ballots'],
  ['count.valid', 'valid'],
  ['count.blanks', 'blank'],
  ['count.invalids', 'invalid'],
] as const

/** Ballots by kind and votes by candidate, in the ballot's order: an order by votes would move under the eye while counting. */
export function Totals(props: { readonly untitled?: boolean }) {
  const { committee } = useCommittee()
  const tally = committee.tally('A')
  return (
    <div class="flex flex-col gap-4">
      <Show when={!props.untitled}>
        <h2 class="text-title font-bold">{say('count.totals_title')}</h2>
      </Show>
      <dl class="totals">
        <For each={parts}>
          {([words, part]) => (
            <div>
              <dt>{say(words)}</dt> <dd>{figure(tally()[part])}</dd>
            </div>
          )}
        </For>
      </dl>
      <For each={listsOf(committee.election.candidates)}>
        {(list) => (
          <table class="votes">
            <caption>{say('count.votes_of', { list: listName(list.name) })}</caption>
            <tbody>
              <For each={list.candidates}>
                {(candidate) => (
                  <tr>
                    <th scope="row">
                      <b class="inline-block min-w-8">{numeral(candidate.number)}</b> <bdi>{candidateName(candidate)}</bdi>
                    </th>
                    <td>{figure(tally().votes[candidate.number] ?? 0)}</td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        )}
      </For>
    </div>
  )
}
