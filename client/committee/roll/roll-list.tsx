import { createVirtualizer } from '@tanstack/solid-virtual'
import { createEffect, createMemo, For, on, Show } from 'solid-js'
import type { Elector } from '#contract/api.ts'
import { text } from '../../i18n/say.tsx'
import { ElectorRow } from './row.tsx'

const row_px = 77

/** As many rows as fit, whatever the length of the roll. */
export function RollList(props: { readonly electors: readonly Elector[]; readonly query: string }) {
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
      () => props.query,
      () => {
        // Asking for a scroll lays the page out at once; while somebody types at the top there is nothing to scroll.
        if ((rows.scrollOffset ?? 0) > 0) rows.scrollToOffset(0)
      },
      { defer: true },
    ),
  )
  return (
    <div class="roll-ground" ref={ground}>
      <ul class="relative" aria-label={text('roll.list')} style={{ height: `${rows.getTotalSize()}px` }}>
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
              <Show when={props.electors[item.index]}>{(elector) => <ElectorRow elector={elector()} />}</Show>
            </li>
          )}
        </For>
      </ul>
    </div>
  )
}
