import { For, Index } from 'solid-js'

/** The tally of five, the app's mark. Never mirrored. */
export function Mark(props: { readonly size: number }) {
  return (
    <svg
      width={props.size}
      height={props.size}
      viewBox="0 0 40 40"
      fill="none"
      stroke="currentColor"
      stroke-width="4.4"
      stroke-linecap="round"
      class="flex-none"
      aria-hidden="true"
    >
      <path d="M8 7v26M16 7v26M24 7v26M32 7v26M3 27L37 13" />
    </svg>
  )
}

const strokes = ['M3 2V18', 'M9 2V18', 'M15 2V18', 'M21 2V18', 'M-1 16L25 4'] as const

/** Choices left: one stroke a choice, in fives, filled as they are used. */
export function Tally(props: { readonly used: number; readonly of: number }) {
  const groups = () => Array.from({ length: Math.ceil(props.of / strokes.length) }, (_, group) => group * strokes.length)
  return (
    <span class="tally" aria-hidden="true">
      <Index each={groups()}>
        {(first) => (
          <svg width="24" height="20" class="mirror" aria-hidden="true">
            <For each={strokes.slice(0, props.of - first())}>
              {(path, index) => <path d={path} class={first() + index() < props.used ? 'used' : 'left'} />}
            </For>
          </svg>
        )}
      </Index>
    </span>
  )
}
