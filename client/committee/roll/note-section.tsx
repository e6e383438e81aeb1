import Eye from 'lucide-solid/icons/eye'
import { createMemo, createSignal, createUniqueId, onCleanup, onMount, Show } from 'solid-js'
import { keyOf } from '#contract/document/keys.ts'
import type { ElectorSerial } from '#contract/ids.ts'
import { defaultLimits } from '#contract/limits.ts'
import { nameParts, personName } from '../../i18n/names.ts'
import { say, text } from '../../i18n/say.tsx'
import { useCommittee } from '../context.ts'
import { tellRefusal } from './attend.ts'
import { bindField } from './note-field.ts'
import './note-section.css'

const characters_max = defaultLimits.note_characters_max
/** From here on the room that is left is worth a line. */
const nearly_full = characters_max - 400
/** Nobody is writing who has not touched a key for so long. */
const typing_ms = 3_000

/** The note that all of the committee writes together. */
export function NoteSection(props: { readonly serial: ElectorSerial }) {
  const view = useCommittee()
  const { committee } = view
  const heading = createUniqueId()
  const note = committee.note(props.serial)
  const name = keyOf.note(props.serial)
  const [length, setLength] = createSignal(note.text().length)
  const mayWrite = () => committee.rights().includes('guarantees')
  const writers = createMemo(() => committee.people().filter(({ me, away, at }) => !me && !away && at.typing === name))
  const tellTyping = createTyping((typing) => committee.present({ typing: typing ? name : undefined }))
  let field: HTMLTextAreaElement | undefined
  let bound: ReturnType<typeof bindField> | undefined
  onMount(() => {
    if (field === undefined) return
    bound = bindField(field, note, (edits) => {
      const done = committee.writeNote(props.serial, edits)
      if (!done.ok) tellRefusal(view, done.error)
      else tellTyping()
      return done.ok
    })
    const stop = note.follow(() => setLength(note.text().length))
    onCleanup(() => {
      bound?.stop()
      stop()
    })
  })
  const typed = () => {
    bound?.typed()
    setLength(note.text().length)
  }
  return (
    <section class="flex flex-col gap-1" aria-labelledby={heading}>
      <div class="flex min-h-6 items-baseline justify-between gap-3">
        <h3 id={heading} class="label">
          {say('note.title')}
        </h3>
        <p role="status" class="truncate-line text-meta font-semibold text-ink">
          <Show when={writers().length > 0}>
            {say('note.typing', {
              who: writers()
                .map(({ user }) => nameParts(personName(user)).given)
                .join(' · '),
            })}
          </Show>
        </p>
      </div>
      <textarea
        ref={field}
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
          setLength(note.text().length)
        }}
        onBlur={() => bound?.composed()}
      />
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

/** Tells that this person is typing, and after a while without a key that they are not. Call under a Solid owner. */
function createTyping(tell: (typing: boolean) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const rest = () => {
    if (timer === undefined) return
    clearTimeout(timer)
    timer = undefined
    tell(false)
  }
  onCleanup(rest)
  return () => {
    if (timer === undefined) tell(true)
    clearTimeout(timer)
    timer = setTimeout(rest, typing_ms)
  }
}
