import type { ServerEvent } from '#contract/events.ts'
import type { Result } from '#contract/result.ts'
import type { Failure } from '../api.ts'
import type { Clock } from '../clock.ts'
import { createSseReader, type SseMessage } from './sse.ts'

export type LinePorts = {
  readonly clock: Clock
  /** 0 to 1: everybody who lost the server in the same moment comes back in another. */
  readonly random: () => number
  readonly fetch: (path: string, init: RequestInit) => Promise<Result<Response, Failure>>
  /** An answer has begun: what follows starts with a full picture. `skew_ms`: what to add to this device's clock for the server's. */
  readonly onOpen: (skew_ms: number) => void
  readonly onEvent: (event: ServerEvent) => void
  /** Something came, if only a sign of life. */
  readonly onHeard: () => void
  /** It ended, or could not begin; it is tried again. */
  readonly onDown: () => void
  /** Signed out, or shut out: it is not tried again. */
  readonly onRevoked: () => void
}

/** The server says something every 15 s: three times nothing, and the line is dead. */
export const silence_ms = 45_000
const backoffMin_ms = 1_000
export const backoffMax_ms = 30_000

/** `GET /api/events`, held until `close`: read as it comes, begun again when it ends. */
export function openLine(ports: LinePorts): { close(): void; now(): void } {
  const { clock } = ports
  let tries = 0
  let asked_ms: number | undefined
  let isClosed = false
  let cancelWait: (() => void) | undefined
  let current: AbortController | undefined

  const again = (wait_ms: number) => {
    if (isClosed) return
    cancelWait = clock.after(wait_ms, () => {
      cancelWait = undefined
      void run()
    })
  }
  /** What the server asks for, or longer and longer; half of it by chance. */
  const backoff_ms = (): number => {
    const most_ms = asked_ms ?? Math.min(backoffMax_ms, backoffMin_ms * 2 ** Math.min(tries, 10))
    asked_ms = undefined
    tries += 1
    return most_ms * (0.5 + ports.random() / 2)
  }

  async function run() {
    const abort = new AbortController()
    current = abort
    const answer = await ports.fetch('/events', { signal: abort.signal, headers: { accept: 'text/event-stream' } })
    if (isClosed) return abort.abort()
    if (!answer.ok || answer.value.body === null) {
      if (!answer.ok && answer.error.retry_after_s !== undefined) asked_ms = answer.error.retry_after_s * 1_000
      if (!answer.ok && answer.error.code === 'unauthenticated') return ports.onRevoked()
      ports.onDown()
      return again(backoff_ms())
    }
    ports.onOpen(skewOf(answer.value, clock.now()))
    const end = await read(ports, answer.value.body, abort, {
      onEvent: () => {
        tries = 0
      },
      onRetry: (wait_ms) => {
        asked_ms = wait_ms
      },
    })
    if (isClosed) return
    if (end === 'revoked') return ports.onRevoked()
    // A token that is over says nothing about the server: the next one is asked for at once.
    if (end === 'expired') return again(0)
    ports.onDown()
    again(backoff_ms())
  }

  void run()
  return {
    close: () => {
      isClosed = true
      cancelWait?.()
      current?.abort()
    },
    now: () => {
      if (cancelWait === undefined || isClosed) return
      cancelWait()
      cancelWait = undefined
      void run()
    },
  }
}

function skewOf(response: Response, now_ms: number): number {
  const at_ms = Date.parse(response.headers.get('date') ?? '')
  return Number.isFinite(at_ms) ? at_ms - now_ms : 0
}

type End = 'over' | 'expired' | 'revoked'

async function read(
  ports: LinePorts,
  body: ReadableStream<Uint8Array>,
  abort: AbortController,
  on: { readonly onEvent: () => void; readonly onRetry: (wait_ms: number) => void },
): Promise<End> {
  let end: End = 'over'
  const reader = createSseReader({
    onMessage: (message) => {
      const event = parseEvent(message)
      if (event === undefined) return
      on.onEvent()
      if (event.type === 'revoked') end = event.data.code === 'token-expired' ? 'expired' : 'revoked'
      ports.onEvent(event)
    },
    onRetry: on.onRetry,
  })
  const pieces = body.getReader()
  const decoder = new TextDecoder()
  let cancelSilence = () => {}
  try {
    for (;;) {
      cancelSilence = ports.clock.after(silence_ms, () => void pieces.cancel().catch(() => undefined))
      const { done, value } = await pieces.read()
      cancelSilence()
      if (done) return end
      ports.onHeard()
      reader.push(decoder.decode(value, { stream: true }))
    }
  } catch {
    return end // the network went, or it was closed here
  } finally {
    cancelSilence()
    abort.abort()
  }
}

const types = ['overview', 'presence', 'notice', 'revoked'] as const satisfies readonly ServerEvent['type'][]

/** Undefined for what this version does not know, or what was cut. The shape is the contract's: client and server are built together. */
function parseEvent({ type, data }: SseMessage): ServerEvent | undefined {
  const known = types.find((one) => one === type)
  if (known === undefined) return undefined
  try {
    return { type: known, data: JSON.parse(data) } as ServerEvent
  } catch {
    return undefined
  }
}
