import Eye from 'lucide-solid/icons/eye'
import { createMemo, createSignal, createUniqueId, For, onCleanup, onMount, Show } from 'solid-js'
import type { ElectorSerial } from '#contract/ids.ts'
import { defaultLimits } from '#contract/limits.ts'
import { caretClass } from '../../design/avatar.tsx'
import { nameParts, personName } from '../../i18n/names.ts'
import { say, text } from '../../i18n/say.tsx'
import type { Writer } from '../../sync/note-writers.ts'
import { useCommittee } from '../context.ts'
import { tellRefusal } from './attend.ts'
import { NoteCursors } from './note-cursors.tsx'
import { bindField } from './note-field.ts'
import './note-section.css'

const characters_max = defaultLimits.note_characters_max
/** From here on the room that is left is worth a line. */
const nearly_full = characters_max - 400

/** The note that all of the committee writes together. */
export function NoteSection(props: { readonly serial: ElectorSerial }) {
  const view = useCommittee()
  const { committee } = view
  const heading = createUniqueId()
  const note = committee.note(props.serial)
  const typing = committee.typing(props.serial)
  const [shown, setShown] = createSignal(note.text())
  const length = () => shown().length
  const mayWrite = () => committee.rights().includes('guarantees')
  const writers = createMemo(() => {
    shown() // a change of the text moves the carets in it
    return committee.writers(props.serial)
  })
  const [field, setField] = createSignal<HTMLTextAreaElement>()
  let bound: ReturnType<typeof bindField> | undefined
  onMount(() => {
    const element = field()
    if (element === undefined) return
    bound = bindField(element, note, (edits) => {
      const done = committee.writeNote(props.serial, edits)
      if (!done.ok) tellRefusal(view, done.error)
      return done.ok
    })
    const stop = note.follow(() => setShown(note.text()))
    const moved = () => {
      if (document.activeElement === element) typing.moved(bound?.place())
    }
    document.addEventListener('selectionchange', moved)
    onCleanup(() => {
      document.removeEventListener('selectionchange', moved)
      typing.rest()
      bound?.stop()
      stop()
    })
  })
  const typed = () => {
    bound?.typed()
    typing.typed(bound?.place())
    setShown(note.text())
  }
  return (
    <section class="flex flex-col gap-1" aria-labelledby={heading}>
      <div class="flex min-h-6 items-baseline justify-between gap-3">
        <h3 id={heading} class="label flex-none">
          {say('note.title')}
        </h3>
        <WhoTypes writers={writers()} />
      </div>
      <div class="note-ground">
        <textarea
          ref={setField}
          class="note"
          rows={4}
          dir={length() === 0 ? undefined : 'auto'}
          aria-labelledby={heading}
          placeholder={text('note.empty')}
          maxLength={characters_max}
          readOnly={!mayWrite()}
          onInput={typed}
          onCompositionStart={() => bound?.composes()}
          onCompositionEnd={() => {
            bound?.composed()
            setShown(note.text())
          }}
          onBlur={() => {
            bound?.composed()
            typing.rest()
          }}
        />
        <Show when={writers().length > 0 && field()} keyed>
          {(element) => <NoteCursors field={element} text={shown()} writers={writers()} />}
        </Show>
      </div>
      <p class="flex items-start gap-x-1.5 text-meta text-text-2">
        <Eye size={16} class="mt-0.5 flex-none" />
        <span class="grow">{say('note.readers')}</span>
        <Show when={length() > nearly_full}>
          <span>{say('note.left', { n: Math.max(0, characters_max - length()) })}</span>
        </Show>
      </p>
    </section>
  )
}

/** Said as well as shown in the text: not everybody sees carets. */
function WhoTypes(props: { readonly writers: readonly Writer[] }) {
  const people = () => [...new Map(props.writers.map(({ person }) => [person.user.id, person.user])).values()]
  return (
    <p role="status" class="flex min-w-0 items-baseline gap-2 text-meta font-semibold">
      <Show when={people().length > 0}>
        <span class="truncate-line">
          {say('note.typing', {
            who: (
              <For each={people()}>
                {(user, index) => (
                  <>
                    <Show when={index() > 0}> · </Show>
                    <bdi class={`writer ${caretClass(user.id)}`}>{nameParts(personName(user)).given}</bdi>
                  </>
                )}
              </For>
            ),
          })}
        </span>
        <span class="typing-dots flex-none" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
      </Show>
    </p>
  )
}
