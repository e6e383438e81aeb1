import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { DeedBook } from './record.ts'

export type PersonOptions = {
  /** Address of the server, `http://127.0.0.1:3000`. */
  readonly url: string
  readonly user: number
  /** The access token to show now; asked again whenever the provider needs one. */
  readonly token: () => string | Promise<string>
  /** Longest wait between two tries to reconnect. */
  readonly reconnect_ms_max?: number
  /** What this person's device holds already: a page that was closed, opened again. */
  readonly doc?: Y.Doc
  readonly book?: DeedBook
  /** The server refused an edit, or sent the person away for good. */
  readonly onTrouble?: (what: string) => void
}

/** Reasons after which the provider comes back by itself. */
const comesBack: ReadonlySet<string> = new Set(['draining', 'overloaded', 'store-unavailable', 'token-expired', 'rate-limited'])

export type Refused = { readonly client: number | null; readonly reasons: readonly { code: string; path: string; key: string }[] }

/**
 * One simulated person at one committee: a real provider on a real socket, and a plain Yjs document written by hand. On purpose it
 * shares no code with the app or the server: what it did and what was acknowledged is the oracle that they are checked against.
 */
export class Person {
  readonly committee: string
  readonly user: number
  readonly doc: Y.Doc
  readonly book: DeedBook
  readonly refused: Refused[] = []
  /** Reasons with which the server ended a document or refused a login. */
  readonly sentAway: string[] = []
  readonly socket: HocuspocusProviderWebsocket
  readonly provider: HocuspocusProvider
  /** The last sequence and head the server has given a receipt for. */
  receipt: { readonly sequence: number; readonly head: string } | undefined
  connects = 0
  private readonly onTrouble: (what: string) => void

  constructor({ url, user, token, reconnect_ms_max = 1_000, doc, book, onTrouble = () => {} }: PersonOptions, committee: string) {
    this.onTrouble = onTrouble
    this.committee = committee
    this.user = user
    this.doc = doc ?? new Y.Doc({ gcFilter: (item) => item.id.client !== this.doc.clientID })
    this.book = book ?? new DeedBook()
    this.socket = new HocuspocusProviderWebsocket({
      url: `${url.replace(/^http/, 'ws')}/collaboration?committee=${committee}`,
      WebSocketPolyfill: WebSocket,
      delay: 50,
      minDelay: 50,
      maxDelay: reconnect_ms_max,
      factor: 1.5,
      onConnect: () => {
        this.connects += 1
      },
    })
    this.provider = new HocuspocusProvider({
      name: `committee:${committee}`,
      document: this.doc,
      websocketProvider: this.socket,
      token: async () => JSON.stringify({ jwt: await token(), client: this.doc.clientID }),
      onStateless: ({ payload }) => this.hear(JSON.parse(payload)),
      onAuthenticationFailed: ({ reason }) => this.goAway(reason),
      onClose: ({ event }) => {
        if (event.reason) this.goAway(event.reason)
      },
    })
    this.provider.attach()
  }

  /** Resolves when the document is in step with the server. */
  async synced(): Promise<this> {
    if (!this.provider.isSynced) await new Promise<void>((resolve) => this.provider.on('synced', () => resolve()))
    return this
  }

  mark(elector: number, at_s: number): void {
    this.write({ kind: 'mark', elector, at_s }, () => this.doc.getMap('attendance').set(`${elector}/${this.user}`, at_s))
  }

  withdraw(elector: number, why: string): void {
    this.write({ kind: 'withdraw', elector, why }, () => this.doc.getMap('attendance').set(`${elector}/${this.user}`, { at_s: 0, why }))
  }

  pledge(elector: number, field: string, value: unknown): void {
    this.write({ kind: 'pledge', elector, field, value }, () =>
      this.doc.getMap('guarantees').set(`${elector}/${this.user}/${field}`, value),
    )
  }

  /** Types at the end of the co-edited note of an elector. */
  type(elector: number, text: string): void {
    const note = this.doc.getText(`note/${elector}`)
    this.write({ kind: 'note', elector, text }, () => note.insert(note.length, text))
  }

  /** States a figure as announced, or as the minute has it. */
  report(source: string, figure: string, value: number): void {
    this.write({ kind: 'figure', source, figure, value }, () => this.doc.getMap('figures').set(`${source}/${figure}/${this.user}`, value))
  }

  /** Calls a ballot on a sheet: an entry at the end of this client's own log. */
  call(sheet: string, n: number, choices: readonly number[] | null, at_s: number): void {
    const log = `${sheet}/${this.user}.${this.doc.clientID}`
    const index = this.log(log)?.length ?? 0
    this.write({ kind: 'ballot', sheet, log, index, n, choices, at_s }, () => this.append(log, { n, at_s, c: choices }))
  }

  strike(sheet: string, client: number, index: number, why: string, at_s: number): void {
    const log = `${sheet}/${this.user}.${this.doc.clientID}`
    this.write({ kind: 'void', sheet, client, index, why, at_s }, () => this.append(log, { void: [client, index], at_s, why }))
  }

  /** What the others see of this person: a view, an elector, a field. Nothing of it is kept, so nothing is recorded. */
  show(fields: Readonly<Record<string, unknown>>): void {
    for (const [field, value] of Object.entries(fields)) this.provider.setAwarenessField(field, value)
  }

  /** Gone when it resolves: a provider told to connect before its closing is through would stay away for good. */
  async goOffline(): Promise<void> {
    this.socket.shouldConnect = false
    if (this.socket.status === 'disconnected') return this.socket.disconnect()
    const gone = new Promise<void>((resolve) => this.socket.on('disconnect', () => resolve()))
    this.socket.disconnect()
    await gone
  }

  goOnline(): void {
    void this.socket.connect()
  }

  leave(): void {
    // Who leaves while still connecting breaks the attempt off, and the provider no longer listens to its error.
    this.socket.webSocket?.addEventListener('error', () => {})
    this.provider.destroy()
    this.socket.destroy()
  }

  private log(name: string): Y.Array<unknown> | undefined {
    return this.doc.getMap<Y.Array<unknown>>('ballots').get(name)
  }

  private append(name: string, entry: unknown): void {
    const ballots = this.doc.getMap<Y.Array<unknown>>('ballots')
    if (!ballots.has(name)) ballots.set(name, new Y.Array())
    ballots.get(name)?.push([entry])
  }

  private write(did: DeedBook['deeds'][number]['did'], act: () => void): void {
    const done_ms = performance.now()
    this.doc.transact(act)
    const client = this.doc.clientID
    const clock_end = Y.getState(this.doc.store, client)
    this.book.add({ committee: this.committee, client, clock_end, done_ms, did, acknowledged: false })
  }

  private hear(message: { type: string } & Record<string, unknown>): void {
    if (message.type === 'durable') {
      this.receipt = { sequence: message.sequence as number, head: message.head as string }
      for (const [client, clock] of Object.entries(message.clocks as Record<string, number>)) this.book.receipt(Number(client), clock)
    }
    if (message.type !== 'refused') return
    const refused = message as unknown as Refused
    this.refused.push(refused)
    this.onTrouble(`refused: ${refused.reasons.map(({ code, path, key }) => `${code} at ${path} ${key}`).join(', ')}`)
  }

  private goAway(reason: string): void {
    this.sentAway.push(reason)
    if (!comesBack.has(reason)) this.onTrouble(`sent away: ${reason}`)
  }
}
