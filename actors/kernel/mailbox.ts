/** First in, first out, in amortised constant time: `Array.shift` moves every element behind it, 10,000 of them at our bound. */
export class Mailbox<Message extends object> {
  #arriving: Message[] = []
  #leaving: Message[] = []

  get size(): number {
    return this.#arriving.length + this.#leaving.length
  }

  push(message: Message): void {
    this.#arriving.push(message)
  }

  shift(): Message | undefined {
    if (this.#leaving.length === 0) {
      this.#leaving = this.#arriving.reverse()
      this.#arriving = []
    }
    return this.#leaving.pop()
  }
}
