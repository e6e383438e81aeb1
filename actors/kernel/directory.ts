import type { Refusal } from '#contract/refusals.ts'
import { Actor, type Host } from './actor.ts'
import type { Behaviour, KernelObserver } from './behaviour.ts'
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'

/** All actors of one behaviour, each at its address. */
export type Directory<Address extends string, Message extends object> = {
  /** Asks for work. Never throws, never drops in silence: what cannot be queued is answered by `behaviour.refuse`. */
  tell(address: Address, message: Message): void
  /**
   * Brings an actor what one of its turns asked for (a COMMIT came back). Unlike `tell` it is neither bounded by the mailbox nor
   * refused while draining: it is as many as the turns asked for, and refused it would leave their work half done.
   */
  answer(address: Address, message: Message): void
  /** Whether the address has a state, or is about to have or lose one. `tell` would wake it otherwise. */
  has(address: Address): boolean
  awake(): readonly Address[]
  /** Messages waiting: of all addresses, and of the one with the most. */
  depth(): { readonly total: number; readonly deepest: number }
  /**
   * For good: refuses new messages with `draining`, lets mailboxes run dry and every actor sleep. Answers the addresses it could
   * not put to sleep within `deadline_ms` of the call; what waits there has then been refused too.
   */
  drain(deadline_ms: number): Promise<readonly Address[]>
}

export type DirectoryPorts = {
  readonly clock: Clock
  readonly log: Log
  readonly observe?: KernelObserver
  readonly limits: {
    /** Messages waiting for one address. */
    readonly mailbox_messages_max: number
    /** Without a message for so long, an actor is asked to sleep. */
    readonly idle_ms: number
  }
}

const overloaded: Refusal = { code: 'overloaded' }
const drainingNow: Refusal = { code: 'draining' }

export function makeDirectory<Address extends string, State, Message extends object>(
  behaviour: Behaviour<Address, State, Message>,
  ports: DirectoryPorts,
): Directory<Address, Message> {
  const { clock, log, observe, limits } = ports
  const actors = new Map<Address, Actor<Address, State, Message>>()
  let draining = false
  /** Called whenever an actor came to rest while draining. */
  const drains = new Set<() => void>()

  const host: Host<Address, State, Message> = {
    behaviour,
    clock,
    log,
    observe,
    idle_ms: limits.idle_ms,
    draining: () => draining,
    rested(actor) {
      if (actor.isForgettable) actors.delete(actor.address)
      for (const look of drains) look()
    },
  }

  /** A stranger is not kept before it has a message: refusing leaves nothing behind. */
  const find = (address: Address) => actors.get(address) ?? new Actor(address, host)

  function queue(actor: Actor<Address, State, Message>, message: Message): void {
    actors.set(actor.address, actor)
    actor.queue(message)
  }

  const awake = () => [...actors.values()].filter((actor) => actor.isAwake)

  return {
    tell(address, message) {
      const actor = find(address)
      if (draining) actor.refuse(message, drainingNow)
      else if (actor.depth >= limits.mailbox_messages_max) actor.refuse(message, overloaded)
      else queue(actor, message)
    },
    answer(address, message) {
      const actor = find(address)
      if (draining && !actor.isAwake) actor.refuse(message, drainingNow)
      else queue(actor, message)
    },
    has: (address) => actors.get(address)?.isAwake ?? false,
    awake: () => awake().map((actor) => actor.address),
    depth() {
      const depths = [...actors.values()].map((actor) => actor.depth)
      return { total: depths.reduce((sum, depth) => sum + depth, 0), deepest: Math.max(0, ...depths) }
    },
    drain(deadline_ms) {
      draining = true
      for (const actor of awake()) actor.askToSleep()
      return new Promise((resolve) => {
        const end = () => {
          cancel()
          drains.delete(look)
          const left = awake()
          for (const actor of left) actor.refuseWaiting(drainingNow)
          resolve(left.map((actor) => actor.address))
        }
        const look = () => {
          if (awake().length === 0) end()
        }
        const cancel = clock.after(deadline_ms, end)
        drains.add(look)
        look()
      })
    },
  }
}
