import type { UserId } from '#contract/ids.ts'
import type { RefusalCode } from '#contract/refusals.ts'

// What a device could not bring into the document and must not lose: shown until the person has put it away.

/** An edit as it was meant. `value`: of a key, an entry of a log, or the text typed into a note. */
type MeantEdit = {
  readonly path: string
  readonly key: string
  readonly value: unknown
  /** Of a strike: the ballot it strikes. */
  readonly struck?: unknown
  /** Of a note: how many characters were taken out. */
  readonly removed?: number
}

type RefusedEdit = MeantEdit & { readonly kind: 'refused'; readonly code: RefusalCode }
/** Somebody else wrote there since this device last saw it. `by`: who, where the document tells. */
type RacedEdit = MeantEdit & { readonly kind: 'raced'; readonly theirs: unknown; readonly by?: UserId }
export type LeftOut = RefusedEdit | RacedEdit
