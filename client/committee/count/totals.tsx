import Scale from 'lucide-solid/icons/scale'
import { For, Show } from 'solid-js'
import { tallyParts } from '#contract/document/compare.ts'
import type { Sheet as CountSheet } from '#contract/ids.ts'
import { candidateName, listName } from '../../i18n/names.ts'
import { figure, numeral, say } from '../../i18n/say.tsx'
import { useCommittee } from '../context.ts'
import { listsOf } from './lists.ts'
import { sheetLetter } from './sheet-letter.ts'
import { writtenSheets } from './sheets.tsx'
import './totals.css'

export const partWords = {
  ballots: 'count.counted',
  valid: 'count.valid',
  blank: 'count.blanks',
  invalid: 'count.invalids',
} as const

export type TotalsProps = { readonly sheet: CountSheet; readonly onCompare: () => void; readonly untitled?: boolean }

/** Ballots by kind and votes by candidate, in the ballot's order: an order by votes would move under the eye while counting. */
export function Totals(props: TotalsProps) {
  const { committee } = useCommittee()
  const tally = () => committee.tally(props.sheet)()
  return (
    <div class="flex flex-col gap-4">
      <Show when={!props.untitled}>
        <h2 class="text-title font-bold">{say('count.totals_title', { sheet: sheetLetter(props.sheet) })}</h2>
      </Show>
      <dl class="totals">
        <For each={tallyParts}>
          {(part) => (
            <div>
              <dt>{say(partWords[part])}</dt> <dd>{figure(tally()[part])}</dd>
            </div>
          )}
        </For>
      </dl>
      <Show when={writtenSheets(committee).length > 1}>
        <button type="button" class="button soft" aria-haspopup="dialog" onClick={() => props.onCompare()}>
          <Scale size={20} />
          {say('count.compare')}
        </button>
      </Show>
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
