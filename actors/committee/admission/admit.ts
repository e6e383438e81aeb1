import * as Y from 'yjs'
import type { Touch } from '#actors/journal/store.ts'
import type { ClientId } from '#contract/ids.ts'
import type { Limits } from '#contract/limits.ts'
import type { ClockRange } from '#contract/messages.ts'
import type { RefusalCode } from '#contract/refusals.ts'
import { authorize, type Judge } from './authorize.ts'
import { type DecodedUpdate, decodeUpdate } from './decode.ts'
import { type Explanation, explain, explainAlone, reasons_max } from './explain.ts'
import type { LiveDocument } from './live.ts'
import { newDeletes, reduceUpdate } from './reduce.ts'
import { resolveStructs } from './resolve.ts'

/** What is to become of an update. Only `accepted` changes anything, and only after its COMMIT. */
export type Verdict =
  | { readonly verdict: 'nothing-new' }
  | {
      readonly verdict: 'accepted'
      /** Only what is new: the row of the journal. */
      readonly update: Uint8Array
      readonly clients: readonly ClientId[]
      readonly deletes: readonly ClockRange[]
      readonly touches: readonly Touch[]
      /** Those of them that are a supervisor's: rulings, and logs that strike another person's ballot. */
      readonly rulings: readonly Touch[]
    }
  | ({ readonly verdict: 'refused'; readonly client: ClientId | null } & Explanation)
  /** Builds on structs that are not here: the sender is asked for them. */
  | { readonly verdict: 'missing' }

/**
 * Decides on an update before the merge, without applying it and without building Yjs items:
 * decode → resolve each struct's root and key → authorize → verdict. Total: answers any bytes.
 */
export function judgeUpdate(bytes: Uint8Array, decoded: DecodedUpdate, live: LiveDocument, judge: Judge): Verdict {
  const sealed = sealedIn(decoded, judge)
  if (sealed.length > 0) return judgeSealed(sealed, judgeUpdate(bytes, decoded, live, { ...judge, seals: new Map() }))
  if (retellsWrongly(decoded, live)) return refused(decoded, 'malformed')
  const resolved = resolveStructs(decoded, live)
  if (!resolved.ok) return resolved.error === 'missing' ? { verdict: 'missing' } : refused(decoded, 'malformed')
  const deletes = newDeletes(decoded, live)
  if (deletes === 'missing') return { verdict: 'missing' }
  const { found } = resolved.value
  if (found.length === 0 && deletes.length === 0) return { verdict: 'nothing-new' }
  const { touches, rulings, clients, objections } = authorize(resolved.value, deletes, live, judge)
  if (objections.length > 0)
    return { verdict: 'refused', client: firstClient(decoded), ...explain(objections, found, deletes, live, judge) }
  return {
    verdict: 'accepted',
    update: reduceUpdate(bytes, decoded, deletes, live),
    clients,
    deletes: deletes.map(({ client, clock, length }) => [client as ClientId, clock, length] as const),
    touches,
    rulings,
  }
}

/** Decodes with the bounds of one live update, or those of what a phone brings back after hours offline. */
export function decodeWithin(
  bytes: Uint8Array,
  kind: 'live' | 'merge',
  limits: Limits,
): DecodedUpdate | Extract<Verdict, { verdict: 'refused' }> {
  const bytes_max = kind === 'live' ? limits.update_bytes_max : limits.offline_bytes_max
  if (bytes.length > bytes_max) return { verdict: 'refused', client: null, ...explainAlone([['too-large']]) }
  const decoded = decodeUpdate(bytes, {
    structs_max: kind === 'live' ? limits.structs_max : limits.offline_structs_max,
    value_depth_max: limits.value_depth_max,
    clock_jump_max: limits.clock_jump_max,
  })
  return decoded.ok ? decoded.value : { verdict: 'refused', client: null, ...explainAlone([[decoded.error]]) }
}

/** Clients whose structs an update brings: two updates that share one are judged one after the other. */
export const clientsIn = (decoded: DecodedUpdate): readonly number[] => decoded.blocks.map((block) => block.client)

/** What the row brings, for the phones' receipts: read back from the update itself, so that other instances' rows tell the same. */
export function deletesIn(update: Uint8Array): readonly ClockRange[] {
  const { ds } = Y.decodeUpdate(update)
  return [...ds.clients].flatMap(([client, ranges]) => ranges.map(({ clock, len }) => [client as ClientId, clock, len] as const))
}

/**
 * Whether a struct that the document has already is told with a content no document has, under a root that is not there, or beside
 * what is not there. It would be skipped, but Yjs reads it first: it makes the root, stumbles over some contents, and keeps what lacks
 * its neighbours, and all behind it, pending for ever. Who has a struct, or its beginning, has what it was put beside.
 */
function retellsWrongly({ blocks }: DecodedUpdate, live: LiveDocument): boolean {
  return blocks.some(({ client, clock: from, structs }) => {
    const state = live.stateOf(client)
    if (from >= state) return false
    return structs.some(({ clock, item }) => {
      if (clock >= state || item === undefined) return false
      const { origin, rightOrigin, parent, content } = item
      const within = parent !== undefined && 'item' in parent ? parent.item : undefined
      if ([origin, rightOrigin, within].some((id) => id !== undefined && id.clock >= live.stateOf(id.client))) return true
      return content.type === 'foreign' || (parent !== undefined && 'root' in parent && !live.doc.share.has(parent.root))
    })
  })
}

const firstClient = (decoded: DecodedUpdate): ClientId | null => (decoded.blocks[0]?.client ?? null) as ClientId | null

const refused = (decoded: DecodedUpdate, code: RefusalCode): Verdict => ({
  verdict: 'refused',
  client: firstClient(decoded),
  ...explainAlone([[code]]),
})

/**
 * What has ended stays out, whatever the verdict would be. It tells what the update's writes would have met besides; and an update that
 * begins behind the seal is asked for from there, so that the whole is looked at.
 */
function judgeSealed(sealed: readonly ClientId[], verdict: Verdict): Verdict {
  if (verdict.verdict === 'missing') return verdict
  const ended = explainAlone(sealed.map((client) => ['sealed', client]))
  const { reasons, ...rest } = verdict.verdict === 'refused' ? verdict : { ...ended, reasons: [] }
  return { ...ended, ...rest, verdict: 'refused', client: sealed[0] ?? null, reasons: [...ended.reasons, ...reasons].slice(0, reasons_max) }
}

/** Clients that have ended here, and of which the update brings more than there will ever be. */
function sealedIn({ blocks }: DecodedUpdate, { seals }: Judge): ClientId[] {
  if (seals === undefined || seals.size === 0) return []
  return blocks.flatMap(({ client, end }) => (end > (seals.get(client as ClientId)?.clock ?? end) ? [client as ClientId] : []))
}
