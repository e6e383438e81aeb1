import { Redis } from 'ioredis'
import type { Clock } from '#actors/kernel/clock.ts'

export type BusOptions = {
  readonly url: string
  readonly clock: Clock
  /** Channels that are always subscribed. */
  readonly channels: readonly string[]
  readonly onMessage: (channel: string, bytes: Uint8Array) => void
  /** Connected; everything wanted has been asked for, ahead of whatever is published now. */
  readonly onReady: () => void
  /** The connection is no longer there; `fault`: why, where that is known. */
  readonly onLost: (fault: string | undefined) => void
}

/** Sent and not answered: over either, what is published is dropped. A frozen Redis is noticed long before, by beats that do not come back. */
const unanswered_max = 4_096
const unanswered_bytes_max = 8_388_608
/** Short: others count our silence from the moment that they are back themselves (see `actors/cluster/pulse.ts`). */
const retry_ms_max = 500
const bye_ms_max = 300

/**
 * One connection to Redis that publishes and subscribes: ioredis 6 speaks RESP3, where a subscribed connection takes other commands as
 * well. So what comes back of our own says that both directions work, and there is no state in which only one of them does. (Redis
 * before version 6 has no RESP3; there nothing comes back, and the journal is followed as without Redis.)
 */
export class Bus {
  private readonly options: BusOptions
  private readonly redis: Redis
  private readonly wanted: Set<string>
  /** Of `wanted`, what this connection has confirmed. */
  private readonly subscribed = new Set<string>()
  private unanswered = 0
  private unanswered_bytes = 0
  /** Counts connections: an answer to what an earlier one sent says nothing any more. */
  private connection = 0
  /** What went wrong last on this connection: where Redis answers, and says no. */
  fault: string | undefined

  constructor(options: BusOptions) {
    this.options = options
    this.wanted = new Set(options.channels)
    this.redis = new Redis(options.url, {
      // Nothing is kept for later: a word that is late is worth nothing, everything is told anew once the way is open.
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      // Ours: the library's own list would not have what was opened and closed while there was no connection.
      autoResubscribe: false,
      // What waits for an answer fails with its connection. With null (for ever) and nothing sent again it would stay unsettled.
      maxRetriesPerRequest: 0,
      retryStrategy: (times) => Math.min(25 * 2 ** Math.min(times, 10), retry_ms_max) * (0.5 + Math.random() / 2),
      connectTimeout: 2_000,
      // A frozen Redis does not answer our goodbye.
      disconnectTimeout: 100,
      disableClientInfo: true,
    })
    this.redis.on('ready', () => this.ready())
    this.redis.on('close', () => this.lost())
    this.redis.on('error', (fault: Error) => {
      this.fault = fault.message
    })
    this.redis.on('messageBuffer', (channel: Buffer, bytes: Buffer) => options.onMessage(channel.toString(), bytes))
  }

  has(channel: string): boolean {
    return this.subscribed.has(channel)
  }

  /** Answers whether it was sent, which is not yet whether anybody heard it. */
  publish(channel: string, bytes: Uint8Array): boolean {
    if (this.redis.status !== 'ready') return false
    if (this.unanswered >= unanswered_max || this.unanswered_bytes + bytes.length > unanswered_bytes_max) return false
    const { connection } = this
    this.unanswered += 1
    this.unanswered_bytes += bytes.length
    const answered = () => {
      if (connection !== this.connection) return
      this.unanswered -= 1
      this.unanswered_bytes -= bytes.length
    }
    this.redis.publish(channel, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).then(answered, (fault: Error) => {
      this.fault = fault.message
      answered()
    })
    return true
  }

  subscribe(channel: string): void {
    if (this.wanted.has(channel)) return
    this.wanted.add(channel)
    if (this.redis.status === 'ready') this.ask([channel])
  }

  unsubscribe(channel: string): void {
    this.wanted.delete(channel)
    this.subscribed.delete(channel)
    // Where it fails the connection does, and with it the subscription.
    if (this.redis.status === 'ready') this.redis.unsubscribe(channel).catch(() => {})
  }

  /** Gives the connection up and makes another. */
  anew(): void {
    if (this.redis.status === 'ready' || this.redis.status === 'connect') this.redis.disconnect(true)
  }

  /** Sends a last word, and waits a moment for its answer. */
  async close(channel: string, bytes: Uint8Array): Promise<void> {
    if (this.redis.status === 'ready') {
      const tooLate = new Promise<void>((resolve) => void this.options.clock.after(bye_ms_max, resolve))
      await Promise.race([this.redis.publish(channel, Buffer.from(bytes)).catch(() => {}), tooLate])
    }
    this.redis.disconnect()
  }

  private ready(): void {
    this.ask([...this.wanted])
    this.options.onReady()
  }

  private ask(channels: readonly string[]): void {
    const { connection } = this
    this.redis.subscribe(...channels).then(
      () => {
        if (connection !== this.connection) return
        for (const channel of channels) if (this.wanted.has(channel)) this.subscribed.add(channel)
      },
      (fault: Error) => {
        this.fault = fault.message
      },
    )
  }

  private lost(): void {
    this.connection += 1
    this.unanswered = 0
    this.unanswered_bytes = 0
    this.subscribed.clear()
    const { fault } = this
    this.fault = undefined
    this.options.onLost(fault)
  }
}
