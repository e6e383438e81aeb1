import pg from 'pg'
import type { Cancel, Clock } from '#actors/kernel/clock.ts'
import type { Log } from '#actors/kernel/log.ts'
import { type CommitteeId, parseCommitteeId, parseSequence, type Sequence } from '#contract/ids.ts'
import { err, ok, type Result } from '#contract/result.ts'
import { channelOf, type Topic, topics } from './changes.ts'
import { summariesChannel } from './summaries.ts'

/** How far a committee's journal has come, and who brought it there. */
export type Head = { readonly committee: CommitteeId; readonly sequence: Sequence; readonly instance: string }

export type FeedOptions = {
  readonly url: string
  readonly clock: Clock
  readonly log: Log
  /** For every commit of any process, our own included, while connected. */
  readonly onHead: (head: Head) => void
  /** Rights or facts have changed; told to all, the process that changed them too. Answers whether the payload says anything. */
  readonly onNotice: (topic: Topic, payload: string) => boolean
  /** Another process, or this one, has kept summaries; `instance` says which. */
  readonly onSummaries: (instance: string) => void
  /** After each connect, the first too: commits before it were not heard, so ask for the heads, and for what else has changed. */
  readonly onGap: () => void
}

const journalChannel = 'lajna_journal'
const backoff_ms_min = 100
const backoff_ms_max = 5_000

/** The payload that `journal_append` notifies: `<committee>:<sequence>:<instance>`. */
export function parseHead(payload: string): Result<Head, 'not a head'> {
  const parts = /^([^:]+):(\d+):(.*)$/s.exec(payload)
  const committee = parseCommitteeId(parts?.[1])
  const sequence = parseSequence(parts?.[2])
  return committee.ok && sequence.ok
    ? ok({ committee: committee.value, sequence: sequence.value, instance: parts?.[3] ?? '' })
    : err('not a head')
}

/**
 * Hears of other processes' commits. A connection of its own, because LISTEN belongs to a session. It may break, or hang half
 * open without our noticing, at any time: nothing depends on it but speed, the poll of `follow.ts` is the floor.
 */
export class Feed {
  readonly #options: FeedOptions
  #client: pg.Client | undefined
  #retry: Cancel = () => {}
  #closed = false

  constructor(options: FeedOptions) {
    this.#options = options
    void this.#connect(backoff_ms_min)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#retry()
    await this.#client?.end().catch(() => {}) // broken already: closed as well
  }

  async #connect(backoff_ms: number): Promise<void> {
    const { url, clock, log, onGap } = this.#options
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, keepAlive: true, application_name: 'lajna feed' })
    let listening = false
    client.on('error', (fault) => log.warn({ fault: fault.message }, 'the feed of commits broke'))
    client.on('notification', ({ channel, payload = '' }) => {
      if (!this.#tell(channel, payload)) log.warn({ channel, payload }, 'the feed brought what says nothing')
    })
    const again = () => {
      if (this.#closed) return
      // A connection that worked starts over at the shortest wait.
      const wait_ms = listening ? backoff_ms_min : backoff_ms
      listening = false
      this.#retry = clock.after(wait_ms, () => void this.#connect(Math.min(wait_ms * 2, backoff_ms_max)))
    }
    this.#client = client
    try {
      await client.connect()
      await client.query(
        [journalChannel, summariesChannel, ...topics.map((topic) => channelOf[topic])].map((channel) => `listen ${channel}`).join('; '),
      )
    } catch (fault) {
      log.warn({ fault: fault instanceof Error ? fault.message : String(fault) }, 'the feed of commits does not connect')
      await client.end().catch(() => {}) // never connected: nothing to end
      return again()
    }
    if (this.#closed) return client.end()
    listening = true
    client.once('end', again)
    onGap()
  }

  #tell(channel: string, payload: string): boolean {
    const { onHead, onNotice, onSummaries } = this.#options
    if (channel === summariesChannel) {
      onSummaries(payload.slice(payload.indexOf(':') + 1))
      return true
    }
    const topic = topics.find((one) => channelOf[one] === channel)
    if (topic !== undefined) return onNotice(topic, payload)
    const head = parseHead(payload)
    if (head.ok) onHead(head.value)
    return head.ok
  }
}
