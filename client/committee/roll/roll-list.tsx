import { createVirtualizer } from '@tanstack/solid-virtual'
import { createEffect, createMemo, For, type JSX, on, onMount, Show } from 'solid-js'
import type { Elector } from '#contract/api.ts'

const row_px = 77

/** As many rows as fit, whatever the length of the list. */
export function RollList(props: {
  readonly label: string
  readonly electors: readonly Elector[]
  /** What the person asked for: when it changes, the list begins at its top again. */
  readonly asked: string
  /** The list is being touched: nothing may move in it. */
  readonly onTouch?: () => void
  /** A row; it is built once and then shows whoever stands at its place. */
  readonly children: (elector: () => Elector) => JSX.Element
}) {
  let ground: HTMLDivElement | undefined
  // Reads the list once per list: asked through `props` for each of 5,000 keys, every answer would be a tracked read.
  const keyOf = createMemo(() => {
    const electors = props.electors
    return (index: number) => electors[index]?.serial ?? index
  })
  const rows = createVirtualizer<HTMLDivElement, HTMLLIElement>({
    get count() {
      return props.electors.length
    },
    getScrollElement: () => ground ?? null,
    estimateSize: () => row_px,
    get getItemKey() {
      return keyOf()
    },
    overscan: 4,
  })
  createEffect(
    on(
      () => props.asked,
      () => {
        // Asking for a scroll lays the page out at once; while somebody types at the top there is nothing to scroll.
        if ((rows.scrollOffset ?? 0) > 0) rows.scrollToOffset(0)
      },
      { defer: true },
    ),
  )
  onMount(() => {
    for (const touch of ['pointerdown', 'keydown', 'scroll']) ground?.addEventListener(touch, () => props.onTouch?.(), { passive: true })
  })
  return (
    <div class="roll-ground" ref={ground}>
      <ul class="relative" aria-label={props.label} style={{ height: `${rows.getTotalSize()}px` }}>
        <For each={rows.getVirtualItems()}>
          {(item) => (
            <li
              class="absolute inset-x-0 top-0"
              data-index={item.index}
              aria-setsize={props.electors.length}
              aria-posinset={item.index + 1}
              style={{ transform: `translateY(${item.start}px)` }}
              ref={(element) => queueMicrotask(() => rows.measureElement(element))}
            >
              {/* Not keyed: the next letter of a search changes what the rows show and builds none of them again. */}
              <Show when={props.electors[item.index]}>{(elector) => props.children(elector)}</Show>
            </li>
          )}
        </For>
      </ul>
    </div>
  )
}
