import ClipboardList from 'lucide-solid/icons/clipboard-list'
import ListFilter from 'lucide-solid/icons/list-filter'
import Phone from 'lucide-solid/icons/phone'
import Scale from 'lucide-solid/icons/scale'
import { Show } from 'solid-js'
import { say, text } from '../i18n/say.tsx'
import { hrefOf, type Tab } from '../route.ts'
import type { CommitteeSession } from '../sync/committee-session.ts'
import { useCommittee } from './context.ts'

/** The count is there for those who count, and for every reader once there is something to read. */
export function mayCount(committee: CommitteeSession): boolean {
  return committee.rights().includes('count') || committee.tally('A')().ballots > 0
}

/** Whom to fetch is there for those who gather pledges or call people. */
export function mayBring(committee: CommitteeSession): boolean {
  return committee.rights().includes('guarantees') || committee.rights().includes('contacts')
}

/** The figures are there for those who read them out or rule on them, and for every reader once one is written. */
export function mayReadFigures(committee: CommitteeSession): boolean {
  const rights = committee.rights()
  return rights.includes('figures') || rights.includes('rule') || Object.keys(committee.figures).length > 0
}

export function Tabs(props: { readonly current: Tab }) {
  const { committee } = useCommittee()
  const at = (tab: Tab) => hrefOf({ place: 'committee', id: committee.entry.id, tab })
  return (
    <Show when={mayBring(committee) || mayCount(committee) || mayReadFigures(committee)}>
      <nav class="tabs" aria-label={text('committee.tabs')}>
        <a href={at('roll')} aria-current={props.current === 'roll' ? 'page' : undefined}>
          <ListFilter size={24} />
          {say('committee.roll')}
        </a>
        <Show when={mayBring(committee)}>
          <a href={at('absent')} aria-current={props.current === 'absent' ? 'page' : undefined}>
            <Phone size={24} />
            {say('committee.absent')}
          </a>
        </Show>
        <Show when={mayCount(committee)}>
          <a href={at('count')} aria-current={props.current === 'count' ? 'page' : undefined}>
            <ClipboardList size={24} class="mirror" />
            {say('committee.count')}
          </a>
        </Show>
        <Show when={mayReadFigures(committee)}>
          <a href={at('figures')} aria-current={props.current === 'figures' ? 'page' : undefined}>
            <Scale size={24} />
            {say('committee.figures')}
          </a>
        </Show>
      </nav>
    </Show>
  )
}
