import { HocuspocusProvider, HocuspocusProviderWebsocket, type HocuspocusProviderWebsocketConfiguration } from '@hocuspocus/provider'
import { type Awareness, removeAwarenessStates } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import { isRefusalCode, socketCode } from '#contract/refusals.ts'
import { assert } from '#contract/result.ts'
import { Backlog } from './backlog.ts'
import { updateFrame } from './frames.ts'
import { cutPieces } from './pieces.ts'

export type WireOptions = {
  readonly url: string
  /** Document name on the wire. */
  readonly name: string
  readonly doc: Y.Doc
  /** The token for the server. `isIn`: it has let us in and asks for a newer one. A throw counts as a refusal without a code. */
  readonly token: (isIn: boolean) => Promise<string>
  /** Our awareness state as it is now; null: nobody is told that we are here. */
  readonly presence: () => Record<string, unknown> | null
  readonly onHeard: () => void
  readonly onStateless: (payload: string) => void
  /** Everything known to the server is here, and it has been sent everything that was here. */
  readonly onSynced: () => void
  /** The server said no; `reason` is a refusal code, or Hocuspocus's own words. */
  readonly onRefused: (reason: string) => void
  readonly onLost: () => void
}

/**
 * One document over one socket, by an unmodified provider. Its own retry is not used: it has one delay without spread after a
 * loss, never says when it tries next, and opens sockets without a token. So each `connect` is one attempt.
 */
export class Wire {
  readonly awareness: Awareness
  readonly #options: WireOptions
  readonly #websocket: HocuspocusProviderWebsocket
  readonly #provider: HocuspocusProvider
  readonly #backlog: Backlog

  constructor(options: WireOptions) {
    this.#options = options
    const websocket = new Socket((frame) => this.#backlog.lets(frame), {
      url: options.url,
      autoConnect: false,
      maxAttempts: 1,
      // Silence is judged by the link, with a probe: the provider's own timeout cuts hidden tabs, whose timers run once a minute.
      messageReconnectTimeout: 3_600_000,
      onClose: ({ event }) => {
        websocket.shouldConnect = false // or it would set a timer of its own
        this.#closed(event)
      },
    })
    const provider: HocuspocusProvider = new HocuspocusProvider({
      websocketProvider: websocket,
      name: options.name,
      document: options.doc,
      token: async () => {
        const jwt = await options.token(provider.isAuthenticated)
        return JSON.stringify({ jwt, client: options.doc.clientID })
      },
      onAuthenticationFailed: ({ reason }) => options.onRefused(reason),
      onStateless: ({ payload }) => options.onStateless(payload),
      onSynced: ({ state }) => {
        if (!state || !provider.isAuthenticated) return
        this.announce()
        options.onSynced()
      },
    })
    assert(provider.awareness !== null, 'the provider makes its own awareness unless told not to')
    this.awareness = provider.awareness
    this.#websocket = websocket
    this.#provider = provider
    this.#backlog = new Backlog({
      cut: (state) => cutPieces(options.doc, state),
      sendAnswer: (frame) => websocket.send(frame),
      sendPiece: (update) => websocket.send(updateFrame(options.name, update)),
      again: () => provider.forceSync(),
    })
    websocket.on('message', ({ data }: MessageEvent<ArrayBuffer>) => {
      options.onHeard()
      // Runs after the provider's own listener: its answer to the server's question has just been sent, or held.
      if (this.#backlog.hear(new Uint8Array(data))) this.#letUpdates()
    })
    provider.on('close', ({ event }: { event: { reason: string } }) => {
      this.#holdUpdates()
      // The server closed the document and left the socket open.
      if (websocket.status === 'connected') options.onRefused(event.reason)
    })
  }

  attach(): void {
    this.#provider.attach()
  }

  connect(): void {
    this.#forgetAbsent()
    void this.#websocket.connect()
  }

  /** Cuts the socket here and now. Its own close may take long on a dead network, and would tell a later attempt that it failed. */
  drop(): void {
    this.#holdUpdates()
    this.#websocket.shouldConnect = false
    if (this.#websocket.webSocket === null) return
    this.#websocket.onClose({ event: { code: 4408, reason: 'dropped' } })
    this.#provider.onClose()
  }

  /** After a reconnect, and after a sleep of the page, the server may have forgotten us, and would learn of us only with the next renewal. */
  announce(): void {
    this.awareness.setLocalState(this.#options.presence())
  }

  /** A question the server answers at once: what do I lack? */
  probe(): void {
    if (this.awareness.getLocalState() === null) this.announce() // the page had gone to the back and said good-bye
    this.#provider.forceSync()
  }

  destroy(): void {
    this.#holdUpdates()
    this.#provider.destroy()
    this.#websocket.destroy()
  }

  #closed(event: { code?: number; reason?: string } | undefined): void {
    const { code, reason = '' } = event ?? {}
    if (isRefusalCode(reason)) this.#options.onRefused(reason)
    else if (code === socketCode('unauthenticated')) this.#options.onRefused('unauthenticated')
    else this.#options.onLost()
  }

  /**
   * Whom this page has given up it would not take back from the server as they are, only as they will be after their next change:
   * the library keeps the counter of their states and wants a higher one. It also keeps to the client the page began with.
   */
  #forgetAbsent(): void {
    const { awareness } = this
    const { clientID } = this.#options.doc
    if (awareness.clientID !== clientID) {
      const state = awareness.getLocalState()
      removeAwarenessStates(awareness, [awareness.clientID], 'another client')
      awareness.clientID = clientID
      awareness.setLocalState(state)
    }
    for (const client of awareness.meta.keys()) if (!awareness.states.has(client) && client !== clientID) awareness.meta.delete(client)
  }

  // Edits go out one by one only after the exchange of what each side lacks. Before that the provider would queue every offline
  // edit as a message of its own, thousands of them, and those that overtake the exchange have no ground to stand on. The same goes
  // for edits made while a backlog is on its way: what the exchange after it brings is theirs.

  #holdUpdates(): void {
    this.#backlog.reset()
    this.#options.doc.off('update', this.#provider.boundDocumentUpdateHandler)
  }

  #letUpdates(): void {
    this.#options.doc.off('update', this.#provider.boundDocumentUpdateHandler)
    this.#options.doc.on('update', this.#provider.boundDocumentUpdateHandler)
  }
}

/** The provider's socket, with a say in what goes out. */
class Socket extends HocuspocusProviderWebsocket {
  readonly #lets: (frame: Uint8Array) => boolean

  constructor(lets: (frame: Uint8Array) => boolean, configuration: HocuspocusProviderWebsocketConfiguration) {
    super(configuration)
    this.#lets = lets
  }

  override send(frame: Uint8Array): void {
    if (this.#lets(frame)) super.send(frame)
  }
}
