import { type Accessor, batch, createSignal } from 'solid-js'
import * as Y from 'yjs'
import { ballotsRoot, parseLogKey } from '#contract/document/ballots.ts'
import { type BallotCall, type BallotVoid, type Facts, isLogEntry, type LogEntry } from '#contract/document/values.ts'
import { type CandidateNumber, type ClientId, type Sheet, sheets, type UserId } from '#contract/ids.ts'

export type Tally = {
  readonly ballots: number
  readonly valid: number
  readonly blank: number
  readonly invalid: number
  readonly votes: Readonly<Record<number, number>>
}

export type Log = {
  readonly key: string
  readonly sheet: Sheet
  readonly user: UserId
  readonly client: ClientId
  readonly array: Y.Array<unknown>
  readonly entries: (LogEntry | null)[]
}
type Strike = { readonly user: UserId; readonly client: ClientId; readonly index: number; readonly entry: BallotVoid }

/** A called ballot as it counts now. `choices` undefined: struck, and nothing counts in its place. `corrected`: what counts is final. */
export type BallotSaid = {
  readonly client: ClientId
  readonly index: number
  readonly user: UserId
  readonly n: number
  readonly choices: readonly CandidateNumber[] | null | undefined
  readonly corrected: boolean
}

/** Told each ballot when it is called and when something else counts in its place; `forget`: a sheet is read anew. */
export type BallotWatch = { says(sheet: Sheet, ballot: BallotSaid): void; forget(sheet: Sheet): void }

// A reader has no roll at hand, and what stands in the document was judged with it; the shape is all it asks.
const anyFacts: Facts = { hasElector: () => true, hasCandidate: () => true, choices_per_ballot: Number.MAX_SAFE_INTEGER }

/**
 * One sheet's running tally. The same figures as the contract's `tallySheet`, but an entry costs only itself; a test holds the
 * two against each other.
 */
class SheetBinding {
  readonly tally: Accessor<Tally>
  /** Grows with every change, so that what is derived from the logs is derived again. */
  readonly version: Accessor<number>
  readonly logs = new Map<ClientId, Log>()
  readonly #strikes = new Map<string, Strike>()
  readonly #setTally: (tally: Tally) => void
  readonly #setVersion: (change: (version: number) => number) => void
  readonly #says: (ballot: BallotSaid) => void
  #sum = { valid: 0, blank: 0, invalid: 0, votes: {} as Record<number, number> }

  constructor(says: (ballot: BallotSaid) => void) {
    this.#says = says
    const [tally, setTally] = createSignal<Tally>({ ballots: 0, valid: 0, blank: 0, invalid: 0, votes: {} })
    const [version, setVersion] = createSignal(0)
    this.tally = tally
    this.version = version
    this.#setTally = setTally
    this.#setVersion = setVersion
  }

  strikeOf(client: ClientId, index: number): Strike | undefined {
    return this.#strikes.get(`${client}:${index}`)
  }

  /** Takes in what a log has more than before. */
  follow(log: Log): void {
    for (const value of log.array.slice(log.entries.length)) {
      const entry = isLogEntry(value, anyFacts) ? value : null
      const index = log.entries.push(entry) - 1
      if (entry === null) continue
      if ('void' in entry) this.#strike({ user: log.user, client: log.client, index, entry })
      else {
        const strike = this.strikeOf(log.client, index)
        this.#add(counted(entry, strike), 1)
        this.#tell(log, index, entry, strike)
      }
    }
  }

  #tell({ client, user }: Log, index: number, call: BallotCall, strike: Strike | undefined): void {
    this.#says({ client, index, user, n: call.n, choices: counted(call, strike), corrected: strike?.entry.instead !== undefined })
  }

  /** Of several strikes at one ballot the first by user, client and index names the replacement, on every replica. */
  #strike(strike: Strike): void {
    const [client, index] = strike.entry.void
    const before = this.strikeOf(client, index)
    if (before !== undefined && inOrder(before, strike) <= 0) return
    const log = this.logs.get(client)
    const target = log?.entries[index]
    if (log !== undefined && target != null && !('void' in target)) {
      this.#add(counted(target, before), -1)
      this.#add(counted(target, strike), 1)
      this.#tell(log, index, target, strike)
    }
    this.#strikes.set(`${client}:${index}`, strike)
  }

  #add(choices: readonly CandidateNumber[] | null | undefined, by: 1 | -1): void {
    if (choices === undefined) return
    if (choices === null) this.#sum.invalid += by
    else if (choices.length === 0) this.#sum.blank += by
    else {
      this.#sum.valid += by
      for (const candidate of choices) {
        const votes = (this.#sum.votes[candidate] ?? 0) + by
        if (votes === 0) delete this.#sum.votes[candidate]
        else this.#sum.votes[candidate] = votes
      }
    }
  }

  publish(): void {
    const { valid, blank, invalid, votes } = this.#sum
    this.#setTally({ ballots: valid + blank + invalid, valid, blank, invalid, votes: { ...votes } })
    this.touch()
  }

  touch(): void {
    this.#setVersion((version) => version + 1)
  }

  clear(): void {
    this.logs.clear()
    this.#strikes.clear()
    this.#sum = { valid: 0, blank: 0, invalid: 0, votes: {} }
  }
}

const inOrder = (a: Strike, b: Strike): number => a.user - b.user || a.client - b.client || a.index - b.index

/** What a called ballot counts as: itself, what a strike put in its place, or nothing. */
const counted = (call: BallotCall, strike: Strike | undefined) => (strike === undefined ? call.c : strike.entry.instead)

const nobody: BallotWatch = { says: () => {}, forget: () => {} }

/** The root `ballots`: every sheet's tally, following each log entry by entry. */
export function bindBallots(doc: Y.Doc, watch: BallotWatch = nobody) {
  const root = ballotsRoot(doc)
  const bound = Object.fromEntries(sheets.map((sheet) => [sheet, new SheetBinding((ballot) => watch.says(sheet, ballot))])) as Record<
    Sheet,
    SheetBinding
  >
  const byKey = new Map<string, Log>()

  function take(key: string): Sheet | undefined {
    const place = parseLogKey(key)
    const array = root.get(key)
    if (place?.sheet === undefined || place.user === undefined || place.client === undefined || !(array instanceof Y.Array)) return
    const { sheet, user, client } = place
    let log = byKey.get(key)
    if (log !== undefined && (log.array !== array || array.length < log.entries.length)) {
      rebuild(sheet) // no log is ever replaced or cut; should one be, its sheet is read anew
      return sheet
    }
    if (log === undefined) {
      log = { key, sheet, user, client, array, entries: [] }
      byKey.set(key, log)
      bound[sheet].logs.set(client, log)
    }
    bound[sheet].follow(log)
    return sheet
  }

  function rebuild(sheet: Sheet) {
    bound[sheet].clear()
    watch.forget(sheet)
    for (const [key, log] of byKey) if (log.sheet === sheet) byKey.delete(key)
    for (const key of root.keys()) if (parseLogKey(key)?.sheet === sheet) take(key)
  }

  const takeAll = (keys: Iterable<string>) =>
    batch(() => {
      const touched = new Set<Sheet>()
      for (const key of keys) {
        const sheet = take(key)
        if (sheet !== undefined) touched.add(sheet)
      }
      for (const sheet of touched) bound[sheet].publish()
    })

  const observer = (events: Y.YEvent<Y.AbstractType<unknown>>[]) =>
    takeAll(new Set(events.flatMap((event) => (event instanceof Y.YMapEvent ? [...event.keysChanged] : [String(event.path[0])]))))
  takeAll(root.keys())
  root.observeDeep(observer)

  return {
    sheet: (sheet: Sheet) => bound[sheet],
    ownerOf: (client: ClientId): UserId | undefined =>
      sheets.map((sheet) => bound[sheet].logs.get(client)?.user).find((user) => user !== undefined),
    /** Durable news changes what is shown of own ballots. */
    touch: () => batch(() => sheets.forEach((sheet) => void bound[sheet].touch())),
    stop: () => root.unobserveDeep(observer),
  }
}
export type BallotsBinding = ReturnType<typeof bindBallots>
