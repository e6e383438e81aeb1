import type { AsideWrite } from '#contract/api.ts'
import type { ClientId, CommitteeId, Sequence, UserId } from '#contract/ids.ts'
import type { Reason } from '#contract/messages.ts'
import type { Result } from '#contract/result.ts'

/** One place of the document that an update writes: the root's name and the key in it (empty for a text). */
export type Touch = { readonly path: string; readonly key: string }

/** An accepted update on its way into the journal. */
export type Entry = {
  /** Made once when the update is accepted and kept over retries: an append whose answer was lost is asked again, not written twice. */
  readonly uuid: string
  readonly committee: CommitteeId
  /** Author; null where the server itself wrote (conflicts, meta). */
  readonly user: UserId | null
  /** Yjs clients whose structs the update brings, ascending; empty for a pure deletion. */
  readonly clients: readonly ClientId[]
  /** Yjs update v1, reduced to what was new when it was accepted. */
  readonly update: Uint8Array
  readonly touches: readonly Touch[]
  /**
   * The row admits what was kept aside under its uuid, in this person's name: it is written only where that is undecided, and decides
   * it in the same transaction. So no crash in between leaves one without the other.
   */
  readonly admits?: { readonly by: UserId; readonly why?: string }
}

/** A committed row. `head` is the hash chain up to and with it: SHA-256, 64 hex digits. `at_ms` is the database's clock. */
export type Row = Omit<Entry, 'admits'> & {
  readonly sequence: Sequence
  readonly instance: string
  readonly at_ms: number
  readonly head: string
}

/** What an append answers for each entry, in the order given. */
export type Receipt = { readonly uuid: string; readonly sequence: Sequence; readonly head: string; readonly at_ms: number }

/** The end of a Yjs client in a committee: nothing it wrote from `clock` on enters. `user`: whose client it is. */
export type Seal = { readonly client: ClientId; readonly user: UserId; readonly clock: number }

/** An update that was refused, as it is kept for a supervisor: a part for each client of its author's, so that none is kept twice. */
export type Aside = {
  readonly user: UserId
  readonly kind: 'refused' | 'late'
  readonly reasons: readonly Reason[]
  /** Writes left off. */
  readonly more: number
  /** As it came. */
  readonly update: Uint8Array
  readonly parts: readonly AsidePart[]
}

export type AsidePart = {
  readonly id: string
  /** The client it is of, where that is sealed, and the clock behind it; null where nothing of the update could be sealed. */
  readonly sealed: { readonly client: ClientId; readonly clock: number; readonly end: number } | null
  readonly writes: readonly AsideWrite[]
}

export type SealRequest = {
  /** The rows the request was judged by. */
  readonly after: Sequence
  readonly seals: readonly Seal[]
  /** The clients' person writes anew what they hold: nothing more is kept of them. */
  readonly final: boolean
  readonly aside?: Aside
  /** Of what is kept of one person in one committee and not decided. */
  readonly room: { readonly entries_max: number; readonly bytes_max: number }
}

/**
 * `behind`: rows above `after` bring structs of one of these clients; nothing was done. `foreign`: some are sealed already as somebody
 * else's, those; nothing was done. `sealed`: all of them are now, `known` those that were before, at the clock they were sealed at first.
 */
export type SealAnswer =
  | { readonly answer: 'behind' }
  | { readonly answer: 'foreign'; readonly seals: readonly Seal[] }
  | {
      readonly answer: 'sealed'
      readonly seals: readonly (Seal & { readonly known: boolean })[]
      /** One for each part. */
      readonly kept: readonly Kept[]
      /** Of all that is kept of these clients; only where the request was final. */
      readonly reasons: readonly Reason[]
    }

/** What became of a part. `grown`: in place of what was kept of that client. `not`: that is as much, or final, or decided, or never was. */
export type Kept = 'kept' | 'grown' | 'no-room' | 'not'

/** What a part takes of the room: the update as it came, and as it reads. */
export const asideBytes = ({ update }: Pick<Aside, 'update'>, { writes }: Pick<AsidePart, 'writes'>): number =>
  update.byteLength + JSON.stringify(writes).length

/** The state of a committee's document at a number: exactly rows 1 to `sequence`, as one Yjs update v1. */
export type Snapshot = { readonly sequence: Sequence; readonly head: string; readonly state: Uint8Array }

/**
 * `unavailable`: the store cannot be reached or did not answer; what was asked may or may not have happened, ask again.
 * `rejected`: the store was reached and refused (an unknown committee, say); asking again changes nothing.
 */
export type StoreFault = 'unavailable' | 'rejected'

/**
 * Where the journal lasts. One contract suite (`store.suite.ts`) runs on every implementation.
 *
 * Head of row n: SHA-256(head of row n-1 (32 bytes, zeros before row 1) ‖ committee id (UTF-8) ‖ sequence (8 bytes, big endian)
 * ‖ user (8 bytes, big endian, 0 for the server) ‖ uuid (16 bytes) ‖ update).
 */
export type JournalStore = {
  /**
   * Appends the entries in the order given, of any committees, in one transaction: all or none. Durable when it resolves ok.
   * Numbers are per committee, 1, 2, 3 … without gaps. An entry whose uuid is already in the journal is answered with the
   * receipt of its row. Also records each (committee, client) as belonging to `user`, where the client is not yet known. Null in
   * place of a receipt, and no row, where the entry brings structs of a sealed client, or admits what is decided already.
   */
  append(entries: readonly Entry[]): Promise<Result<readonly (Receipt | null)[], StoreFault>>
  /** Rows with a number above `after`, ascending, at most `limit`. */
  read(committee: CommitteeId, after: Sequence, limit: number): Promise<Result<readonly Row[], StoreFault>>
  /** The last number of each committee; a committee the store does not know is absent. */
  heads(committees: readonly CommitteeId[]): Promise<Result<ReadonlyMap<CommitteeId, Sequence>, StoreFault>>
  /** The newest snapshot, or null before the first. */
  snapshot(committee: CommitteeId): Promise<Result<Snapshot | null, StoreFault>>
  /** Keeps a snapshot; an older one than the newest kept is ignored. */
  saveSnapshot(committee: CommitteeId, snapshot: Snapshot): Promise<Result<undefined, StoreFault>>
  /** Which user each Yjs client of the committee belongs to. */
  owners(committee: CommitteeId): Promise<Result<ReadonlyMap<ClientId, UserId>, StoreFault>>
  /**
   * Seals clients, and keeps aside what was refused of them, in one step, as an append is. Of a client that was sealed before, more of
   * the same takes the place of what was kept of it, and nothing is kept where nothing was.
   */
  seal(committee: CommitteeId, request: SealRequest): Promise<Result<SealAnswer, StoreFault>>
  /** Every seal of the committee. */
  seals(committee: CommitteeId): Promise<Result<readonly Seal[], StoreFault>>
  /** Time of the last row below a number in which that client wrote at that place; null where there is none. */
  timeOf(committee: CommitteeId, client: ClientId, place: Touch, before: Sequence): Promise<Result<number | null, StoreFault>>
  /** A Yjs client for the server's own writing: above 32 bits, and never answered again. */
  serverClient(): Promise<Result<ClientId, StoreFault>>
}
