import { batch } from 'solid-js'
import { createStore } from 'solid-js/store'
import type * as Y from 'yjs'
import { type Guarantee, guaranteesRoot, parseGuaranteeKey, readGuarantee, stands } from '#contract/document/guarantees.ts'
import type { Confirmation, Strength } from '#contract/document/values.ts'
import type { ElectorSerial, UserId } from '#contract/ids.ts'

export type GuaranteeRow = {
  readonly collector: UserId
  readonly mine: boolean
  readonly strength?: Strength
  readonly confirmation?: Confirmation
  readonly group?: string
  readonly quick_note?: string
  /** Unix seconds to call again. */
  readonly follow_up?: number
  readonly withdrawn: boolean
}

/** The root `guarantees` as a store: per elector the pledges, ascending by collector. */
export function bindGuarantees(doc: Y.Doc, me: UserId, onRow: (elector: ElectorSerial, guaranteed: boolean) => void) {
  const root = guaranteesRoot(doc)
  const [rows, setRows] = createStore<Record<number, readonly GuaranteeRow[] | undefined>>({})
  const collectors = new Map<ElectorSerial, Set<UserId>>()

  const take = (keys: Iterable<string>) => {
    const touched = new Set<ElectorSerial>()
    for (const key of keys) {
      const place = parseGuaranteeKey(key)
      if (place?.elector === undefined || place.user === undefined) continue
      collectors.set(place.elector, (collectors.get(place.elector) ?? new Set()).add(place.user))
      touched.add(place.elector)
    }
    const changed: Record<number, readonly GuaranteeRow[]> = {}
    batch(() => {
      for (const elector of touched) {
        const pledges = [...(collectors.get(elector) ?? [])].sort((a, b) => a - b).map((user) => readGuarantee(root, elector, user))
        changed[elector] = pledges.map((pledge) => rowOf(pledge, me))
        onRow(elector, pledges.some(stands))
      }
      setRows(changed)
    })
  }
  const observer = (event: Y.YMapEvent<unknown>) => take(event.keysChanged)
  take(root.keys())
  root.observe(observer)

  return { rows, stop: () => root.unobserve(observer) }
}

function rowOf({ collector, strength, confirmation, group, quick_note, follow_up, withdrawn }: Guarantee, me: UserId): GuaranteeRow {
  return {
    collector,
    mine: collector === me,
    ...(strength == null ? {} : { strength }),
    ...(confirmation == null ? {} : { confirmation }),
    ...(group == null || group === '' ? {} : { group }),
    ...(quick_note == null || quick_note === '' ? {} : { quick_note }),
    ...(follow_up == null ? {} : { follow_up }),
    withdrawn: withdrawn === true,
  }
}
