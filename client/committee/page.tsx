import WifiOff from 'lucide-solid/icons/wifi-off'
import { createEffect, createMemo, createSignal, lazy, Match, onCleanup, Show, Suspense, Switch } from 'solid-js'
import { createStore } from 'solid-js/store'
import type { Me } from '#contract/api.ts'
import type { CommitteeId, ElectorSerial } from '#contract/ids.ts'
import type { View } from '#contract/presence.ts'
import { createToaster } from '../design/toast.tsx'
import { numeral, say, text } from '../i18n/say.tsx'
import { route, type Tab } from '../route.ts'
import { useSession } from '../session-context.ts'
import { createMedia } from '../settings.ts'
import { openCommittee } from '../sync/committee.ts'
import type { CommitteeSession } from '../sync/committee-session.ts'
import { ConflictsSheet } from './conflicts/conflicts-sheet.tsx'
import { CommitteeContext, type CommitteeView, type CountingDesk } from './context.ts'
import './committee.css'
import { announceUpdate } from '../update/offer.tsx'
import { CountScreen } from './count/count.tsx'
import { createSheetChoice } from './count/sheet-choice.ts'
import { createEnded, NoCommittee } from './ended.tsx'
import { FiguresScreen } from './figures/figures.tsx'
import { PeopleSheet } from './people/people.tsx'
import { PhaseSheet } from './phases/phase-sheet.tsx'
import { AbsentScreen } from './roll/absent.tsx'
import { ElectorSheet } from './roll/elector-sheet.tsx'
import { PadScreen } from './roll/number-pad.tsx'
import { PaperSheet } from './roll/paper-sheet.tsx'
import { RollScreen } from './roll/roll.tsx'
import { indexRoll } from './roll/search.ts'
import { WalkinSheet } from './roll/walkin-sheet.tsx'
import { SavedAnnouncer } from './status/indicator.tsx'
import { StatusPanel } from './status/panel.tsx'
import { mayBring, mayCount, mayReadFigures } from './tabs.tsx'
import { TraySheet } from './tray/tray.tsx'

/** For the few who decide on what was refused: nobody else's phone runs it. */
const AsideScreen = lazy(async () => ({ default: (await import('./aside/aside.tsx')).AsideScreen }))

const fresh_ms = 6_000

/** What the others are told of a tab: the pad is the roll, entered by number; what is kept aside is nothing they are at. */
const viewOf = {
  roll: 'roll',
  pad: 'roll',
  absent: 'absent',
  count: 'count',
  figures: 'figures',
  aside: undefined,
} as const satisfies Record<Tab, View | undefined>

/**
 * One committee, open for as long as this stands. After a refusal the device goes over to a fresh document: everything that
 * follows a document is made anew, and what the person had open stays.
 */
export function CommitteePage(props: { readonly id: CommitteeId; readonly user: Me }) {
  const desk = createDesk()
  const [round, setRound] = createSignal(1)
  return (
    <Show when={round()} keyed>
      {(_round) => <OpenCommittee id={props.id} user={props.user} desk={desk} onReset={() => setRound((before) => before + 1)} />}
    </Show>
  )
}

/** What lies open before a person, whichever document is beneath it. */
function createDesk() {
  const [elector, setElector] = createSignal<ElectorSerial>()
  const [panel, setPanel] = createSignal<'status' | 'people' | 'paper' | 'walkins' | 'tray' | 'phase' | 'conflicts'>()
  const [walkinSerial, setWalkinSerial] = createSignal('')
  const counting: CountingDesk = {}
  return { elector, setElector, panel, setPanel, walkinSerial, setWalkinSerial, counting }
}

type OpenProps = {
  readonly id: CommitteeId
  readonly user: Me
  readonly desk: ReturnType<typeof createDesk>
  readonly onReset: () => void
}

function OpenCommittee(props: OpenProps) {
  const { elector, setElector, panel, setPanel, walkinSerial, setWalkinSerial, counting } = props.desk
  const committee = openCommittee(useSession(), props.id, {
    onReset: () => {
      leaveDesk(counting, view)
      props.onReset()
    },
  })
  const view: CommitteeView = {
    committee,
    get user() {
      return props.user
    },
    toaster: createToaster(),
    counting: createSheetChoice(committee, props.user.id, counting.sheet),
    desk: counting,
    roll: createRollIndex(committee),
    ...createFreshness(),
    openElector: setElector,
    openStatus: () => setPanel('status'),
    openPeople: () => setPanel('people'),
    openTray: () => setPanel('tray'),
    openPaper: () => setPanel('paper'),
    openConflicts: () => setPanel('conflicts'),
    closePanel: () => setPanel(undefined),
    openPhase: () => setPanel('phase'),
    openWalkins: (serial = '') => {
      setWalkinSerial(serial)
      setPanel('walkins')
    },
  }
  const ended = createEnded(committee)
  const wide = createMedia('(min-width: 1024px)')
  const tab = createMemo(() => shownTab(committee, wide()))
  createEffect(() => {
    const current = route()
    if (current.place === 'committee' && current.list === 'conflicts') setPanel('conflicts')
  })
  createEffect(() => {
    document.title = `${text('committee.title', { code: numeral(committee.entry.code) })} · ${text('app.name')}`
  })
  // Where this person is, for the others.
  createEffect(() => {
    const sheet = tab() === 'count' && view.counting.isCounting() ? view.counting.sheet() : undefined
    committee.present({
      view: viewOf[tab()],
      elector: elector(),
      sheet,
      ballot: sheet === undefined ? undefined : committee.nextBallot(sheet)(),
      took: sheet === undefined ? undefined : view.counting.took(),
    })
  })
  if (counting.sheet !== undefined && counting.next !== undefined) committee.setNextBallot(counting.sheet, counting.next)
  // What stands on the page is about a committee that they may not look at any more.
  createEffect(() => {
    if (ended()) setPanel(undefined)
  })
  announceUpdate(view.toaster)
  // Never opened here, and no network: a count may begin all the same.
  createEffect(() => {
    const roll = committee.roll()
    if (tab() !== 'count' || roll.state !== 'failed' || roll.code !== 'offline') return
    view.toaster.show({ icon: WifiOff, text: () => say('committee.count_alone') })
  })
  return (
    <CommitteeContext.Provider value={view}>
      <Switch>
        <Match when={ended()}>
          <NoCommittee
            id={props.id}
            title={say('ended.title', { code: numeral(committee.entry.code) })}
            next={say('ended.next')}
            onRetry={committee.reconnect}
          />
        </Match>
        <Match when={tab() === 'pad'}>
          <PadScreen />
        </Match>
        <Match when={tab() === 'count'}>
          <CountScreen wide={wide()} />
        </Match>
        <Match when={tab() === 'absent'}>
          <AbsentScreen />
        </Match>
        <Match when={tab() === 'figures'}>
          <FiguresScreen wide={wide()} />
        </Match>
        <Match when={tab() === 'aside'}>
          <Suspense>
            <AsideScreen wide={wide()} />
          </Suspense>
        </Match>
        <Match when={tab() === 'roll'}>
          <RollScreen wide={wide()} />
        </Match>
      </Switch>
      <SavedAnnouncer />
      <Show when={!ended() && elector()} keyed>
        {(serial) => <ElectorSheet serial={serial} onClose={() => setElector(undefined)} />}
      </Show>
      <StatusPanel open={panel() === 'status'} onClose={() => setPanel(undefined)} />
      <TraySheet open={panel() === 'tray'} onClose={() => setPanel(undefined)} />
      <PeopleSheet open={panel() === 'people'} onClose={() => setPanel(undefined)} />
      <ConflictsSheet open={panel() === 'conflicts'} onClose={() => setPanel(undefined)} />
      <PhaseSheet open={panel() === 'phase'} onClose={() => setPanel(undefined)} />
      <PaperSheet open={panel() === 'paper'} onClose={() => setPanel(undefined)} />
      <WalkinSheet open={panel() === 'walkins'} serial={walkinSerial()} onClose={() => setPanel(undefined)} />
    </CommitteeContext.Provider>
  )
}

/** What a counter has on the table goes over with them: the sheet, the number of the next ballot, the marks made so far. */
function leaveDesk(counting: CountingDesk, view: CommitteeView): void {
  const isCounting = view.counting.isCounting()
  counting.sheet = isCounting ? view.counting.sheet() : undefined
  counting.next = isCounting ? view.committee.nextBallot(view.counting.sheet())() : undefined
  counting.left = counting.pad?.()
}

/** The tab of the address, where this person has it; else the first of theirs. A wide screen has the pad beside the roll. */
function shownTab(committee: CommitteeSession, wide: boolean): Tab {
  const here = route()
  const asked = here.place === 'committee' ? here.tab : undefined
  const rights = committee.rights()
  if (asked === 'pad') return wide || !rights.includes('attendance') ? 'roll' : 'pad'
  if (asked === 'count') return mayCount(committee) ? 'count' : 'roll'
  if (asked === 'absent') return mayBring(committee) ? 'absent' : 'roll'
  if (asked === 'figures') return mayReadFigures(committee) ? 'figures' : 'roll'
  if (asked === 'aside') return committee.aside.mayDecide() ? 'aside' : 'roll'
  if (asked === 'roll') return 'roll'
  const onlyCounts = rights.includes('count') && !rights.includes('attendance') && !rights.includes('guarantees')
  return onlyCounts ? 'count' : 'roll'
}

function createRollIndex(committee: CommitteeSession): CommitteeView['roll'] {
  return createMemo(() => {
    const roll = committee.roll()
    return indexRoll(roll.state === 'ready' ? roll.electors : [])
  })
}

function createFreshness(): Pick<CommitteeView, 'isFresh' | 'freshen'> {
  const [fresh, setFresh] = createStore<Record<number, true | undefined>>({})
  const timers = new Map<ElectorSerial, ReturnType<typeof setTimeout>>()
  onCleanup(() => {
    for (const timer of timers.values()) clearTimeout(timer)
  })
  return {
    isFresh: (serial) => fresh[serial] === true,
    freshen(serial) {
      clearTimeout(timers.get(serial))
      setFresh(serial, true)
      timers.set(
        serial,
        setTimeout(() => setFresh(serial, undefined), fresh_ms),
      )
    },
  }
}
