/** One thing a simulated person did, and what became of it; kept by the person alone, so that it can bear witness against the server. */
export type Deed = {
  readonly committee: string
  /** Yjs client that wrote it and the clock behind its last struct. */
  readonly client: number
  readonly clock_end: number
  readonly did:
    | { readonly kind: 'mark' | 'withdraw'; readonly elector: number }
    | { readonly kind: 'pledge'; readonly elector: number; readonly field: string; readonly value: unknown }
    | {
        readonly kind: 'ballot'
        readonly sheet: string
        readonly log: string
        readonly index: number
        readonly n: number
        readonly choices: readonly number[] | null
      }
    | { readonly kind: 'void'; readonly sheet: string; readonly client: number; readonly index: number }
  /** The server has said `durable` for it. */
  acknowledged: boolean
}

/** Everything one person did, in order. */
export class DeedBook {
  readonly deeds: Deed[] = []
  /** Deeds not yet acknowledged, oldest first, for each client: a receipt covers a client up to a clock. */
  private readonly open = new Map<number, Deed[]>()
  private readonly waiting: { readonly upTo: number; readonly done: () => void }[] = []

  add(deed: Deed): void {
    this.deeds.push(deed)
    const open = this.open.get(deed.client) ?? []
    open.push(deed)
    this.open.set(deed.client, open)
  }

  /** The server has everything of `client` below `clock` in committed rows. */
  receipt(client: number, clock: number): void {
    const open = this.open.get(client)
    if (open === undefined) return
    while (open[0] !== undefined && open[0].clock_end <= clock) {
      open[0].acknowledged = true
      open.shift()
    }
    const left = this.unacknowledged
    for (const waiter of this.waiting.filter(({ upTo }) => left <= upTo)) {
      this.waiting.splice(this.waiting.indexOf(waiter), 1)
      waiter.done()
    }
  }

  get unacknowledged(): number {
    let count = 0
    for (const open of this.open.values()) count += open.length
    return count
  }

  /** Resolves once at most `count` deeds are unacknowledged. */
  async downTo(count: number): Promise<void> {
    if (this.unacknowledged <= count) return
    await new Promise<void>((done) => this.waiting.push({ upTo: count, done }))
  }
}
