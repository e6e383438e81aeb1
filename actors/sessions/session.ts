import type { Limits } from '#contract/limits.ts'
import type { Refusal, RefusalCode } from '#contract/refusals.ts'
import { err, ok, type Result } from '#contract/result.ts'
import type { Behaviour } from '../kernel/behaviour.ts'
import type { Clock } from '../kernel/clock.ts'
import { TokenBucket } from './bucket.ts'

/** A connection as its user's session knows it; the object itself is its name. */
type SessionConnection = {
  /** Closes it, with a code of the table. */
  readonly refuse: (code: RefusalCode) => void
}

/** What a connection gets with its first document: what it sends is counted together with the user's others. */
export type Place = { readonly messages: TokenBucket; readonly bytes: TokenBucket }

export type SessionMessage =
  /** One more document over this connection; the first one brings the connection itself. */
  | { readonly type: 'enter'; readonly connection: SessionConnection; readonly reply: (answer: Result<Place, Refusal>) => void }
  /** One document less. */
  | { readonly type: 'leave'; readonly connection: SessionConnection }
  /** The connection is gone. */
  | { readonly type: 'end'; readonly connection: SessionConnection }

/** Of one user: open connections with the documents over each. */
export type SessionState = { readonly connections: Map<SessionConnection, number>; readonly place: Place }

export type SessionPorts = {
  readonly clock: Clock
  readonly limits: Limits
}

/** A user's number, as text. */
export type SessionAddress = `${number}`

/**
 * The connections of one user in this process. It decides who comes in and lends each wire the user's buckets; frames do not come here:
 * they would wait behind the mailbox, and taking a token is one addition.
 */
export function sessionBehaviour({ clock, limits }: SessionPorts): Behaviour<SessionAddress, SessionState, SessionMessage> {
  return {
    name: 'session',
    wake: () => ({
      connections: new Map(),
      place: {
        messages: new TokenBucket(clock, limits.user_messages_per_s_max, limits.user_burst_max),
        bytes: new TokenBucket(clock, limits.user_bytes_per_s_max, limits.user_burst_bytes_max),
      },
    }),
    receive(state, message) {
      const { connections, place } = state
      const documents = connections.get(message.connection)
      switch (message.type) {
        case 'enter': {
          const isFull =
            documents === undefined ? connections.size >= limits.user_connections_max : documents >= limits.connection_documents_max
          if (isFull) return message.reply(err({ code: 'too-many-connections' }))
          connections.set(message.connection, (documents ?? 0) + 1)
          return message.reply(ok(place))
        }
        case 'leave':
          if (documents !== undefined) connections.set(message.connection, Math.max(0, documents - 1))
          return
        case 'end':
          connections.delete(message.connection)
      }
    },
    // Forgotten sooner, a debt would be forgiven to whoever comes again.
    sleep: ({ connections, place }) => connections.size === 0 && place.messages.isFull && place.bytes.isFull,
    refuse(message, refusal) {
      if (message.type === 'enter') message.reply(err(refusal))
    },
    discard(_user, state) {
      for (const connection of state?.connections.keys() ?? []) connection.refuse('overloaded')
    },
  }
}
