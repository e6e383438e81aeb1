import type { Refusal } from '#contract/refusals.ts'

/** What `wake` answers when it is expected to fail (the store is away): the state could not be made, and this is what to say. */
export class NotWoken {
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    this.refusal = refusal
  }
}

/**
 * What an actor is, without where and when it runs: one value serves every address of its kind. The kernel calls one function of
 * an address at a time (all but `refuse`), so between two awaits the state belongs to the turn alone.
 */
export type Behaviour<Address extends string, State, Message extends object> = {
  /** Name of the kind in logs and metrics. */
  readonly name: string
  /** Makes the state before the first message, and again after every sleep and fault. */
  wake(address: Address): State | NotWoken | Promise<State | NotWoken>
  /** One turn; awaited. A throw or rejection is a fault of the actor, never a way to say no: refusals go by the message's reply. */
  receive(state: State, message: Message): void | Promise<void>
  /**
   * Whether a state at rest has no use for this message: then it is dropped, unanswered, and the rest goes on as if it had not come.
   * For what is told again and again in case it is news; nobody may wait for such a message. Must not throw.
   */
  ignores?(state: State, message: Message): boolean
  /** Saves and lets go: the state is not used after true. False vetoes (unsaved work, somebody has it open). */
  sleep(state: State): boolean | Promise<boolean>
  /**
   * Answers a message that no turn will handle, or whose turn failed. The failed turn may have replied before, so a reply
   * function must tolerate a second answer: the first one counts. May be called inside `tell`.
   */
  refuse(message: Message, refusal: Refusal): void
  /** The state was thrown away after a fault (`undefined`: the wake failed): close what hangs on it. */
  discard?(address: Address, state: State | undefined, fault: unknown): void
}

/** The parts of a behaviour whose faults are supervised. */
export type Fallible = 'wake' | 'receive' | 'sleep'

/** Figures of a kind of actor as they arise; the depth of mailboxes is asked (`Directory.depth`). Must not throw. */
export type KernelObserver = {
  turned(actor: string, turn_ms: number): void
  faulted(actor: string, during: Fallible, next: 'restarts' | 'stops' | 'keeps its state'): void
}
