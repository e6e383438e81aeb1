/**
 * One import at a time in this process, from before its file is read until it is written, so that only one file is in memory. Others
 * wait with theirs unread.
 */
export class Turns {
  readonly #waiting_max: number
  readonly #waiting: (() => void)[] = []
  #busy = false

  constructor(waiting_max: number) {
    this.#waiting_max = waiting_max
  }

  /** Resolves when it is one's turn; false, at once, where too many wait. */
  async take(): Promise<boolean> {
    if (this.#busy) {
      if (this.#waiting.length >= this.#waiting_max) return false
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    this.#busy = true
    return true
  }

  /** The turn is handed on, not given up and taken again, so that nobody slips in between. */
  leave(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#busy = false
  }
}
