/** One thing a simulated person did, and what became of it; kept by the person alone, so that it can bear witness against the server. */
export type Deed = {
  readonly committee: string
  /** Yjs client that wrote it and the clock behind its last struct. */
  readonly client: number
  readonly clock_end: number
  /** On the clock of `performance.now`. */
  readonly done_ms: number
  readonly did:
    | { readonly kind: 'mark'; readonly elector: number; readonly at_s: number }
    | { readonly kind: 'withdraw'; readonly elector: number; readonly why: string }
    | { readonly kind: 'pledge'; readonly elector: number; readonly field: string; readonly value: unknown }
    | { readonly kind: 'note'; readonly elector: number; readonly text: string }
    | { readonly kind: 'figure'; readonly source: string; readonly figure: string; readonly value: number }
    | {
        readonly kind: 'ballot'
        readonly sheet: string
        readonly log: string
        readonly index: number
        readonly n: number
        readonly choices: readonly number[] | null
        readonly at_s: number
      }
    | {
        readonly kind: 'void'
        readonly sheet: string
        readonly client: number
        readonly index: number
        readonly why: string
        readonly at_s: number
      }
  /** The server has said `durable` for it. */
  acknowledged: boolean
}

type Waiter = { readonly upTo: number; readonly done: () => void; readonly fail: (fault: Error) => void }

/** Everything one person did, in order. */
export class DeedBook {
  readonly deeds: Deed[] = []
  /** When the last receipt came that covered something, on the clock of `performance.now`; 0 before the first. */
  heard_ms = 0
  private readonly onAcknowledged: (deed: Deed, wait_ms: number) => void
  /** Deeds not yet acknowledged, oldest first, for each client: a receipt covers a client up to a clock. */
  private readonly open = new Map<number, Deed[]>()
  private waiting: Waiter[] = []
  private fault: Error | undefined

  constructor(onAcknowledged: (deed: Deed, wait_ms: number) => void = () => {}) {
    this.onAcknowledged = onAcknowledged
  }

  add(deed: Deed): void {
    this.deeds.push(deed)
    const open = this.open.get(deed.client) ?? []
    open.push(deed)
    this.open.set(deed.client, open)
  }

  /** The server has everything of `client` below `clock` in committed rows. */
  receipt(client: number, clock: number): void {
    const open = this.open.get(client) ?? []
    const covered = open.findIndex((deed) => deed.clock_end > clock)
    const now_ms = performance.now()
    for (const deed of open.splice(0, covered === -1 ? open.length : covered)) {
      deed.acknowledged = true
      this.heard_ms = now_ms
      this.onAcknowledged(deed, now_ms - deed.done_ms)
    }
    const left = this.unacknowledged
    const done = this.waiting.filter(({ upTo }) => left <= upTo)
    this.waiting = this.waiting.filter(({ upTo }) => left > upTo)
    for (const waiter of done) waiter.done()
  }

  get unacknowledged(): number {
    let count = 0
    for (const open of this.open.values()) count += open.length
    return count
  }

  /** Oldest deed that waits for its acknowledgement. */
  get oldest(): Deed | undefined {
    const first = [...this.open.values()].flatMap(([deed]) => deed ?? [])
    return first.sort((a, b) => a.done_ms - b.done_ms)[0]
  }

  /** Resolves once at most `count` deeds are unacknowledged; rejects when it is given up. */
  async downTo(count: number): Promise<void> {
    if (this.fault !== undefined) throw this.fault
    if (this.unacknowledged <= count) return
    await new Promise<void>((done, fail) => this.waiting.push({ upTo: count, done, fail }))
  }

  /** No acknowledgement is worth waiting for any more: who waits, and who would, is told why. */
  giveUp(fault: Error): void {
    this.fault ??= fault
    for (const waiter of this.waiting.splice(0)) waiter.fail(this.fault)
  }
}
