import type { Strength } from '#contract/document/values.ts'

export const strengths = ['weak', 'medium', 'strong'] as const satisfies readonly Strength[]

/** How sure, as bars: never by colour alone, and always beside the word. */
export function StrengthBars(props: { readonly strength: Strength | undefined }) {
  const filled = () => (props.strength === undefined ? 0 : strengths.indexOf(props.strength) + 1)
  return (
    <span class="strength" aria-hidden="true">
      <i classList={{ filled: filled() > 0 }} />
      <i classList={{ filled: filled() > 1 }} />
      <i classList={{ filled: filled() > 2 }} />
    </span>
  )
}
