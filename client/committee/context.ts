import { type Accessor, createContext, useContext } from 'solid-js'
import type { Me } from '#contract/api.ts'
import type { ElectorSerial, Sheet } from '#contract/ids.ts'
import { assert } from '#contract/result.ts'
import type { Toaster } from '../design/toast.tsx'
import type { CommitteeSession } from '../sync/committee-session.ts'
import type { Pad } from './count/pad.ts'
import type { SheetChoice } from './count/sheet-choice.ts'
import type { RollIndex } from './roll/search.ts'

/** What a counter has before them. `pad`: the ballot on the table now; `left`: the one that was there when the page was made anew. */
export type CountingDesk = {
  sheet?: Sheet | undefined
  next?: number | undefined
  pad?: Accessor<Pad> | undefined
  left?: Pad | undefined
}

/** What every part of the committee's page reads: the committee itself and what the page shares between its parts. */
export type CommitteeView = {
  readonly committee: CommitteeSession
  readonly user: Me
  readonly roll: Accessor<RollIndex>
  readonly toaster: Toaster
  /** Which sheet this person counts on. */
  readonly counting: SheetChoice
  readonly desk: CountingDesk
  /** Marks this person made in the last seconds: shown as fresh. */
  readonly isFresh: (serial: ElectorSerial) => boolean
  readonly freshen: (serial: ElectorSerial) => void
  readonly openElector: (serial: ElectorSerial) => void
  readonly openStatus: () => void
  readonly openTray: () => void
  readonly openPeople: () => void
  readonly openPaper: () => void
  readonly openConflicts: () => void
  readonly closePanel: () => void
  readonly openPhase: () => void
  /** With the number of somebody who is not on the roll, where one was typed. */
  readonly openWalkins: (serial?: string) => void
}

export const CommitteeContext = createContext<CommitteeView>()

export function useCommittee(): CommitteeView {
  const view = useContext(CommitteeContext)
  assert(view !== undefined, 'a part of a committee stands inside CommitteeContext')
  return view
}
