import { defaultLimits, type Limits } from '#contract/limits.ts'
import { ManualClock } from '../kernel/clock.ts'
import { TokenBucket } from './bucket.ts'
import type { Place } from './session.ts'
import { Turns } from './turns.ts'
import { Wire } from './wire.ts'

/**
 * A wire with a kernel before it: what is sent while it is not read waits there, and comes when it is, in one read. `send` gives each
 * frame its number as its first byte.
 */
export function makeWire(over: Partial<Limits> = {}, clock = new ManualClock(), large = new Turns(over.large_frames_max ?? 16)) {
  const limits = { ...defaultLimits, ...over }
  const passed: number[] = []
  const frames: Uint8Array[] = []
  const delays: string[] = []
  const refused: string[] = []
  const kernel: { number: number; bytes: number; awaits: string | undefined }[] = []
  let isRead = true
  let sent = 0

  const wire: Wire = new Wire({
    clock,
    limits,
    large,
    stop: () => {
      isRead = false
    },
    go: () => {
      isRead = true
      // As a stream does: not inside the call.
      void Promise.resolve().then(deliver)
    },
    pass: ({ bytes }) => {
      passed.push(bytes[0] ?? -1)
      frames.push(bytes)
    },
    waiting_bytes: () => kernel.reduce((sum, { bytes }) => sum + bytes, 0),
    refuse: (code) => {
      refused.push(code)
      wire.end()
    },
    onDelay: (delay) => delays.push(delay),
  })
  /** One read brings all there is. */
  function deliver(): void {
    if (!isRead) return
    const read = kernel.splice(0)
    if (read.length === 0) return
    wire.received(read.reduce((sum, { bytes }) => sum + bytes, 0))
    for (const { number, bytes, awaits } of read) {
      const frame = new Uint8Array(bytes)
      frame[0] = number
      wire.arrived({ bytes: frame, cost: 1, awaits })
    }
  }
  return {
    clock,
    limits,
    wire,
    passed,
    frames,
    delays,
    refused,
    isRead: () => isRead,
    login: (place: Place = placeOf(clock, limits)) => wire.lend(place),
    send(count: number, { bytes = 10, awaits = undefined as string | undefined } = {}) {
      for (let n = 0; n < count; n += 1) {
        kernel.push({ number: sent % 256, bytes, awaits })
        sent += 1
      }
      deliver()
    },
    /** Bytes of a frame that is not whole yet. */
    sendPart: (bytes: number) => wire.received(bytes),
  }
}

export const placeOf = (clock: ManualClock, limits: Limits): Place => ({
  messages: new TokenBucket(clock, limits.user_messages_per_s_max, limits.user_burst_max),
  bytes: new TokenBucket(clock, limits.user_bytes_per_s_max, limits.user_burst_bytes_max),
})

export const upTo = (count: number) => Array.from({ length: count }, (_, number) => number % 256)
