import { createMemo, createSignal, Match, onCleanup, Show, Switch } from 'solid-js'
import { Sheet } from '../../design/sheet.tsx'
import { nameParts } from '../../i18n/names.ts'
import { numeral, say, text } from '../../i18n/say.tsx'
import { AppBar } from '../app-bar.tsx'
import { useCommittee } from '../context.ts'
import { createAlarm } from './alarm.ts'
import { AlarmDialog } from './alarm-dialog.tsx'
import { BallotPad } from './ballot-pad.tsx'
import { CompareSheet } from './compare.tsx'
import './count.css'
import { DifferenceStrip } from './difference-strip.tsx'
import { sheetLetter } from './sheet-letter.ts'
import { SheetQuestion, TakenOver } from './sheet-question.tsx'
import { SheetsSheet } from './sheets.tsx'
import { Totals } from './totals.tsx'

/** One sheet of the count: the pad for those who count, sheet A's totals for every reader. */
export function CountScreen(props: { readonly wide: boolean }) {
  const view = useCommittee()
  const { committee, counting, toaster } = view
  // Here it would stand over the last five; what it says is of another screen.
  toaster.dismiss()
  counting.setOpen(true)
  onCleanup(() => counting.setOpen(false))
  const [panel, setPanel] = createSignal<'totals' | 'sheets' | 'compare'>()
  const close = () => setPanel(undefined)
  const alarm = createAlarm(view)
  const compare = () => setPanel('compare')
  const mayCount = () => committee.rights().includes('count')
  const sheet = () => (mayCount() ? counting.sheet() : 'A')
  const together = createMemo(() => (counting.isCounting() ? counting.on(sheet()).live[0]?.name : undefined))
  const letter = () => sheetLetter(sheet())
  const code = numeral(committee.entry.code)
  const totals = () => <Totals sheet={sheet()} onCompare={compare} />
  return (
    <div class="screen screen-wide bg-surface!">
      <AppBar
        back={{ place: 'committee', id: committee.entry.id, tab: 'roll' }}
        title={say('count.title', { code })}
        subtitle={
          <Show when={together()} fallback={say('count.sheet', { sheet: letter() })}>
            {(who) => <>{say('count.sheet_with', { sheet: letter(), who: nameParts(who()).given })}</>}
          </Show>
        }
        low
        avatars={2}
      />
      <DifferenceStrip alarm={alarm} onCompare={compare} />
      <main class="panes">
        <Switch>
          <Match when={!committee.loaded()}>
            <p class="m-auto text-label text-text-2" aria-busy="true">
              {say('committee.loading')}
            </p>
          </Match>
          <Match when={mayCount()}>
            <section class="pane">
              <BallotPad onTotals={props.wide ? undefined : () => setPanel('totals')} onSheets={() => setPanel('sheets')} />
            </section>
            <Show when={props.wide}>
              {/* It scrolls, and may hold nothing to go to: keys scroll what has the focus. */}
              <aside class="pane side overflow-y-auto p-4" tabindex={0} aria-label={text('count.totals')}>
                {totals()}
              </aside>
            </Show>
          </Match>
          <Match when={true}>
            <section class="pane overflow-y-auto p-4" tabindex={0} aria-label={text('count.totals')}>
              {totals()}
            </section>
          </Match>
        </Switch>
      </main>
      <Sheet open={panel() === 'totals'} onClose={close} title={say('count.totals_title', { sheet: letter() })} toRead>
        <Totals sheet={sheet()} onCompare={compare} untitled />
      </Sheet>
      <SheetsSheet open={panel() === 'sheets'} onClose={close} onCompare={compare} alarm={alarm} />
      <CompareSheet open={panel() === 'compare'} onClose={close} />
      <SheetQuestion />
      <TakenOver />
      <AlarmDialog alarm={alarm} />
    </div>
  )
}
