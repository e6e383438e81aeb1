import type { Sign } from './entry.ts'
import { Person } from './person.ts'
import { type Deed, DeedBook } from './record.ts'

export type CrowdOptions = {
  /** Address of the server. */
  readonly url: string
  readonly sign: Sign
  /** Edits each may have on the way: what a person does next waits for the server. */
  readonly unacknowledged_max: number
  /** Somebody whose oldest edit is not acknowledged for so long, or who is not let in, is given up with an error. */
  readonly patience_ms?: number
  readonly onAcknowledged?: (deed: Deed, wait_ms: number) => void
}

const look_ms = 1_000

/**
 * Many people at many committees. Nobody waits for ever: whoever is refused, sent away for good or left without an answer fails with
 * a sentence that says who and where, so that a run ends instead of hanging.
 */
export class Crowd implements Disposable {
  private readonly options: CrowdOptions
  private readonly patience_ms: number
  private readonly people = new Set<Person>()
  private readonly looking: NodeJS.Timeout

  constructor(options: CrowdOptions) {
    this.options = options
    this.patience_ms = options.patience_ms ?? 60_000
    this.looking = setInterval(() => this.look(), look_ms)
  }

  get size(): number {
    return this.people.size
  }

  /** Somebody at a committee, in step with the server. How many come at once is the caller's: see `inLanes`. */
  async join(committee: string, user: number, role: string): Promise<Person> {
    const { url, sign, onAcknowledged } = this.options
    const book = new DeedBook(onAcknowledged)
    const { promise: turnedAway, reject } = Promise.withResolvers<never>()
    turnedAway.catch(() => {}) // told below, if it happens before they are in; later by the book
    const person: Person = new Person(
      {
        url,
        user,
        book,
        token: () => sign(user, role),
        onTrouble: (what) => {
          const fault = new Error(`user ${user} at ${committee}: ${what}`)
          book.giveUp(fault)
          reject(fault)
        },
      },
      committee,
    )
    this.people.add(person)
    const late = setTimeout(
      () => reject(new Error(`user ${user} at ${committee}: not let in for ${this.patience_ms} ms`)),
      this.patience_ms,
    )
    try {
      return await Promise.race([person.synced(), turnedAway])
    } catch (fault) {
      this.leave(person)
      throw fault
    } finally {
      clearTimeout(late)
    }
  }

  /** One thing after the other, each as soon as few enough are on their way; resolves when the last is acknowledged. */
  async work<Item>(person: Person, items: Iterable<Item>, act: (item: Item) => void): Promise<void> {
    const room = this.options.unacknowledged_max - 1
    const queue = items[Symbol.iterator]()
    for (;;) {
      await person.book.downTo(room)
      // Taken only now: several people may share one pile.
      const next = queue.next()
      if (next.done) break
      act(next.value)
    }
    await person.book.downTo(0)
  }

  leave(person: Person): void {
    this.people.delete(person)
    person.leave()
    person.book.giveUp(new Error(`user ${person.user} has left ${person.committee}`))
  }

  [Symbol.dispose](): void {
    clearInterval(this.looking)
    for (const person of [...this.people]) this.leave(person)
  }

  private look(): void {
    const before_ms = performance.now() - this.patience_ms
    for (const { book, user, committee } of this.people) {
      const { oldest } = book
      if (oldest === undefined || Math.max(oldest.done_ms, book.heard_ms) > before_ms) continue
      const count = book.unacknowledged
      book.giveUp(new Error(`user ${user} at ${committee}: ${count} edits without an acknowledgement for ${this.patience_ms} ms`))
    }
  }
}
