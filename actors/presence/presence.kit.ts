import * as encoding from 'lib0/encoding'
import { Awareness, applyAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'
import type { ClientId, CommitteeId, UserId } from '#contract/ids.ts'
import { defaultLimits, type Limits } from '#contract/limits.ts'
import type { Roster } from '#contract/presence.ts'
import { ManualClock } from '../kernel/clock.ts'
import type { Link } from './here.ts'
import { Presence } from './presence.ts'

export const committee = 'u01' as CommitteeId

/** Time that can stand still for the process while it goes on for everybody else. */
class TestClock extends ManualClock {
  #slept_ms = 0

  override now_ms(): number {
    return super.now_ms() + this.#slept_ms
  }

  /** Nothing of ours runs, and then all that is due at once. */
  sleep(span_ms: number): void {
    this.#slept_ms += span_ms
  }
}

/** A device's end of a connection: y-protocols' own awareness hears what we send. */
export class Device implements Link {
  readonly address = 'committee:u01'
  readonly client: ClientId
  readonly user: Link['user']
  readonly opened_ms: number
  readonly awareness: Awareness
  /** Clients of each message heard, but for those that only lift its own clock. */
  readonly messages: number[][] = []
  asked = 0
  isUnread = false
  isBehind = false
  readonly presence: Presence
  #clock = 0

  constructor(presence: Presence, client: number, user: number, opened_ms: number) {
    this.presence = presence
    this.client = client as ClientId
    this.user = { id: user as UserId, name: `user ${user}`, role: 'counter' }
    this.opened_ms = opened_ms
    const doc = new Y.Doc()
    doc.clientID = client
    this.awareness = new Awareness(doc)
    this.awareness.on('update', ({ added, updated, removed }: Record<string, number[]>, origin: unknown) => {
      if (origin !== 'server') return
      const clients = [...(added ?? []), ...(updated ?? []), ...(removed ?? [])].filter((it) => it !== client)
      if (clients.length > 0) this.messages.push(clients)
    })
  }

  send(update: Uint8Array): void {
    applyAwarenessUpdate(this.awareness, update, 'server')
  }

  ask(): void {
    this.asked += 1
  }

  say(state: object | null): void {
    this.saySome([[this.client, state]])
  }

  saySome(states: readonly (readonly [client: number, state: object | null])[]): void {
    const encoder = encoding.createEncoder()
    encoding.writeVarUint(encoder, states.length)
    for (const [client, state] of states) {
      encoding.writeVarUint(encoder, client)
      encoding.writeVarUint(encoder, this.#clock++)
      encoding.writeVarString(encoder, JSON.stringify(state))
    }
    this.presence.hear(this, encoding.toUint8Array(encoder))
  }

  leave(): void {
    this.presence.leave(this)
    this.end()
  }

  end(): void {
    this.awareness.destroy()
  }

  /** Clients of the others that it shows, ascending. */
  get sees(): number[] {
    return [...this.awareness.getStates().keys()].filter((it) => it !== this.client).sort((a, b) => a - b)
  }

  stateOf(client: number): Record<string, unknown> | undefined {
    return this.awareness.getStates().get(client)
  }
}

/** Processes that tell each other of their people without a delay, and devices at them. */
export class Processes implements Disposable {
  readonly clock = new TestClock()
  readonly all = new Map<string, Presence>()
  readonly news: Roster[] = []
  readonly published: string[] = []
  readonly #devices: Device[] = []
  readonly #limits: Limits
  /** Whether what one publishes reaches the others. */
  isLinked = true

  constructor(names: readonly string[] = ['one'], limits: Partial<Limits> = {}) {
    this.#limits = { ...defaultLimits, ...limits }
    for (const name of names) this.start(name)
  }

  start(name: string): Presence {
    const presence = new Presence({
      clock: this.clock,
      limits: this.#limits,
      peers: {
        publish: (at, news) => {
          this.published.push(name)
          if (this.isLinked && this.all.get(name) === presence) for (const other of this.others(name)) other.heard(name, at, news)
        },
      },
    })
    this.all.set(name, presence)
    presence.watch((_committee, roster) => void this.news.push(roster))
    return presence
  }

  others(name: string): Presence[] {
    return [...this.all].filter(([other]) => other !== name).map(([, presence]) => presence)
  }

  device(client: number, user: number, name = 'one'): Device {
    const device = new Device(this.all.get(name) as Presence, client, user, this.clock.now_ms())
    this.#devices.push(device)
    device.presence.enter(device, committee)
    device.presence.bind(device, device.client)
    return device
  }

  [Symbol.dispose](): void {
    for (const device of this.#devices) device.end()
  }
}
