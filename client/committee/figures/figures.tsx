import Calculator from 'lucide-solid/icons/calculator'
import ChevronDown from 'lucide-solid/icons/chevron-down'
import FilePenLine from 'lucide-solid/icons/file-pen-line'
import Megaphone from 'lucide-solid/icons/megaphone'
import { createSignal, For, Match, Show, Switch } from 'solid-js'
import { type FigureSource, figureNames } from '#contract/document/keys.ts'
import { ToastRegion } from '../../design/toast.tsx'
import { committeeName, listName, siteName } from '../../i18n/names.ts'
import { numeral, say } from '../../i18n/say.tsx'
import { AppBar } from '../app-bar.tsx'
import { useCommittee } from '../context.ts'
import { listsOf } from '../count/lists.ts'
import { Tabs } from '../tabs.tsx'
import { CheckCard } from './check-card.tsx'
import { createFacts, type Facts } from './facts.ts'
import { isForAll } from './field.ts'
import { FigureRow } from './figure-row.tsx'
import { FigureSheet } from './figure-sheet.tsx'
import './figures.css'

type Opened = { readonly source: FigureSource; readonly figure: string }

/** Our count, the announcement and the minute, field by field; what does not add up stands above. */
export function FiguresScreen(props: { readonly wide: boolean }) {
  const view = useCommittee()
  const { committee } = view
  view.toaster.dismiss()
  const facts = createFacts(committee)
  const [opened, setOpened] = createSignal<Opened>()
  const open = (figure: string) => (source: FigureSource) => setOpened({ source, figure })
  const code = numeral(committee.entry.code)
  return (
    <div class="screen screen-wide">
      <AppBar
        back={{ place: 'committees' }}
        title={say('figures.title', { code })}
        subtitle={say('place', { site: siteName(committee.entry), name: committeeName(committee.entry) })}
        avatars={2}
        phase
      />
      <main class="panes">
        <h2 class="sr-only">{say('committee.figures')}</h2>
        <Switch>
          <Match when={!committee.loaded()}>
            <p class="m-auto text-label text-text-2" aria-busy="true">
              {say('committee.loading')}
            </p>
          </Match>
          <Match when={true}>
            <section class="pane">
              <div class="figure-page">
                <For each={facts.failed().filter(isForAll)}>{(check) => <CheckCard check={check} election={committee.election} />}</For>
                <Heads />
                <div class="figure-fields">
                  <For each={figureNames}>{(figure) => <FigureRow figure={figure} facts={facts} onOpen={open(figure)} />}</For>
                </div>
                <Show when={!props.wide}>
                  <VotesToggle facts={facts} open={open} />
                </Show>
              </div>
            </section>
            <Show when={props.wide}>
              <aside class="pane side wide">
                <div class="figure-page">
                  <h2 class="text-title font-bold">{say('figures.candidates')}</h2>
                  <p class="text-label text-text-2">
                    <VotesSummary facts={facts} />
                  </p>
                  <Heads />
                  <Votes facts={facts} open={open} />
                </div>
              </aside>
            </Show>
          </Match>
        </Switch>
      </main>
      <ToastRegion toaster={view.toaster} />
      <Tabs current="figures" />
      <Show when={opened()} keyed>
        {({ source, figure }) => <FigureSheet source={source} figure={figure} facts={facts} onClose={() => setOpened(undefined)} />}
      </Show>
    </div>
  )
}

function Heads() {
  return (
    <div class="figure-heads">
      <span>
        <Calculator size={16} />
        {say('figures.ours')}
      </span>
      <span>
        <Megaphone size={16} />
        {say('figures.announced')}
      </span>
      <span>
        <FilePenLine size={16} />
        {say('figures.minute')}
      </span>
    </div>
  )
}

type VotesProps = { readonly facts: Facts; readonly open: (figure: string) => (source: FigureSource) => void }

function VotesToggle(props: VotesProps) {
  const [isOpen, setOpen] = createSignal(false)
  return (
    <>
      <button type="button" class="votes-toggle" aria-expanded={isOpen()} onClick={() => setOpen(!isOpen())}>
        <span class="grow">
          <b class="block">{say('figures.candidates')}</b>
          <span class="text-meta text-text-2">
            <VotesSummary facts={props.facts} />
          </span>
        </span>
        <ChevronDown size={20} />
      </button>
      <Show when={isOpen()}>
        <Votes {...props} />
      </Show>
    </>
  )
}

const summed = ['checked', 'differ', 'apart', 'waiting', 'resolved', 'agreed'] as const

/** How the candidates' votes stand, the most urgent first. */
function VotesSummary(props: { readonly facts: Facts }) {
  const { committee } = useCommittee()
  const states = () => committee.election.candidates.map(({ number }) => props.facts.state(`v${number}`).state)
  const counts = () =>
    summed.flatMap((state) => {
      const n = states().filter((one) => one === state).length
      return n === 0 ? [] : [{ state, n }]
    })
  return (
    <>
      {say('figures.candidates_n', { n: states().length })}
      <For each={counts()}>
        {({ state, n }) => (
          <>
            {' · '}
            <span>{say(`figures.sum_${state}`, { n })}</span>
          </>
        )}
      </For>
    </>
  )
}

function Votes(props: VotesProps) {
  const { committee } = useCommittee()
  return (
    <For each={listsOf(committee.election.candidates)}>
      {(list) => (
        <>
          <h3 class="label mt-1">
            <bdi>{listName(list.name)}</bdi>
          </h3>
          <div class="figure-fields">
            <For each={list.numbers}>
              {(number) => <FigureRow figure={`v${number}`} facts={props.facts} onOpen={props.open(`v${number}`)} />}
            </For>
          </div>
        </>
      )}
    </For>
  )
}
