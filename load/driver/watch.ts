import { get, type IncomingMessage } from 'node:http'
import type { CommitteeOverview, Notice, OverviewEvent, PresenceEvent, ServerEvent } from '#contract/events.ts'
import type { CommitteeId } from '#contract/ids.ts'
import type { Roster } from '#contract/presence.ts'

export type WatchOptions = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly keepBytes?: boolean
  readonly isCounting?: boolean
}

const eventMark = '\nevent: '

/** Somebody who watches: one event stream, and what it says by now. */
export class Watch {
  /** Everything that came, as it came; only where it was asked for. */
  raw = ''
  bytes = 0
  /** Events, where they are only counted and not read: for who measures many. */
  written = 0
  status = 0
  body = ''
  readonly committees = new Map<CommitteeId, CommitteeOverview>()
  readonly rosters = new Map<CommitteeId, Roster>()
  readonly notices: Notice[] = []
  /** Types in the order they came, with the time of each. */
  readonly events: { readonly type: string; readonly at_ms: number; readonly full?: boolean }[] = []
  readonly gone: CommitteeId[] = []
  revoked: string | undefined
  live: boolean | undefined
  ended = false
  retry_ms: number | undefined
  readonly #request
  #response: IncomingMessage | undefined
  #rest = ''

  constructor({ url, headers, keepBytes = false, isCounting = false }: WatchOptions) {
    this.#request = get(`${url}/api/events`, {
      headers: { accept: 'text/event-stream', 'accept-encoding': 'gzip', ...headers },
      agent: false,
    })
    this.#request.on('response', (response) => {
      this.#response = response
      this.status = response.statusCode ?? 0
      response.setEncoding('utf8')
      response.on('data', (text: string) => {
        this.bytes += Buffer.byteLength(text)
        if (keepBytes) this.raw += text
        if (isCounting) this.#count(text)
        else if (this.status === 200) this.#take(text)
        else this.body += text
      })
      response.on('close', () => {
        this.ended = true
      })
    })
    this.#request.on('error', () => {
      this.ended = true
    })
  }

  /** Reads no more; the kernel's buffers fill. */
  pause(): void {
    this.#response?.pause()
  }

  resume(): void {
    this.#response?.resume()
  }

  close(): void {
    this.#request.destroy()
  }

  /** One may be cut in two between two pieces. */
  #count(text: string): void {
    const joined = this.#rest + text
    this.written += joined.split(eventMark).length - 1
    this.#rest = joined.slice(1 - eventMark.length)
  }

  #take(text: string): void {
    const blocks = (this.#rest + text).split('\n\n')
    this.#rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]))
      if (fields.has('retry')) this.retry_ms = Number(fields.get('retry'))
      const type = fields.get('event')
      if (type !== undefined) this.#hear({ type, data: JSON.parse(fields.get('data') ?? 'null') } as ServerEvent)
    }
  }

  #hear(event: ServerEvent): void {
    const isPicture = event.type === 'overview' || event.type === 'presence'
    this.events.push({ type: event.type, at_ms: performance.now(), ...(isPicture ? { full: event.data.full } : {}) })
    switch (event.type) {
      case 'overview':
        return this.#overview(event.data)
      case 'presence':
        return this.#presence(event.data)
      case 'notice':
        this.notices.push(event.data)
        return
      case 'revoked':
        this.revoked = event.data.code
    }
  }

  #overview({ full, committees, gone, live }: OverviewEvent): void {
    if (full) this.committees.clear()
    for (const one of committees) this.committees.set(one.entry.id, one)
    for (const id of gone) this.committees.delete(id)
    this.gone.push(...gone)
    this.live = live
  }

  #presence({ full, rosters }: PresenceEvent): void {
    if (full) this.rosters.clear()
    for (const roster of rosters) this.rosters.set(roster.committee, roster)
  }
}
