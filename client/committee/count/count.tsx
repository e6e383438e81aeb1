import { createMemo, createSignal, Match, Show, Switch } from 'solid-js'
import { Sheet } from '../../design/sheet.tsx'
import { nameParts, personName } from '../../i18n/names.ts'
import { numeral, say } from '../../i18n/say.tsx'
import { AppBar } from '../app-bar.tsx'
import { useCommittee } from '../context.ts'
import { BallotPad } from './ballot-pad.tsx'
import './count.css'
import { Totals } from './totals.tsx'

/** Sheet A: the pad for those who count, the totals for every reader. */
export function CountScreen(props: { readonly wide: boolean }) {
  const { committee, toaster } = useCommittee()
  // Here it would stand over the last five; what it says is of another screen.
  toaster.dismiss()
  const [totals, setTotals] = createSignal(false)
  const mayCount = () => committee.rights().includes('count')
  const together = createMemo(() => committee.people().find(({ me, at }) => !me && at.view === 'count' && at.sheet === 'A')?.user)
  const code = numeral(committee.entry.code)
  return (
    <div class="screen screen-wide bg-surface!">
      <AppBar
        back={{ place: 'committee', id: committee.entry.id, tab: 'roll' }}
        title={say('count.title', { code })}
        subtitle={
          <Show when={together()} fallback={say('count.sheet_a')}>
            {(who) => say('count.sheet_a_with', { who: nameParts(personName(who())).given })}
          </Show>
        }
        low
        avatars={1}
      />
      <main class="panes">
        <Switch>
          <Match when={!committee.loaded()}>
            <p class="m-auto text-label text-text-2" aria-busy="true">
              {say('committee.loading')}
            </p>
          </Match>
          <Match when={mayCount()}>
            <section class="pane">
              <BallotPad onTotals={props.wide ? undefined : () => setTotals(true)} />
            </section>
            <Show when={props.wide}>
              <aside class="pane side overflow-y-auto p-4">
                <Totals />
              </aside>
            </Show>
          </Match>
          <Match when={true}>
            <section class="pane overflow-y-auto p-4">
              <Totals />
            </section>
          </Match>
        </Switch>
      </main>
      <Sheet open={totals()} onClose={() => setTotals(false)} title={say('count.totals_title')}>
        <Totals untitled />
      </Sheet>
    </div>
  )
}
