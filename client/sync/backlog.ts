import { readFrame } from './frames.ts'

/** Pieces on the way at a time: the line is not idle while one is being committed, and a slow one shows progress all the same. */
const underway_max = 4

export type BacklogOptions = {
  /** The updates that bring what a server in this state lacks; undefined where it may as well go in one. */
  readonly cut: (state: ReadonlyMap<number, number>) => readonly Uint8Array[] | undefined
  readonly sendAnswer: (frame: Uint8Array) => void
  readonly sendPiece: (update: Uint8Array) => void
  /** Asks and is asked once more: what differs then goes in one, as ever. */
  readonly again: () => void
}

/**
 * What a phone brings back. The provider answers the first question of a connection with all that the server lacks, in one; where
 * that is much it is held here, and goes in pieces instead. Each is committed and told to be durable by itself, so that what the
 * page says of it is true. When all are acknowledged, or one is not, the two sides exchange what is left.
 */
export class Backlog {
  readonly #options: BacklogOptions
  #phase: 'first' | 'pieces' | 'whole' = 'first'
  #answer: Uint8Array | undefined
  #waiting: Uint8Array[] = []
  #underway = 0

  constructor(options: BacklogOptions) {
    this.#options = options
  }

  /** A new connection: whatever was on its way may or may not have arrived, and the server will say. */
  reset(): void {
    this.#phase = 'first'
    this.#answer = undefined
    this.#waiting = []
    this.#underway = 0
  }

  /** Whether a frame of the provider goes out now. An answer while pieces are on their way would bring them all once more. */
  lets(frame: Uint8Array): boolean {
    if (this.#phase === 'whole' || readFrame(frame).type !== 'answer') return true
    if (this.#phase === 'first') this.#answer = frame
    return false
  }

  /** Hears a frame of the server, after the provider. True: the server has all there was, and edits may go one by one. */
  hear(bytes: Uint8Array): boolean {
    const frame = readFrame(bytes)
    if (frame.type === 'status' && this.#phase === 'pieces') this.#acknowledged(frame.merged)
    if (frame.type !== 'question') return false
    if (this.#phase === 'first' && this.#answer !== undefined) this.#begin(frame.state, this.#answer)
    return this.#phase === 'whole'
  }

  #begin(state: ReadonlyMap<number, number>, answer: Uint8Array): void {
    const pieces = this.#options.cut(state)
    this.#answer = undefined
    this.#phase = pieces === undefined ? 'whole' : 'pieces'
    if (pieces === undefined) return this.#options.sendAnswer(answer)
    this.#waiting = [...pieces]
    this.#send()
  }

  #send(): void {
    while (this.#underway < underway_max) {
      const piece = this.#waiting.shift()
      if (piece === undefined) return
      this.#underway += 1
      this.#options.sendPiece(piece)
    }
  }

  #acknowledged(merged: boolean): void {
    this.#underway -= 1
    if (merged) this.#send()
    if (merged && this.#underway > 0) return
    this.#phase = 'whole'
    this.#waiting = []
    this.#options.again()
  }
}
