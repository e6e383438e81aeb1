import * as Y from 'yjs'
import { parseLogKey, type Tally } from '#contract/document/ballots.ts'
import type { Choices } from '#contract/document/compare.ts'
import { type BallotCall, type BallotVoid, type Facts, isLogEntry, type LogEntry } from '#contract/document/values.ts'
import type { CandidateNumber, ClientId, UserId } from '#contract/ids.ts'

/** A log as far as it has been read. Its array's identity tells whether it is still the same. */
type ReadLog = { readonly array: Y.Array<unknown>; length: number }
type Place = { readonly user: UserId; readonly client: ClientId; readonly index: number }

const anyFacts: Facts = { hasElector: () => true, hasCandidate: () => true, choices_per_ballot: Number.MAX_SAFE_INTEGER }

/** What is called in the order of logs and of entries: the first void names what counts instead. */
const isBefore = (one: Place, other: Place): boolean => (one.user - other.user || one.client - other.client || one.index - other.index) < 0

/**
 * One sheet's tally and its ballots by number, entry by entry as the logs grow. A void may come before what it strikes, and another
 * that stands before it in the order of logs may come later: so both are kept by what they strike.
 */
export class SheetFigures {
  readonly #root: Y.Map<unknown>
  readonly #onNumber: (n: number) => void
  readonly #logs = new Map<string, ReadLog>()
  readonly #ballots = new Map<string, BallotCall>()
  readonly #voids = new Map<string, BallotVoid & { readonly at: Place }>()
  /** What counts, by number: more than one where a number stands twice. */
  readonly #numbers = new Map<number, Map<string, Choices>>()
  readonly #votes = new Map<CandidateNumber, number>()
  #valid = 0
  #blank = 0
  #invalid = 0

  /** `onNumber`: what counts under that number of a ballot is not what it was. */
  constructor(root: Y.Map<unknown>, onNumber: (n: number) => void) {
    this.#root = root
    this.#onNumber = onNumber
  }

  get tally(): Tally {
    const [valid, blank, invalid] = [this.#valid, this.#blank, this.#invalid]
    return { ballots: valid + blank + invalid, valid, blank, invalid, votes: this.#votes }
  }

  /** What stands under this number, where one ballot alone does. */
  once(n: number): { readonly choices: Choices } | undefined {
    const standing = this.#numbers.get(n)
    const [choices] = standing?.values() ?? []
    return standing?.size === 1 && choices !== undefined ? { choices } : undefined
  }

  /** Reads on in a log of this sheet. False where it is not what was read before: then all has to be read from the beginning. */
  touch(key: string): boolean {
    const array = this.#root.get(key)
    const { user, client } = parseLogKey(key) ?? {}
    const known = this.#logs.get(key)
    if (!(array instanceof Y.Array) || user === undefined || client === undefined) return known === undefined
    if (known !== undefined && (known.array !== array || array.length < known.length)) return false
    const log = known ?? { array, length: 0 }
    this.#logs.set(key, log)
    for (const entry of array.slice(log.length)) {
      if (isLogEntry(entry, anyFacts)) this.#take(entry, { user, client, index: log.length })
      log.length += 1
    }
    return true
  }

  #take(entry: LogEntry, at: Place): void {
    if ('void' in entry) {
      const target = entry.void.join(':')
      const other = this.#voids.get(target)
      if (other === undefined || isBefore(at, other.at)) this.#recount(target, () => this.#voids.set(target, { ...entry, at }))
    } else {
      const target = `${at.client}:${at.index}`
      this.#recount(target, () => this.#ballots.set(target, entry))
    }
  }

  /** Takes out what counted of that ballot, and puts in what counts now. */
  #recount(target: string, change: () => void): void {
    this.#count(target, -1)
    change()
    this.#count(target, 1)
  }

  #count(target: string, sign: 1 | -1): void {
    const ballot = this.#ballots.get(target)
    const struck = this.#voids.get(target)
    const choices = struck === undefined ? ballot?.c : struck.instead
    if (ballot === undefined || choices === undefined) return
    if (choices === null) this.#invalid += sign
    else if (choices.length === 0) this.#blank += sign
    else {
      this.#valid += sign
      for (const candidate of choices) this.#votes.set(candidate, (this.#votes.get(candidate) ?? 0) + sign)
    }
    const standing = this.#numbers.get(ballot.n) ?? new Map<string, Choices>()
    if (sign === 1) standing.set(target, choices)
    else standing.delete(target)
    if (standing.size > 0) this.#numbers.set(ballot.n, standing)
    else this.#numbers.delete(ballot.n)
    this.#onNumber(ballot.n)
  }
}
