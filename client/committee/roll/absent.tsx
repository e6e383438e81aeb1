import PhoneCall from 'lucide-solid/icons/phone-call'
import UserRoundCheck from 'lucide-solid/icons/user-round-check'
import { createMemo, createSignal, Show } from 'solid-js'
import { unwrap } from 'solid-js/store'
import { Choice } from '../../design/choice.tsx'
import { Nothing } from '../../design/nothing.tsx'
import { ToastRegion } from '../../design/toast.tsx'
import { committeeName, siteName } from '../../i18n/names.ts'
import { numeral, say, text } from '../../i18n/say.tsx'
import { AppBar } from '../app-bar.tsx'
import { useCommittee } from '../context.ts'
import { Tabs } from '../tabs.tsx'
import './absent.css'
import { AbsentRow, createMinute } from './absent-row.tsx'
import { absentees } from './lists.ts'
import { RollList } from './roll-list.tsx'
import { createSteady } from './steady.ts'

const whose = ['all', 'mine'] as const
type Whose = (typeof whose)[number]

/** Guaranteed and not yet attended: whom to phone or fetch now. */
export function AbsentScreen() {
  const view = useCommittee()
  const { committee } = view
  const { entry } = committee
  const [chosen, setChosen] = createSignal<Whose>('all')
  // Whose telephone was dialled last: that row asks how it went.
  const [called, setCalled] = createSignal<number>()
  const now_s = createMinute()
  const live = createMemo(() => {
    committee.revision() // says when to look again; reading every row would wake this for each of them
    const rows = { attendance: unwrap(committee.attendance), guarantees: unwrap(committee.guarantees) }
    return absentees(view.roll().electors, rows, chosen() === 'mine')
  })
  const { shown, touch } = createSteady(live, chosen)
  return (
    <div class="screen">
      <AppBar
        back={{ place: 'committees' }}
        title={say('committee.title', { code: numeral(entry.code) })}
        subtitle={say('place', { site: siteName(entry), name: committeeName(entry) })}
        avatars={3}
      />
      <main class="flex min-h-0 flex-1 flex-col">
        <h2 class="sr-only">{say('committee.absent')}</h2>
        <div class="absent-head">
          <p role="status" class="flex items-center gap-2 font-bold">
            <PhoneCall size={20} class="flex-none text-ink" />
            <span>{committee.loaded() ? say('absent.found', { n: live().length }) : '…'}</span>
          </p>
          <Choice<Whose> label={text('absent.list')} options={whose} chosen={chosen()} onChoose={setChosen}>
            {(one) => say(`absent.${one}`)}
          </Choice>
        </div>
        <Show
          when={shown().length > 0}
          fallback={
            <div class="roll-ground">
              <Show when={committee.loaded()}>
                <Nothing icon={<UserRoundCheck size={32} />} title={say('absent.none')} next={say('absent.none_next')} />
              </Show>
            </div>
          }
        >
          <RollList label={text('absent.list')} electors={shown()} asked={chosen()} onTouch={touch}>
            {(elector) => (
              <AbsentRow
                elector={elector()}
                now_s={now_s()}
                called={called() === elector().serial}
                onCall={() => setCalled(elector().serial)}
                onDone={() => setCalled(undefined)}
              />
            )}
          </RollList>
        </Show>
        <ToastRegion toaster={view.toaster} />
      </main>
      <Tabs current="absent" />
    </div>
  )
}
