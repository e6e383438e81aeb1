import { once } from 'node:events'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { WebSocket } from 'ws'

/** Frames of the Hocuspocus protocol, written by hand: what no provider would send can be sent too. */
const frameOf = (address: string, write: (encoder: encoding.Encoder) => void): Uint8Array => {
  const encoder = encoding.createEncoder()
  encoding.writeVarString(encoder, address)
  write(encoder)
  return encoding.toUint8Array(encoder)
}

const numbers = (encoder: encoding.Encoder, ...values: number[]) => {
  for (const value of values) encoding.writeVarUint(encoder, value)
}

export const frames = {
  login: (address: string, token: string) =>
    frameOf(address, (encoder) => {
      numbers(encoder, 2, 0)
      encoding.writeVarString(encoder, token)
    }),
  /** Of somebody who has nothing: the answer is the whole document. */
  stateVector: (address: string) =>
    frameOf(address, (encoder) => {
      numbers(encoder, 0, 0)
      encoding.writeVarUint8Array(encoder, new Uint8Array([0]))
    }),
  update: (address: string, update: Uint8Array) =>
    frameOf(address, (encoder) => {
      numbers(encoder, 0, 2)
      encoding.writeVarUint8Array(encoder, update)
    }),
  /** What is said to the server's state vector: all that it lacks. */
  answer: (address: string, update: Uint8Array) =>
    frameOf(address, (encoder) => {
      numbers(encoder, 0, 1)
      encoding.writeVarUint8Array(encoder, update)
    }),
  stateless: (address: string, text: string) =>
    frameOf(address, (encoder) => {
      numbers(encoder, 5)
      encoding.writeVarString(encoder, text)
    }),
  presence: (address: string, client: number, clock: number, state: object) => frames.presences(address, [client, clock, state]),
  presences: (address: string, ...states: (readonly [client: number, clock: number, state: object | null])[]): Uint8Array =>
    frameOf(address, (encoder) => {
      numbers(encoder, 1)
      const inner = encoding.createEncoder()
      numbers(inner, states.length)
      for (const [client, clock, state] of states) {
        numbers(inner, client, clock)
        encoding.writeVarString(inner, JSON.stringify(state))
      }
      encoding.writeVarUint8Array(encoder, encoding.toUint8Array(inner))
    }),
}

/** A socket without a provider: it sends what it is told, and remembers what it heard. */
export class RawSocket implements Disposable {
  readonly socket: WebSocket
  /** Resolves with close code and reason. */
  readonly closed: Promise<readonly [number, string]>
  /** Stateless messages, parsed. */
  readonly heard: Record<string, unknown>[] = []
  /** SyncStatus of each update sent, in order: whether it was acknowledged. */
  readonly statuses: boolean[] = []
  /** Reasons with which a login at a document was denied. */
  readonly denied: string[] = []
  /** Documents that were opened. */
  readonly opened: string[] = []
  private readonly gone = Promise.withResolvers<readonly [number, string]>()

  constructor(
    url: string,
    options: { readonly headers?: Record<string, string>; readonly localAddress?: string; readonly autoPong?: boolean } = {},
  ) {
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/collaboration?committee=u01`, options)
    this.closed = this.gone.promise
    this.socket.on('close', (code, reason) => this.gone.resolve([code, reason.toString()]))
    this.socket.on('error', () => {}) // the close that follows says it
    this.socket.on('message', (data: Buffer) => this.hear(data))
  }

  async open(): Promise<this> {
    if (this.socket.readyState !== WebSocket.OPEN) await once(this.socket, 'open')
    return this
  }

  /** Logged in at a document. */
  async login(address: string, token: string): Promise<this> {
    await this.open()
    this.send(frames.login(address, token))
    while (!this.opened.includes(address) && this.denied.length === 0) await once(this.socket, 'message')
    return this
  }

  send(...all: Uint8Array[]): void {
    for (const frame of all) this.socket.send(frame)
  }

  [Symbol.dispose](): void {
    this.socket.terminate()
  }

  private hear(data: Buffer): void {
    const decoder = decoding.createDecoder(data)
    const address = decoding.readVarString(decoder)
    const type = decoding.readVarUint(decoder)
    if (type === 8) this.statuses.push(decoding.readVarUint(decoder) === 1)
    if (type === 5) this.heard.push(JSON.parse(decoding.readVarString(decoder)))
    if (type !== 2) return
    const kind = decoding.readVarUint(decoder)
    if (kind === 1) this.denied.push(decoding.readVarString(decoder))
    if (kind === 2) this.opened.push(address)
  }
}
