import { For, Show } from 'solid-js'
import type { UserId } from '#contract/ids.ts'
import { Avatar, lettersOf, type Person } from '../../design/avatar.tsx'
import { Nothing } from '../../design/nothing.tsx'
import { Sheet } from '../../design/sheet.tsx'
import { personName } from '../../i18n/names.ts'
import { say } from '../../i18n/say.tsx'
import type { CommitteeSession } from '../../sync/committee-session.ts'
import { useCommittee } from '../context.ts'

type Present = ReturnType<CommitteeSession['people']>[number]
type PersonHere = Person & { readonly role: Present['user']['role']; readonly me: boolean; readonly devices: number }

/** People, not connections: somebody with a phone and a laptop is one, and is away only when away on both. */
function peopleHere(present: readonly Present[]): readonly PersonHere[] {
  const people = new Map<UserId, PersonHere>()
  for (const { user, me, away } of present) {
    const known = people.get(user.id)
    people.set(user.id, {
      id: user.id,
      name: personName(user),
      role: user.role,
      me: me || known?.me === true,
      presence: away && known?.presence !== 'present' ? 'away' : 'present',
      devices: (known?.devices ?? 0) + 1,
    })
  }
  return [...people.values()].sort((a, b) => Number(b.me) - Number(a.me) || a.id - b.id)
}

export const othersHere = (committee: CommitteeSession): readonly PersonHere[] =>
  peopleHere(committee.people()).filter((person) => !person.me)

export function PeopleSheet(props: { readonly open: boolean; readonly onClose: () => void }) {
  const { committee } = useCommittee()
  const people = () => peopleHere(committee.people())
  const letters = () => lettersOf(people())
  return (
    <Sheet open={props.open} onClose={() => props.onClose()} title={say('people.title')} toRead>
      <ul class="flex flex-col">
        <For
          each={people()}
          fallback={
            <li>
              <Nothing title={say('people.open', { n: 0 })} next={say('people.nobody')} />
            </li>
          }
        >
          {(person) => (
            <li class="flex min-h-15 items-center gap-3 border-b border-line py-2 last:border-0">
              <Avatar person={person} letters={letters().get(person.id)} large />
              <span class="min-w-0 grow">
                <b class="truncate-line block text-body/[23px]">
                  <bdi>{person.name}</bdi>
                </b>
                <span class="text-meta text-text-2">
                  {say(`role.${person.role}`)}
                  <Show when={person.devices > 1}> · {say('people.devices', { n: person.devices })}</Show>
                </span>
              </span>
              <span class="chip" classList={{ ok: person.presence === 'present' }}>
                {person.me ? say('you') : say(person.presence === 'away' ? 'people.away' : 'people.present')}
              </span>
            </li>
          )}
        </For>
      </ul>
    </Sheet>
  )
}
