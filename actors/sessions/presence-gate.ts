import type { Clock } from '../kernel/clock.ts'
import { TokenBucket } from './bucket.ts'

export type PresenceGatePorts = {
  readonly clock: Clock
  readonly per_s: number
  /** Whether a state may pass at all now; otherwise it is asked again. */
  readonly mayPass: () => boolean
  readonly pass: (address: string, frame: Uint8Array) => void
}

/** While nothing may pass, it is asked again after this. */
const ask_ms = 100

/**
 * Presence of one connection, at its rate. A state says all there is to say, so of those that come too fast the last one of each
 * document is kept, and it is the last that counts: who moves quickly is seen where they stop.
 */
export class PresenceGate {
  private readonly ports: PresenceGatePorts
  private readonly bucket: TokenBucket
  private readonly latest = new Map<string, Uint8Array>()
  private isWaiting = false
  private isOver = false

  constructor(ports: PresenceGatePorts) {
    this.ports = ports
    this.bucket = new TokenBucket(ports.clock, ports.per_s, ports.per_s)
  }

  /** False where the state waits, in the place of any that waited there. */
  arrived(address: string, frame: Uint8Array): boolean {
    if (!this.latest.has(address) && this.bucket.isOpen && this.ports.mayPass()) {
      this.bucket.take(1)
      this.ports.pass(address, frame)
      return true
    }
    this.latest.set(address, frame)
    this.wait()
    return false
  }

  /** The document is closed: nobody is there to be seen. */
  closed(address: string): void {
    this.latest.delete(address)
  }

  end(): void {
    this.isOver = true
    this.latest.clear()
  }

  private wait(): void {
    if (this.isWaiting) return
    this.isWaiting = true
    this.ports.clock.after(this.ports.mayPass() ? this.bucket.wait_ms() : ask_ms, () => {
      this.isWaiting = false
      if (this.isOver) return
      for (const [address, frame] of this.latest) {
        if (!this.bucket.isOpen || !this.ports.mayPass()) break
        this.latest.delete(address)
        this.bucket.take(1)
        this.ports.pass(address, frame)
      }
      if (this.latest.size > 0) this.wait()
    })
  }
}
