import Download from 'lucide-solid/icons/download'
import RotateCw from 'lucide-solid/icons/rotate-cw'
import ScrollText from 'lucide-solid/icons/scroll-text'
import { createEffect, createSignal, For, on, onCleanup, Show } from 'solid-js'
import type { AuditEntry, AuditFilter, CommitteeEntry } from '#contract/api.ts'
import { Nothing } from '../design/nothing.tsx'
import { say, text } from '../i18n/say.tsx'
import { useSession } from '../session-context.ts'
import type { FailureCode } from '../sync/api.ts'
import { exportAudit, searchAudit } from '../sync/audit.ts'
import { AuditCard } from './audit-entry.tsx'
import { AuditFilters } from './audit-filters.tsx'
import { AdminFrame } from './frame.tsx'
import './audit.css'

/** What was found so far, the newest first. `next`: there is more behind it. */
type Found = { readonly entries: readonly AuditEntry[]; readonly next?: number | undefined; readonly failed?: FailureCode | undefined }

/** Who did what, when, from where: for administrators. */
export default function AuditPage(props: { readonly committees: readonly CommitteeEntry[] }) {
  const session = useSession()
  const [filter, setFilter] = createSignal<AuditFilter>({})
  const [found, setFound] = createSignal<Found>({ entries: [] })
  const [asking, setAsking] = createSignal(false)
  // An answer to what is no longer asked is nobody's.
  let question = 0

  const ask = async (before?: number) => {
    question += 1
    const asked = question
    setAsking(true)
    const answer = await searchAudit(session, filter(), before)
    if (asked !== question) return
    setAsking(false)
    const above = before === undefined ? [] : found().entries
    if (answer.ok) setFound({ entries: [...above, ...answer.value.entries], next: answer.value.next })
    else setFound({ entries: above, next: before, failed: answer.error })
  }
  createEffect(on(filter, () => void ask()))
  onCleanup(() => {
    question += 1
  })

  return (
    <AdminFrame
      place="audit"
      title={say('audit.title')}
      about={say('audit.about')}
      actions={
        <button type="button" class="icon-button" aria-label={text('audit.refresh')} onClick={() => void ask()}>
          <RotateCw size={22} />
        </button>
      }
    >
      <main class="grid grow content-start gap-2.5 overflow-y-auto px-3 py-3.5 lg:grid-cols-[minmax(0,2fr)_minmax(0,5fr)]">
        <section class="card flex flex-col gap-3 self-start p-3.5 lg:sticky lg:top-0" aria-label={text('audit.filters')}>
          <AuditFilters filter={filter()} committees={props.committees} onChange={setFilter} />
          <Export filter={filter()} />
        </section>
        <section class="card self-start" aria-labelledby="audit-found" aria-busy={asking()}>
          <h2 id="audit-found" class="sr-only">
            {say('audit.found')}
          </h2>
          <ol class="audit-entries">
            <For each={found().entries}>
              {(entry) => <AuditCard entry={entry} onPerson={(person) => setFilter({ ...filter(), user: person.id })} />}
            </For>
          </ol>
          <Foot found={found()} asking={asking()} onMore={(before) => void ask(before)} />
        </section>
      </main>
    </AdminFrame>
  )
}

/** Below the last of them: more by itself once it is seen, or why there is none. */
function Foot(props: { readonly found: Found; readonly asking: boolean; readonly onMore: (before: number | undefined) => void }) {
  const isEmpty = () => props.found.entries.length === 0
  const observer = new IntersectionObserver(([seen]) => {
    const { next, failed } = props.found
    if (seen?.isIntersecting === true && next !== undefined && failed === undefined && !props.asking) props.onMore(next)
  })
  onCleanup(() => observer.disconnect())
  return (
    <Show
      when={props.found.failed === undefined}
      fallback={
        <div role="alert">
          <Nothing icon={<ScrollText size={28} />} title={say(props.found.failed === 'offline' ? 'refusal.offline' : 'refusal.busy')}>
            <button type="button" class="button soft small mt-2" onClick={() => props.onMore(props.found.next)}>
              {say('audit.again')}
            </button>
          </Nothing>
        </div>
      }
    >
      <Show when={isEmpty() && !props.asking}>
        <Nothing icon={<ScrollText size={28} />} title={say('audit.none')} next={say('audit.none_next')} />
      </Show>
      <Show when={props.found.next} keyed>
        {(next) => (
          // Each page has a foot of its own: an observer tells of one that is seen from the beginning, too.
          <button type="button" class="button quiet w-full" ref={(foot) => observer.observe(foot)} onClick={() => props.onMore(next)}>
            {say(props.asking ? 'audit.loading' : 'audit.more')}
          </button>
        )}
      </Show>
    </Show>
  )
}

/** What the filter finds, as a file in the device's own folder. */
function Export(props: { readonly filter: AuditFilter }) {
  const session = useSession()
  const [state, setState] = createSignal<'idle' | 'asking' | 'failed'>('idle')
  const take = async () => {
    if (state() === 'asking') return
    setState('asking')
    const answer = await exportAudit(session, props.filter)
    setState(answer.ok ? 'idle' : 'failed')
    if (!answer.ok) return
    const url = URL.createObjectURL(answer.value)
    const link = document.createElement('a')
    link.href = url
    link.download = `lajna-audit-${new Date().toISOString().slice(0, 16).replace(/[:T]/g, '-')}.csv`
    link.click()
    setTimeout(() => URL.revokeObjectURL(url), 60_000) // some browsers read it after the click
  }
  return (
    <div>
      <button type="button" class="button soft w-full" aria-busy={state() === 'asking'} onClick={() => void take()}>
        <Download size={20} />
        {say(state() === 'asking' ? 'audit.exporting' : 'audit.export')}
      </button>
      <p class="mt-1 text-meta text-text-3" role="status">
        {say(state() === 'failed' ? 'audit.export_failed' : 'audit.export_hint')}
      </p>
    </div>
  )
}
