import Check from 'lucide-solid/icons/check'
import Smartphone from 'lucide-solid/icons/smartphone'
import { type Accessor, createMemo, type JSX, Show } from 'solid-js'
import type { CommitteeId } from '#contract/ids.ts'
import { CopyButton } from '../committees/copy-button.tsx'
import { Nothing } from '../design/nothing.tsx'
import { say } from '../i18n/say.tsx'
import { useSession } from '../session-context.ts'
import type { CommitteeSession } from '../sync/committee-session.ts'

/** Why there is no line, where that is a no to this person at this committee. */
const endings: ReadonlySet<string> = new Set(['forbidden', 'not-assigned', 'unknown-committee'])

/** The server has closed the document for this person; until it lets them in again, also while it is asked. */
export function createEnded(committee: CommitteeSession): Accessor<boolean> {
  return createMemo<boolean>((ended) => {
    const { link, code } = committee.status()
    if (code !== undefined) return endings.has(code)
    return ended && link !== 'online'
  }, false)
}

/** Instead of a committee that is not, or no longer, this person's: what is safe, and what they can do with it. */
export function NoCommittee(props: {
  readonly id: CommitteeId
  readonly title: JSX.Element
  readonly next: JSX.Element
  readonly onRetry: () => void
}) {
  const unsent = () => useSession().kept(props.id)().unsent
  return (
    <main class="screen justify-center">
      <h1 class="sr-only">{say('app.name')}</h1>
      <Nothing title={props.title} next={props.next}>
        <Show when={unsent() > 0}>
          <section
            role="alert"
            class="mt-3 flex max-w-100 flex-col gap-2.5 rounded-card border-2 border-dashed border-here bg-here-soft p-3.5"
          >
            <p class="flex items-center justify-center gap-1.5 font-bold">
              <span class="flex flex-none text-here">
                <Smartphone size={20} />
                <Check size={16} />
              </span>
              {say('ended.kept', { n: unsent() })}
            </p>
            <p class="text-label text-text-2">{say('ended.kept_why')}</p>
            <CopyButton />
          </section>
        </Show>
        <div class="mt-3 flex flex-wrap justify-center gap-2">
          <button type="button" class="button secondary small" onClick={() => props.onRetry()}>
            {say('committee.retry')}
          </button>
          <a class="button soft small" href="#/">
            {say('committee.all')}
          </a>
        </div>
      </Nothing>
    </main>
  )
}
