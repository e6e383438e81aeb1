/** A bar that says what the figure beside it says; not read out. */
export function Progress(props: { readonly n: number; readonly of: number; readonly class?: string }) {
  const percent = () => Math.min(100, (props.n / Math.max(1, props.of)) * 100)
  return (
    <div class={`track ${props.class ?? ''}`} aria-hidden="true">
      <div style={{ width: `${percent()}%` }} />
    </div>
  )
}
