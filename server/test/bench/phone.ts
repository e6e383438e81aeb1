import { once } from 'node:events'
import * as decoding from 'lib0/decoding'
import { WebSocket } from 'ws'
import { frames } from '../raw.ts'

const address = 'committee:u01'

/** A phone of the bench: shows itself, and counts what comes. */
export class Phone {
  readonly client: number
  readonly socket: WebSocket
  messages = 0
  bytes = 0
  #clock = 0
  #onState: ((client: number, state: string) => void) | undefined

  constructor(port: number, client: number) {
    this.client = client
    this.socket = new WebSocket(`ws://127.0.0.1:${port}/collaboration`, { perMessageDeflate: false })
    this.socket.on('message', (data: Buffer) => {
      this.messages += 1
      this.bytes += data.length
      if (this.#onState !== undefined) this.#read(data, this.#onState)
    })
    this.socket.on('error', () => {}) // the close that follows ends it
  }

  /** Logged in, and present. */
  async enter(): Promise<this> {
    if (this.socket.readyState !== WebSocket.OPEN) await once(this.socket, 'open')
    this.socket.send(frames.login(address, JSON.stringify({ jwt: String(this.client), client: this.client })))
    this.show(0)
    while (this.messages < 2) await once(this.socket, 'message')
    return this
  }

  /** What the app says, of the same length for every server: who it is as well, though ours puts its own word in that place. */
  show(ballot: number, more: object = {}): void {
    const user = { id: this.client, name: 'somebody', role: 'counter' }
    const device = `phone-${this.client}-0123456789`
    this.say({ user, view: 'count', elector: 1 + (this.client % 900), sheet: 'A', ballot, device, unsent: 0, ...more })
  }

  say(state: object | null): void {
    this.#clock += 1
    this.socket.send(frames.presences(address, [this.client, this.#clock, state]))
  }

  /** Resolves when it is told this of a client: something in its state, or `null`, that it has gone. */
  hears(client: number, what: string): Promise<void> {
    return new Promise((resolve) => {
      this.#onState = (of, state) => {
        if (of === client && state.includes(what)) resolve()
      }
    })
  }

  #read(data: Buffer, onState: (client: number, state: string) => void): void {
    const decoder = decoding.createDecoder(data)
    decoding.readVarString(decoder)
    if (decoding.readVarUint(decoder) !== 1) return
    const update = decoding.createDecoder(decoding.readVarUint8Array(decoder))
    for (let left = decoding.readVarUint(update); left > 0; left -= 1) {
      const client = decoding.readVarUint(update)
      decoding.readVarUint(update)
      onState(client, decoding.readVarString(update))
    }
  }
}
