import { ManualClock } from '#actors/kernel/clock.ts'
import type { CommitteeId } from '#contract/ids.ts'
import type { Bus, BusOptions } from './bus.ts'
import { makeNeighbours, type Neighbours } from './neighbours.ts'
import { openWord, type Word } from './words.ts'

/** How long a word is on its way. */
const way_ms = 1

/** In place of Redis: channels in memory, which can be cut, and words that can be lost. */
export class Ether {
  readonly clock = new ManualClock()
  /** Redis itself: away, or frozen (connections stay, nothing comes back). */
  state: 'there' | 'away' | 'frozen' = 'there'
  /** Which words do not arrive. */
  loses: (to: string, word: Word) => boolean = () => false
  readonly processes: Process[] = []

  start(name: string, people: Record<string, string> = {}): Process {
    const started = new Process(this, name, people)
    this.processes.push(started)
    return started
  }

  async pass(span_ms: number): Promise<void> {
    await this.clock.advance(span_ms)
  }
}

/** One process: what it was told, and whom it has. */
export class Process {
  readonly name: string
  readonly neighbours: Neighbours
  readonly heads: string[] = []
  readonly rows: string[] = []
  readonly announced: string[] = []
  readonly logged: string[] = []
  readonly words: string[] = []
  /** Made anew so often. */
  renewed = 0
  /** Own people by committee: as one text each. */
  readonly people: Map<string, string>
  /** By process and committee. */
  readonly others = new Map<string, string>()
  awake = new Set<string>()
  private options: BusOptions | undefined
  private readonly channels = new Set<string>()
  private readonly ether: Ether
  private alive = true
  private connected = false

  constructor(ether: Ether, name: string, people: Record<string, string>) {
    this.ether = ether
    this.name = name
    this.people = new Map(Object.entries(people))
    const log = (_fields: unknown, text: string) => void this.logged.push(text)
    this.neighbours = makeNeighbours({
      url: 'redis://nowhere',
      instance: name,
      clock: { now_ms: () => ether.clock.now_ms(), after: (delay_ms, act) => ether.clock.after(delay_ms, () => this.alive && act()) },
      log: { info: log, warn: log, error: log },
      onWord: (kind, outcome) => this.words.push(`${kind} ${outcome}`),
      makeBus: (options) => this.makeBus(options),
    })
    this.neighbours.onAnnounce('greeting', (payload, from) => this.announced.push(`${from}: ${Buffer.from(payload)}`))
    const learn = (instance: string, committee: CommitteeId, who: Uint8Array) => {
      if (who.length > 0) this.others.set(`${instance} ${committee}`, String(Buffer.from(who)))
      else this.others.delete(`${instance} ${committee}`)
    }
    this.neighbours.open({
      awake: () => [...this.awake] as CommitteeId[],
      onHead: (committee, sequence) => this.heads.push(`${committee} ${sequence}`),
      onRows: (committee, rows) => this.rows.push(`${committee} ${rows.map(({ sequence }) => sequence).join(' ')}`),
      presence: {
        heard: learn,
        pictured: learn,
        left: (instance) => {
          for (const known of this.others.keys()) if (known.startsWith(`${instance} `)) this.others.delete(known)
        },
        picture: (committee) => Buffer.from(this.people.get(committee) ?? ''),
        peopled: () => [...this.people.keys()] as CommitteeId[],
      },
    })
    this.reconnect()
  }

  /** Its people in a committee are now these; empty: nobody. */
  show(committee: string, who: string): void {
    if (who === '') this.people.delete(committee)
    else this.people.set(committee, who)
    this.neighbours.presence.publish(committee as CommitteeId, Buffer.from(who))
  }

  hold(committee: string): void {
    this.awake.add(committee)
    this.neighbours.hold(committee as CommitteeId)
  }

  /** As by SIGKILL: nothing runs any more. */
  die(): void {
    this.alive = false
    this.connected = false
    this.channels.clear()
  }

  cut(): void {
    this.connected = false
    this.options?.onLost('cut')
  }

  reconnect(): void {
    if (!this.alive || this.ether.state !== 'there') return
    this.connected = true
    this.options?.onReady()
  }

  receive(channel: string, bytes: Uint8Array): void {
    if (this.connected && this.channels.has(channel)) this.options?.onMessage(channel, bytes)
  }

  private makeBus(options: BusOptions): Pick<Bus, keyof Bus> {
    this.options = options
    for (const channel of options.channels) this.channels.add(channel)
    const { ether } = this
    const publish = (channel: string, bytes: Uint8Array): boolean => {
      if (!this.connected || ether.state === 'away') return false
      if (ether.state === 'frozen') return true
      ether.clock.after(way_ms, () => {
        const word = openWord(bytes)?.read()
        for (const process of ether.processes) if (!word || !ether.loses(process.name, word)) process.receive(channel, bytes)
      })
      return true
    }
    return {
      fault: undefined,
      publish,
      has: (channel) => this.connected && this.channels.has(channel),
      subscribe: (channel) => void this.channels.add(channel),
      unsubscribe: (channel) => void this.channels.delete(channel),
      anew: () => {
        this.renewed += 1
        this.cut()
        this.reconnect()
      },
      close: async (channel, bytes) => {
        publish(channel, bytes)
        this.alive = false
      },
    }
  }
}
