import { type Accessor, createComputed, createSignal, on, onCleanup, untrack } from 'solid-js'

/** How long a list is left alone before what others have changed moves its rows. */
const rest_ms = 3_000

/**
 * A list that does not move under the finger. What the person asks for (`asked` changed: a search, a filter) is shown at once; what
 * others change waits until nobody has touched the list for a while. Rows show their own state meanwhile, so nothing is stale but
 * the order. Call under a Solid owner.
 */
export function createSteady<Thing>(
  live: Accessor<readonly Thing[]>,
  asked: Accessor<unknown>,
): { readonly shown: Accessor<readonly Thing[]>; touch(): void } {
  const [shown, setShown] = createSignal<readonly Thing[]>(untrack(live))
  let touched_ms = Number.NEGATIVE_INFINITY
  let timer: ReturnType<typeof setTimeout> | undefined
  const settle = () => {
    clearTimeout(timer)
    timer = undefined
    setShown(() => untrack(live))
  }
  const wait = () => {
    const left_ms = touched_ms + rest_ms - Date.now()
    if (left_ms <= 0) return settle()
    timer ??= setTimeout(() => {
      timer = undefined
      wait()
    }, left_ms)
  }
  createComputed(
    on([asked, live], ([now], before) => {
      // Nothing moves in a list that is empty.
      if (before === undefined || before[0] !== now || untrack(shown).length === 0) settle()
      else wait()
    }),
  )
  onCleanup(() => clearTimeout(timer))
  return {
    shown,
    touch: () => {
      touched_ms = Date.now()
    },
  }
}
