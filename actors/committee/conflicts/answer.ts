import type { LiveDocument } from '#actors/committee/admission/live.ts'
import type { Admit } from '#actors/committee/messages.ts'
import type { Touch } from '#actors/journal/store.ts'
import { isOpen } from '#contract/document/conflicts.ts'
import { speaksForOthers } from '#contract/rights.ts'
import { entryAt } from './entries.ts'
import { entriesRoot, isWatched, placeOf } from './watched.ts'

/**
 * Questions that an update may answer: keys of open entries, of places it writes, where its author may decide and had them in view.
 * They go into the row as touches of `conflicts`, because rights and connections are known here and now and nowhere later: so a row
 * says by itself whether it resolves, to every process, and after a crash. It does so if it is still put over the value that
 * stands when it is applied (`book.ts`).
 */
export function answeredBy({ kind, exchanged, writer }: Admit, touches: readonly Touch[], live: LiveDocument): readonly Touch[] {
  if (kind !== 'live' || !exchanged || !speaksForOthers(writer().role)) return []
  return touches.filter(isWatched).flatMap((touch): Touch | [] => {
    const key = placeOf(touch)
    const said = entryAt(live, key)
    return said !== undefined && isOpen(said) ? { path: entriesRoot, key } : []
  })
}
