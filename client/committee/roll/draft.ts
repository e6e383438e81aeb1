import { type Accessor, createSignal, onCleanup } from 'solid-js'

/** A pause in typing this long is the end of a word or a thought: what is written so far is kept. */
const pause_ms = 1_000

/**
 * What a person is typing into a field that is written as a whole. Each letter would be an edit of its own and a race of its own,
 * so it is written at a pause, when the field is left, and when it goes. While it is being typed, what others write does not
 * replace it. Call under a Solid owner.
 */
export function createDraft(value: Accessor<string>, write: (text: string) => void) {
  const [draft, setDraft] = createSignal<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const commit = () => {
    clearTimeout(timer)
    const text = draft()
    if (text === undefined) return
    if (text !== value()) write(text)
  }
  const leave = () => {
    commit()
    setDraft(undefined)
  }
  addEventListener('pagehide', commit)
  onCleanup(() => {
    removeEventListener('pagehide', commit)
    commit()
  })
  return {
    text: () => draft() ?? value(),
    type: (text: string) => {
      setDraft(text)
      clearTimeout(timer)
      timer = setTimeout(commit, pause_ms)
    },
    leave,
  }
}
