import { batch } from 'solid-js'
import { createStore } from 'solid-js/store'
import type * as Y from 'yjs'
import { guaranteesRoot, parseGuaranteeKey, readGuarantee, stands } from '#contract/document/guarantees.ts'
import type { Confirmation, Strength } from '#contract/document/values.ts'
import type { ElectorSerial, UserId } from '#contract/ids.ts'

export type GuaranteeRow = {
  readonly collector: UserId
  readonly mine: boolean
  readonly strength?: Strength
  readonly confirmation?: Confirmation
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
        changed[elector] = pledges.map(({ collector, strength, confirmation, withdrawn }) => ({
          collector,
          mine: collector === me,
          ...(strength == null ? {} : { strength }),
          ...(confirmation == null ? {} : { confirmation }),
          withdrawn: withdrawn === true,
        }))
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
