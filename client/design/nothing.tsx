import type { JSX } from 'solid-js'

/** Empty or failed: one line, what is safe or next, and one thing to do. */
export function Nothing(props: {
  readonly icon?: JSX.Element
  readonly title: JSX.Element
  readonly next?: JSX.Element
  readonly code?: string | undefined
  readonly children?: JSX.Element
}) {
  return (
    <div class="flex flex-col items-center gap-1 px-6 py-10 text-center">
      <span class="text-ink">{props.icon}</span>
      <b>{props.title}</b>
      <p class="text-label text-text-2">{props.next}</p>
      {props.children}
      <small class="text-meta text-text-3" dir="ltr">
        {props.code}
      </small>
    </div>
  )
}
