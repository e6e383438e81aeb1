import Archive from 'lucide-solid/icons/archive'
import Check from 'lucide-solid/icons/check'
import GitFork from 'lucide-solid/icons/git-fork'
import Inbox from 'lucide-solid/icons/inbox'
import { For, Show } from 'solid-js'
import { Sheet } from '../../design/sheet.tsx'
import { moment, say, text } from '../../i18n/say.tsx'
import type { TrayEntry } from '../../sync/committee-session.ts'
import { useCommittee } from '../context.ts'
import { tellRefusal } from '../roll/attend.ts'
import { titleText, valueText, whyNot } from './entry-words.ts'
import './tray.css'

/** Stands under the bar for as long as something waits for the person. */
export function TrayBanner() {
  const view = useCommittee()
  return (
    <div role="status" class="flex-none">
      <Show when={view.committee.tray().length}>
        {(n) => (
          <button type="button" class="tray-banner" aria-haspopup="dialog" onClick={view.openTray}>
            <Inbox size={20} class="flex-none" />
            <span class="grow">{say('tray.banner', { n: n() })}</span>
            <b class="flex-none">{say('tray.look')}</b>
          </button>
        )}
      </Show>
    </div>
  )
}

/** What was not accepted and what raced, each with what it said; it stays until the person puts it away. */
export function TraySheet(props: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Sheet
      open={props.open}
      onClose={() => props.onClose()}
      title={say('tray.title')}
      subtitle={<p class="text-label text-text-2">{say('tray.note_all')}</p>}
    >
      <Content />
    </Sheet>
  )
}

function Content() {
  const { committee } = useCommittee()
  const all = () => committee.tray()
  return (
    <Show when={all().length > 0} fallback={<p class="text-label text-text-2">{say('tray.nothing')}</p>}>
      <ul aria-label={text('tray.title')} class="flex flex-col gap-2">
        <For each={all()}>{(entry) => <li>{entry.kind === 'raced' ? <Raced entry={entry} /> : <Refused entry={entry} />}</li>}</For>
      </ul>
      <button type="button" class="button secondary mt-3" onClick={() => committee.putAway(all().map(({ id }) => id))}>
        <Archive size={20} />
        {say('tray.all_away', { n: all().length })}
      </button>
    </Show>
  )
}

function Head(props: { readonly entry: TrayEntry }) {
  return (
    <header class="flex items-baseline justify-between gap-2">
      <h3 class="min-w-0 text-body font-bold">
        <bdi>{titleText(useCommittee(), props.entry)}</bdi>
      </h3>
      <span class="flex-none text-meta text-text-2">{moment(props.entry.at_ms)}</span>
    </header>
  )
}

function Refused(props: { readonly entry: Extract<TrayEntry, { kind: 'refused' }> }) {
  const { committee } = useCommittee()
  return (
    <article class="tray-entry" data-kind="refused">
      <Head entry={props.entry} />
      <p class="tray-value">
        <bdi>{valueText(props.entry, props.entry.value)}</bdi>
      </p>
      <p class="text-label text-text-2">{say(whyNot(props.entry.code))}</p>
      <button type="button" class="button secondary small self-start" onClick={() => committee.putAway([props.entry.id])}>
        <Check size={18} />
        {say('tray.away')}
      </button>
    </article>
  )
}

function Raced(props: { readonly entry: Extract<TrayEntry, { kind: 'raced' }> }) {
  const view = useCommittee()
  const { committee } = view
  const keepMine = () => {
    const done = committee.keepMine(props.entry)
    if (!done.ok) tellRefusal(view, done.error)
  }
  const theirs = () =>
    props.entry.by === undefined ? text('tray.theirs') : text('tray.theirs_of', { who: committee.nameOf(props.entry.by) })
  return (
    <article class="tray-entry" data-kind="raced">
      <Head entry={props.entry} />
      <p class="flex items-center gap-1.5 text-label text-text-2">
        <GitFork size={16} class="flex-none" />
        {say('tray.raced')}
      </p>
      <dl class="tray-both">
        <div>
          <dt>{say('tray.mine')}</dt>
          <dd>
            <bdi>{valueText(props.entry, props.entry.value)}</bdi>
          </dd>
        </div>
        <div>
          <dt>
            <bdi>{theirs()}</bdi>
          </dt>
          <dd>
            <bdi>{valueText(props.entry, props.entry.theirs)}</bdi>
          </dd>
        </div>
      </dl>
      <div class="flex flex-wrap gap-2">
        <button type="button" class="button secondary small grow" onClick={keepMine}>
          {say('tray.keep_mine')}
        </button>
        <button type="button" class="button secondary small grow" onClick={() => committee.putAway([props.entry.id])}>
          {say('tray.keep_theirs')}
        </button>
      </div>
    </article>
  )
}
