import Eye from 'lucide-solid/icons/eye'
import { createMemo, Show } from 'solid-js'
import type { ElectorSerial } from '#contract/ids.ts'
import { AvatarLine, type Person as Shown } from '../../design/avatar.tsx'
import { nameParts, personName } from '../../i18n/names.ts'
import { say, text } from '../../i18n/say.tsx'
import { useCommittee } from '../context.ts'

/** Others who look at an elector, each once. */
function createLookers(serial: () => ElectorSerial) {
  const { committee } = useCommittee()
  return createMemo((): readonly Shown[] => {
    const { looking } = committee.at(serial())
    return [...new Map(looking.map(({ user }) => [user.id, { id: user.id, name: personName(user) }])).values()]
  })
}

const names = (people: readonly Shown[]): string => people.map(({ name }) => nameParts(name).given).join(' · ')

/** In an elector's row: who looks at them now. */
export function LookingAvatars(props: { readonly serial: ElectorSerial }) {
  const people = createLookers(() => props.serial)
  return (
    <Show when={people().length > 0}>
      <span class="sr-only">{text('people.looking', { who: names(people()) })}</span>
      <AvatarLine people={people()} />
    </Show>
  )
}

/** The same in words, in the elector's sheet. */
export function LookingNow(props: { readonly serial: ElectorSerial }) {
  const people = createLookers(() => props.serial)
  return (
    <p role="status" class="flex min-w-0 items-center gap-2 text-label text-text-2 empty:hidden">
      <Show when={people().length > 0}>
        <Eye size={18} class="flex-none" />
        <span class="truncate-line">{say('people.looking', { who: names(people()) })}</span>
        <AvatarLine people={people()} />
      </Show>
    </p>
  )
}
