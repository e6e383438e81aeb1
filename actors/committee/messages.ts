import type * as Y from 'yjs'
import type { Receipt, SealAnswer, StoreFault, Touch } from '#actors/journal/store.ts'
import type { AsideWrite } from '#contract/api.ts'
import type { Writer } from '#contract/document/schema.ts'
import type { ClientId, Sequence, UserId } from '#contract/ids.ts'
import type { Reason, ServerMessage } from '#contract/messages.ts'
import type { Refusal } from '#contract/refusals.ts'
import { err, type Result, unreachable } from '#contract/result.ts'

/** What became of an update. */
export type Admission =
  /** In a committed row, and in the document: here or in what was there before. */
  | {
      readonly answer: 'merged'
      readonly sequence: Sequence
      /** Places of it where somebody ruled, or struck another person's ballot: only where it was this update that brought them. */
      readonly rulings?: readonly Touch[]
    }
  /** Will never be merged. The document is untouched. */
  | { readonly answer: 'refused'; readonly client: ClientId | null; readonly reasons: readonly Reason[] }
  /** Builds on structs that are not in the journal: ask the sender for them. */
  | { readonly answer: 'missing' }
  /** Not now: the store is away, the process is full or going. The sender keeps it and comes back. */
  | { readonly answer: 'postponed'; readonly refusal: Refusal }

export type Admit = {
  readonly type: 'admit'
  /** Yjs update v1, as it came; must not be changed before the reply. */
  readonly update: Uint8Array
  /** `live`: one edit of an open session. `merge`: the answer to a state vector, which may bring hours of work. */
  readonly kind: 'live' | 'merge'
  /**
   * Over a connection on which both sides had exchanged what the other lacked: it was written by somebody connected, who could see what
   * is here. What was written before that may come as `live` as well, one by one.
   */
  readonly exchanged: boolean
  /** Asked each time the update is judged: who waits may lose a right meanwhile, or be given one. Always the same user. */
  readonly writer: () => Writer
  readonly reply: (admission: Admission) => void
}

/**
 * Ends clients of the user's, so that what they hold may be written anew. Answers the first clock of each that is not in the journal,
 * and the reasons of what is kept aside of them, to which nothing is added any more: somebody may admit that, so it is not written anew.
 */
export type SealClients = {
  readonly type: 'seal'
  readonly user: UserId
  readonly clients: readonly ClientId[]
  readonly reply: (sealed: Result<Ended, Refusal>) => void
}

export type Ended = { readonly clocks: ReadonlyMap<ClientId, number>; readonly reasons: readonly Reason[] }

/** Has the server write what was kept aside, in a supervisor's name. `left`: writes that no longer fit, and were not written. */
export type AdmitAside = {
  readonly type: 'admit-aside'
  readonly id: string
  readonly author: Pick<Writer, 'user' | 'role'>
  readonly writes: readonly AsideWrite[]
  readonly by: UserId
  readonly why?: string
  /** `sealed`: it was decided meanwhile. `bad-value`: nothing of it fits. */
  readonly reply: (admitted: Result<{ readonly sequence: Sequence; readonly left: number }, Refusal>) => void
}

export type CommitteeMessage =
  /** Fills the document from the journal and keeps it at the journal's head from then on. Once for each new document. */
  | { readonly type: 'open'; readonly document: Y.Doc; readonly reply: (opened: Result<undefined, Refusal>) => void }
  | Admit
  | SealClients
  | AdmitAside
  /** Takes a Yjs client id for a user; refused `foreign-client` where it is another's: the phone rolls a new one. */
  | {
      readonly type: 'claim'
      readonly client: ClientId
      readonly user: UserId
      readonly reply: (claimed: Result<undefined, Refusal>) => void
    }
  /** Everything of a user's that is in committed rows: for a phone that has just come back. */
  | { readonly type: 'receipts'; readonly user: UserId; readonly reply: (durable: Durable | undefined) => void }
  /** The journal's answer to an entry of this actor. */
  | { readonly type: 'journaled'; readonly uuid: string; readonly result: Result<Receipt, Refusal> }
  /** The store's answer to a request of this actor to seal. */
  | { readonly type: 'sealed'; readonly id: string; readonly result: Result<SealAnswer, StoreFault> }
  /** The journal has rows up to this number; another instance may have written them. */
  | { readonly type: 'head'; readonly sequence: Sequence }
  /** The roll or the ballot paper was changed: what follows is judged by what they say now. */
  | { readonly type: 'facts-changed' }
  /** Time to write down what rows of other processes have made, where those have not. */
  | { readonly type: 'entries' }
  /** Time to tell the authors what has become durable. */
  | { readonly type: 'publish' }
  /** Time to say what the document says now. */
  | { readonly type: 'summarize' }

export type Durable = Extract<ServerMessage, { type: 'durable' }>

export const storeAway: Refusal = { code: 'store-unavailable' }

/** Answers whoever waits for it that it will not be done; an update is only postponed. */
export function refuse(message: CommitteeMessage, refusal: Refusal): void {
  switch (message.type) {
    case 'admit':
      return message.reply({ answer: 'postponed', refusal })
    case 'open':
    case 'claim':
    case 'seal':
    case 'admit-aside':
      return message.reply(err(refusal))
    case 'receipts':
      return message.reply(undefined)
    // Nobody waits: what they would have told is in the journal, and is read there.
    case 'journaled':
    case 'sealed':
    case 'head':
    case 'facts-changed':
    case 'entries':
    case 'publish':
    case 'summarize':
      return
    default:
      return unreachable(message)
  }
}
