import { createMemo } from 'solid-js'

/** A bar that says what the figure beside it says; not read out. */
export function Progress(props: { readonly n: number; readonly of: number; readonly class?: string }) {
  // In steps finer than a pixel of a phone: of thousands, one more does not make the browser lay the bar out again.
  const percent = createMemo(() => Math.round(Math.min(1, props.n / Math.max(1, props.of)) * 1_000) / 10)
  return (
    <div class={`track ${props.class ?? ''}`} aria-hidden="true">
      <div style={{ width: `${percent()}%` }} />
    </div>
  )
}
