import { createEffect, createSignal, For, onCleanup, onMount } from 'solid-js'
import { caretClass } from '../../design/avatar.tsx'
import { nameParts, personName } from '../../i18n/names.ts'
import type { Writer } from '../../sync/note-writers.ts'

type Box = { readonly left: number; readonly top: number; readonly width: number; readonly height: number }
/** Where one writer is, in pixels of the field's content. `below`, `left`: where their name stands, so that the field shows it whole. */
type Mark = {
  readonly writer: Writer
  readonly caret: Box
  readonly selected: readonly Box[]
  readonly below: boolean
  readonly left: boolean
}

const label_px = { width: 96, height: 20 } as const
/** A line without letters still has a place for a caret. */
const lineEnd = '\u200b'

/**
 * The others' carets and selections in a text area, which has no way to show them: its text is set once more beneath it, unseen, in one
 * piece so that Arabic letters join as they do above, and the browser is asked where the letters are.
 */
export function NoteCursors(props: { readonly field: HTMLTextAreaElement; readonly text: string; readonly writers: readonly Writer[] }) {
  let mirror: HTMLDivElement | undefined
  const [marks, setMarks] = createSignal<readonly Mark[]>([])
  const [scrolled, setScrolled] = createSignal(0)
  const [size, setSize] = createSignal(0, { equals: false })
  onMount(() => {
    const follow = () => setScrolled(props.field.scrollTop)
    const observer = new ResizeObserver(() => setSize(props.field.clientHeight))
    observer.observe(props.field)
    props.field.addEventListener('scroll', follow, { passive: true })
    follow()
    onCleanup(() => {
      observer.disconnect()
      props.field.removeEventListener('scroll', follow)
    })
  })
  createEffect(() => {
    const { writers, text, field } = props
    size()
    const letters = mirror?.firstChild
    if (mirror === undefined || !(letters instanceof Text)) return
    const ground = mirror.getBoundingClientRect()
    setMarks(writers.flatMap((writer) => markOf(writer, { letters, length: text.length, ground, field })))
  })
  const moved = () => ({ transform: `translateY(${-scrolled()}px)` })
  return (
    <>
      <div class="note-layer" aria-hidden="true">
        <div class="note-mirror" dir="auto" ref={mirror} style={moved()}>
          {props.text + lineEnd}
        </div>
        <div class="note-marks" style={moved()}>
          <For each={marks()}>
            {({ writer, selected }) => (
              <For each={selected}>{(box) => <i class={`note-selected ${caretClass(writer.person.user.id)}`} style={styleOf(box)} />}</For>
            )}
          </For>
        </div>
      </div>
      <div class="note-layer above" aria-hidden="true">
        <div class="note-marks" style={moved()}>
          <For each={marks()}>
            {({ writer, caret, below, left }) => (
              <i
                class={`note-caret ${caretClass(writer.person.user.id)} ${below ? 'below' : ''} ${left ? 'left' : ''}`}
                style={styleOf(caret)}
              >
                <bdi>{nameParts(personName(writer.person.user)).given}</bdi>
              </i>
            )}
          </For>
        </div>
      </div>
    </>
  )
}

const styleOf = ({ left, top, width, height }: Box) => ({
  left: `${left}px`,
  top: `${top}px`,
  width: `${width}px`,
  height: `${height}px`,
})

type Ground = { readonly letters: Text; readonly length: number; readonly ground: DOMRect; readonly field: HTMLTextAreaElement }

function markOf(writer: Writer, { letters, length, ground, field }: Ground): readonly Mark[] {
  if (writer.place === undefined) return []
  const anchor = Math.min(writer.place.anchor, length)
  const head = Math.min(writer.place.head, length)
  const boxOf = ({ left, top, width, height }: DOMRect): Box => ({ left: left - ground.left, top: top - ground.top, width, height })
  const [from, to] = anchor < head ? [anchor, head] : [head, anchor]
  const rect = caretRect(letters, head)
  if (rect === undefined) return []
  const caret = { ...boxOf(rect), width: 0 }
  const below = caret.top - field.scrollTop + caret.height + label_px.height <= field.clientHeight
  return [
    {
      writer,
      caret,
      selected: from === to ? [] : [...rangeOf(letters, from, to).getClientRects()].map(boxOf),
      below,
      left: caret.left + label_px.width > ground.width,
    },
  ]
}

function rangeOf(letters: Text, from: number, to: number): Range {
  const range = document.createRange()
  range.setStart(letters, from)
  range.setEnd(letters, to)
  return range
}

/** At the start of a line the browser would say the end of the one before; there the letter behind it says where it is. */
function caretRect(letters: Text, at: number): DOMRect | undefined {
  if (at > 0 && letters.data[at - 1] !== '\n') return [...rangeOf(letters, at, at).getClientRects()].at(-1)
  const behind = rangeOf(letters, at, at + 1).getClientRects()[0]
  if (behind === undefined) return undefined
  const isRtl = getComputedStyle(letters.parentElement as Element).direction === 'rtl'
  return new DOMRect(isRtl ? behind.right : behind.left, behind.top, 0, behind.height)
}
