import { type Accessor, createEffect, createSignal, getOwner, on, onCleanup, runWithOwner } from 'solid-js'
import type { CommitteeId } from '#contract/ids.ts'
import type { Watch } from '../sync/events/watch.ts'
import type { Session } from '../sync/session.ts'

/**
 * What the event stream says of one's committees, for as long as their list is shown. Its reader is fetched when it is first wanted: who
 * has no network, or a device without it, has the list as it was kept.
 */
export function createLive(session: Session, listed: Accessor<readonly CommitteeId[]>): Accessor<Watch | undefined> {
  const [watch, setWatch] = createSignal<Watch>()
  const owner = getOwner()
  let isGone = false
  onCleanup(() => {
    isGone = true
  })
  const begin = async () => {
    const { watchEvents } = await import('../sync/events/watch.ts')
    if (!isGone) runWithOwner(owner, () => setWatch(() => watchEvents(session, { withCurve: false })))
  }
  void begin().catch(() => undefined) // it says nothing that the list has not said before
  // Given to somebody, or taken from them: the list itself is the session's.
  createEffect(
    on(
      () => watch()?.book.ids(),
      (ids) => {
        if (ids === undefined || ids.length === 0) return
        const known = new Set(listed())
        if (ids.length !== known.size || ids.some((id) => !known.has(id))) session.askAgain()
      },
      { defer: true },
    ),
  )
  return watch
}
