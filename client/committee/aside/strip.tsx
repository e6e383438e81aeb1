import Inbox from 'lucide-solid/icons/inbox'
import { Show } from 'solid-js'
import type { CommitteeId } from '#contract/ids.ts'
import { figure, say } from '../../i18n/say.tsx'
import { hrefOf } from '../../route.ts'
import { useCommittee } from '../context.ts'
import './strip.css'

const asideOf = (id: CommitteeId) => hrefOf({ place: 'committee', id, tab: 'aside' })

/** Under the bar for as long as something waits for a decision of this person's. */
export function AsideStrip() {
  const { committee } = useCommittee()
  return (
    <div role="status" class="flex-none">
      <Show when={committee.aside.waiting()}>
        {(n) => (
          <a class="tray-banner" href={asideOf(committee.entry.id)}>
            <Inbox size={20} class="flex-none" />
            <span class="grow">{say('aside.waiting', { n: n() })}</span>
            <b class="flex-none">{say('tray.look')}</b>
          </a>
        )}
      </Show>
    </div>
  )
}

/** The way there for those who decide, also when nothing waits: what was decided stays to be read. */
export function AsideLink(props: { readonly onFollow: () => void }) {
  const { committee } = useCommittee()
  return (
    <Show when={committee.aside.mayDecide()}>
      <a class="button soft" href={asideOf(committee.entry.id)} onClick={() => props.onFollow()}>
        <Inbox size={20} />
        {say('aside.title')}
        <Show when={committee.aside.waiting()}>{(n) => <b class="aside-badge">{figure(n())}</b>}</Show>
      </a>
    </Show>
  )
}
