import Pencil from 'lucide-solid/icons/pencil'
import { type Accessor, createMemo, type JSX, onCleanup, Show } from 'solid-js'
import { nameParts, personName } from '../../i18n/names.ts'
import { say } from '../../i18n/say.tsx'
import { useCommittee } from '../context.ts'

/** Nobody is editing who has left a field open and not touched a key for so long: the phone lies on the table. */
const editing_ms = 20_000

/** Tells the others that this person has a place open in its control, and who of them has. Call under an owner. */
function createEditing(place: Accessor<string>, isThere: (typing: string) => boolean) {
  const { committee } = useCommittee()
  let timer: ReturnType<typeof setTimeout> | undefined
  const close = () => {
    if (timer === undefined) return
    clearTimeout(timer)
    timer = undefined
    committee.present({ typing: undefined })
  }
  onCleanup(close)
  return {
    open: () => {
      clearTimeout(timer)
      timer = setTimeout(close, editing_ms)
      committee.present({ typing: place() })
    },
    close,
    others: createMemo(
      () => {
        const here = committee.people().filter(({ me, away, at }) => !me && !away && at.typing !== undefined && isThere(at.typing))
        return [...new Set(here.map(({ user }) => nameParts(personName(user)).given))]
      },
      [],
      { equals: (a, b) => a.join() === b.join() },
    ),
  }
}

/**
 * Around the control of one place, `<root>/<key>`: while somebody else has the same place open, it says who. Two who know of each
 * other talk; two who do not are a conflict.
 */
export function Editing(props: {
  readonly place: string
  /** What the places begin with that are no other matter: all that people say of one figure. */
  readonly among?: string
  readonly what: string
  readonly wide?: boolean
  readonly children: JSX.Element
}) {
  const editing = createEditing(
    () => props.place,
    (typing) => (props.among === undefined ? typing === props.place : typing.startsWith(props.among)),
  )
  return (
    // Not in the layout: what is inside stays in its grid.
    <div
      class="contents"
      onFocusIn={editing.open}
      onInput={editing.open}
      onFocusOut={({ currentTarget, relatedTarget }) => {
        if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) editing.close()
      }}
    >
      {props.children}
      <p role="status" class="editing empty:hidden" classList={{ 'order-last col-span-2': props.wide === true }}>
        <Show when={editing.others().length > 0}>
          <Pencil size={16} class="flex-none" />
          <span>{say('conflict.editing', { what: props.what, who: editing.others().join(' · ') })}</span>
        </Show>
      </p>
    </div>
  )
}
