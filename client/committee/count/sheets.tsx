import Check from 'lucide-solid/icons/check'
import Scale from 'lucide-solid/icons/scale'
import { For, Show } from 'solid-js'
import { type Sheet as CountSheet, sheets } from '#contract/ids.ts'
import { Sheet } from '../../design/sheet.tsx'
import { nameParts } from '../../i18n/names.ts'
import { say, text } from '../../i18n/say.tsx'
import type { CommitteeSession } from '../../sync/committee-session.ts'
import { useCommittee } from '../context.ts'
import type { Alarm } from './alarm.ts'
import { SheetsDifference } from './difference-strip.tsx'
import { sheetLetter } from './sheet-letter.ts'
import './sheets.css'

/** Sheets with a ballot on them: those that can be read, and held against each other. */
export const writtenSheets = (committee: CommitteeSession): readonly CountSheet[] =>
  sheets.filter((sheet) => committee.tally(sheet)().ballots > 0)

/** The letter of the sheet one counts on; opens all of them. */
export function SheetButton(props: { readonly sheet: CountSheet; readonly onOpen: () => void }) {
  return (
    <button
      type="button"
      class="icon-button"
      aria-haspopup="dialog"
      aria-label={text('count.sheets_open', { sheet: sheetLetter(props.sheet) })}
      onClick={() => props.onOpen()}
    >
      <span class="sheet-letter" aria-hidden="true">
        {sheetLetter(props.sheet)}
      </span>
    </button>
  )
}

export type SheetsSheetProps = {
  readonly open: boolean
  readonly onClose: () => void
  readonly onCompare: () => void
  readonly alarm: Alarm
}

/** All sheets of the box: who counts on which, how far; a tap goes over to it. */
export function SheetsSheet(props: SheetsSheetProps) {
  const { committee, counting } = useCommittee()
  const pick = (sheet: CountSheet) => {
    props.onClose()
    counting.pick(sheet)
  }
  return (
    <Sheet open={props.open} onClose={() => props.onClose()} title={say('count.sheets')}>
      <div class="flex flex-col gap-2">
        <p class="text-label text-text-2">{say('count.sheets_note')}</p>
        <SheetsDifference alarm={props.alarm} onCompare={props.onCompare} />
        <For each={sheets}>{(sheet) => <SheetRow sheet={sheet} mine={counting.sheet() === sheet} onPick={() => pick(sheet)} />}</For>
        <Show when={writtenSheets(committee).length > 1}>
          <button type="button" class="button soft mt-2" onClick={() => props.onCompare()}>
            <Scale size={20} />
            {say('count.compare')}
          </button>
        </Show>
      </div>
    </Sheet>
  )
}

function SheetRow(props: { readonly sheet: CountSheet; readonly mine: boolean; readonly onPick: () => void }) {
  const { committee, counting } = useCommittee()
  const on = () => counting.on(props.sheet)
  const who = () =>
    [...new Set([...on().live.map(({ user }) => user), ...on().counters])].map((user) => nameParts(committee.nameOf(user)).given)
  return (
    <button type="button" class="sheet-row" aria-pressed={props.mine} onClick={() => props.onPick()}>
      <span class="sheet-letter" aria-hidden="true">
        {sheetLetter(props.sheet)}
      </span>
      <span class="min-w-0 grow text-start">
        <b class="block">{say('count.sheet', { sheet: sheetLetter(props.sheet) })}</b>
        <span class="truncate-line block text-meta text-text-2">
          <Show when={who().length > 0} fallback={say('count.sheet_free')}>
            <For each={who()}>
              {(name, index) => (
                <>
                  <Show when={index() > 0}> · </Show>
                  <bdi>{name}</bdi>
                </>
              )}
            </For>
          </Show>
        </span>
      </span>
      <span class="text-label text-text-2">{say('count.ballots_n', { n: committee.tally(props.sheet)().ballots })}</span>
      <Show when={props.mine}>
        <Check size={20} />
      </Show>
    </button>
  )
}
