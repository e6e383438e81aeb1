import CircleDashed from 'lucide-solid/icons/circle-dashed'
import { createMemo, createSignal, For, Index, Show } from 'solid-js'
import type { Candidate } from '#contract/api.ts'
import { Nothing } from '../design/nothing.tsx'
import { candidateName, listName } from '../i18n/names.ts'
import { figure, numeral, say, text } from '../i18n/say.tsx'
import { createMedia } from '../settings.ts'
import type { Totals } from '../sync/events/totals.ts'
import { percentOf } from './percent.ts'
import { type Ranked, rankCandidates } from './ranking.ts'
import type { Scope } from './scope.ts'
import './votes.css'

/** On a phone: so many on either side of the last seat, before all are asked for. */
const near = 5

/** What is counted of what there will be, and candidates by votes with how far each may still move. */
export function Votes(props: { readonly scope: Scope }) {
  const totals = () => props.scope.totals()
  return (
    <section class="card ov-votes" aria-labelledby="ov-votes">
      <header class="ov-head">
        <h2 id="ov-votes">{say('ov.votes')}</h2>
        <p class="grow">
          <Show when={totals().counted > 0} fallback={say('ov.not_counted')}>
            {say('ov.counted_of', { share: percentOf(totals().counted / Math.max(1, totals().counted + totals().in_boxes)) })} ·{' '}
            {say('ov.kinds', { valid: figure(totals().valid), invalid: figure(totals().invalid), blank: figure(totals().blank) })}
          </Show>
        </p>
        <Coverage totals={totals()} />
      </header>
      <Show
        when={props.scope.candidates()}
        fallback={<Nothing title={say('ov.choose_constituency')} next={say('ov.choose_constituency_why')} />}
      >
        {(candidates) => <Candidates candidates={candidates()} totals={totals()} seats={props.scope.election()?.choices_per_ballot ?? 1} />}
      </Show>
    </section>
  )
}

/** Solid, hatched, empty: known, not yet certain, not there yet. */
function Coverage(props: { readonly totals: Totals }) {
  const all = () => Math.max(1, props.totals.counted + props.totals.in_boxes + props.totals.not_voted)
  const share = (n: number) => `${Math.round((n / all()) * 1_000) / 10}%`
  return (
    <div class="ov-coverage">
      <div class="ov-coverage-bar" aria-hidden="true">
        <i style={{ width: share(props.totals.counted) }} />
        <u style={{ width: share(props.totals.in_boxes) }} />
      </div>
      <dl>
        <div>
          <dt class="solid">{say('ov.counted')}</dt>
          <dd>{figure(props.totals.counted)}</dd>
        </div>
        <div>
          <dt class="hatched">{say('ov.in_boxes')}</dt>
          <dd>{figure(props.totals.in_boxes)}</dd>
        </div>
        <div>
          <dt class="empty">{say('ov.not_voted')}</dt>
          <dd>{figure(props.totals.not_voted)}</dd>
        </div>
      </dl>
    </div>
  )
}

function Candidates(props: { readonly candidates: readonly Candidate[]; readonly totals: Totals; readonly seats: number }) {
  const isNarrow = createMedia('(max-width: 1023px)')
  const [all, setAll] = createSignal(false)
  const lists = createMemo(() => [...new Set(props.candidates.map(({ list }) => list))])
  const ranking = createMemo(() => rankCandidates(props.candidates, props.totals, props.seats))
  const rows = () => ranking().rows
  const isCut = () => isNarrow() && !all() && rows().length > near * 2 + 1
  const first = () => (isCut() ? Math.max(0, Math.min(props.seats - near, rows().length - near * 2)) : 0)
  const last = () => (isCut() ? first() + near * 2 : rows().length)
  const most = () => Math.max(0.0001, ...rows().map(({ high }) => high))
  const open = () => rows().filter((row) => row.open).length
  const chart = () => ({ lists: lists(), most: most(), line: ranking().line })
  const hasLine = () => rows().length > props.seats
  return (
    <>
      <div class="ov-candidates">
        <Rows
          title={say(hasLine() ? 'ov.inside' : 'ov.all_inside', { n: figure(props.seats) })}
          rows={rows().slice(first(), Math.min(props.seats, last()))}
          {...chart()}
        />
        <Show when={hasLine()}>
          <Rows title={say('ov.below')} rows={rows().slice(Math.max(props.seats, first()), last())} {...chart()} />
        </Show>
      </div>
      <Show when={isNarrow() && rows().length > near * 2 + 1}>
        <button type="button" class="button quiet small self-center" onClick={() => setAll(!all())}>
          {say(all() ? 'ov.near_line' : 'ov.all_candidates', { n: figure(rows().length) })}
        </button>
      </Show>
      <footer class="ov-legend">
        <For each={lists().slice(0, 2)}>
          {(list, at) => (
            <span>
              <ListMark list={list} at={at()} candidates={props.candidates} />
              {nameOfList(list, props.candidates)}
            </span>
          )}
        </For>
        <Show when={hasLine()}>
          <span>
            <i class="ov-legend-line" />
            <span>{say('ov.seat_line', { n: figure(props.seats) })}</span>
          </span>
        </Show>
        <span>
          <i class="ov-legend-hatch" />
          {say('ov.range')}
        </span>
        <Show when={open() > 0}>
          <span class="font-semibold">
            <CircleDashed size={18} class="text-warn" />
            <span>{say('ov.undecided', { n: figure(open()) })}</span>
          </span>
        </Show>
      </footer>
    </>
  )
}

const nameOfList = (list: string, candidates: readonly Candidate[]): string => {
  const one = candidates.find((candidate) => candidate.list === list)
  return one === undefined ? list : listName(one)
}

type Chart = { readonly lists: readonly string[]; readonly most: number; readonly line: number | undefined }

function Rows(props: Chart & { readonly title: ReturnType<typeof say>; readonly rows: readonly Ranked[] }) {
  return (
    <div class="min-w-0">
      <h3>{props.title}</h3>
      <ol>
        <Index each={props.rows}>{(row) => <Row row={row()} lists={props.lists} most={props.most} line={props.line} />}</Index>
      </ol>
    </div>
  )
}

function Row(props: Chart & { readonly row: Ranked }) {
  const at = () => props.lists.indexOf(props.row.candidate.list)
  const percent = (share: number) => `${Math.round((share / props.most) * 1_000) / 10}%`
  return (
    <li class={`ov-row list-${Math.min(at(), 2) + 1}`} classList={{ open: props.row.open }}>
      <span class="ov-rank">{numeral(props.row.rank)}</span>
      <ListMark list={props.row.candidate.list} at={at()} candidates={[props.row.candidate]} />
      <span class="ov-name truncate-line">
        <b>{numeral(props.row.candidate.number)}</b> <bdi>{candidateName(props.row.candidate)}</bdi>
      </span>
      <span class="ov-bar" aria-hidden="true">
        <i style={{ width: percent(props.row.low) }} />
        <Show when={props.row.high > props.row.low}>
          <u style={{ 'inset-inline-start': percent(props.row.low), width: percent(props.row.high - props.row.low) }} />
        </Show>
        <Show when={props.line}>{(line) => <s style={{ 'inset-inline-start': percent(line()) }} />}</Show>
      </span>
      <b class="ov-votes-n">{figure(props.row.votes)}</b>
      <span class="ov-open">
        <Show when={props.row.open}>
          <CircleDashed size={18} role="img" aria-label={text('ov.is_undecided')} />
        </Show>
      </span>
    </li>
  )
}

/** A letter of the list, in a shape of its own: never by colour alone. */
function ListMark(props: { readonly list: string; readonly at: number; readonly candidates: readonly Candidate[] }) {
  const letter = () => {
    const words = nameOfList(props.list, props.candidates).split(/\s+/)
    const name = words.find((word) => !/^(قائمة|list)$/i.test(word)) ?? ''
    return [...name.replace(/^ال(?=..)/, '')][0] ?? ''
  }
  return (
    <span class={`ov-mark list-${Math.min(props.at, 2) + 1}`} aria-hidden="true">
      {letter()}
    </span>
  )
}
