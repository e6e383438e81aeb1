const shortest_ms = 0.1
/** Each step is a twentieth longer than the one before: percentiles are exact to 5 percent, up to 50 minutes. */
const growth = 1.05
const steps = 350

/** How long things took, in a fixed space however many there are. */
export class Waits {
  private readonly counts = new Uint32Array(steps)
  count = 0
  longest_ms = 0

  add(wait_ms: number): void {
    const step = Math.ceil(Math.log(Math.max(wait_ms, shortest_ms) / shortest_ms) / Math.log(growth))
    const index = Math.min(steps - 1, step)
    this.counts[index] = (this.counts[index] ?? 0) + 1
    this.count += 1
    this.longest_ms = Math.max(this.longest_ms, wait_ms)
  }

  /** The time that `percent` of them did not exceed; 0 where there are none. */
  percentile_ms(percent: number): number {
    let left = Math.ceil((this.count * percent) / 100)
    if (left === 0) return 0
    for (const [step, count] of this.counts.entries()) {
      left -= count
      if (left <= 0) return Math.min(this.longest_ms, shortest_ms * growth ** step)
    }
    return this.longest_ms
  }
}
